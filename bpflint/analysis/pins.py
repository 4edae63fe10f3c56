"""What stays in the BPF file system when a type is given up? Pinned fields that a teardown closes, never unpins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.analysis.ownership import RELEASES, Ownership, field_of
from bpflint.analysis.teardown import TEARDOWN, closed_fields, reached_from, reads, stores
from bpflint.analysis.walk import contents, operations, parts, strip
from bpflint.model.data import dataclass
from bpflint.model.flow import CallExpr, Expr, Function, Name, Select

Home = tuple[str, str]
"""A type and its field."""


@dataclass(frozen=True, slots=True)
class LeftPin:
    """A call that pins (a part of) a field, and the teardown that closes the field."""

    place: Home
    call: CallExpr
    function: Function
    teardown: Function


def left_pins(functions: Iterable[Function], owner: Ownership) -> Iterator[LeftPin]:
    """Yield, for the functions of one package, what is pinned and closed by a teardown while nothing unpins.

    A package that removes files, or opens what is pinned, knows of its pins: it gives nothing.
    """
    listed = list(functions)
    named = {call.callee: call for item in listed for call in _calls(item)}.values()
    if not any(owner.pinned_by(call) for call in named) or any(owner.minds_pins(call) for call in named):
        return
    closed = _closed_by_teardowns(listed, owner)
    for function in listed if closed else ():
        homes = _homes(function)
        for call in _calls(function):
            pinned = owner.pinned_by(call)
            place = None if pinned is None else next((item for item in _within(pinned, homes) if item in closed), None)
            if place is not None and closed[place] is not function:
                yield LeftPin(place, call, function, closed[place])


def _calls(function: Function) -> Iterator[CallExpr]:
    return (item for item in contents(function) if isinstance(item, CallExpr))


def _closed_by_teardowns(functions: list[Function], owner: Ownership) -> dict[Home, Function]:
    """The fields that teardowns close themselves or through what they call."""
    called = {item.name: item for item in functions}
    found: dict[Home, Function] = {}
    for function in functions:
        name = function.name.rpartition(".")[2]
        gives_up = function.method_of and TEARDOWN.match(name) if owner.language == "go" else RELEASES.search(name)
        for reached in reached_from(function, called) if gives_up else ():
            for place in closed_fields(reached, owner):
                found.setdefault(place, function)
    return found


def _homes(function: Function) -> dict[int, Home]:
    """The fields that locals come from or go into."""
    found: dict[int, Home] = {}
    for op in operations(function):
        for target, value in stores(op):
            place = target if isinstance(target, tuple) else field_of(target)
            if place is not None and value.decl:
                found[value.decl] = place
        for local, source in reads(op):
            read = field_of(source)
            if read is not None and local.decl:
                found[local.decl] = read
    return found


def _within(expr: Expr, homes: dict[int, Home]) -> Iterator[Home]:
    """The fields that an object is (a part of): `t.objs.Counts` is of `objs` too."""
    current: Expr | None = strip(expr)
    while current is not None:
        place = homes.get(current.decl) if isinstance(current, Name) else None
        if isinstance(current, Select):
            place = field_of(current)
        if place is not None:
            yield place
        inner = parts(current)
        current = strip(inner[0]) if inner else None
