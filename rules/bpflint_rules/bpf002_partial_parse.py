"""BPF002: a header or construct was not seen; the engine says so itself, this is its page."""

from __future__ import annotations

from bpflint.api import Confidence, Rule, RuleMeta, Severity


class PartialParse(Rule):
    """A header or construct was not seen.

    ## What it does
    Says what a file was parsed without: a header that was not found, a construct the front end could not follow.
    A notice (`-v` shows them) also names the functions that have too many paths to be followed one by one.

    ## Why is this bad
    The types and functions behind it are unknown: rules are silent on them.

    ## Example
    ```console
    warning[BPF002] probe.bpf.c:4: not found: conn.h; add -I DIR or include-dirs
    ```

    ## Use instead
    Add the folder with `-I DIR` or `include-dirs`, the macro with `-D` or `defines`.

    ## Known limits
    Everything that does not depend on the missing piece is analysed as usual.
    """

    meta = RuleMeta(
        code="BPF002",
        name="partial-parse",
        summary="a header or construct was not seen",
        severity=Severity.WARNING,
        confidence=Confidence.CERTAIN,
    )
