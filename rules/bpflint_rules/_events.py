"""Which records does a program send through a buffer, and what do the callbacks of its users know of their length?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bpflint.api import (
    ABIS,
    Array,
    CallExpr,
    Codec,
    Context,
    Expr,
    Function,
    Name,
    Pointer,
    RecordDecl,
    Scalar,
    Select,
    Span,
    Type,
    Unit,
    Use,
    contents,
    dataclass,
    size_of_type,
)  # fmt: skip
from bpflint_rules._links import loaded

_IN_PLACE = (Codec.C, Codec.GO)
"""Reads that take a pointer into the buffer: nothing stops them at its end."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A record that BPF code sends. `size` is in bytes, None where it is put together at run time."""

    type: RecordDecl
    size: int | None
    span: Span


@dataclass(frozen=True, slots=True)
class Read:
    """A record that C, or a cast in Go, reads a buffer's data as, and what the loaded programs send through it."""

    unit: Unit
    use: Use
    type: RecordDecl
    size: int
    sent: tuple[Sent, ...]
    alone: bool
    """The file reads this buffer as no other type."""


def reads(ctx: Context) -> Iterator[Read]:
    """Yield every event type that is read in place, where all that the file loads was found and fully seen."""
    programs = list(ctx.project.bpf_units())
    for unit in ctx.project.user_units():
        uses = [use for use in unit.uses if use.role == "event" and use.op == "decode" and use.codec in _IN_PLACE]
        linked = loaded(unit, programs) if uses else None
        if linked is None or any(item.problems for item in linked):
            continue
        for use in uses:
            size = use.size if use.size is not None else _bytes(use.type, ctx, "x86_64", use.codec)
            sent = tuple(_sent(linked, use.map, ctx))
            if isinstance(use.type, RecordDecl) and size and sent:
                others = {item.type.key() for item in uses if item.map == use.map and isinstance(item.type, RecordDecl)}
                yield Read(unit, use, use.type, size, sent, len(others) == 1)


def _sent(programs: Iterable[Unit], map_: str, ctx: Context) -> Iterator[Sent]:
    for unit in programs:
        for use in unit.uses:
            if use.map == map_ and use.role == "event" and isinstance(use.type, RecordDecl):
                size = use.size
                if size is None and use.op == "reserve":
                    size = _bytes(use.type, ctx, "bpfel")
                yield Sent(use.type, size, use.span)


def _bytes(type_: Type | None, ctx: Context, target: str, codec: Codec = Codec.C) -> int | None:
    bits = None if type_ is None else size_of_type(type_, ABIS[target], codec)
    return None if bits is None else bits // 8


def minds_size(read: Read) -> bool:
    """Return whether the callback that reads an event looks at the size it is given.

    Where the read stands in a function that a callback calls, any callback of the file that does counts. In Go it is
    `len` of a sample that is asked for, anywhere in the file.
    """
    if read.unit.language == "go":
        return any(
            isinstance(item, CallExpr) and item.callee == "len" and item.args and _is_bytes(item.args[0])
            for function in read.unit.functions for item in contents(function)
        )  # fmt: skip
    callbacks = [(item, size) for item in read.unit.functions if (size := _size_parameter(item)) is not None]
    own = [(item, size) for item, size in callbacks if item.name == read.use.function]
    return any(_mentions(function, size) for function, size in own or callbacks)


def _is_bytes(expr: Expr) -> bool:
    type_ = expr.type
    raw = isinstance(type_, Array) and isinstance(type_.element, Scalar) and type_.element.width == 8
    return raw or (isinstance(expr, Select) and expr.field == "RawSample")


def _size_parameter(function: Function) -> Name | None:
    """`(ctx, data, size)` of a ring buffer, `(ctx, cpu, data, size)` of a perf buffer (libbpf.h)."""
    match [item.type for item in function.params]:
        case [Pointer(), Pointer(), Scalar(kind="int")]:
            return function.params[-1]
        case [Pointer(), Scalar(kind="int"), Pointer(), Scalar(kind="int")]:
            return function.params[-1]
    return None


def _mentions(function: Function, name: Name) -> bool:
    return any(isinstance(item, Name) and item.decl == name.decl for item in contents(function))


def begin_alike(types: Sequence[RecordDecl], ctx: Context) -> bool:
    """Return whether records share their first field, by which a reader can tell them apart."""
    firsts = set()
    for type_ in types:
        fields = ctx.layout(type_, "bpfel").fields
        if not fields:
            return False
        inner = fields[0].type
        firsts.add((fields[0].name, inner.key() if isinstance(inner, RecordDecl) else fields[0].size))
    return len(firsts) == 1


def is_one(left: RecordDecl, right: RecordDecl) -> bool:
    """Return whether two sightings are one declaration, or go by one name."""
    return left.key() == right.key() or bool({left.name, *left.names} & {right.name, *right.names} - {""})
