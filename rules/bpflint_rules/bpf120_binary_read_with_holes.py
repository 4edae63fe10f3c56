"""BPF120: does Go pack a struct whose C side has holes?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import (
    Cause,
    Codec,
    Context,
    Finding,
    MismatchKind,
    Pair,
    Record,
    Rule,
    RuleMeta,
    Severity,
    holes,
    show_bytes,
)  # fmt: skip
from bpflint_rules._pairs import led_by, pair_finding, where


class BinaryReadWithHoles(Rule):
    """A Go struct with implicit holes goes through encoding/binary, which leaves no holes.

    ## What it does
    Lays out the Go struct as `binary.Read`, `binary.Write` and cilium/ebpf's `Map.Put` and `Map.Lookup` do: field after
    field without padding. It reports where only these missing holes make the bytes differ from the C struct.

    ## Why is this bad
    The struct looks the same on both sides, and in memory it is; but every field after the first hole is read from the
    wrong place, and the total is too short. cilium/ebpf notices a wrong total; `binary.Read` notices nothing.

    ## Example
    ```c
    struct event { __u8 kind; __u64 ts; };            // ts at byte 8
    ```
    ```go
    type event struct { Kind uint8; Ts uint64 }       // binary.Read takes ts from byte 1
    binary.Read(bytes.NewReader(sample), binary.LittleEndian, &e)
    ```

    ## Use instead
    Name the holes, which both sides then have:
    ```go
    type event struct { Kind uint8; _ [7]byte; Ts uint64 }
    ```

    ## Known limits
    A struct that differs in other ways as well is BPF102, 103 or 104.
    """

    meta = RuleMeta(
        code="BPF120", name="binary-read-with-holes", summary="encoding/binary packs a struct that has holes in C",
        severity=Severity.ERROR, cross_file=True,
        references=("https://github.com/DataDog/datadog-agent/pull/32979", "https://pkg.go.dev/encoding/binary#Read"),
    )  # fmt: skip

    def check_pair(self, pair: Pair, ctx: Context) -> Iterable[Finding]:
        """Report a pair that differs by the holes of its Go struct alone."""
        hits = led_by(pair, ctx, tuple(MismatchKind), (Cause.GO_HOLES,))
        if not hits:
            return ()
        comparison, lead = hits[0]
        how = "encoding/binary" if pair.role == "event" else "cilium/ebpf"
        name = pair.user.name or "the Go type"
        native = ctx.layout(pair.user.type, comparison.target, Codec.GO)  # type: ignore[arg-type]
        message = (
            f"{how} packs `{name}`, {where(pair)}: it has no bytes for {_first_hole(native)}, so "
            f"{'`' + lead.user_path + '` is ' if lead.user_path else 'it has '}{lead.detail}"
        )
        return pair_finding(self, pair, hits, message)


def _first_hole(record: Record) -> str:
    found = next(iter(holes(record)), None)
    if found is None:
        return "the hole in a nested struct"
    size = show_bytes(found.size)
    return f"the {size}-byte hole at byte {show_bytes(found.offset)}"
