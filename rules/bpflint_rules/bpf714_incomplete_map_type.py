"""BPF714: is the key or value of a map a struct that is declared nowhere?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Finding, MapDef, Opaque, Rule, RuleMeta, Severity, Type, Unit

_INCOMPLETE = "its definition was not seen"


class IncompleteMapType(Rule):
    """A map names a struct as its key or value that has no definition, often a misspelt one.

    ## What it does
    Looks at `__type(key, struct x)` and `__type(value, struct x)` where no file that the program includes defines
    `struct x`, although all of them were found.

    ## Why is this bad
    C takes the name for a struct that may come later, so the program compiles. libbpf finds no size for it in BTF, and
    the map is refused, or has a key of 0 bytes.

    ## Example
    ```c
    struct tuple_key { __u32 saddr; __u32 daddr; };
    struct {
        __uint(type, BPF_MAP_TYPE_HASH);
        __type(key, struct tuple_t);
        …
    ```

    ## Use instead
    ```c
        __type(key, struct tuple_key);
    ```

    ## Known limits
    Silent where a header of the program was not found or not fully read.
    """

    meta = RuleMeta(
        code="BPF714", name="incomplete-map-type", summary="a map's key or value is a struct without a definition",
        severity=Severity.ERROR,
        references=("https://docs.kernel.org/bpf/btf.html#creating-maps-with-btf-types",),
    )  # fmt: skip

    def check_map(self, map_: MapDef, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report an incomplete key or value of a BTF-style map."""
        if map_.style != "btf" or map_.external or any(item.code in ("BPF001", "BPF002") for item in unit.problems):
            return
        for role, type_, span in (("key", map_.key, map_.key_span), ("value", map_.value, map_.value_span)):
            if _incomplete(type_):
                yield self.finding(
                    span or map_.span,
                    f"the {role} of map `{map_.name}` is `{_name(type_)}`, which is defined nowhere: libbpf cannot "
                    "tell its size",
                    subject=f"{map_.name}:{role}",
                )  # fmt: skip


def _incomplete(type_: Type | None) -> bool:
    return isinstance(type_, Opaque) and type_.reason == _INCOMPLETE


def _name(type_: Type | None) -> str:
    return type_.spelling if isinstance(type_, Opaque) else ""
