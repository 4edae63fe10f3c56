"""What does a type own, and does its teardown close all of it? By the fields that the functions of one package write.

A field is owned where something that was opened goes into it. It is closed where a closing call is given it, or where
the teardown (Close, Stop, a C function that closes fields of the type), or what it calls, mentions it at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field

from bpflint.analysis.ownership import RELEASES, Ownership, field_of
from bpflint.analysis.walk import base_of, calls, contents, operands, operations, parts, strip, walk
from bpflint.model.data import dataclass
from bpflint.model.flow import (
    AddressOf,
    Aggregate,
    Assign,
    Call,
    CallExpr,
    Defer,
    Expr,
    Function,
    Index,
    Name,
    Op,
    Select,
)  # fmt: skip
from bpflint.model.layout import Pointer, RecordDecl
from bpflint.model.patterns import pattern
from bpflint.model.resource import RECEIVER
from bpflint.model.source import Span

TEARDOWN = pattern(r"^(?:Close|Stop|Shutdown|Destroy|Clean[Uu]p|Tear[Dd]own|Unload|Release|Terminate|Dispose)\w*$")
"""Methods by which a type is given up, best known first."""
_PLAIN = pattern(r"^(?:Close|Stop|Shutdown|Destroy|Clean[Uu]p|Tear[Dd]own|Unload|Release|Terminate|Dispose)$")
_MAKES = pattern(r"^(?:New|Open|Start|Create|Load|new|open|start|create|load)")
_ORDER = ("Close", "Stop", "Shutdown", "Destroy", "Cleanup")


@dataclass(frozen=True, slots=True)
class Owned:
    """A field that something opened goes into, and the call that opened it."""

    name: str
    call: CallExpr
    span: Span
    function: str


@dataclass(frozen=True, slots=True)
class Teardown:
    """A type's teardown, the owned fields it closes, and those that nothing closes."""

    type: str
    function: Function
    closed: tuple[str, ...]
    missing: tuple[Owned, ...]
    empty: bool
    """The teardown does nothing at all."""


@dataclass(slots=True)
class _Type:
    owned: dict[str, Owned] = field(default_factory=dict)
    closers: dict[str, set[str]] = field(default_factory=dict)
    """The functions that close each field."""


def closable_types(functions: Iterable[Function]) -> frozenset[tuple[str, str]]:
    """Return the types, by folder and name, that have a Close of their own which does something."""
    return frozenset(
        (item.span.path.rpartition("/")[0], item.method_of)
        for item in functions if item.method_of and _last(item.name) == "Close" and not _does_nothing(item)
    )  # fmt: skip


def teardowns(
    functions: Iterable[Function], owner: Ownership, closable: frozenset[tuple[str, str]] = frozenset()
) -> Iterator[Teardown]:
    """Yield, for the functions of one package, each type whose teardown leaves something open.

    A function that makes a value of a `closable` type opens it, as the calls of the table do.
    """
    listed = list(functions)
    types: dict[str, _Type] = {}
    for function in listed:
        _owned_in(function, owner, types, closable)
        for name, closed in closed_fields(function, owner):
            types.setdefault(name, _Type()).closers.setdefault(closed, set()).add(function.name)
    called = {item.name: item for item in listed}
    for name, found in sorted(types.items()):
        made = _judge(name, found, listed, called, owner) if found.owned else None
        if made is not None:
            yield made


def _judge(
    name: str, found: _Type, functions: list[Function], called: Mapping[str, Function], owner: Ownership
) -> Teardown | None:
    ways = _ways_out(name, found, functions, owner)
    if not ways:
        return None
    reached = {item.name: item for way in ways for item in reached_from(way, called)}
    mentioned = {item for way in reached.values() for item in _mentioned(way, name, reached)}
    if "*" in mentioned:
        return None
    first, owned = ways[0], tuple(item for _, item in sorted(found.owned.items()))
    if _does_nothing(first):
        return Teardown(name, first, (), owned, True)
    handled = mentioned | {key for key in found.owned if _closed_elsewhere(found, key, called, owner)}
    handled |= {key for item in functions for type_, key in _handed_on(item, owner) if type_ == name}
    missing = tuple(item for item in owned if item.name not in handled)
    closed = tuple(sorted(key for key, by in found.closers.items() if by & reached.keys()))
    return Teardown(name, first, closed, missing, False) if missing and closed else None


def _closed_elsewhere(found: _Type, name: str, called: Mapping[str, Function], owner: Ownership) -> bool:
    """Whether another function than the opener closes a field, or the opener itself on every path."""
    opener, by = found.owned[name].function, found.closers.get(name, set())
    if by - {opener} or not by or owner.language == "c":
        return bool(by)
    held = [item for item in owner.held(called[opener]) if item.place[-1] == name]
    return bool(held) and all(end.how == "close" for item in held for end in item.ends)


