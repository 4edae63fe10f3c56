"""BPF009: a kernel that was asked for could not be run; check mode says so itself, this is its page."""

from __future__ import annotations

from bpflint.api import Confidence, Rule, RuleMeta, Severity


class KernelNotRun(Rule):
    """A kernel that was asked for could not be run.

    ## What it does
    Says which kernel of `bpflint check` gave no answers, and why: no QEMU, no image, a boot that failed twice.

    ## Why is this bad
    Findings have no verdict of that kernel. What was not asked is not confirmed, and not refuted either.

    ## Example
    ```console
    $ bpflint check . --kernel s390x:6.12
    ```

    ## Use instead
    Install what the message names, or fetch the kernel again: `bpflint kernels fetch s390x:6.12`.

    ## Known limits
    A kernel that ran and could not try one finding is told in the verdict of that finding.
    """

    meta = RuleMeta(
        code="BPF009", name="kernel-not-run", summary="a kernel that was asked for could not be run",
        severity=Severity.WARNING, confidence=Confidence.CERTAIN,
    )  # fmt: skip
