"""BPF518: is a map defined in the form that libbpf 1.0 no longer takes?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bpflint.api import Context, Edit, Finding, Fix, MapDef, Rule, RuleMeta, Severity, Unit
from bpflint_rules._loaders import loaders

_SIZEOF = re.compile(r"^sizeof \( (?P<type>[\w ]+?(?: \*)?) \)$")
_PINNING = {"LIBBPF_PIN_BY_NAME", "LIBBPF_PIN_NONE"}


class LegacyMapDefinition(Rule):
    """A map is a `struct bpf_map_def` in section `maps`.

    ## What it does
    Finds definitions in section `maps`, and offers the same map in BTF form where every field is understood.

    ## Why is this bad
    libbpf 1.0 removed the form: `legacy map definitions in 'maps' section are not supported by libbpf v1.0+`. Without
    key and value types in BTF, tools print raw bytes and no linter can compare the two sides.

    ## Example
    ```c
    struct bpf_map_def SEC("maps") flows = {
        .type = BPF_MAP_TYPE_HASH,
        .key_size = sizeof(struct flow),
        .value_size = sizeof(__u64),
        .max_entries = 1024,
    };
    ```

    ## Use instead
    ```c
    struct {
        __uint(type, BPF_MAP_TYPE_HASH);
        __type(key, struct flow);
        __type(value, __u64);
        __uint(max_entries, 1024);
    } flows SEC(".maps");
    ```

    ## Known limits
    Definitions written by a macro, and those with fields of another loader's (iproute2's `bpf_elf_map`), get no fix.
    Information, without a fix, in a project whose own loaders are others than libbpf: cilium/ebpf takes the form, and
    gobpf takes nothing else.
    """

    meta = RuleMeta(
        code="BPF518", name="legacy-map-definition", summary="a map in the form that libbpf 1.0 does not take",
        severity=Severity.WARNING,
        references=("https://github.com/libbpf/libbpf/wiki/Libbpf:-the-road-to-v1.0",),
    )  # fmt: skip

    def check_map(self, map_: MapDef, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report a legacy definition."""
        if unit.side != "bpf" or map_.style != "legacy" or map_.external:
            return
        found = loaders(unit, ctx)
        minded = not found or "libbpf" in found
        text = _btf_form(map_) if minded else ""  # other loaders may take nothing else
        fixes = []
        if text and map_.definition is not None:
            fixes.append(Fix(f"define `{map_.name}` in BTF form", "safe", (Edit(map_.definition, text),)))
        yield self.finding(
            map_.span, f"`{map_.name}` is defined in the legacy form, which libbpf 1.0 and later refuse to load",
            subject=map_.name, fixes=fixes, severity=None if minded else Severity.INFO,
        )  # fmt: skip


def _btf_form(map_: MapDef) -> str:
    """The definition in BTF form, "" where a field is not understood."""
    lines = []
    for field, value in map_.settings:
        found = _SIZEOF.match(value)
        if field in ("key_size", "value_size") and found is not None:
            lines.append(f"\t__type({field.removesuffix('_size')}, {found['type']});")
        elif field in ("type", "key_size", "value_size", "max_entries", "map_flags"):
            if value != "0":
                lines.append(f"\t__uint({field}, {value});")
        elif field == "pinning" and value in _PINNING:
            lines.append(f"\t__uint(pinning, {value});")
        else:
            return ""
    return "struct {\n" + "\n".join(lines) + f'\n}} {map_.name} SEC(".maps")' if lines else ""
