"""BPF123: does a hand-written byte offset cut across the fields of the C struct?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import (
    Codec,
    Comparison,
    Context,
    EvidenceKind,
    Finding,
    Leaf,
    MismatchKind,
    Pair,
    Related,
    Rule,
    RuleMeta,
    Severity,
)  # fmt: skip
from bpflint_rules._pairs import both_sides, confidence_of, subject_name, where


class HandOffsetOffField(Rule):
    """Bytes are taken from an event, key or value by constant offsets that do not fit the C struct.

    ## What it does
    Folds the bounds of `binary.LittleEndian.Uint64(b[20:28])` and its kin, also through constants and a slice taken
    before, and compares each range with the fields that the BPF side writes there.

    ## Why is this bad
    A range that begins in one field and ends in another reads half of each. Nothing checks it: a slice of bytes has no
    type, and the C struct may have gained a field or a hole since the numbers were written.

    ## Example
    ```c
    struct val { __u8 addr[16]; __u16 port; __u8 pad[6]; __u64 ts; };    // ts at byte 24
    ```
    ```go
    ts := binary.LittleEndian.Uint64(v[20:28])
    ```

    ## Use instead
    ```go
    ts := binary.NativeEndian.Uint64(v[24:32])
    ```
    or a struct with the C side's layout, which a generator such as bpf2go writes.

    ## Known limits
    Offsets that are computed at run time are not followed. A range inside an array of bytes is not judged. Where a
    comment alone names the struct, an array that reaches past it is taken for that of a build with other defines.
    """

    meta = RuleMeta(
        code="BPF123", name="hand-offset-off-field", summary="a hand-written offset cuts across the fields of C",
        severity=Severity.ERROR, cross_file=True,
    )  # fmt: skip

    def check_pair(self, pair: Pair, ctx: Context) -> Iterable[Finding]:
        """Report each range that cuts across fields, and a byte array of another length than the struct."""
        if pair.user.codec is not Codec.HAND:
            return
        comparison = next(iter(ctx.comparisons(pair)), None)
        if comparison is None or _of_another_build(pair, comparison):
            return
        reported = False
        for item in comparison.mismatches:
            if item.user is None or item.kind is not MismatchKind.MISSING:
                continue
            reported = True
            yield self._finding(pair, comparison, item.user, item.bpf, item.detail)
        for item in comparison.mismatches:
            if item.kind is MismatchKind.SIZE and not reported:
                yield self._finding(pair, comparison, None, None, item.detail)

    def _finding(
        self, pair: Pair, comparison: Comparison, user: Leaf | None, bpf: Leaf | None, detail: str
    ) -> Finding:
        span = user.field.span if user is not None and user.field.span is not None else pair.user.span
        ours = bpf.field.span if bpf is not None and bpf.field.span is not None else pair.bpf.span
        path = user.path if user is not None else ""
        shape = f"`{pair.user.name}` is " if user is None else ""
        return self.finding(
            span, f"{where(pair)}: {shape}{detail}", confidence=confidence_of(pair),
            subject=f"{pair.map or pair.role}:{pair.bpf.name}:{pair.user.name}:{path}", targets=[comparison.target],
            related=[Related(ours, "bpf-side", f"the BPF side: {subject_name(pair.bpf.name) or 'here'}")],
            table=both_sides(comparison),
        )  # fmt: skip


def _of_another_build(pair: Pair, comparison: Comparison) -> bool:
    """Whether a type that a comment alone pairs takes bytes behind the struct: with other defines it is longer."""
    bpf = comparison.bpf
    return pair.evidence[0].kind is EvidenceKind.NAMED_IN_COMMENT and bpf is not None and any(
        item.user is not None and item.kind is MismatchKind.MISSING and item.user.offset >= bpf.size
        for item in comparison.mismatches
    )
