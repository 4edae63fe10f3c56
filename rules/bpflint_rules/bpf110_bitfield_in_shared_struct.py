"""BPF110: does a language without bitfields read a struct that has some?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    Codec,
    Context,
    EvidenceKind,
    Finding,
    Leaf,
    Pair,
    Related,
    Rule,
    RuleMeta,
    Severity,
    abi,
    leaves,
)
from bpflint_rules._pairs import confidence_of, where


class BitfieldInSharedStruct(Rule):
    """A struct that BPF shares with user space has bitfields, and the user side takes their bits out by hand.

    ## What it does
    Finds bitfields of shared structs whose bits a type of another language covers with plain integers: Go, Rust,
    Python's `struct`, numpy and ctypes. C headers that both sides include, and ctypes fields with a width, are fine.

    ## Why is this bad
    C leaves the order of bitfields within their unit to the compiler: the first lies in the lowest bits on a
    little-endian machine and in the highest on a big-endian one. Shifts and masks written for one are wrong on the
    other, and generators drop such fields.

    ## Example
    ```c
    struct event { __u32 pid; __u32 is_ipv6 : 1; __u32 direction : 2; };
    ```
    ```go
    type Event struct { Pid, Flags uint32 }      // Flags & 1
    ```

    ## Use instead
    ```c
    struct event { __u32 pid; __u8 is_ipv6; __u8 direction; __u8 pad[2]; };
    ```

    ## Known limits
    A user field that is named as padding or reserved does not read the bits: nothing is said. Information only where no
    configured target is big-endian: the others agree on the order.
    """

    meta = RuleMeta(
        code="BPF110", name="bitfield-in-shared-struct", summary="bits of a bitfield are taken out by hand",
        severity=Severity.WARNING, cross_file=True, references=("https://github.com/libbpf/libbpf-rs/issues/1285",),
    )  # fmt: skip

    def check_pair(self, pair: Pair, ctx: Context) -> Iterable[Finding]:
        """Report the first bitfield that a plain field of the user side covers."""
        if pair.user.codec is Codec.C or pair.evidence[0].kind is EvidenceKind.GENERATED:
            return
        severity = None if any(abi(item).byte_order == "big" for item in ctx.settings.targets) else Severity.INFO
        for comparison in ctx.comparisons(pair):
            if comparison.bpf is None or comparison.user is None or comparison.opaque:
                continue
            theirs = [leaf for leaf in leaves(comparison.user) if leaf.field.record is None and _reads(leaf)]
            for ours, leaf in _covered(leaves(comparison.bpf), theirs):
                span = leaf.field.span or pair.user.span
                related = [Related(ours.field.span, "bpf-side", f"`{ours.path}` is here")] if ours.field.span else []
                yield self.finding(
                    span,
                    f"`{leaf.path}` of {where(pair)} reads the bitfield `{ours.path}` as plain bits: their order "
                    "depends on the machine's endianness",
                    subject=f"{pair.bpf.name}.{ours.path}:{leaf.path}", confidence=confidence_of(pair), related=related,
                    severity=severity,
                )  # fmt: skip
                return


def _covered(ours: Iterator[Leaf], theirs: list[Leaf]) -> Iterator[tuple[Leaf, Leaf]]:
    for leaf in ours:
        if leaf.field.bitfield and leaf.size % 8:
            for other in theirs:
                if other.offset <= leaf.offset < other.offset + other.size:
                    yield leaf, other


def _reads(leaf: Leaf) -> bool:
    name = leaf.path.rsplit(".", 1)[-1].strip("_").lower()
    return bool(name) and not name.startswith(("pad", "reserved", "unused")) and not leaf.field.bitfield
