"""What stands inside a body? Walks over operations and expressions, and where a local's value comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, assert_never
from weakref import ref

from bpflint.model.data import dataclass
from bpflint.model.flow import (
    AddressOf,
    Aggregate,
    Assign,
    Binary,
    Call,
    CallExpr,
    Cast,
    Conditional,
    Constant,
    Declare,
    Defer,
    Deref,
    Evaluate,
    Expr,
    Function,
    Go,
    Index,
    Name,
    Op,
    Return,
    Select,
    SizeOf,
    Unary,
    Unknown,
    Update,
)  # fmt: skip


def operations(function: Function) -> Iterator[Op]:
    """Yield every operation of a body, block by block."""
    for block in function.blocks:
        yield from block.ops


def predecessors(function: Function) -> list[list[int]]:
    """Return, for each block of a body, the blocks that lead to it."""
    found: list[list[int]] = [[] for _ in function.blocks]
    for number, block in enumerate(function.blocks):
        for edge in block.edges:
            found[edge.to].append(number)
    return found


def blocks_behind(function: Function, number: int) -> set[int]:
    """Return the blocks that control may come to from the end of one; itself where that is in a loop."""
    found: set[int] = set()
    work = [number]
    while work:
        new = {edge.to for edge in function.blocks[work.pop()].edges} - found
        found |= new
        work += new
    return found


def operands(op: Op) -> tuple[Expr, ...]:
    """Return the expressions of an operation, targets first."""
    match op:
        case Declare():
            return ()
        case Assign(target=target, value=value) | Update(target=target, value=value):
            return (target, value)
        case Call(call=call, result=result):
            return (call,) if result is None else (result, call)
        case Evaluate(value=value):
            return (value,)
        case Return(value=value):
            return () if value is None else (value,)
        case Defer(call=call) | Go(call=call):
            return (call,)
        case _:
            assert_never(op)


_PARTS: Mapping[type, Callable[[Any], tuple[Expr, ...]]] = {
    Select: lambda expr: (expr.base,),
    Index: lambda expr: (expr.base, expr.index),
    Deref: lambda expr: (expr.pointer,),
    AddressOf: lambda expr: (expr.place,),
    Cast: lambda expr: (expr.value,),
    Unary: lambda expr: (expr.value,),
    Binary: lambda expr: (expr.left, expr.right),
    Conditional: lambda expr: (expr.test, expr.then, expr.other),
    CallExpr: lambda expr: expr.args if expr.receiver is None else (expr.receiver, *expr.args),
    Aggregate: lambda expr: tuple([value for _, value in expr.items]),
    Unknown: lambda expr: expr.parts,
}
"""By kind, since a `match` over fourteen kinds costs more than all that is done with most expressions; the kinds that
are not here have no parts. What `sizeof` measures is not evaluated and is no part.
"""


def parts(expr: Expr) -> tuple[Expr, ...]:
    """Return the direct parts of an expression."""
    found = _PARTS.get(type(expr))
    return () if found is None else found(expr)


def walk(expr: Expr) -> Iterator[Expr]:
    """Yield an expression and everything inside it, outermost first."""
    return _inside([expr])


def expressions(op: Op) -> Iterator[Expr]:
    """Yield every expression of an operation."""
    known = _INSIDE.get(id(op))
    return _inside(list(reversed(operands(op)))) if known is None else iter(known)


def _inside(stack: list[Expr]) -> Iterator[Expr]:
    found: list[Expr] = []
    while stack:
        item = stack.pop()
        found.append(item)
        inner = _PARTS.get(type(item))
        if inner is not None:
            stack += inner(item)[::-1]
    return iter(found)


def contents(function: Function) -> tuple[Expr, ...]:
    """Return every expression of a body, block by block."""
    return _inner(function)[0]


def calls(function: Function) -> tuple[tuple[CallExpr, Op], ...]:
    """Return every call of a body with the operation it stands in."""
    return _inner(function)[1]


_Inner = tuple[tuple[Expr, ...], tuple[tuple[CallExpr, Op], ...]]
_INNER: dict[int, tuple[ref[Function], _Inner]] = {}
"""What stands in each body that still exists, by its id: two dozen rules and engines ask for it."""
_INSIDE: dict[int, tuple[Expr, ...]] = {}
"""What stands in each operation of those bodies, by its id."""


def _inner(function: Function) -> _Inner:
    key = id(function)
    if key not in _INNER:
        each = [(op, tuple(expressions(op))) for op in operations(function)]
        called = tuple((expr, op) for op, inside in each for expr in inside if isinstance(expr, CallExpr))
        found = tuple(expr for _, inside in each for expr in inside), called
        ops = {id(op): inside for op, inside in each}
        _INSIDE.update(ops)
        _INNER[key] = ref(function, partial(_forget, key, tuple(ops))), found
    return _INNER[key][1]


def _forget(key: int, ops: tuple[int, ...], _gone: ref[Function]) -> None:
    del _INNER[key]
    for op in ops:
        _INSIDE.pop(op, None)


def strip(expr: Expr) -> Expr:
    """Return an expression without the conversions around it."""
    while isinstance(expr, Cast):
        expr = expr.value
    return expr


def base_of(expr: Expr) -> Expr:
    """Return the variable or call at the root of a place: `e` of `e->a.b[3]`."""
    while True:
        match expr:
            case Select(base=inner) | Index(base=inner) | Deref(pointer=inner) | Cast(value=inner):
                expr = inner
            case AddressOf(place=inner):
                expr = inner
            case _:
                return expr


@dataclass(frozen=True, slots=True)
class Origin:
    """Every value a local was given. `only` is the single one, None where there are several or it is a loop's."""

    values: tuple[Expr, ...]
    updated: bool = False

    @property
    def only(self) -> Expr | None:
        """The one value it ever had."""
        return self.values[0] if len(self.values) == 1 and not self.updated else None


