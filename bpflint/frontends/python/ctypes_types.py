"""What do ctypes declarations lay out? Structure, Union and their kin as records of the model."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import replace

from bpflint.frontends.python.module import Module
from bpflint.model.layout import (
    Array,
    Bits,
    ByteOrder,
    Codec,
    Member,
    Opaque,
    Pointer,
    RecordDecl,
    Scalar,
    Type,
    Width,
)  # fmt: skip

_INTS: dict[str, tuple[Bits | Width, bool]] = {
    "c_byte": (Bits(8), True), "c_ubyte": (Bits(8), False), "c_short": (Bits(16), True),
    "c_ushort": (Bits(16), False), "c_int": (Bits(32), True), "c_uint": (Bits(32), False),
    "c_long": (Width.LONG, True), "c_ulong": (Width.LONG, False), "c_longlong": (Bits(64), True),
    "c_ulonglong": (Bits(64), False), "c_int8": (Bits(8), True), "c_uint8": (Bits(8), False),
    "c_int16": (Bits(16), True), "c_uint16": (Bits(16), False), "c_int32": (Bits(32), True),
    "c_uint32": (Bits(32), False), "c_int64": (Bits(64), True), "c_uint64": (Bits(64), False),
    "c_size_t": (Width.POINTER, False), "c_ssize_t": (Width.POINTER, True), "c_time_t": (Width.LONG, True),
    "c_wchar": (Width.WCHAR, True),
}  # fmt: skip
_FLOATS: dict[str, Bits | Width] = {
    "c_float": Bits(32), "c_double": Bits(64), "c_longdouble": Width.LONG_DOUBLE,
}  # fmt: skip
_POINTERS = ("c_void_p", "c_char_p", "c_wchar_p", "py_object")
_BASES: dict[str, tuple[str, ByteOrder | None]] = {
    "ctypes.Structure": ("struct", None), "ctypes.Union": ("union", None),
    "ctypes.BigEndianStructure": ("struct", "big"), "ctypes.LittleEndianStructure": ("struct", "little"),
    "ctypes.BigEndianUnion": ("union", "big"), "ctypes.LittleEndianUnion": ("union", "little"),
}  # fmt: skip
_MOST_ELEMENTS = 1 << 32


class CTypes:
    """Reads the ctypes declarations of one module, each class once."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._records: dict[str, RecordDecl | None] = {}
        self._open: set[str] = set()
        self._late = dict(self._late_fields())

    def _late_fields(self) -> Iterator[tuple[str, ast.expr]]:
        """`Node._fields_ = […]` after the class."""
        for node in ast.walk(self._module.tree):
            match node:
                case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=name), attr="_fields_")], value=value):
                    yield name, value

    def records(self) -> Iterator[RecordDecl]:
        """Yield every ctypes record of the module in source order."""
        for name in self._module.classes:
            found = self.record(name)
            if found is not None:
                yield found

    def record(self, name: str) -> RecordDecl | None:
        """Return the record a class declares, None where it is no ctypes record."""
        if name in self._records:
            return self._records[name]
        node = self._module.classes.get(name)
        if node is None or name in self._open:
            return None
        self._open.add(name)
        try:
            self._records[name] = self._declare(node)
        finally:
            self._open.discard(name)
        return self._records[name]

    def _declare(self, node: ast.ClassDef) -> RecordDecl | None:
        base = self._base(node)
        if base is None:
            return None
        kind, order, inherited = base
        settings, fields = self._body(node)
        fields = self._late.get(node.name, fields)
        members = [*inherited, *(self._members(fields, order) if fields is not None else ())]
        pack, layout = self._number(settings.get("_pack_")), self._layout(settings)
        words = tuple(word for word in ("_pack_", "_layout_", "_align_", "_anonymous_") if word in settings)
        bits = any(member.bit_width is not None for member in members)
        align = self._number(settings.get("_align_")) if sys.version_info >= (3, 13) else None
        modern = sys.version_info >= (3, 14)
        ms = layout == "ms" if layout and modern else bool(pack) and modern
        return RecordDecl(
            node.name, "union" if kind == "union" else "struct", tuple(members), "python", Codec.CTYPES,
            self._module.name_span(node), (node.name,), pack=Bits(pack * 8) if pack else None,
            align=Bits(align * 8) if align else None, ms_bitfields=ms, order=order, comment=self._comment(node),
            attributes=(*words, *(("legacy-bitfields",) if bits and not modern else ())),
        )  # fmt: skip

    def _base(self, node: ast.ClassDef) -> tuple[str, ByteOrder | None, tuple[Member, ...]] | None:
        for item in node.bases:
            dotted = self._module.resolve(item)
            if dotted in _BASES:
                return *_BASES[dotted], ()
            parent = self.record(dotted) if dotted in self._module.classes else None
            if parent is not None:
                return parent.kind, parent.order, parent.members
        return None

    @staticmethod
    def _body(node: ast.ClassDef) -> tuple[dict[str, ast.expr], ast.expr | None]:
        settings: dict[str, ast.expr] = {}
        for statement in node.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    settings[name] = value
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    settings[name] = value
        return settings, settings.get("_fields_")

    def _number(self, node: ast.expr | None) -> int | None:
        found = None if node is None else self._module.integer(node)
        return found if found is not None and 0 < found <= 1 << 16 else None

    def _layout(self, settings: dict[str, ast.expr]) -> str:
        node = settings.get("_layout_")
        return (self._module.string(node) or "") if node is not None else ""

    def _comment(self, node: ast.ClassDef) -> str:
        lines: list[str] = []
        for number in range(node.lineno - 1, max(node.lineno - 12, 0), -1):
            line = self._module.text.line(number).strip()
            if not line.startswith("#"):
                break
            lines.insert(0, line.lstrip("# "))
        return "\n".join(lines) or (ast.get_docstring(node) or "")

    def _members(self, node: ast.expr, order: ByteOrder | None) -> Iterator[Member]:
        for item in self._items(node):
            match item:
                case ast.Tuple(elts=[name, type_, *rest]) | ast.List(elts=[name, type_, *rest]):
                    yield self._member(item, name, type_, rest, order)
                case _:
                    yield Member("?", Opaque(ast.unparse(item)[:40], "a field that is not a literal tuple"),
                                 self._module.span(item))  # fmt: skip

    def _items(self, node: ast.expr) -> Iterator[ast.expr]:
        match node:
            case ast.List(elts=items) | ast.Tuple(elts=items):
                for item in items:
                    if isinstance(item, ast.Starred):
                        yield from self._items(item.value)
                    else:
                        yield item
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                yield from self._items(left)
                yield from self._items(right)
            case ast.Name(id=name) if name in self._module.values and self._module.values[name] is not node:
                yield from self._items(self._module.values[name])
            case _:
                yield node

    def _member(
        self, item: ast.expr, name: ast.expr, type_: ast.expr, rest: list[ast.expr], order: ByteOrder | None
    ) -> Member:
        spelled = self._module.string(name)
        width = self._module.integer(rest[0]) if rest else None
        found = ordered(self.type(type_), order)
        if spelled is None:
            found = Opaque(ast.unparse(name)[:40], "a field name that is not constant")
        if rest and width is None:
            found = Opaque(ast.unparse(rest[0])[:40], "a bit width that is not constant")
        return Member(spelled or "?", found, self._module.span(item), Bits(width) if width is not None else None)

    def type(self, node: ast.expr, depth: int = 0) -> Type:
        """Return the type a ctypes expression names (`c_uint * 4`, `POINTER(T)`, a class)."""
        spelling = ast.unparse(node)[:60]
        if depth > 16:
            return Opaque(spelling, "nested too deeply")
        match node:
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                return self._array(left, right, spelling, depth)
            case ast.Call(func=func):
                if self._module.resolve(func).endswith(("POINTER", "CFUNCTYPE", "pointer")):
                    return Pointer(spelling)
                return Opaque(spelling, "made by a call")
            case ast.Attribute(value=value, attr="__ctype_be__" | "__ctype_le__" as which):
                return ordered(self.type(value, depth + 1), "big" if which == "__ctype_be__" else "little")
        return self._named(node, spelling, depth)

    def _array(self, left: ast.expr, right: ast.expr, spelling: str, depth: int) -> Type:
        count = self._module.integer(right)
        element = left
        if count is None:
            count, element = self._module.integer(left), right
        if count is None:
            return Opaque(spelling, "array length is not constant")
        if not 0 <= count < _MOST_ELEMENTS:
            return Opaque(spelling, "array length out of range")
        return Array(self.type(element, depth + 1), count)

    def _named(self, node: ast.expr, spelling: str, depth: int) -> Type:
        dotted = self._module.resolve(node)
        name = dotted.removeprefix("ctypes.").removeprefix("ctypes.wintypes.")
        if dotted.startswith("ctypes."):
            if name in _INTS:
                width, signed = _INTS[name]
                return Scalar((name,), width, "int", signed)
            if name in _FLOATS:
                return Scalar((name,), _FLOATS[name], "float", True)
            if name in ("c_bool", "c_char"):
                return Scalar((name,), Bits(8), "bool" if name == "c_bool" else "char", None)
            if name in _POINTERS:
                return Pointer(name)
        found = self.record(dotted)
        if found is not None:
            return found
        value = self._module.values.get(dotted)
        if value is not None and not isinstance(value, ast.Name):
            return self.type(value, depth + 1)
        return Opaque(spelling, "not declared in this file")


def ordered(type_: Type, order: ByteOrder | None) -> Type:
    """Return a type with the byte order that its BigEndianStructure gives it."""
    if order is None:
        return type_
    match type_:
        case Scalar():
            return replace(type_, order=order)
        case Array(element=element):
            return replace(type_, element=ordered(element, order))
        case _:
            return type_
