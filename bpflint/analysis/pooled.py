"""What still shows the memory of a pooled buffer when the pool has it back? Go's sync.Pool, one body at a time.

A view is what shares the buffer's memory: a reslice, `unsafe.Slice`, the address of an element, what a list or struct
around one holds. It escapes where it is sent, returned, stored behind a pointer or given to a goroutine, on a path on
which the same buffer is put back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from bpflint.analysis.typestate import Body, follow, targets
from bpflint.analysis.walk import base_of, expressions, operands, operations, show, strip, walk
from bpflint.model.data import dataclass
from bpflint.model.flow import (
    AddressOf,
    Aggregate,
    Assign,
    Call,
    CallExpr,
    Cast,
    Constant,
    Defer,
    Deref,
    Expr,
    Function,
    Go,
    Index,
    Name,
    Op,
    Return,
    Select,
)  # fmt: skip
from bpflint.model.layout import Array, Opaque, Pointer, RecordDecl, Scalar, Type

How = Literal["sent", "returned", "stored", "goroutine"]
_GET, _PUT = "sync.Pool.Get", "sync.Pool.Put"
_SHARES = frozenset(("slice", "append", "unsafe.Slice", "unsafe.String", "unsafe.SliceData", "unsafe.StringData"))
"""Functions whose result shares the memory of their first argument; `append` does while the capacity lasts."""
_METHODS = frozenset(("bytes.Buffer.Bytes", "bytes.Buffer.AvailableBuffer"))
"""Methods whose result shares the memory of what they are called on (bytes/buffer.go)."""
Place = tuple[tuple[int, int], Op]
"""An operation with its block and its index there."""


@dataclass(frozen=True, slots=True)
class Escape:
    """A view that outlives the return of its buffer to the pool."""

    function: Function
    buffer: str
    how: How
    op: Op
    put: Op


def escapes(function: Function, functions: Mapping[str, Function]) -> Iterator[Escape]:
    """Yield the views of pooled buffers that escape from a body which puts the buffer back, once an operation."""
    ops = [((number, index), op) for number, block in enumerate(function.blocks) for index, op in enumerate(block.ops)]
    for _, op in ops:
        buffer = _got(op)
        if buffer is None:
            continue
        body, views = Body(function), _views(function, buffer)
        puts = [place for place in ops if _puts(place[1], views, functions)]
        waits = any(_waits(item) for _, item in ops)
        for place in ops if puts else ():
            item = place[1]
            how = _escape(item, views, functions)
            if how is None or (waits and how in ("sent", "goroutine")) or (how == "stored" and _forgets(item, ops)):
                continue
            put = next((back for back in puts if _one_path(body, back, place, op)), None)
            if put is not None:
                yield Escape(function, buffer.name, how, item, put[1])


def _got(op: Op) -> Name | None:
    """The local that takes a buffer from a pool: `buf := pool.Get().(*[]byte)`."""
    match op:
        case Assign(target=target, value=value):
            call: Expr = strip(value)
        case Call(call=call, result=result) if result is not None:
            target = result
        case _:
            return None
    holder = next(iter(targets(target)), None)
    got = isinstance(call, CallExpr) and call.callee == _GET
    if not got or not isinstance(holder, Name) or not holder.decl or isinstance(holder.type, RecordDecl | Scalar):
        return None  # a struct by value is a copy of what the pool had
    return holder


def _views(function: Function, buffer: Name) -> frozenset[int]:
    """The locals that only ever hold views of a buffer, itself too."""
    values: dict[int, list[Expr]] = {}
    for op in operations(function):
        for target, value in _writes(op):
            if isinstance(target, Name) and target.decl:
                values.setdefault(target.decl, []).append(value)
    views: frozenset[int] = frozenset((buffer.decl,))
    while True:
        shared = (decl for decl, found in values.items() if all(_is_view(item, views) for item in found))
        grown = views | frozenset(shared)
        if grown == views:
            own = [item for item in values[buffer.decl] if not _takes(item) and not _is_view(item, views)]
            return frozenset() if own else views
        views = grown


def _writes(op: Op) -> Iterator[tuple[Expr, Expr]]:
    match op:
        case Assign(target=target, value=value):
            yield from ((item, value) for item in targets(target))
        case Call(call=call, result=result) if result is not None:
            yield from ((item, call) for item in targets(result))


def _takes(value: Expr) -> bool:
    inner = strip(value)
    return isinstance(inner, CallExpr) and inner.callee == _GET


def _is_view(value: Expr, views: frozenset[int]) -> bool:
    """Whether an expression shares memory with a buffer; a number, a string made of it and `*p` are copies."""
    match value:
        case Name(decl=decl, type=type_):
            return decl in views and not isinstance(type_, Scalar)
        case Cast(value=inner, type=type_):
            return not _is_copy(type_) and _is_view(inner, views)
        case AddressOf(place=Aggregate(items=items)) | Aggregate(items=items):
            return any(_is_view(item, views) for _, item in items)
        case AddressOf(place=place):
            return isinstance(place, Name | Select | Index | Deref) and _rooted(place, views)
        case Deref(pointer=pointer, type=type_):
            return _is_slice(type_) and _is_view(pointer, views)
        case CallExpr(callee=callee, args=args, receiver=receiver):
            if callee in _METHODS:
                return receiver is not None and _is_view(receiver, views)
            listed = callee == "append" and any(_is_view(item, views) for item in args[1:])
            return listed or (callee in _SHARES and bool(args) and _rooted(args[0], views))
        case _:
            return False


def _rooted(expr: Expr, views: frozenset[int]) -> bool:
    """Whether an expression is a view or a place inside one: `p.data` of `p.data[:n]`."""
    if _is_view(expr, views):
        return True
    root = base_of(expr)
    return isinstance(expr, Select | Index | Deref) and isinstance(root, Name) and root.decl in views


def _is_copy(type_: Type | None) -> bool:
    return isinstance(type_, Scalar) or (isinstance(type_, Opaque) and type_.spelling == "string")


def _is_slice(type_: Type | None) -> bool:
    slice_ = isinstance(type_, Opaque) and type_.spelling.startswith("[]")
    return slice_ or (isinstance(type_, Array) and type_.length is None)


# -- where one goes ----------------------------------------------------------------------------------------------


def _puts(op: Op, views: frozenset[int], functions: Mapping[str, Function]) -> bool:
    """Whether an operation gives the buffer back, itself or by a deferred closure that asks nothing first."""
    if not isinstance(op, Call | Defer):
        return False
    if op.call.callee == _PUT:
        return any(_rooted(item, views) for item in op.call.args)
    closure = functions.get(op.call.callee) if isinstance(op, Defer) else None
    first = closure.blocks[0].ops if closure is not None and closure.blocks else ()
    return any(isinstance(item, Call) and _puts(item, views, {}) for item in first)


def _waits(op: Op) -> bool:
    """Whether a body waits for whoever got the view: `wg.Wait()`, a receive."""
    return any(
        isinstance(item, CallExpr) and (item.callee.endswith(".Wait") or item.callee == "chan.receive")
        for item in expressions(op)
    )  # fmt: skip


def _escape(op: Op, views: frozenset[int], functions: Mapping[str, Function]) -> How | None:
    match op:
        case Call(call=CallExpr(callee="chan.send", args=(_, value))) if _is_view(value, views):
            return "sent"
        case Return(value=value) if value is not None and _is_view(value, views):
            return "returned"
        case Go(call=call):
            given = any(_is_view(item, views) for item in call.args)
            return "goroutine" if given or _captures(functions.get(call.callee), views) else None
    for target, value in _writes(op):
        if _outlives(target, views) and _is_view(value, views):
            return "stored"
    return None


def _forgets(stored: Op, ops: Sequence[Place]) -> bool:
    """Whether the place is emptied again: `t.scratch = nil`."""
    places = {show(target) for target, _ in _writes(stored)}
    return any(
        show(target) in places and isinstance(inner := strip(value), Constant) and inner.spelling == "nil"
        for _, op in ops for target, value in _writes(op)
    )  # fmt: skip


def _captures(closure: Function | None, views: frozenset[int]) -> bool:
    return closure is not None and any(
        isinstance(item, Name) and item.storage == "captured" and item.decl in views
        for op in operations(closure) for operand in operands(op) for item in walk(operand)
    )  # fmt: skip


def _outlives(target: Expr, views: frozenset[int]) -> bool:
    """Whether a place is behind a pointer that came from outside, and no part of the buffer."""
    root = base_of(target)
    if not isinstance(root, Name) or (root.decl and root.decl in views) or root.name == "_":
        return False
    if root.storage == "global":
        return True
    behind = isinstance(target, Select | Index) and isinstance(root.type, Pointer)
    return behind and root.storage in ("parameter", "captured")


def _one_path(body: Body, put: Place, escape: Place, get: Op) -> bool:
    """Whether one turn passes both, without taking a new buffer in between."""
    return _leads(body, put, escape[1], get) or _leads(body, escape, put[1], get)


def _leads(body: Body, start: Place, goal: Op, stop: Op) -> bool:
    def step(op: Op) -> str | None:
        return "goal" if op is goal else "stop" if op is stop else None

    (block, index), _ = start
    return any(end.how == "goal" for end in follow(body, block, index + 1, step))
