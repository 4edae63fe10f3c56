"""Which paths leave a resource open? A forward walk over a body: open, then closed or handed over on every path.

The walk is path-sensitive on null and error tests of the resource itself. Anything it does not know makes the resource
escape, so a leak is reported only where every step of the path is understood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bpflint.analysis.graph import outcomes
from bpflint.analysis.walk import operands, strip, walk
from bpflint.model.flow import (
    AddressOf,
    Aggregate,
    Assign,
    Call,
    CallExpr,
    Conditional,
    Defer,
    Edge,
    Expr,
    Function,
    Go,
    Name,
    Op,
    Return,
    Test,
)  # fmt: skip
from bpflint.model.source import Span

Effect = Literal["close", "borrow", "escape"]
_MOST_STEPS = 20_000


@dataclass(frozen=True, slots=True)
class Protocol:
    """What opens a resource, and what a call does with one that it is given."""

    opens: Callable[[CallExpr], bool]
    effect: Callable[[CallExpr], Effect]
    error_result: bool = False
    """The opener reports failure by a negative result (a file descriptor), not by NULL."""


@dataclass(frozen=True, slots=True)
class Leak:
    """A resource that stays open: where it was opened, in which variable, and the path to where it is lost."""

    call: CallExpr
    variable: Name
    opened: Span
    path: tuple[Span, ...]
    lost: Span
    closed_elsewhere: bool
    """Another path of the same body closes it."""


def leaks(function: Function, protocol: Protocol) -> Iterator[Leak]:
    """Yield, for each opener whose result is kept in a local, the first path on which it is never closed."""
    for number, block in enumerate(function.blocks):
        for index, op in enumerate(block.ops):
            match op:
                case Call(call=call, result=Name(storage="local") as name) if protocol.opens(call):
                    found = _search(function, protocol, number, index + 1, name, op.span)
                    if found is not None:
                        yield Leak(call, name, op.span, *found)


def _search(
    function: Function, protocol: Protocol, block: int, index: int, name: Name, opened: Span
) -> tuple[tuple[Span, ...], Span, bool] | None:
    """Return (path, end, closed on another path) of the first leaking path, None where there is none or it escapes."""
    told = _tests_of(function, name)
    stack: list[tuple[int, int, tuple[Span, ...]]] = [(block, index, ())]
    seen: set[int] = set()
    leak: tuple[tuple[Span, ...], Span] | None = None
    closed = False
    steps = 0
    while stack:
        number, start, path = stack.pop()
        steps += 1
        if steps > _MOST_STEPS:
            return None
        state, end = _through(function.blocks[number].ops[start:], protocol, name)
        if state == "escape":
            return None  # it is somebody else's on some path: say nothing of the others
        if state == "close":
            closed = True
            continue
        edges = function.blocks[number].edges
        if state == "return" or not edges:
            if state == "return" or _ends(function, number):
                leak = leak or (path, end or opened)
            continue
        if any(_tested_by_unknown(edge, name, protocol, told) for edge in edges):
            return None
        for edge in edges:
            if edge.to not in seen and not _absent(edge, name, protocol, told):
                seen.add(edge.to)
                step = (edge.test.value.span,) if edge.test is not None and edge.test.value.span is not None else ()
                stack.append((edge.to, 0, path + step))
    return None if leak is None else (*leak, closed)


def _ends(function: Function, number: int) -> bool:
    """A block without edges ends the body; one that only raises or exits does so as well."""
    ops = function.blocks[number].ops
    last = ops[-1] if ops else None
    return not (isinstance(last, Call) and last.call.callee in ("exit", "_exit", "abort", "sys.exit", "os._exit"))


def _through(
    ops: Sequence[Op], protocol: Protocol, name: Name
) -> tuple[Literal["open", "close", "escape", "return"], Span | None]:
    last: Span | None = None
    for op in ops:
        last = op.span
        effect = _effect(op, protocol, name)
        if effect is not None:
            return effect, last
        if isinstance(op, Return):
            return "return", last
        if isinstance(op, Call) and op.call.callee in ("exit", "_exit", "abort", "sys.exit"):
            return "close", last  # the process ends: the kernel closes everything
    return "open", last


def _effect(op: Op, protocol: Protocol, name: Name) -> Literal["close", "escape"] | None:
    match op:
        case Assign(target=Name(decl=decl)) if decl == name.decl:
            return "escape"  # overwritten: another opener's business
        case Assign(value=value) if _hands_over(value, name):
            return "escape"
        case Return(value=value) if value is not None and _hands_over(value, name):
            return "escape"
        case Defer(call=call) | Go(call=call) if _involves(call, name):
            return "close" if isinstance(op, Defer) else "escape"
    for expr in (item for operand in operands(op) for item in walk(operand)):
        if isinstance(expr, CallExpr) and _involves(expr, name):
            effect = protocol.effect(expr)
            if effect != "borrow":
                return effect
        elif isinstance(expr, AddressOf) and isinstance(place := strip(expr.place), Name) and place.decl == name.decl:
            return "escape"
    return None


def _hands_over(value: Expr, name: Name) -> bool:
    """Whether the resource itself, not something read out of it, is stored."""
    match strip(value):
        case Name(decl=decl):
            return decl == name.decl
        case Aggregate(items=items):
            return any(_hands_over(item, name) for _, item in items)
        case Conditional(then=then, other=other):
            return _hands_over(then, name) or _hands_over(other, name)
        case _:
            return False


def _involves(call: CallExpr, name: Name) -> bool:
    """Whether the resource itself is the receiver or an argument of a call."""
    given = call.args if call.receiver is None else (call.receiver, *call.args)
    return any(isinstance(inner := strip(item), Name) and inner.decl == name.decl for item in given)


_ASKS = ("libbpf_get_error", "IS_ERR", "IS_ERR_OR_NULL", "PTR_ERR_OR_ZERO")
"""Non-zero where the pointer holds no resource (libbpf_legacy.h, linux/err.h)."""


@dataclass(frozen=True, slots=True)
class _Told:
    """Locals that hold a test of the resource: those that are true, and those that are false, where there is none."""

    when_true: frozenset[int]
    when_false: frozenset[int]


def _tests_of(function: Function, name: Name) -> _Told:
    """`err = libbpf_get_error(obj)` and `ret = !!(!obj)`, as checking macros write it."""
    absent: set[int] = set()
    present: set[int] = set()
    for op in (op for block in function.blocks for op in block.ops):
        match op:
            case Call(call=call, result=Name(decl=decl)) if call.callee in _ASKS and _involves(call, name):
                absent.add(decl)
            case Assign(target=Name(decl=decl), value=value):
                for test, into in zip(outcomes(value), (absent, present), strict=True):
                    tested = strip(test.value)
                    if test.outcome == "null" and isinstance(tested, Name) and tested.decl == name.decl:
                        into.add(decl)
                    if test.outcome in ("true", "error") and isinstance(tested, Name) and tested.decl in absent:
                        into.add(decl)
    return _Told(frozenset(absent), frozenset(present))


def _tested_by_unknown(edge: Edge, name: Name, protocol: Protocol, told: _Told) -> bool:
    """`if (CHECK(!obj))` where CHECK's macro was not seen: nobody knows which way is the failure."""
    value = None if edge.test is None else strip(edge.test.value)
    if not isinstance(value, CallExpr) or value.callee in _ASKS or protocol.effect(value) == "borrow":
        return False
    watched = {name.decl, *told.when_true, *told.when_false}
    return any(isinstance(item, Name) and item.decl in watched for arg in value.args for item in walk(arg))


def _absent(edge: Edge, name: Name, protocol: Protocol, told: _Told) -> bool:
    """Whether the edge is taken only where the resource was never opened."""
    test: Test | None = edge.test
    if test is None:
        return False
    value = strip(test.value)
    if isinstance(value, Name) and value.decl == name.decl:
        return test.outcome in ("null", "error") or (not protocol.error_result and test.outcome == "false")
    if isinstance(value, Name) and value.decl in told.when_true:
        return test.outcome in ("true", "error", "nonnull")
    if isinstance(value, Name) and value.decl in told.when_false:
        return test.outcome in ("false", "ok", "null")
    return (
        isinstance(value, CallExpr)
        and value.callee in _ASKS
        and _involves(value, name)
        and test.outcome in ("true", "error")
    )