def _handed_on(function: Function, owner: Ownership) -> Iterator[tuple[str, str]]:
    """Yield the fields whose close method is kept as a value: `t.closers = append(t.closers, objs.Close)`."""
    places: dict[int, list[tuple[str, str]]] = {}
    for op in operations(function):
        places_of = [(value, target if isinstance(target, tuple) else field_of(target)) for target, value in stores(op)]
        places_of += [(target, field_of(value)) for target, value in reads(op)]
        for local, found in places_of:
            if found is not None:
                places.setdefault(local.decl, []).append(found)
    kept = (part for item in contents(function) if isinstance(item, CallExpr) and item.callee == "append"
            for part in map(strip, item.args[1:]))  # fmt: skip
    for item in kept:
        if isinstance(item, Select) and owner.closes(CallExpr(item.field, ())):
            base = strip(item.base)
            if isinstance(base, Name):
                yield from places.get(base.decl, ())
            elif (found := field_of(base)) is not None:
                yield found


def _does_nothing(function: Function) -> bool:
    """Whether a body has nothing in it that could close."""
    return not any(isinstance(item, CallExpr) for item in contents(function))


def _ways_out(name: str, found: _Type, functions: list[Function], owner: Ownership) -> list[Function]:
    """The methods by which a type is given up; in C the functions that are named so and close what was opened,
    or close any field and free the whole.

    `CleanUpExitedPids` is none by its name alone: a longer name than the plain words counts where it closes a field.
    """
    closing = {by for names in found.closers.values() for by in names}
    if owner.language == "go":
        ways = [
            item for item in functions
            if item.method_of == name and TEARDOWN.match(_last(item.name))
            and (item.name in closing or _PLAIN.match(_last(item.name)))
        ]  # fmt: skip
        return sorted(ways, key=lambda item: (_rank(_last(item.name)), item.name))
    ending = {by for owned in found.owned for by in found.closers.get(owned, ())}
    return [item for item in functions if item.name in closing and RELEASES.search(item.name)
            and (item.name in ending or _frees(item, name))]  # fmt: skip


def _frees(function: Function, name: str) -> bool:
    """Whether a C function gives the memory of a record back."""
    freed = (strip(item.args[0]).type for item in contents(function)
             if isinstance(item, CallExpr) and item.callee == "free" and item.args)  # fmt: skip
    return any(isinstance(i, Pointer) and isinstance(i.pointee, RecordDecl) and i.pointee.name == name for i in freed)


def _rank(name: str) -> int:
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


def _last(name: str) -> str:
    return name.rpartition(".")[2]


# -- what goes into a field ---------------------------------------------------------------------------------------


def _owned_in(
    function: Function, owner: Ownership, types: dict[str, _Type], closable: frozenset[tuple[str, str]]
) -> None:
    opened: dict[int, Call] = {}
    for op in operations(function):
        if isinstance(op, Call):
            resource = owner.opens(op.call)
            made = resource is None and _makes(op.call, closable)
            if made or (resource is not None and not resource.guard):
                holder = _holder(op, None if resource is None else resource.argument)
                if isinstance(holder, Name) and holder.decl:
                    opened[holder.decl] = op
                elif holder is not None and (place := field_of(holder)) is not None:
                    _own(place, op, function, types)
    stored: dict[int, set[tuple[str, str]]] = {}
    closed = _closed_by_name((call for call, _ in calls(function)), owner) if opened else frozenset()
    leaving = (item.call for item in operations(function) if isinstance(item, Defer))
    lent = _closed_by_name(leaving, owner) if opened else frozenset()
    for op in operations(function) if opened else ():
        for target, value in stores(op):
            found = target if isinstance(target, tuple) else field_of(target)
            on_stack = not isinstance(target, tuple) and _in_own_record(target)
            if value.decl in lent or (value.decl in closed and on_stack):
                continue  # lent: who opened it closes it as it leaves
            if value.decl in opened and found is not None:
                stored.setdefault(value.decl, set()).add(found)
    for decl, (place, *others) in ((decl, list(places)) for decl, places in stored.items()):
        if not others:  # one that two places hold has no owner that could be told
            _own(place, opened[decl], function, types)


def _closed_by_name(made: Iterable[CallExpr], owner: Ownership) -> frozenset[int]:
    """The locals that are given to a closing call among those made."""
    given = (
        strip(item) for call in made if owner.closes(call)
        for item in (call.args if call.receiver is None else (call.receiver, *call.args))
    )  # fmt: skip
    return frozenset(item.decl for item in given if isinstance(item, Name) and item.decl)


def _in_own_record(place: Expr) -> bool:
    base = base_of(place)
    return isinstance(base, Name) and base.storage == "local" and isinstance(base.type, RecordDecl)


def _makes(call: CallExpr, closable: frozenset[tuple[str, str]]) -> bool:
    """Whether a constructor gives a value of a type that must be closed."""
    type_ = call.type.pointee if isinstance(call.type, Pointer) else None
    if not isinstance(type_, RecordDecl) or type_.span is None or call.receiver is not None:
        return False
    return (type_.span.path.rpartition("/")[0], type_.name) in closable and _MAKES.match(_last(call.callee)) is not None


