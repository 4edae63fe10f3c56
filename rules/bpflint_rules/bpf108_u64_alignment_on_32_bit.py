"""BPF108: does a 32-bit user space align 64-bit fields to 4 bytes?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bpflint.api import (
    Cause,
    Codec,
    Comparison,
    Context,
    EvidenceKind,
    Finding,
    Mismatch,
    MismatchKind,
    Pair,
    RecordDecl,
    Rule,
    RuleMeta,
    Severity,
    compare_pair,
)  # fmt: skip
from bpflint_rules._pairs import led_by, pair_finding, where

_NARROW = {Codec.C: ("i386",), Codec.GO: ("i386", "arm")}
"""System V i386 psABI, 2.1.1: `long long` in a struct aligns to 4. Go's gc compiler does so on 386 and arm."""


class U64AlignmentOn32Bit(Rule):
    """A struct has a 64-bit field that a 32-bit user space places elsewhere, because it aligns it to 4 bytes.

    ## What it does
    Lays out each shared struct for the configured targets and reports where the alignment of 64-bit integers alone
    makes the bytes differ. With `--persona pedantic` it also says which structs would differ on i386, and for Go on
    arm, although neither is configured.

    ## Why is this bad
    BPF aligns a `__u64` to 8 bytes on every machine. A 32-bit loader finds it 4 bytes earlier, or a struct that is 4
    bytes shorter: lookups overwrite what lies behind it.

    ## Example
    ```c
    struct event { __u32 pid; __u64 when; };      // `when` at byte 8 in BPF, at byte 4 on i386
    ```

    ## Use instead
    ```c
    struct event { __u32 pid; __u32 pad; __u64 when; };
    ```
    or `__attribute__((aligned(8)))` on the field.

    ## Known limits
    Whether a project is built for 32-bit machines at all is not known: name such targets in the configuration.
    """

    meta = RuleMeta(
        code="BPF108", name="u64-alignment-on-32-bit", summary="a 64-bit field lies elsewhere in 32-bit user space",
        severity=Severity.WARNING, cross_file=True,
        references=("https://github.com/libbpf/bpftool/issues/80",),
    )  # fmt: skip

    def check_pair(self, pair: Pair, ctx: Context) -> Iterable[Finding]:
        """Report a pair that only the alignment of 64-bit integers parts."""
        hits = led_by(pair, ctx, tuple(MismatchKind), (Cause.U64_ALIGN,))
        if hits:
            yield from self._told(pair, hits)
            return
        if any(item.mismatches for item in ctx.comparisons(pair)) or not isinstance(pair.user.type, RecordDecl):
            return  # they differ anyway, and other rules say how
        if pair.evidence[0].kind is EvidenceKind.GENERATED:
            return
        missing = [name for name in _NARROW.get(pair.user.codec, ()) if name not in ctx.settings.targets]
        others = [(item, lead) for item in compare_pair(pair, missing)
                  if item.cause is Cause.U64_ALIGN and (lead := item.leading) is not None]  # fmt: skip
        for finding in self._told(pair, others):
            yield replace(finding, persona="pedantic")

    def _told(self, pair: Pair, hits: list[tuple[Comparison, Mismatch]]) -> Iterable[Finding]:
        if not hits:
            return ()
        lead = hits[0][1]
        name = lead.user_path or lead.bpf_path
        what = f"`{name}` of {where(pair)} is" if name else f"{where(pair)} has"
        names = " and ".join(item.target for item, _ in hits)
        message = f"{what} {lead.detail}: 64-bit integers align to 4 bytes on {names}"
        return pair_finding(self, pair, hits, message)
