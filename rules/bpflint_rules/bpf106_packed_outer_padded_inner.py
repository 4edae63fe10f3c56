"""BPF106: does `packed` stop at a nested struct?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Cause, Context, Finding, MismatchKind, Pair, Rule, RuleMeta, Severity
from bpflint_rules._pairs import led_by, pair_finding, where


class PackedOuterPaddedInner(Rule):
    """The outer struct is packed, a nested one keeps its padding, and the other side packs through.

    ## What it does
    Packs every nested record too; if both sides then agree, the packing that does not reach inwards is the cause.

    ## Why is this bad
    `packed` of the outer struct says nothing about the members' own types (GCC manual, "Common Type Attributes"): the
    inner holes stay, and a hand-written mirror without them is off from there on.

    ## Example
    ```c
    struct id { __u8 kind; __u32 number; };                      // a hole of 3 bytes
    struct event { struct id id; __u16 port; } __attribute__((packed));
    ```
    ```python
    class Event(ct.Structure):
        _pack_ = 1
        _fields_ = [("kind", ct.c_uint8), ("number", ct.c_uint32), ("port", ct.c_uint16)]
    ```

    ## Use instead
    Explicit padding in the inner struct, mirrored as a field.

    ## Known limits
    Only packing is tried; a mirror that differs in another field as well is BPF102.
    """

    meta = RuleMeta(
        code="BPF106", name="packed-outer-padded-inner", summary="`packed` does not reach a nested struct",
        severity=Severity.ERROR, cross_file=True,
    )  # fmt: skip

    def check_pair(self, pair: Pair, ctx: Context) -> Iterable[Finding]:
        """Report a pair that agrees only when nested records are packed too."""
        hits = led_by(pair, ctx, tuple(MismatchKind), (Cause.PACKED_INNER,))
        if not hits:
            return ()
        lead = hits[0][1]
        what = f"`{lead.user_path or lead.bpf_path}` is {lead.detail}" if lead.user_path else lead.detail
        return pair_finding(self, pair, hits, f"`packed` does not reach the struct inside {where(pair)}: {what}")
