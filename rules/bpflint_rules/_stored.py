"""What do the programs of a unit store in members of their own records and in the values of maps, wherever they do?"""

from __future__ import annotations

from collections.abc import Iterator

from bpflint.api import (
    AddressOf,
    Aggregate,
    Assign,
    Call,
    CallExpr,
    Deref,
    Expr,
    Function,
    MapDef,
    Name,
    Pointer,
    RecordDecl,
    Select,
    Type,
    contents,
    operations,
    strip,
)  # fmt: skip
from bpflint_rules._flow import argument
from bpflint_rules._maps import READS, MapCall, Maps
from bpflint_rules._values import lookups

_FILLS = ("memcpy", "__builtin_memcpy", "bpf_map_pop_elem", "bpf_map_peek_elem")
_UPDATES = ("update", "insert", "init", "push")

Given = tuple[Expr, Function]
"""A value, and the function in which it is written."""


class Stored:
    """The values that members and maps of one unit are given; None where something else may be in them too."""

    def __init__(self, maps: Maps) -> None:
        self._maps = maps
        self._live = [item for item in maps.functions.values() if maps.is_live(item)]
        self._members: dict[tuple[str, str], list[Given]] = {}
        self._read: dict[tuple[str, str], list[Given]] = {}
        self._filled: set[str] = set()
        self._user: set[tuple[str, str]] = set()
        for function in self._live:
            for place, value in _assigned(function):
                self._members.setdefault(place, []).append((value, function))
            for site in maps.sites(function):
                self._fill(site.call, function)

    def in_member(self, owner: str, field: str) -> tuple[list[Given], list[Given]] | None:
        """Return what a member is assigned anywhere, and from where probe reads fill it alone."""
        if not owner or owner in self._filled:
            return None
        return self._members.get((owner, field), []), self._read.get((owner, field), [])

    def read_as_user(self, owner: str, field: str) -> bool:
        """Return whether some program reads through a member as user memory."""
        return (owner, field) in self._user

    def behind(self, pointer: Expr, function: Function) -> list[Given] | None:
        """Return what the values of the maps are given that a pointer was looked up in."""
        found = lookups(pointer, function, self._maps)
        if not found:
            return None
        given: list[Given] = []
        for call in found:
            values = self._in_map(call.map)
            if values is None:
                return None
            given += values
        return given

    def _in_map(self, map_: MapDef | None) -> list[Given] | None:
        given: list[Given] = []
        for function in self._live:
            for call in self._maps.calls(function):
                if call.op in _UPDATES and call.map is map_ and not self._is_wrapped(call, function):
                    value = strip(call.value) if call.value is not None else None
                    if not isinstance(value, AddressOf):
                        return None
                    given.append((strip(value.place), function))
            given += [(value, function) for pointer, value in _through(function)
                      if any(call.map is map_ for call in lookups(pointer, function, self._maps) or ())]  # fmt: skip
        return given if map_ is not None else None

    def _is_wrapped(self, call: MapCall, function: Function) -> bool:
        """Whether the value is a parameter: what it is stands at the callers, which are asked as well."""
        inner = strip(call.value) if call.value is not None else None
        is_parameter = isinstance(inner, Name) and inner.storage == "parameter"
        return is_parameter and bool(self._maps.callers.get(function.name))

    def _fill(self, call: CallExpr, function: Function) -> None:
        """A read into one member says what it holds; one into a whole record leaves open what is in all of them."""
        reads, target, source = READS.match(call.callee), argument(call, 0), argument(call, 2)
        origin = strip(source) if source is not None else None
        if isinstance(origin, Select) and ("_user" in call.callee):
            self._user.add((origin.owner, origin.field))
        if target is None or not (reads or call.callee in _FILLS):
            return
        place = strip(target)
        inner = strip(place.place) if isinstance(place, AddressOf) else None
        if reads and isinstance(inner, Select) and source is not None:
            self._read.setdefault((inner.owner, inner.field), []).append((source, function))
        name = _record(inner.type if inner is not None else place.type)
        if name:
            self._filled.add(name)


def _assigned(function: Function) -> Iterator[tuple[tuple[str, str], Expr]]:
    for op in operations(function):
        match op:
            case Assign(target=target, value=value) | Call(result=target, call=value) if target is not None:
                inner = strip(target)
                if isinstance(inner, Select):
                    yield (inner.owner, inner.field), value
    for item in contents(function):
        if isinstance(item, Aggregate):
            yield from (((_record(item.type), field), value) for field, value in item.items if field)


def _through(function: Function) -> Iterator[tuple[Expr, Expr]]:
    """Each `*pointer = value`."""
    for op in operations(function):
        if isinstance(op, Assign) and isinstance(place := strip(op.target), Deref):
            yield place.pointer, op.value


def _record(type_: Type | None) -> str:
    inner = type_.pointee if isinstance(type_, Pointer) else type_
    return inner.name if isinstance(inner, RecordDecl) else ""
