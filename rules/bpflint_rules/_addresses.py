"""Which number does user space lay out with its highest byte first, as an address is written?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from bpflint.api import (
    Aggregate,
    Assign,
    Binary,
    CallExpr,
    Constant,
    Expr,
    Function,
    Index,
    Name,
    Op,
    Select,
    Span,
    Unit,
    dataclass,
    operands,
    operations,
    strip,
    walk,
)  # fmt: skip

_PUTS = frozenset(("PutUint32", "AppendUint32"))
"""Methods of Go's binary.BigEndian."""
_FROM_NUMBER = re.compile(r"(?:^|::)Ipv4Addr::from(?:_bits)?$")
"""Rust: the address of a number in host order (std::net::Ipv4Addr, `From<u32>`)."""
_SHIFTS = (24, 16, 8, 0)


@dataclass(frozen=True, slots=True)
class Laid:
    """A member of a record that is laid out so, in a body or in the function that it is given to."""

    function: Function
    place: Select
    span: Span
    by: Span
    """Where the bytes are laid out."""


def laid_out(units: Iterable[Unit]) -> Iterator[Laid]:
    """Yield each member that some Go and Rust code lays out with its highest byte first."""
    for unit in units:
        helpers = {item.name: dict(_given(item)) for item in unit.functions}
        for function in unit.functions:
            for op in operations(function):
                for operand in _numbers(op):
                    if isinstance(operand, Select):
                        yield Laid(function, operand, operand.span or op.span, op.span)
                for call in (item for part in operands(op) for item in walk(part) if isinstance(item, CallExpr)):
                    yield from _through(function, call, op, helpers)


def _through(
    function: Function, call: CallExpr, op: Op, helpers: Mapping[str, Mapping[int, Span]]
) -> Iterator[Laid]:
    for position, by in helpers.get(call.callee, {}).items():
        given = strip(call.args[position]) if position < len(call.args) else None
        if isinstance(given, Select):
            yield Laid(function, given, given.span or op.span, by)


def _given(function: Function) -> Iterator[tuple[int, Span]]:
    """The parameters, by their number, that a function lays out."""
    for op in operations(function):
        for operand in _numbers(op):
            for number, param in enumerate(function.params):
                if isinstance(operand, Name) and param.decl and operand.decl == param.decl:
                    yield number - bool(function.method_of), op.span


def _numbers(op: Op) -> Iterator[Expr]:
    """The numbers that an operation lays out."""
    yield from (item for operand in operands(op) for expr in walk(operand) if (item := _laid(expr)) is not None)
    match op:
        case Assign(target=Index(index=Constant(value=0)), value=value) if (first := _shifted(value, 24)) is not None:
            yield first  # `ip[0] = byte(v >> 24)`


def _laid(expr: Expr) -> Expr | None:
    match expr:
        case CallExpr(callee=callee, receiver=Name(name="encoding/binary.BigEndian"), args=(*_, last)):
            return strip(last) if callee in _PUTS else None
        case CallExpr(callee=callee, args=(only,)) if _FROM_NUMBER.search(callee):
            return strip(only)
        case CallExpr(args=given):
            return _bytes(given)
        case Aggregate(items=items):
            return _bytes([value for _, value in items])
    return None


def _bytes(given: Iterable[Expr]) -> Expr | None:
    """The number whose four bytes end a list, highest first."""
    last = list(given)[-4:]
    taken = [_shifted(item, shift) for item, shift in zip(last, _SHIFTS, strict=False)]
    places = {_key(item) for item in taken}
    return taken[0] if len(last) == 4 and None not in places and len(places) == 1 else None


def _shifted(expr: Expr, shift: int) -> Expr | None:
    """The number that an expression takes a byte of: `byte(v >> 24)`, `v & 0xff` at shift 0."""
    inner = strip(expr)
    if isinstance(inner, Binary) and inner.op == "&" and isinstance(strip(inner.right), Constant):
        inner = strip(inner.left)
    if shift == 0:
        return inner
    match inner:
        case Binary(op=">>", left=left, right=Constant(value=value)) if value == shift:
            return strip(left)
    return None


def _key(expr: Expr | None) -> tuple[object, ...] | None:
    match expr:
        case Name(name=name, decl=decl):
            return name, decl
        case Select(base=base, field=field):
            key = _key(strip(base))
            return None if key is None else (*key, field)
    return None
