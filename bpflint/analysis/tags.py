"""Which members say what the others hold? A kind that each program sets to a constant of its own, and who asks it.

An event that several programs send mostly has such a member: the reader asks it first, and then reads only what that
kind of event has. `e->kind = EVENT_EXIT` at one place and `e->kind = EVENT_EXEC` at another make `kind` a tag.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from bpflint.analysis.walk import calls, expressions, operations, parts, strip
from bpflint.model.data import dataclass
from bpflint.model.flow import (
    AddressOf,
    Aggregate,
    Assign,
    Binary,
    Call,
    CallExpr,
    Conditional,
    Constant,
    Expr,
    Function,
    Index,
    Name,
    Op,
    Select,
    Unary,
    Update,
)  # fmt: skip
from bpflint.model.layout import Array, RecordDecl

Member = tuple[str, str]
"""A record's name and that of one of its members."""
_Passed = Mapping[str, list[tuple[Function, CallExpr]]]
"""The calls of each function, with who makes them."""
_DEPTH = 3
"""Functions that hand a constant on to each other."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What the functions of one unit store in the members of its records."""

    constants: Mapping[Member, frozenset[int]]
    others: frozenset[Member]
    """Members that are stored to in any other way, too."""

    def of(self, record: str) -> frozenset[str]:
        """Return the members of a record that are set to one of several constants and to nothing else."""
        return frozenset(
            name for (owner, name), numbers in self.constants.items()
            if owner == record and len(numbers) > 1 and (owner, name) not in self.others
        )  # fmt: skip

    def stores(self, record: str, member: str) -> bool:
        """Return whether any function of the unit stores to a member."""
        return (record, member) in self.constants or (record, member) in self.others


def tags_in(functions: Iterable[Function]) -> Tags:
    """Return what is stored in members; a parameter stands for the constants that the unit's calls pass for it."""
    known = list(functions)
    passed = _passed(known)
    constants: dict[Member, set[int]] = {}
    others: set[Member] = set()
    copied: list[tuple[Member, Member]] = []
    for function in known:
        for member, value in _stores(function):
            source = None if value is None else strip(value)
            if isinstance(source, Select) and source.field == member[1]:
                copied.append((member, (source.owner, source.field)))
                continue
            numbers = None if value is None else _numbers(value, function, passed)
            if numbers is None:
                others.add(member)
            else:
                constants.setdefault(member, set()).update(numbers)
    # a copy of a record that the program fills itself has its kinds; what the kernel has there may be anything
    others |= {member for member, source in copied if source not in constants and source not in others}
    return Tags({member: frozenset(numbers) for member, numbers in constants.items()}, frozenset(others))


def _stores(function: Function) -> Iterator[tuple[Member, Expr | None]]:
    """Each member that is stored to with the value, None where a part of it is, or a call that is given it does."""
    for op in operations(function):
        match op:
            case Assign(target=target, value=value):
                yield from _targets(target, value)
                if isinstance(inner := strip(value), Aggregate):
                    yield from _listed(inner)
            case _:
                for place in _set(op):
                    yield from _targets(place, None)
    for call, _ in calls(function):
        for item in call.args:
            for place in _lent(item):
                yield from _targets(place, None)


def _targets(place: Expr, value: Expr | None) -> Iterator[tuple[Member, Expr | None]]:
    """The member that a place is, and those that it lies in."""
    inner = strip(place)
    while isinstance(inner, Select | Index):
        if isinstance(inner, Select):
            yield (inner.owner, inner.field), value
            if inner.arrow:
                return
        value, inner = None, strip(inner.base)


def _listed(value: Aggregate) -> Iterator[tuple[Member, Expr | None]]:
    owner = value.type.name if isinstance(value.type, RecordDecl) else ""
    for word, item in value.items:
        inner = strip(item)
        if isinstance(inner, Aggregate):
            yield from _listed(inner)
        if owner and word:
            yield (owner, word.split(".")[0]), None if "." in word or isinstance(inner, Aggregate) else item


def _lent(expr: Expr) -> Iterator[Expr]:
    """The places that an argument gives away: `&e->path`, and an array by its name."""
    inner = strip(expr)
    if isinstance(inner, AddressOf):
        yield inner.place
    elif isinstance(inner, Select | Index) and isinstance(inner.type, Array):
        yield inner
    elif not isinstance(inner, CallExpr):
        for part in parts(inner):
            yield from _lent(part)


def _passed(functions: Iterable[Function]) -> _Passed:
    found: dict[str, list[tuple[Function, CallExpr]]] = {}
    for function in functions:
        for call, _ in calls(function):
            found.setdefault(call.callee, []).append((function, call))
    return found


