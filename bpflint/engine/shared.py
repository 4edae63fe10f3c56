"""Which types of a BPF program share bytes with user space? Keys, values, events, globals, and the parts of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bpflint.analysis.abi import abi
from bpflint.analysis.layout import size_of_type
from bpflint.model.data import dataclass
from bpflint.model.layout import Array, RecordDecl, Type
from bpflint.model.source import Span
from bpflint.model.unit import MapDef, Role, Unit, Use


@dataclass(frozen=True, slots=True)
class Shared:
    """A type that the BPF side writes into, or reads from, shared bytes."""

    unit: Unit
    type: Type
    role: Role
    map: str
    map_kind: str
    span: Span

    @property
    def name(self) -> str:
        """The type's name, "" for one without."""
        return self.type.name if isinstance(self.type, RecordDecl) else ""


def shared_types(unit: Unit) -> Iterator[Shared]:
    """Yield every type of a BPF unit that shares bytes with user space: keys and values of maps, events."""
    for item in unit.maps:
        yield from _of_map(unit, item)
    defined = {item.name: item for item in unit.maps}
    for use in unit.uses:
        map_ = defined.get(use.map)
        if use.type is not None and (map_ is None or _tells(use, use.type, map_)):
            yield Shared(unit, use.type, use.role, use.map, map_.kind if map_ is not None else "", use.span)


def _tells(use: Use, type_: Type, map_: MapDef) -> bool:
    """Whether what a program hands over says more of a map's bytes than its definition: that has the last word.

    A definition that gives no type, or another size, counts as it is; one that was not understood says nothing.
    """
    if use.role not in ("key", "value"):
        return True
    told, size = (map_.key, map_.key_size) if use.role == "key" else (map_.value, map_.value_size)
    if told is not None or (map_.style == "btf" and not map_.kind):
        return False
    return not size or size_of_type(type_, abi("bpfel")) in (size * 8, None)


def _of_map(unit: Unit, map_: MapDef) -> Iterator[Shared]:
    if map_.style == "global":
        if map_.value is not None:
            yield Shared(unit, map_.value, "global", map_.name, map_.kind, map_.span)
        return
    if map_.key is not None:
        yield Shared(unit, map_.key, "key", map_.name, map_.kind, map_.key_span or map_.span)
    if map_.value is not None:
        yield Shared(unit, map_.value, "value", map_.name, map_.kind, map_.value_span or map_.span)


def meets(item: Shared, use: Use) -> bool:
    """Return whether a use is of the bytes that a shared type describes."""
    return item.map == use.map and item.role == use.role


def identity(type_: Type) -> object:
    """Two sightings of one declaration are one type; anything else is compared by value."""
    return type_.key() if isinstance(type_, RecordDecl) else type_


def unwrapped(type_: Type, ours: Shared) -> Type:
    """A per-CPU value reaches user space as an array of values, one a CPU."""
    several = ours.role == "value" and "percpu" in ours.map_kind
    return type_.element if several and isinstance(type_, Array) and not isinstance(ours.type, Array) else type_


def parts_of(items: Iterable[Shared]) -> Iterator[Shared]:
    """Yield the named records inside shared types: user space may model a part alone."""
    seen: set[object] = set()
    waiting = list(items)
    while waiting:
        item = waiting.pop()
        decl = item.type
        while isinstance(decl, Array):
            decl = decl.element
        if not isinstance(decl, RecordDecl) or identity(decl) in seen:
            continue
        seen.add(identity(decl))
        for member in decl.members:
            inner = member.type
            while isinstance(inner, Array):
                inner = inner.element
            if isinstance(inner, RecordDecl):
                part = replace(item, type=inner, map="", map_kind="", role="event")
                waiting.append(part)
                if inner.name:
                    yield part


def records_in(types: Iterable[Type]) -> Iterator[RecordDecl]:
    """Yield the records that types are, or hold inside them, each once."""
    seen: set[object] = set()
    waiting = list(types)
    while waiting:
        type_ = waiting.pop()
        while isinstance(type_, Array):
            type_ = type_.element
        if isinstance(type_, RecordDecl) and identity(type_) not in seen:
            seen.add(identity(type_))
            yield type_
            waiting.extend(item.type for item in type_.members)
