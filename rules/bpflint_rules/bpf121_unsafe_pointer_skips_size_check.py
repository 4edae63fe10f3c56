"""BPF121: is a map call given an `unsafe.Pointer` to bytes whose number nobody checked?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Array, Codec, Context, Finding, Opaque, Rule, RuleMeta, Severity, Type, Unit

_EBPF = "github.com/cilium/ebpf.Map"


class UnsafePointerSkipsSizeCheck(Rule):
    """An `unsafe.Pointer` to bytes of unknown number goes to a map call of cilium/ebpf.

    ## What it does
    Looks at keys and values that reach `Map.Put`, `Map.Lookup` and their kin as `unsafe.Pointer`, where neither type
    nor length of what lies behind could be told.

    ## Why is this bad
    cilium/ebpf compares the size of every Go value with the map's, except of those behind an `unsafe.Pointer`: the
    kernel then copies the map's size from or to whatever lies there. A buffer that is too short is overrun.

    ## Example
    ```go
    func get(m *ebpf.Map, key uint32, buf []byte) error {
        return m.Lookup(unsafe.Pointer(&key), unsafe.Pointer(&buf[0]))
    }
    ```

    ## Use instead
    Pass the value itself, or the slice of bytes: both are checked.
    ```go
        return m.Lookup(&key, buf)
    ```

    ## Known limits
    Where the type is known it is compared with the map's, and a difference is BPF101 to BPF104.
    """

    meta = RuleMeta(
        code="BPF121", name="unsafe-pointer-skips-size-check",
        summary="an unsafe.Pointer hides the size from cilium/ebpf", severity=Severity.WARNING,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each key or value of unknown size."""
        for use in unit.uses:
            ours = use.codec is Codec.GO and use.how.startswith(_EBPF) and use.role in ("key", "value")
            if unit.language == "go" and ours and use.map and _unknown(use.type):
                yield self.finding(
                    use.span,
                    f"the {use.role} of map `{use.map}` is an unsafe.Pointer: cilium/ebpf does not check that enough "
                    "bytes lie behind it",
                    subject=f"{use.function}:{use.map}:{use.role}",
                )  # fmt: skip


def _unknown(type_: Type | None) -> bool:
    return type_ is None or isinstance(type_, Opaque) or (isinstance(type_, Array) and type_.length is None)
