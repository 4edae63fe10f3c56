"""BPF008: an ignore comment names a rule that does not exist; the engine says so itself, this is its page."""

from __future__ import annotations

from bpflint.api import Confidence, Rule, RuleMeta, Severity


class UnknownRule(Rule):
    """An ignore comment names a rule that does not exist.

    ## What it does
    Finds suppressions with a code or name no rule has, with the nearest one that exists.

    ## Why is this bad
    The finding it was meant for is not hidden, or a typo stays for ever.

    ## Example
    ```c
    v->packets++; // bpflint: ignore[BPF4O1] letter O
    ```

    ## Use instead
    The code as it is printed.

    ## Known limits
    Names in `bpflint: disable=` comments of an older tool are never an error.
    """

    meta = RuleMeta(
        code="BPF008",
        name="unknown-rule",
        summary="an ignore comment names a rule that does not exist",
        severity=Severity.WARNING,
        confidence=Confidence.CERTAIN,
    )
