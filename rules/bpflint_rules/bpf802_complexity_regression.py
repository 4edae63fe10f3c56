"""BPF802: a program became harder to verify; check mode says so itself, this is its page."""

from __future__ import annotations

from bpflint.api import Confidence, Rule, RuleMeta, Severity


class ComplexityRegression(Rule):
    """The verifier has to look at many more instructions than in an earlier run.

    ## What it does
    Compares, for each program and kernel, how many instructions the verifier looked at with those of an earlier
    record: `bpflint check --compare RECORD`. It speaks of more than a quarter more, from a thousand on.

    ## Why is this bad
    The verifier gives up at a million: a program that grows by a quarter with each change stops loading one day,
    first on the kernels that prune states less.

    ## Example
    ```console
    $ bpflint check . --output record=before.json
    $ bpflint check . --compare before.json
    ```

    ## Use instead
    Bound loops earlier, split the program by tail calls or global functions, or use `bpf_loop()` (5.17).

    ## Known limits
    Programs are compared by file, name and kernel; one that is new in either run is passed by.
    """

    meta = RuleMeta(
        code="BPF802", name="complexity-regression", summary="the verifier looks at many more instructions than before",
        severity=Severity.WARNING, confidence=Confidence.CERTAIN,
    )  # fmt: skip
