"""On which path out of an exit program does the entry of the call stay in its hash, though others delete it?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bpflint.api import (
    AddressOf,
    Assign,
    Body,
    CallExpr,
    Context,
    End,
    Function,
    MapDef,
    Name,
    Op,
    Place,
    Return,
    Unit,
    Update,
    calls,
    expressions,
    follow,
    place_of,
    strip,
    walk,
)  # fmt: skip
from bpflint_rules._flow import Place as At
from bpflint_rules._flow import same
from bpflint_rules._maps import MapCall, Maps, maps_of

_EXIT = re.compile(
    r"^(?:[ku]retprobe|kretsyscall|fexit|(?:tracepoint|tp)/(?:raw_)?syscalls/sys_exit)(?:\.multi|\.s)?(?:[/_]|$)"
)
_NULL = 2
"""The sign of a pointer that is zero (analysis.typestate)."""


def kept(unit: Unit, ctx: Context) -> Iterator[tuple[MapCall, MapCall, End]]:
    """Yield (lookup, delete, the end of a path without it) of functions that only exit programs run."""
    maps = maps_of(unit, ctx)
    for function in unit.functions if unit.side == "bpf" and unit.language == "c" else ():
        programs = maps.running.get(function.name, ())
        if not programs or not all(_EXIT.match(item.section) for item in programs):
            continue
        deletes = [item for item in maps.direct(function) if item.op == "delete"]
        for lookup in (item for item in maps.direct(function) if item.op == "lookup"):
            after = [item for item in deletes if item.same_entry(lookup) and lookup.site.span < item.site.span]
            if after and lookup.map is not None and _is_hash(lookup.map) and (end := _left(lookup, after, maps)):
                yield lookup, after[0], end


def _is_hash(map_: MapDef) -> bool:
    """LRU hashes make room by themselves; what is defined elsewhere may be one."""
    return map_.kind == "hash" and not map_.external


def _left(lookup: MapCall, deletes: Sequence[MapCall], maps: Maps) -> End | None:
    """A return behind the lookup, where it found something, that no delete and no unknown call stands before."""
    site, result = lookup.site, place_of(lookup.result) if lookup.result is not None else None
    if result is None:
        return None
    gone = {id(item.site.call) for item in deletes}
    key = {item.decl for item in walk(lookup.key) if isinstance(item, Name)} if lookup.key is not None else set()
    if key & {item.decl for item in site.function.params}:
        return None  # the caller's key, and so the caller's entry

    def step(op: Op) -> str | None:
        if isinstance(op, Return) and op.value is not None:
            names = (item for item in walk(op.value) if isinstance(item, Name))
            return "keep" if any(item.decl == result[0] for item in names) else None
        target = place_of(op.target) if isinstance(op, Assign | Update) else None
        if target is not None and len(target) > 1 and target[0] == result[0]:
            return "keep"  # what is written into it is for a later call
        made = [item for item in expressions(op) if isinstance(item, CallExpr)]
        if any(id(item) in gone for item in made):
            return "close"
        own = [maps.functions[item.callee] for item in made if item.callee in maps.functions]
        if any(item.callee == "bpf_tail_call" or _given(item, key) for item in made):
            return "unknown"
        return "unknown" if any(_deletes(item, lookup, maps) for item in own) else None

    others = list(_beside(lookup, maps))
    absent = [(place, _NULL) for place in (result, *(place for _, place in others))]
    last = max([site.at.index, *(at.index for at, _ in others if at.block == site.at.block)])
    ends = follow(Body(site.function), site.at.block, last + 1, step, absent)
    return next((item for item in ends if item.how == "left"), None)


def _beside(lookup: MapCall, maps: Maps) -> Iterator[tuple[At, Place]]:
    """What the function looks up in other hashes by the key: filled together, they are there together or not at all."""
    for item in maps.direct(lookup.site.function):
        if item.op == "lookup" and item.map is not None and _is_hash(item.map) and same(item.key, lookup.key):
            place = place_of(item.result) if item.result is not None else None
            if place is not None:
                yield item.site.at, place


def _given(call: CallExpr, key: set[int]) -> bool:
    """Whether another call than a helper's gets the key: it may delete the entry, or put another one there."""
    if call.callee.startswith("bpf_") and "delete" not in call.callee and "update" not in call.callee:
        return False
    inner = (strip(item.place) if isinstance(item, AddressOf) else item for item in map(strip, call.args))
    return any(isinstance(item, Name) and item.decl in key for item in inner)


def _deletes(function: Function, lookup: MapCall, maps: Maps, depth: int = 0) -> bool:
    """Whether a function of the unit deletes from the map, or calls one that does."""
    if any(item.op == "delete" and item.map is lookup.map for item in maps.direct(function)):
        return True
    called = {item.callee for item, _ in calls(function)}
    known = [maps.functions[name] for name in called if name in maps.functions]
    return depth < 3 and any(_deletes(item, lookup, maps, depth + 1) for item in known)
