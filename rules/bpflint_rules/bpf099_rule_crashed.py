"""BPF099: a rule or a front end failed; the engine says so itself, this is its page."""

from __future__ import annotations

from bpflint.api import Confidence, Rule, RuleMeta, Severity


class RuleCrashed(Rule):
    """A rule or a front end failed.

    ## What it does
    Says that a rule raised an error; the run goes on without it and exits 3.

    ## Why is this bad
    It is a bug of the rule: what it would have found is unknown.

    ## Example
    ```console
    error[BPF099] BPF102 crashed on probe.bpf.c: KeyError: 'size'
    ```

    ## Use instead
    Report it with the output of `BPFLINT_TRACEBACK=1`; `ignore = ["BPF102"]` meanwhile.

    ## Known limits
    None.
    """

    meta = RuleMeta(
        code="BPF099",
        name="rule-crashed",
        summary="a rule or a front end failed",
        severity=Severity.ERROR,
        confidence=Confidence.CERTAIN,
    )