def _numbers(
    value: Expr, function: Function, passed: _Passed, depth: int = _DEPTH
) -> set[int] | None:  # fmt: skip
    """The constants a value can be; None: it may be anything."""
    match strip(value):
        case Constant(value=int() as number):
            return {number}
        case Unary(op="-", value=Constant(value=int() as number)):
            return {-number}
        case Conditional(then=then, other=other):
            return _either(_numbers(item, function, passed, depth) for item in (then, other))
        case Name(storage="parameter", decl=decl) if depth and function.name in passed:
            at = next(n for n, item in enumerate(function.params) if item.decl == decl)
            return _either(
                _numbers(call.args[at], caller, passed, depth - 1) if at < len(call.args) else None
                for caller, call in passed[function.name]
            )
        case _:
            return None


def _either(found: Iterable[set[int] | None]) -> set[int] | None:
    numbers: set[int] = set()
    for item in found:
        if item is None:
            return None
        numbers |= item
    return numbers


def asked_first(function: Function, holder: int, member: str, sent: CallExpr) -> bool:
    """Return whether a body stores to a member of what a local holds just where a test of another member says so.

    `sent` hands it out: behind that test no way leads there without the store.
    """
    blocks = list(enumerate(function.blocks))
    writing = {number for number, block in blocks if any(_writes(op, holder, member) for op in block.ops)}
    leaving = {number for number, block in blocks if any(item is sent for op in block.ops for item in expressions(op))}
    doors = [
        (number, edge.to) for number, block in blocks for edge in block.edges
        if edge.test is not None and _asks(edge.test.value, holder, member)
    ]  # fmt: skip
    sure = [(number, to) for number, to in doors if not _reached(function, to, passing=writing) & leaving]
    return bool(writing) and all(
        any(number not in _reached(function, 0, without=door) for door in sure) for number in writing
    )


def _reached(
    function: Function, start: int, *, without: tuple[int, int] | None = None, passing: Container[int] = ()
) -> set[int]:
    """The blocks that lead on from one, without an edge, and not through the blocks that are passed over."""
    found, work = set[int](), [start]
    while work:
        number = work.pop()
        if number in found or number in passing:
            continue
        found.add(number)
        work += [edge.to for edge in function.blocks[number].edges if (number, edge.to) != without]
    return found


def _writes(op: Op, holder: int, member: str) -> bool:
    lent = [
        place for expr in expressions(op) if isinstance(expr, CallExpr) for item in expr.args for place in _lent(item)
    ]
    return any(_held(item, holder) == member for item in (*_set(op), *lent))


def _set(op: Op) -> tuple[Expr, ...]:
    """The place that an operation gives a value."""
    match op:
        case Assign(target=target) | Update(target=target):
            return (target,)
        case Call(result=result) if result is not None:
            return (result,)
        case _:
            return ()


def _asks(test: Expr, holder: int, member: str) -> bool:
    """Whether a test is of another member's own value: `e->kind`, `!e->kind`, `e->kind == 3`, `e->flags & 1`."""
    inner = strip(test)
    if isinstance(inner, Unary):
        return _asks(inner.value, holder, member)
    if not isinstance(inner, Binary):
        return _is_sibling(inner, holder, member)
    left, right = strip(inner.left), strip(inner.right)
    return (isinstance(right, Constant) and _asks(left, holder, member)) or (
        isinstance(left, Constant) and _asks(right, holder, member)
    )


def _is_sibling(expr: Expr, holder: int, member: str) -> bool:
    return isinstance(expr, Select) and _held(expr, holder) not in ("", member)


def _held(place: Expr, holder: int) -> str:
    """The member of what a local holds or points to that a place lies in."""
    inner, member = strip(place), ""
    while isinstance(inner, Select | Index):
        member = inner.field if isinstance(inner, Select) else member
        inner = strip(inner.base)
    return member if isinstance(inner, Name) and inner.decl == holder else ""


def set_apart(function: Function, holder: int, member: str, kind: str) -> bool:
    """Return whether a body stores to a member of what a local holds only beside one of the constants of a kind."""
    numbers: set[object] = set()
    beside: list[bool] = []
    for block in function.blocks:
        here = {
            value.value for op in block.ops
            if isinstance(op, Assign) and _held(op.target, holder) == kind
            and isinstance(value := strip(op.value), Constant)
        }  # fmt: skip
        numbers |= here
        if any(_writes(op, holder, member) for op in block.ops):
            beside.append(bool(here))
    return len(numbers) > 1 and bool(beside) and all(beside)
