"""BPF105: is one side packed and the other not?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Cause, Context, Finding, MismatchKind, Pair, RecordDecl, Rule, RuleMeta, Severity
from bpflint_rules._pairs import led_by, pair_finding, where

_ANY = tuple(MismatchKind)


class PackedNotMirrored(Rule):
    """One side is packed, the other is not, and the bytes differ for that reason alone.

    ## What it does
    Lays both sides out again without the packing (or with it on both); if they then agree, packing is the cause.

    ## Why is this bad
    `__attribute__((packed))` removes the holes that every other compiler puts back: all fields after the first hole
    are read from the wrong place.

    ## Example
    ```c
    struct event { __u8 kind; __u64 ts; } __attribute__((packed));   // ts at byte 1
    ```
    ```python
    _fields_ = [("kind", ct.c_uint8), ("ts", ct.c_uint64)]           # ts at byte 8
    ```

    ## Use instead
    Explicit padding in the BPF struct instead of `packed`; it needs no mirror and no unaligned access. Else
    `_pack_ = 1` (with `_layout_ = "ms"` from Python 3.14 on).

    ## Known limits
    A packed struct without holes has the same bytes either way and is no finding.
    """

    meta = RuleMeta(
        code="BPF105", name="packed-not-mirrored", summary="packed on one side only", severity=Severity.WARNING,
        cross_file=True,
        references=("https://github.com/grafana/beyla/issues/1821", "https://github.com/iovisor/bcc/issues/2017"),
    )  # fmt: skip

    def check_pair(self, pair: Pair, ctx: Context) -> Iterable[Finding]:
        """Report a pair that differs by packing alone; an error, since the bytes do differ."""
        hits = led_by(pair, ctx, _ANY, (Cause.PACKED,))
        if not hits:
            return ()
        lead = hits[0][1]
        packed = "BPF" if isinstance(pair.bpf.type, RecordDecl) and _packed(pair.bpf.type) else "user"
        what = f"`{lead.user_path or lead.bpf_path}` is {lead.detail}" if lead.user_path else lead.detail
        message = f"only the {packed} side of {where(pair)} is packed: {what}"
        return pair_finding(self, pair, hits, message, severity=Severity.ERROR)


def _packed(decl: RecordDecl) -> bool:
    return decl.packed or decl.pack is not None or any(member.packed for member in decl.members)
