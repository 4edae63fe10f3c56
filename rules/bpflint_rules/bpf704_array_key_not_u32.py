"""BPF704: is an array map declared with a key that is no 32-bit integer?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Finding, LoadClaim, MapDef, RecordDecl, Rule, RuleMeta, Severity, Unit
from bpflint_rules._claims import create_claim
from bpflint_rules._maps import map_fact, type_name


class ArrayKeyNotU32(Rule):
    """An array map is declared with a key of another size than 4 bytes, or with a struct as key.

    ## What it does
    Looks at the declared key of every map whose type takes an index or a CPU, device or queue number: arrays, program
    arrays, devmaps, cpumaps, stack traces, arrays of maps.

    ## Why is this bad
    The kernel creates such a map with `key_size` 4 only and else fails with EINVAL. A struct of 4 bytes passes that
    check, but not the one of its BTF: the map loads without BTF or not at all.

    ## Example
    ```c
    struct { __uint(type, BPF_MAP_TYPE_ARRAY); __type(key, __u64); __type(value, u64); … } totals SEC(".maps");
    ```

    ## Use instead
    ```c
    struct { __uint(type, BPF_MAP_TYPE_ARRAY); __type(key, __u32); __type(value, u64); … } totals SEC(".maps");
    ```
    or a hash map where the key is more than an index.

    ## Known limits
    A key size that is not constant in the source is not judged; an enum key is accepted.
    """

    meta = RuleMeta(
        code="BPF704", name="array-key-not-u32", summary="the key of an array map is no 32-bit integer",
        severity=Severity.ERROR,
        references=("https://docs.kernel.org/bpf/map_array.html",),
    )  # fmt: skip

    def check_map(self, map_: MapDef, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report keys that the map's type refuses."""
        for item in (map_, map_.inner):
            if item is None or item.style in ("global", "object") or item.external:
                continue
            known = map_fact(item)
            if known is None or known.key != "u32" or not item.key_size:
                continue
            name = item.name or f"{map_.name}.values"
            span = item.key_span or item.span
            if item.key_size != 4:
                spelled = f" (`{type_name(item.key)}`)" if item.key is not None else ""
                yield self.finding(
                    span, f"`{name}` is of type {item.kind}, whose key has 4 bytes; "
                    f"{item.key_size} are declared{spelled}",
                    subject=name, claim=create_claim(item, 4),
                )  # fmt: skip
            elif isinstance(item.key, RecordDecl) and known.kind == "array" and item.style == "btf":
                yield self.finding(
                    span, f"`{name}` is of type {item.kind}, whose key must be a 32-bit integer; "
                    f"`{type_name(item.key)}` is refused with its BTF",
                    subject=name,
                    claim=LoadClaim(unit.path, (), rf"{name}.*(Retrying without BTF|failed to create)", maps_only=True),
                )  # fmt: skip
