"""What does a BTF type look like in the model? Records keep the offsets and sizes the compiler recorded."""

from __future__ import annotations

from dataclasses import replace

from bpflint.btf import Btf, BtfError
from bpflint.btf import types as t
from bpflint.btf.c_layout import Layouts
from bpflint.btf.lookup import MAX_CHAIN
from bpflint.model.layout import (
    Array,
    Bits,
    Codec,
    Enum,
    Member,
    Opaque,
    Pointer,
    RecordDecl,
    Scalar,
    Type,
)
from bpflint.model.source import Span

_MAX_DEPTH = 60
_CHARS = frozenset({"char", "signed char", "unsigned char"})


class Converter:
    """Converts the types of one BTF, each once; BTF that makes no sense becomes Opaque with the reason."""

    def __init__(self, btf: Btf, span: Span) -> None:
        self._btf = btf
        self._span = span
        self._layouts = Layouts(btf)
        self._memo: dict[tuple[int, bool], Type] = {}
        self._records: dict[int, RecordDecl] = {}
        self._open: set[int] = set()
        self._depth = 0
        self._typedefs: dict[int, list[str]] = {}

    def note_typedefs(self) -> None:
        """Remember which typedefs name a record directly."""
        for _, one in self._btf.types():
            if isinstance(one, t.Typedef):
                self._typedefs.setdefault(one.type, []).append(one.name)

    def convert(self, type_id: int, follow: bool = True) -> Type:
        """Return the model's form of an id. `follow`: keep what a pointer points to, one level down."""
        key = (type_id, follow)
        found = self._memo.get(key)
        if found is None:
            if self._depth > _MAX_DEPTH:
                return Opaque(f"type {type_id}", f"nested deeper than {_MAX_DEPTH} levels")
            self._depth += 1
            try:
                found = self._convert(type_id, follow)
            except BtfError as error:
                return Opaque(f"type {type_id}", str(error))
            finally:
                self._depth -= 1
            if self._depth == 0:
                self._memo[key] = found
        return found

    def _convert(self, type_id: int, follow: bool) -> Type:
        names, inner = self._peel(type_id)
        one = self._btf.type(inner) if inner else None
        match one:
            case None:
                return Opaque("void", "void")
            case t.Int():
                return _integer(one, names)
            case t.Float(name=name, size=size):
                return Scalar((*names, name), Bits(size * 8), "float", True)
            case t.Enum(name=name, size=size, signed=signed, values=values):
                scalar = Scalar(("int" if signed else "unsigned int",), Bits(size * 8), "int", signed)
                pairs = tuple((value.name, value.value) for value in values)
                return Enum((*names, name) if name else names, scalar, pairs, self._span)
            case t.Ptr(type=target):
                return Pointer(self._spelling(type_id), self.convert(target, False) if follow else None)
            case t.Array(type=element, length=length):
                return Array(self.convert(element, follow), length or None, names)
            case t.Composite():
                return self._record(inner, one, names)
            case t.Fwd(keyword=keyword, name=name):
                return Opaque(f"{keyword} {name}", "its definition is not in the object")
            case t.FuncProto():
                return Opaque(self._spelling(type_id), "function")
            case _:
                return Opaque(self._spelling(type_id), "no data type")

    def _peel(self, type_id: int) -> tuple[tuple[str, ...], int]:
        """Return the chain of typedef names and the id below them and below qualifiers."""
        names: list[str] = []
        for _ in range(MAX_CHAIN):
            match self._btf.type(type_id) if type_id else None:
                case t.Typedef(name=name, type=type_id):
                    names.append(name)
                case t.Qualifier(type=type_id) | t.TypeTag(type=type_id):
                    pass
                case _:
                    return tuple(names), type_id
        raise BtfError(f"BTF: type {type_id} is a circle of typedefs")

    def _record(self, type_id: int, one: t.Composite, names: tuple[str, ...]) -> Type:
        tag = f"{one.keyword} {one.name}".strip()
        if type_id in self._open:
            return Opaque(tag, "contains itself")
        found = self._records.get(type_id)
        if found is None:
            self._open.add(type_id)
            try:
                found = self._records[type_id] = self._declare(type_id, one)
            finally:
                self._open.discard(type_id)
        if not found.name and names:
            return replace(found, name=names[0], names=names)
        return found

    def _declare(self, type_id: int, one: t.Composite) -> RecordDecl:
        typedefs = self._typedefs.get(type_id, [])
        return RecordDecl(
            name=one.name or (typedefs[0] if typedefs else ""),
            kind=one.keyword,
            members=tuple(self._member(member) for member in one.members),
            language="object",
            codec=Codec.BTF,
            span=self._span,
            names=tuple(dict.fromkeys(name for name in (one.name, *typedefs) if name)),
            size=Bits(one.size * 8),
        )

    def _member(self, member: t.Member) -> Member:
        """Return a member; a pointer in a record keeps no pointee, so records form no circle."""
        offset, width = self._layouts.place_of(member)
        bits = Bits(width) if width else None
        return Member(member.name, self.convert(member.type, False), None, bits, offset=Bits(offset))

    def _spelling(self, type_id: int) -> str:
        """Return a short spelling: the name, with a star for each pointer."""
        stars = ""
        for _ in range(MAX_CHAIN):
            one = self._btf.type(type_id) if type_id else None
            match one:
                case t.Ptr(type=type_id):
                    stars += "*"
                case t.Qualifier(type=type_id) | t.TypeTag(type=type_id) | t.Array(type=type_id):
                    pass
                case t.Composite(keyword=keyword, name=name) | t.Fwd(keyword=keyword, name=name):
                    return f"{keyword} {name} {stars}".rstrip()
                case t.FuncProto():
                    return f"function {stars}".rstrip()
                case _:
                    return f"{getattr(one, 'name', 'void')} {stars}".rstrip()
        return f"type {type_id}"


def _integer(one: t.Int, names: tuple[str, ...]) -> Scalar:
    if one.encoding & 4 or one.name == "_Bool":
        return Scalar((*names, one.name), Bits(one.size * 8), "bool", False)
    kind = "char" if one.encoding & 2 or one.name in _CHARS else "int"
    return Scalar((*names, one.name), Bits(one.size * 8), "char" if kind == "char" else "int", one.signed)
