"""Which bytes of which object does an expression name? Objects, regions in them, and constants known on a path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Literal, NamedTuple

from bpflint.analysis.layout import lay_out, size_of_type
from bpflint.analysis.walk import strip
from bpflint.model.data import dataclass
from bpflint.model.flow import (
    AddressOf,
    Binary,
    CallExpr,
    Cast,
    Conditional,
    Constant,
    Deref,
    Expr,
    Index,
    Name,
    Select,
    SizeOf,
    Unary,
)  # fmt: skip
from bpflint.model.layout import Abi, Array, Bits, Field, Opaque, Pointer, Record, RecordDecl, Type
from bpflint.model.source import Span

UNBOUNDED = 8 * 4096
"""Bits behind a pointer whose object is not known: no stack object is larger (MAX_BPF_STACK is 512 bytes)."""

Kind = Literal["local", "reserved", "scratch", "parameter"]


@dataclass(frozen=True, slots=True)
class Object:
    """Memory that is followed. `size` is in bits; `name` is the variable that holds it or points to it."""

    kind: Kind
    name: Name
    type: Type | None
    size: int
    span: Span | None


class Region(NamedTuple):
    """Bits [start, end) of an object; not `exact`: somewhere within them."""

    object: int
    start: int
    end: int
    exact: bool = True

    @property
    def mask(self) -> int:
        """The bits as a mask over the object."""
        return mask(self.start, self.end)

    def somewhere(self) -> Region:
        """Return the same bits where only some of them, it is not known which, are meant."""
        return Region(self.object, self.start, self.end, False)


def mask(start: int, end: int) -> int:
    """Return a mask of bits [start, end)."""
    return ((1 << max(end - start, 0)) - 1) << start


def object_key(kind: Kind, decl: int) -> int:
    """Return the number of an object: a local's own, or one made from that of the pointer to it."""
    return decl if kind == "local" else -4 * decl - ("reserved", "scratch", "parameter").index(kind)


class Layouts:
    """Sizes and fields for one BPF target, each record laid out once."""

    def __init__(self, abi: Abi) -> None:
        self._abi = abi
        self._made: dict[int, tuple[RecordDecl, Record]] = {}

    def record(self, decl: RecordDecl) -> Record:
        """Return a record laid out."""
        if id(decl) not in self._made:
            self._made[id(decl)] = (decl, lay_out(decl, self._abi))  # kept, so that its id stays taken
        return self._made[id(decl)][1]

    def size(self, type_: Type | None) -> int | None:
        """Return a type's size in bits, None where it is not known."""
        if isinstance(type_, RecordDecl):
            record = self.record(type_)
            return None if record.opaque else record.size
        return None if type_ is None else size_of_type(type_, self._abi)

    def field(self, decl: RecordDecl, name: str) -> Field | None:
        """Return a member with its offset from the start of `decl`, also one of an anonymous struct or union."""
        record = self.record(decl)
        if record.opaque:
            return None
        for item in record.fields:
            if item.name == name:
                return item
        for item in record.fields:
            if not item.name and item.record is not None:
                inner = self.field(item.record.decl, name)
                if inner is not None:
                    return replace(inner, offset=Bits(item.offset + inner.offset))
        return None

    def inside(self, type_: Type | None, path: str) -> tuple[int, Type | None] | None:
        """Return offset in bits and type of a dotted member, None for a bitfield or an unknown one; "" is the whole."""
        offset = 0
        for name in path.split(".") if path else ():
            field = self.field(type_, name) if isinstance(type_, RecordDecl) else None
            if field is None or field.bitfield:
                return None
            type_, offset = field.type, offset + field.offset
        return offset, type_