def _holder(op: Call, argument: int | None) -> Expr | None:
    if argument == RECEIVER:
        return op.call.receiver
    if argument is not None:
        holder = op.call.args[argument] if 0 <= argument < len(op.call.args) else None
        return holder.place if isinstance(holder, AddressOf) else holder
    if isinstance(op.result, Aggregate):
        return op.result.items[0][1] if op.result.items else None
    return op.result


def _own(place: tuple[str, str], op: Call, function: Function, types: dict[str, _Type]) -> None:
    kind = types.setdefault(place[0], _Type())
    kind.owned.setdefault(place[1], Owned(place[1], op.call, op.span, function.name))


def stores(op: Op) -> Iterator[tuple[Expr | tuple[str, str], Name]]:
    """Yield where locals go: into fields, their elements, `append` to them, or a literal of the type."""
    match op:
        case Assign(target=target, value=value) if isinstance(strip(value), Name):
            yield target, strip(value)  # type: ignore[misc]
        case Call(call=CallExpr(callee="append", args=args), result=result) if result is not None:
            yield from ((result, item) for item in map(strip, args[1:]) if isinstance(item, Name))
    for operand in operands(op):
        for made in walk(operand):
            if isinstance(made, Aggregate) and isinstance(made.type, RecordDecl):
                named = ((key, item) for key, value in made.items if key for item in _elements(value))
                yield from (((made.type.name, key), item) for key, item in named)


def _elements(value: Expr) -> Iterator[Name]:
    """The locals that a member gets: one, or those of a list, `[]*ebpf.Map{outer}`."""
    inner = strip(value)
    if isinstance(inner, Name):
        yield inner
    elif isinstance(inner, Aggregate) and not isinstance(inner.type, RecordDecl):
        yield from (item for _, part in inner.items for item in _elements(part))
    elif isinstance(inner, CallExpr) and inner.callee == "append":
        yield from (item for part in inner.args for item in _elements(part))


# -- what is closed -----------------------------------------------------------------------------------------------


def closed_fields(function: Function, owner: Ownership) -> Iterator[tuple[str, str]]:
    """Yield (type, field) of what closing calls are given; a loop over a field gives each element."""
    elements: dict[int, tuple[str, str]] = {}
    for op in operations(function):
        for target, value in reads(op):
            found = field_of(value)
            if found is not None:
                elements[target.decl] = found
        for call in (item for operand in operands(op) for item in walk(operand) if isinstance(item, CallExpr)):
            if not owner.closes(call):
                continue
            given = call.args if call.receiver is None else (call.receiver, *call.args)
            for item in given:
                inner = strip(item)
                found = elements.get(inner.decl) if isinstance(inner, Name) else field_of(inner)
                if found is not None:
                    yield found


def reads(op: Op) -> Iterator[tuple[Name, Expr]]:
    """Yield what goes into a local: `for _, l := range t.links`, `l := t.link`."""
    match op:
        case Call(call=CallExpr(callee="range", args=(source, *_)), result=Name() as target):
            yield target, source
        case Assign(target=Name() as target, value=value):
            yield target, value


def reached_from(function: Function, called: Mapping[str, Function]) -> Iterator[Function]:
    """Yield a function and those of the package that it calls or names, closures too."""
    pending, seen = [function], {function.name}
    while pending:
        current = pending.pop()
        yield current
        for expr in (item for item in contents(current)):
            name = expr.callee if isinstance(expr, CallExpr) else expr.name if isinstance(expr, Name) else ""
            if name in called and name not in seen:
                seen.add(name)
                pending.append(called[name])


def _mentioned(function: Function, type_: str, reached: Mapping[str, Function]) -> Iterator[str]:
    """Yield the fields of a type that a function mentions; `*` where it gives all of it to one that is not known."""
    for expr in (item for op in operations(function) for item in _evaluated(op)):
        if isinstance(expr, Select) and (place := field_of(expr)) is not None and place[0] == type_:
            yield place[1]
        elif isinstance(expr, CallExpr) and expr.callee not in reached and _given_whole(expr, function, type_):
            yield "*"


def _evaluated(op: Op) -> Iterator[Expr]:
    """The expressions of an operation but for a field that is only written: `t.link = nil` closes nothing."""
    written = op.target if isinstance(op, Assign) else op.result if isinstance(op, Call) else None
    for operand in operands(op):
        if operand is not written:
            yield from walk(operand)
        elif isinstance(operand, Select | Index):
            yield from (item for part in parts(operand) for item in walk(part))


def _given_whole(call: CallExpr, function: Function, type_: str) -> bool:
    """Whether a call that is not known gets the whole value: an embedded type's method, a helper elsewhere."""
    owner = next((item for item in function.params[:1]), None) if function.method_of == type_ else None
    given = call.args if call.receiver is None else (call.receiver, *call.args)
    return owner is not None and any(isinstance(i := strip(item), Name) and i.decl == owner.decl for item in given)
