"""Which pointers of a body lead into the value of a map? Results of lookups, also through wrappers and parameters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bpflint.api import (
    AddressOf,
    Array,
    CallExpr,
    Conditional,
    Constant,
    Deref,
    Expr,
    Function,
    Index,
    Name,
    Return,
    Select,
    dataclass,
    operations,
    strip,
)  # fmt: skip
from bpflint_rules._flow import Site, argument, locked, parameter_index
from bpflint_rules._maps import MapCall, Maps, is_shared, whose_key

LOOKUPS = frozenset(("lookup", "init"))


@dataclass(frozen=True, slots=True)
class Value:
    """A lookup whose result a pointer holds, as seen from `function`; `caller` is set where it came as a parameter."""

    call: MapCall
    function: Function
    caller: Site | None = None


def pointer_of(place: Expr) -> Expr | None:
    """Return the pointer that a place is reached through, None where there is none or more than one is followed."""
    place = strip(place)
    match place:
        case Deref(pointer=pointer):
            return strip(pointer)
        case Select(base=base, arrow=True):
            return strip(base)
        case Select(base=base):
            return pointer_of(base)
        case Index(base=base):
            inner = strip(base)
            return pointer_of(inner) if isinstance(inner.type, Array) else inner
    return None


def lookups(expr: Expr, function: Function, maps: Maps, depth: int = 5) -> tuple[MapCall, ...] | None:
    """Return the lookups that may have given a pointer, None where something else may have too."""
    inner = strip(expr)
    if depth == 0:
        return None
    match inner:
        case Constant(value=0):
            return ()
        case CallExpr():
            return _result(inner, function, maps, depth)
        case Conditional(then=then, other=other):
            one, two = (lookups(part, function, maps, depth - 1) for part in (then, other))
            return None if one is None or two is None else one + two
        case AddressOf(place=place):
            root = pointer_of(place)
            return None if root is None else lookups(root, function, maps, depth - 1)
        case Name(decl=decl) if decl:
            origin = maps.origins(function).get(decl)
            if origin is None or origin.updated:
                return None
            found: list[MapCall] = []
            for value in origin.values:
                one = lookups(value, function, maps, depth - 1)
                if one is None:
                    return None
                found.extend(one)
            return tuple(found)
    return None


def _result(call: CallExpr, function: Function, maps: Maps, depth: int) -> tuple[MapCall, ...] | None:
    for item in maps.direct(function):
        if item.site.call is call:
            return (item,) if item.op in LOOKUPS else None
    inner = maps.functions.get(call.callee)
    site = next((item for item in maps.sites(function) if item.call is call), None)
    if inner is None or site is None or inner is function:
        return None
    found = returned(inner, maps, depth - 1)
    if not found:
        return None
    reached = maps.reached(inner, call)
    out = []
    for item in found:
        if item.site.function is inner and item.site.at.block not in reached:
            continue
        map_, param = item.map, None
        if item.map_param is not None:
            passed = argument(call, item.map_param)
            map_ = maps.map_named(passed, function)
            param = parameter_index(function, passed) if map_ is None else None
        position = parameter_index(inner, item.key)
        key = argument(call, position) if position is not None else item.key
        owner = function if position is not None else item.owner or inner
        out.append(
            replace(item, site=site, map=map_, map_param=param, key=key, owner=owner, via=item.via or item.site)
        )
    return tuple(out)


def returned(function: Function, maps: Maps, depth: int = 3) -> tuple[MapCall, ...]:
    """Return the lookups whose result a function hands out; () where it returns anything else but NULL."""
    found: list[MapCall] = []
    for op in operations(function):
        if isinstance(op, Return) and op.value is not None:
            one = lookups(op.value, function, maps, depth)
            if one is None:
                return ()
            found.extend(one)
    return tuple(found)


def values(pointer: Expr, function: Function, maps: Maps, depth: int = 2) -> Iterator[Value]:
    """Yield the lookups behind a pointer, a parameter's at each caller that is live."""
    found = lookups(pointer, function, maps)
    if found is not None:
        yield from (Value(item, function) for item in found if item.map is not None)
        return
    position = parameter_index(function, pointer)
    if position is None or depth == 0 or pointer_is_set(pointer, function, maps):
        return
    for site in maps.callers.get(function.name, ()):
        given = argument(site.call, position)
        if given is not None and site.function is not function and maps.is_live(site.function):
            for value in values(strip(given), site.function, maps, depth - 1):
                yield replace(value, caller=value.caller or site)


def pointer_is_set(pointer: Expr, function: Function, maps: Maps) -> bool:
    """Return whether a parameter is given another value in the body."""
    inner = strip(pointer)
    origin = maps.origins(function).get(inner.decl) if isinstance(inner, Name) else None
    return origin is not None and bool(origin.values)


def is_contended(value: Value, maps: Maps) -> bool:
    """Return whether another CPU may touch this value at the same time, as far as its map and key tell."""
    map_ = value.call.map
    if map_ is None or not is_shared(map_):
        return False
    return whose_key(value.call.key, value.call.owner or value.function, maps) == ""


def held_at(site: Site) -> bool:
    """Return whether a BPF spin lock is held where a call stands."""
    rows = locked(site.function).get(site.at.block, [])
    return site.at.index < len(rows) and rows[site.at.index]
