"""BPF003: two types meet, but could not be compared; the engine says so itself, this is its page."""

from __future__ import annotations

from bpflint.api import Confidence, Rule, RuleMeta, Severity


class PairNotCompared(Rule):
    """Two types meet, but could not be compared.

    ## What it does
    Says that bytes are shared between two types of which one could not be resolved, or that a configured pair names
    something that does not exist.

    ## Why is this bad
    A mismatch there would go unnoticed.

    ## Example
    ```toml
    [[tool.bpflint.pair]]
    bpf = "struct evnt"
    user = "agent.py:Event"
    ```

    ## Use instead
    The name that exists; the text has the nearest one.

    ## Known limits
    Types that only the run of a program decides (a format string that is put together) cannot be resolved.
    """

    meta = RuleMeta(
        code="BPF003",
        name="pair-not-compared",
        summary="two types meet, but could not be compared",
        severity=Severity.WARNING,
        confidence=Confidence.CERTAIN,
    )
