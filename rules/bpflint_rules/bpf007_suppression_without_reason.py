"""BPF007: an ignore comment gives no reason; the engine says so itself, this is its page."""

from __future__ import annotations

from bpflint.api import Confidence, Rule, RuleMeta, Severity


class SuppressionWithoutReason(Rule):
    """An ignore comment gives no reason.

    ## What it does
    Finds suppressions without a text after the code.

    ## Why is this bad
    The next reader cannot tell a decision from a shortcut.

    ## Example
    ```c
    v->packets++; // bpflint: ignore[BPF401]
    ```

    ## Use instead
    ```c
    v->packets++; // bpflint: ignore[BPF401] a lost count is fine here
    ```

    ## Known limits
    Pedantic: runs with `--persona pedantic`.
    """

    meta = RuleMeta(
        code="BPF007",
        name="suppression-without-reason",
        summary="an ignore comment gives no reason",
        severity=Severity.INFO,
        confidence=Confidence.CERTAIN,
        persona="pedantic",
    )