def origins(function: Function) -> Mapping[int, Origin]:
    """Return, by declaration number, every value assigned to each local or parameter of a body."""
    found: dict[int, list[Expr]] = {}
    updated: set[int] = set()
    for op in operations(function):
        match op:
            case Assign(target=Name(decl=decl), value=value) if decl:
                found.setdefault(decl, []).append(value)
            case Call(call=call, result=Name(decl=decl)) if decl:
                found.setdefault(decl, []).append(call)
            case Update(target=Name(decl=decl)) if decl:
                updated.add(decl)
    params = {item.decl for item in function.params}
    return {
        decl: Origin(tuple(values), decl in updated or decl in params) for decl, values in found.items()
    }


def show(expr: Expr) -> str:
    """Return an expression as short C-like text for messages."""
    match expr:
        case Name(name=name):
            return name
        case Select(base=base, field=field, arrow=arrow):
            return f"{show(base)}{'->' if arrow else '.'}{field}"
        case Index(base=base, index=index):
            return f"{show(base)}[{show(index)}]"
        case Deref(pointer=pointer):
            return f"*{show(pointer)}"
        case AddressOf(place=place):
            return f"&{show(place)}"
        case Cast(value=value):
            return show(value)
        case Constant(value=value, spelling=spelling):
            return spelling or ("?" if value is None else repr(value) if isinstance(value, str) else str(value))
        case Unary(op=op, value=value):
            return f"{op}{show(value)}"
        case Binary(op=op, left=left, right=right):
            return f"{show(left)} {op} {show(right)}"
        case CallExpr(callee=callee, receiver=receiver):
            return f"{show(receiver)}.{callee}()" if receiver is not None else f"{callee}()"
        case SizeOf():
            return "sizeof"
        case Conditional() | Aggregate() | Unknown():
            return "…"
        case _:
            assert_never(expr)
