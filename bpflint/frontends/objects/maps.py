"""Which maps and globals does an object define? `.maps` by BTF, legacy `maps` by its bytes, data sections by BTF.

Facts: libbpf's conventions. In `.maps`, `__uint(name, N)` is a pointer to an array of N elements, `__type(name, T)` a
pointer to T, `__array(values, T)` an array of pointers to T, `__ulong` an enumeration of one value. A legacy map is
five 32-bit words: type, key size, value size, entries, flags; `struct ____btf_map_NAME` may name its types.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from bpflint import facts
from bpflint.btf import Btf, BtfError
from bpflint.btf import types as t
from bpflint.frontends.objects.elf import Object
from bpflint.frontends.objects.types import Converter
from bpflint.model.layout import Type
from bpflint.model.source import Span
from bpflint.model.unit import MapDef

_DATA = (".bss", ".data", ".rodata")


def map_kind(number: int | None) -> str:
    """Return the name of a map type by its number in enum bpf_map_type, "" where unknown."""
    found = next((one.name for one in facts.map_types().values() if one.id == number), "")
    return found.removeprefix("BPF_MAP_TYPE_").lower()


def btf_maps(btf: Btf, types: Converter, span: Span) -> Iterator[MapDef]:
    """Yield the maps of the `.maps` section."""
    for section in _datasecs(btf):
        if section.name == ".maps":
            for var in _variables(btf, section):
                yield _btf_map(btf, types, var.name, var.type, span, var.linkage == 2)


def globals_of(btf: Btf, types: Converter, span: Span) -> Iterator[MapDef]:
    """Yield each variable of the data sections: libbpf makes one array map of one entry a section."""
    for section in _datasecs(btf):
        kind = next((name for name in _DATA if section.name == name or section.name.startswith(f"{name}.")), "")
        if kind:
            for var in _variables(btf, section):
                value = types.convert(var.type)
                yield MapDef(var.name, section.name, span, "global", None, value, 4, _size(btf, var.type), 1)


def legacy_maps(found: Object, btf: Btf | None, types: Converter | None, span: Span) -> Iterator[MapDef]:
    """Yield the maps of the `maps` section, read from its bytes; their types where an annotation names them."""
    mark = "<" if found.byte_order == "little" else ">"
    for symbol in found.symbols:
        if symbol.section == "maps" or symbol.section.startswith("maps/"):
            data = found.data(symbol.section)[symbol.offset : symbol.offset + max(symbol.size, 20)]
            if len(data) >= 20:
                kind, key, value, entries, flags = struct.unpack_from(f"{mark}5I", data)
                pair = _annotated(btf, types, symbol.name) if btf and types else (None, None)
                yield MapDef(symbol.name, map_kind(kind), span, "object", *pair, key, value, entries, flags)


def _btf_map(btf: Btf, types: Converter, name: str, type_id: int, span: Span, external: bool) -> MapDef:
    one = btf.type(btf.resolve(type_id))
    if not isinstance(one, t.Composite):
        raise BtfError(f"BTF: map {name} is no struct")
    numbers: dict[str, int | None] = {}
    key: int | None = None
    value: int | None = None
    inner: MapDef | None = None
    for member in one.members:
        match member.name:
            case "key":
                key = _pointed(btf, member.type)
            case "value":
                value = _pointed(btf, member.type)
            case "values":
                inner = _inner(btf, types, member.type, span)
            case _:
                numbers[member.name] = _number(btf, member.type)
    key_size = numbers.get("key_size", None if key is None else _size(btf, key))
    value_size = numbers.get("value_size", None if value is None else _size(btf, value))
    return MapDef(
        name, map_kind(numbers.get("type")), span, "object", _converted(types, key), _converted(types, value),
        key_size, value_size, numbers.get("max_entries"), numbers.get("map_flags", 0),
        bool(numbers.get("pinning")), inner, external=external,
    )  # fmt: skip


def _converted(types: Converter, type_id: int | None) -> Type | None:
    return None if type_id is None else types.convert(type_id)


def _number(btf: Btf, type_id: int) -> int | None:
    match btf.type(btf.resolve(type_id)):
        case t.Ptr(type=target) if target:
            array = btf.type(resolved) if (resolved := btf.resolve(target)) else None
            return array.length if isinstance(array, t.Array) else None
        case t.Enum(values=values) if values:
            return values[0].value
        case _:
            return None


def _pointed(btf: Btf, type_id: int) -> int | None:
    match btf.type(btf.resolve(type_id)):
        case t.Ptr(type=target):
            return target
        case _:
            return None


def _inner(btf: Btf, types: Converter, type_id: int, span: Span) -> MapDef | None:
    match btf.type(btf.resolve(type_id)):
        case t.Array(type=element):
            target = _pointed(btf, element)
            resolved = btf.resolve(target) if target else 0
            if resolved and isinstance(btf.type(resolved), t.Composite):
                if any(member.name == "values" for member in _members(btf, resolved)):
                    raise BtfError("BTF: a map of maps of maps")
                return _btf_map(btf, types, "", resolved, span, False)
    return None


def _members(btf: Btf, type_id: int) -> tuple[t.Member, ...]:
    one = btf.type(type_id)
    return one.members if isinstance(one, t.Composite) else ()


def _annotated(btf: Btf, types: Converter, name: str) -> tuple[Type | None, Type | None]:
    for type_id in btf.find(f"____btf_map_{name}", t.STRUCT):
        members = _members(btf, type_id)
        if [member.name for member in members] == ["key", "value"]:
            return types.convert(members[0].type), types.convert(members[1].type)
    return None, None


def _datasecs(btf: Btf) -> Iterator[t.Datasec]:
    yield from (one for _, one in btf.types() if isinstance(one, t.Datasec))


def _variables(btf: Btf, section: t.Datasec) -> Iterator[t.Var]:
    for variable in section.variables:
        one = btf.type(variable.type) if variable.type else None
        if isinstance(one, t.Var):
            yield one


def _size(btf: Btf, type_id: int) -> int | None:
    try:
        return btf.size(type_id)
    except BtfError:
        return None