@dataclass(frozen=True, slots=True)
class Known:
    """What a path knows: where pointers lead, values of integer locals, and values of other expressions by key."""

    objects: Mapping[int, Object]
    pointers: Mapping[int, Region]
    numbers: Mapping[int, int]
    values: Mapping[object, int]
    layouts: Layouts
    keys: Callable[[Expr], object]
    """`key_of`, or what remembers its answers."""

    def place(self, expr: Expr) -> Region | None:
        """Return the bytes an lvalue stands for, None where they belong to no object that is followed."""
        match expr:
            case Cast(value=value):
                return self.place(value)
            case Name(decl=decl) if decl in self.objects and self.objects[decl].kind == "local":
                return Region(decl, 0, self.objects[decl].size)
            case Select():
                return self._member(expr)
            case Index(base=base, index=index):
                found = self.address(base)
                size = self.layouts.size(expr.type) or self._element(base)
                return None if found is None else self._step(found, self.number(index), size, size)
            case Deref(pointer=pointer):
                found = self.address(pointer)
                size = self.layouts.size(expr.type)
                return None if found is None else _cut(found, size)
            case _:
                return None

    def _member(self, expr: Select) -> Region | None:
        holder = self.address(expr.base) if expr.arrow else self.place(expr.base)
        type_ = strip_type(expr.base.type, expr.arrow)
        if holder is None:
            return None
        field = self.layouts.field(type_, expr.field) if isinstance(type_, RecordDecl) else None
        if field is None:
            return holder.somewhere()
        size = field.size
        if isinstance(field.type, Array) and field.type.length is None:  # a flexible array takes what is left
            size = Bits(max(holder.end - holder.start - field.offset, 0))
        if not holder.exact:
            return holder
        start = holder.start + field.offset
        return Region(holder.object, start, start + size)

    def address(self, expr: Expr) -> Region | None:
        """Return what a pointer value, or an array used as one, leads to."""
        match expr:
            case Cast(value=value):
                return self.address(value)
            case AddressOf(place=place):
                return self.place(place)
            case Name(decl=decl) if decl in self.pointers:
                return self.pointers[decl]
            case Name() | Select() | Index() | Deref() if isinstance(expr.type, Array):
                return self.place(expr)
            case Binary(op="+" | "-" as op, left=left, right=right):
                return self._moved(op, left, right)
            case CallExpr(callee="__builtin_preserve_access_index", args=(inner, *_)):
                return self.address(inner)
            case Conditional(then=then, other=other):
                one, two = self.address(then), self.address(other)
                return one if one == two else None
            case _:
                return None

    def _moved(self, op: str, left: Expr, right: Expr) -> Region | None:
        found, by, pointer = self.address(left), right, left
        if found is None and op == "+":
            found, by, pointer = self.address(right), left, right
        if found is None:
            return None
        number = self.number(by)
        return self._step(found, -number if op == "-" and number is not None else number, self._element(pointer), None)

    def _element(self, pointer: Expr) -> int | None:
        """The size of what a pointer steps over; `void *` steps over bytes."""
        type_ = pointer.type
        inner = type_.pointee if isinstance(type_, Pointer) else type_.element if isinstance(type_, Array) else None
        return 8 if inner is None or isinstance(inner, Opaque) else self.layouts.size(inner)

    @staticmethod
    def _step(found: Region, count: int | None, step: int | None, size: int | None) -> Region:
        if count is None or step is None or not found.exact or count < 0:
            return found.somewhere()
        start = found.start + count * step
        if start > found.end:
            return found.somewhere()
        return Region(found.object, start, found.end if size is None else start + size)

    def number(self, expr: Expr) -> int | None:
        """Return the integer an expression is known to be."""
        match expr:
            case Constant(value=int() as value):
                return value
            case Cast(value=value):
                return self.number(value)
            case Name(decl=decl) if decl in self.numbers:
                return self.numbers[decl]
            case SizeOf(operand=operand):
                bits = self.layouts.size(operand)
                return None if bits is None else bits // 8
            case Unary(op=op, value=value):
                return _unary(op, self.number(value))
            case Binary(op=op, left=left, right=right):
                one, two = self.number(left), self.number(right)
                if one is not None and two is not None:
                    return _binary(op, one, two)
        key = self.keys(expr) if self.values else None
        return None if key is None else self.values.get(key)



def strip_type(type_: Type | None, arrow: bool) -> Type | None:
    """Return the record type a member is selected from."""
    return type_.pointee if arrow and isinstance(type_, Pointer) else type_.element if arrow and isinstance(
        type_, Array) else type_  # fmt: skip


def _cut(found: Region, size: int | None) -> Region:
    if size is None or not found.exact:
        return found if size is not None else found.somewhere()
    return Region(found.object, found.start, found.start + size)


def _unary(op: str, value: int | None) -> int | None:
    if value is None:
        return None
    return {"-": -value, "~": ~value, "!": int(not value)}.get(op)


_BINARY: Mapping[str, Callable[[int, int], int]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "&": lambda a, b: a & b,
    "|": lambda a, b: a | b, "<<": lambda a, b: a << min(max(b, 0), 64), ">>": lambda a, b: a >> min(max(b, 0), 64),
    "<": lambda a, b: int(a < b), "<=": lambda a, b: int(a <= b), ">": lambda a, b: int(a > b),
    ">=": lambda a, b: int(a >= b), "==": lambda a, b: int(a == b), "!=": lambda a, b: int(a != b),
    "/": lambda a, b: a // b if b > 0 <= a else 0, "%": lambda a, b: a % b if b > 0 <= a else 0,
    "&&": lambda a, b: int(bool(a and b)), "||": lambda a, b: int(bool(a or b)),
}  # fmt: skip


def _binary(op: str, left: int, right: int) -> int | None:
    found = _BINARY.get(op)
    return None if found is None or (op in "/%" and (right <= 0 or left < 0)) else found(left, right)


def key_of(expr: Expr) -> object:
    """Return what makes two readings of an expression the same, None where it cannot be told."""
    inner = strip(expr)
    match inner:
        case Name(name=name, decl=decl):
            return ("name", decl or name)
        case Constant(value=value):
            return None if value is None else ("constant", value)
        case Select(base=base, field=field):
            return _joined("select", field, base)
        case Index(base=base, index=index):
            return _joined("index", "", base, index)
        case Deref(pointer=part) | AddressOf(place=part):
            return _joined(type(inner).__name__, "", part)
        case Unary(op=op, value=part):
            return _joined("unary", op, part)
        case Binary(op=op, left=left, right=right):
            return _joined("binary", op, left, right)
        case CallExpr(callee=callee, args=args) if callee.startswith("__builtin_preserve_"):
            return _joined("call", callee, *args)
        case CallExpr(span=span):
            return None if span is None else ("call", span)
        case _:
            return None


def _joined(kind: str, word: str, *parts: Expr) -> object:
    keys = tuple(key_of(part) for part in parts)
    return None if None in keys else (kind, word, *keys)


@lru_cache(maxsize=1 << 14)
def names_in(key: object) -> frozenset[object]:
    """Return the keys of the variables that a key reads; each is asked for whenever a variable changes."""
    match key:
        case ("name", _):
            return frozenset((key,))
        case tuple():
            return frozenset[object]().union(*(names_in(part) for part in key if isinstance(part, tuple)))
        case _:
            return frozenset()


def substituted(key: object, names: Mapping[object, object]) -> object:
    """Return a key with variables replaced, None where it reads a variable or call that `names` does not have."""
    if key in names:
        return names[key]
    match key:
        case ("name", int()) | ("call", Span()):
            return None
        case (kind, *rest) if kind not in ("name", "constant"):
            parts = tuple(substituted(item, names) if isinstance(item, tuple) else item for item in rest)
            return None if any(item is None for item in parts) else (kind, *parts)
        case _:
            return key
