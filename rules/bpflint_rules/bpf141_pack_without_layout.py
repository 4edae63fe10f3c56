"""BPF141: does `_pack_` silently choose Microsoft's layout?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Confidence, Context, Finding, Pair, RecordDecl, Rule, RuleMeta, Severity
from bpflint_rules._pairs import where


class PackWithoutLayout(Rule):
    """A ctypes structure of shared bytes sets `_pack_` without `_layout_`.

    ## What it does
    Finds `_pack_` without `_layout_` in ctypes types that meet a BPF type.

    ## Why is this bad
    `_pack_` implies the Microsoft layout: bitfields start anew where the declared type changes, unlike clang. Python
    3.14 deprecates leaving it implicit and a later version refuses it.

    ## Example
    ```python
    class Event(ct.Structure):
        _pack_ = 1
        _fields_ = [("kind", ct.c_uint8), ("ts", ct.c_uint64)]
    ```

    ## Use instead
    ```python
    class Event(ct.Structure):
        _layout_ = "ms"
        _pack_ = 1
    ```
    or drop `_pack_` and spell the padding out in the BPF struct.

    ## Known limits
    Without bitfields the bytes are the same today: then the severity is info.
    """

    meta = RuleMeta(
        code="BPF141", name="pack-without-layout", summary="`_pack_` without `_layout_`", severity=Severity.WARNING,
        confidence=Confidence.CERTAIN, cross_file=True,
        references=("https://github.com/python/cpython/issues/131747",),
    )  # fmt: skip

    def check_pair(self, pair: Pair, ctx: Context) -> Iterable[Finding]:
        """Report a ctypes type of a pair that packs without naming the layout."""
        decl = pair.user.type
        if not isinstance(decl, RecordDecl) or "_pack_" not in decl.attributes or "_layout_" in decl.attributes:
            return
        bitfields = any(member.bit_width is not None for member in decl.members)
        why = "its bitfields follow Microsoft's rules" if bitfields else "Python 3.14 and later warn"
        yield self.finding(
            pair.user.span, f"`{decl.name}` ({where(pair)}) sets _pack_ without _layout_: {why}",
            subject=decl.name, severity=None if bitfields else Severity.INFO,
        )  # fmt: skip
