"""Which maps does a translation unit define? BTF-style, legacy and bcc definitions, and the global sections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from clang.cindex import CursorKind, TypeKind

from bpflint import facts
from bpflint.frontends.c.cursors import Places, constant, initialiser, pretty
from bpflint.frontends.c.nodes import Node, NodeType, attributes, children, fields_of
from bpflint.frontends.c.types import Types
from bpflint.model.layout import Type
from bpflint.model.source import Span
from bpflint.model.unit import MapDef

_SECTION = re.compile(r'section\("([^"]*)"\)')


def section_of(cursor: Node) -> str:
    """Return the section a variable or function was placed in, "" for none."""
    if not attributes(cursor):
        return ""
    found = _SECTION.search(pretty(cursor))
    return found[1] if found else ""


def map_kind(number: int | None) -> str:
    """Return the name of a map type by its number in enum bpf_map_type, "" where unknown."""
    if number is None:
        return ""
    return _kinds().get(number, "")


@cache
def _kinds() -> dict[int, str]:
    return {item.id: item.name.removeprefix("BPF_MAP_TYPE_").lower() for item in facts.map_types().values()}


def map_of(cursor: Node, section: str, places: Places, types: Types) -> MapDef | None:
    """Return the map that a global variable defines, None where it is none."""
    if section == ".maps":
        return _btf_map(cursor.spelling, cursor.type, cursor, places, types)
    if section == "maps" or section.startswith("maps/"):
        return _legacy_map(cursor, places, types)
    return None


def members_of(type_: NodeType) -> Iterator[tuple[str, NodeType, Node]]:
    """Yield (name, type, cursor) of each member of a record type."""
    for field in fields_of(type_.get_canonical()):
        yield field.spelling, field.type, field


def int_of(type_: NodeType) -> int | None:
    """Return the N that a member `int (*name)[N]` encodes (libbpf's __uint)."""
    inner = type_.get_canonical().get_pointee()
    return inner.element_count if inner.kind is TypeKind.CONSTANTARRAY else None


def _btf_map(name: str, type_: NodeType, cursor: Node, places: Places, types: Types) -> MapDef:
    numbers: dict[str, int | None] = {}
    key: Type | None = None
    value: Type | None = None
    inner: MapDef | None = None
    spans: dict[str, Span] = {}
    for field, field_type, place in members_of(type_):
        spans[field] = places.span(place)
        match field:
            case "key":
                key = _pointed(field_type, place, types)
            case "value":
                value = _pointed(field_type, place, types)
            case "values":
                inner = _inner_map(field_type, places, types)
            case _:
                numbers[field] = int_of(field_type)
    number = numbers.get("type")
    return MapDef(
        name, map_kind(number), places.name_span(cursor) if name else places.span(cursor), "btf", key, value,
        _size(key, types, numbers.get("key_size")), _size(value, types, numbers.get("value_size")),
        numbers.get("max_entries"), numbers.get("map_flags", 0), bool(numbers.get("pinning")), inner,
        spans.get("key"), spans.get("value"), cursor.storage_class.name == "EXTERN",
    )  # fmt: skip


def _pointed(type_: NodeType, field: Node, types: Types) -> Type:
    inner = type_.get_canonical().get_pointee()
    for item in children(field):
        # `typeof(__be32) *key` loses the name for libclang; the reference inside it does not.
        if item.kind is CursorKind.TYPE_REF and item.type.get_canonical() == inner.get_canonical():
            return types.by_value(item.type)
    spelled = type_.get_pointee()
    return types.by_value(spelled if spelled.kind is not TypeKind.INVALID else inner)


def _size(type_: Type | None, types: Types, given: int | None) -> int | None:
    return given if given is not None else types.bytes(type_)


def _inner_map(type_: NodeType, places: Places, types: Types) -> MapDef | None:
    """`__array(values, struct inner)` declares `typeof(inner) *values[]`."""
    canonical = type_.get_canonical()
    if canonical.kind not in (TypeKind.INCOMPLETEARRAY, TypeKind.CONSTANTARRAY):
        return None
    pointee = canonical.element_type.get_pointee().get_canonical()
    if pointee.kind is not TypeKind.RECORD:
        return None
    return _btf_map("", pointee, pointee.get_declaration(), places, types)


_IPROUTE2 = {"size_key": "key_size", "size_value": "value_size", "max_elem": "max_entries", "flags": "map_flags"}
"""The members of iproute2's `struct bpf_elf_map` by those of libbpf's `struct bpf_map_def` (bpf_elf.h)."""


def _legacy_map(cursor: Node, places: Places, types: Types) -> MapDef | None:
    value = initialiser(cursor)
    name, span = cursor.spelling, places.name_span(cursor)
    if value is None:
        external = cursor.storage_class.name == "EXTERN"
        return MapDef(name, "", span, "legacy", flags=None, external=external) if external else None
    numbers: dict[str, int | None] = {}
    sized: dict[str, Type | None] = {}
    spans: dict[str, Span] = {}
    written = _written_out(cursor)
    settings: list[tuple[str, str]] = []
    for field, item in _designated(value, cursor.type):
        if written:
            settings.append((field, " ".join(token.spelling for token in item.get_tokens())))
        field = _IPROUTE2.get(field, field)
        folded = constant(item)
        numbers[field] = folded if isinstance(folded, int) else None
        sized[field] = _sizeof_operand(item, types)
        spans[field] = places.span(item)
    number = numbers.get("type")
    return MapDef(
        name, map_kind(number), span, "legacy", sized.get("key_size"), sized.get("value_size"),
        numbers.get("key_size", 0), numbers.get("value_size", 0), numbers.get("max_entries"),
        numbers.get("map_flags", 0), bool(numbers.get("pinning")), None,
        spans.get("key_size"), spans.get("value_size"), definition=places.span(cursor) if written else None,
        settings=tuple(settings),
    )  # fmt: skip


def _written_out(cursor: Node) -> bool:
    """Whether the definition stands in the source as such: its tokens name the struct and the map."""
    words = [token.spelling for token, _ in zip(cursor.get_tokens(), range(24), strict=False)]
    return words[:2] == ["struct", "bpf_map_def"] and cursor.spelling in words


def _designated(value: Node, type_: NodeType) -> Iterator[tuple[str, Node]]:
    order = [name for name, _, _ in members_of(type_)]
    for position, item in enumerate(children(value)):
        parts = children(item)
        named = [part for part in parts if part.kind is CursorKind.MEMBER_REF]
        if named and len(parts) > len(named):
            yield named[-1].spelling, parts[-1]
        elif position < len(order):
            yield order[position], item


def _sizeof_operand(item: Node, types: Types) -> Type | None:
    """The type in `sizeof(type)`; None for any other size."""
    while item.kind in (CursorKind.UNEXPOSED_EXPR, CursorKind.PAREN_EXPR) and len(children(item)) == 1:
        item = children(item)[0]
    if item.kind is not CursorKind.CXX_UNARY_EXPR:
        return None
    value = constant(item)
    for part in children(item):
        type_ = part.type
        if (part.kind is CursorKind.TYPE_REF or part.kind.is_expression()) and type_.get_size() == value:
            return types.convert(type_)
    return None
