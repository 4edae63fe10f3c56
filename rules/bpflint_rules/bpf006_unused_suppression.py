"""BPF006: an ignore comment hides nothing; the engine says so itself, this is its page."""

from __future__ import annotations

from bpflint.api import Confidence, Rule, RuleMeta, Severity


class UnusedSuppression(Rule):
    """An ignore comment hides nothing.

    ## What it does
    Finds suppressions whose rule ran on that place, with both sides seen, and reported nothing.

    ## Why is this bad
    A left-over ignore hides the next fault on its line.

    ## Example
    ```c
    __u32 pid; // bpflint: ignore[BPF103] the user side was fixed long ago
    ```

    ## Use instead
    Delete the comment.

    ## Known limits
    It is judged only where the rule ran and nothing was left unseen.
    """

    meta = RuleMeta(
        code="BPF006",
        name="unused-suppression",
        summary="an ignore comment hides nothing",
        severity=Severity.INFO,
        confidence=Confidence.CERTAIN,
    )
