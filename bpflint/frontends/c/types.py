"""What does a libclang type look like in the model? Declarations without an ABI, checked against clang's offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from clang.cindex import CursorKind, TypeKind

from bpflint.analysis.abi import abi
from bpflint.analysis.layout import lay_out, size_of_type
from bpflint.frontends.c.cursors import Places, constant, pretty
from bpflint.frontends.c.nodes import Node, NodeType, api, attributes, children, fields_of
from bpflint.model.layout import (
    CONDITIONAL,
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
    Width,
)  # fmt: skip

_INTEGERS: dict[TypeKind, tuple[Bits | Width, bool | None]] = {
    TypeKind.CHAR_U: (Bits(8), None), TypeKind.CHAR_S: (Bits(8), None), TypeKind.SCHAR: (Bits(8), True),
    TypeKind.UCHAR: (Bits(8), False), TypeKind.SHORT: (Bits(16), True), TypeKind.USHORT: (Bits(16), False),
    TypeKind.INT: (Bits(32), True), TypeKind.UINT: (Bits(32), False), TypeKind.LONG: (Width.LONG, True),
    TypeKind.ULONG: (Width.LONG, False), TypeKind.LONGLONG: (Bits(64), True), TypeKind.ULONGLONG: (Bits(64), False),
    TypeKind.INT128: (Width.INT128, True), TypeKind.UINT128: (Width.INT128, False), TypeKind.CHAR16: (Bits(16), False),
    TypeKind.CHAR32: (Bits(32), False), TypeKind.WCHAR: (Width.WCHAR, True),
}  # fmt: skip
_FLOATS: dict[TypeKind, Bits | Width] = {
    TypeKind.HALF: Bits(16), TypeKind.FLOAT: Bits(32), TypeKind.DOUBLE: Bits(64),
    TypeKind.LONGDOUBLE: Width.LONG_DOUBLE,
}  # fmt: skip
_CHARS = (TypeKind.CHAR_U, TypeKind.CHAR_S, TypeKind.SCHAR, TypeKind.UCHAR)
RELOCATED = "preserve_access_index"
_SIXTY_FOUR = re.compile(r"^_*(?:u?int(?:_least)?64_t|[us]64|[bl]e64)$")
_ATTRIBUTED = (163, 178)
"""CXType_Attributed and CXType_BTFTagAttributed (clang-c/Index.h), which cindex 18 does not name."""
_LONG_TEXT = 4096
"""Characters of a definition."""
_MAX_SYSTEM_POINTEE = 64
"""Bytes: a kernel struct behind a pointer is read whole only up to this size (task_struct has thousands)."""


class Types:
    """Converts the types of one translation unit, each once."""

    def __init__(self, places: Places, target: str, *, cxx: bool = False) -> None:
        self._places = places
        self.cxx = cxx
        self._abi = abi(target)
        self._memo: dict[tuple[int, int], Type] = {}
        self._records: dict[int, RecordDecl | Opaque] = {}
        self._typedefs: dict[int, list[str]] = {}
        self._open: set[int] = set()
        self._relocated: dict[int, bool] = {}
        self.limits = {"pointee": _MAX_SYSTEM_POINTEE}
        self.errors: Sequence[tuple[str, int]] = ()
        """Where clang found errors: file name and byte offset."""

    def note_typedef(self, cursor: Node) -> None:
        """Remember that a typedef names a record."""
        decl = cursor.underlying_typedef_type.get_canonical().get_declaration()
        if decl.kind in (CursorKind.STRUCT_DECL, CursorKind.UNION_DECL, CursorKind.CLASS_DECL):
            self._typedefs.setdefault(_definition_hash(decl), []).append(cursor.spelling)

    def is_relocated(self, record: Node | None) -> bool:
        """Return whether a record is declared `preserve_access_index`: itself, by a pragma, or with the one around it.

        libclang names no such attribute; clang prints it, also where a macro hides the word.
        """
        if record is None or record.kind not in (CursorKind.STRUCT_DECL, CursorKind.UNION_DECL):
            return False
        key = record.hash
        if key not in self._relocated:
            attributed = any(item.kind is CursorKind.UNEXPOSED_ATTR for item in attributes(record))
            itself = attributed and RELOCATED in pretty(record).partition("{")[0]
            self._relocated[key] = itself or self.is_relocated(record.semantic_parent)
        return self._relocated[key]

    def size(self, type_: Type) -> Bits | None:
        """Return the size of a type for the target that is parsed, in bits."""
        return size_of_type(type_, self._abi)

    def bytes(self, type_: Type | None) -> int | None:
        """Return the size of a type in bytes, None where it has none or cannot be told."""
        bits = None if type_ is None else self.size(type_)
        return None if bits is None else bits // 8

    def convert(self, type_: NodeType) -> Type:
        """Return the model's form of a type; Opaque with a reason where clang could not resolve it."""
        key = (type_._kind_id, type_.data[0] or 0)  # the other half of its data is the translation unit
        found = self._memo.get(key)
        if found is None:
            found = self._memo[key] = self._convert(type_)
        return found

    def by_value(self, type_: NodeType) -> Type:
        """Return a type that is used by value behind the pointer it is declared with: kernel structs are read whole."""
        saved = self.limits["pointee"]
        self.limits["pointee"] = 1 << 20
        try:
            return self.convert(type_)
        finally:
            self.limits["pointee"] = saved

    def _convert(self, type_: NodeType) -> Type:
        spelling = type_.spelling
        names, base, align = self._resolve(type_)
        kind = base.kind
        match kind:
            case TypeKind.BOOL:
                return Scalar((*names, "_Bool"), Bits(8), "bool", False, align)
            case TypeKind.POINTER:
                return Pointer(spelling, self._pointee(base))
            case TypeKind.ENUM:
                return self._enum(base, names)
            case TypeKind.RECORD:
                return self._std_array(base) or self.record(base, spelling)
            case TypeKind.CONSTANTARRAY:
                return Array(self.convert(base.element_type), base.element_count, names)
            case TypeKind.INCOMPLETEARRAY:
                return Array(self.convert(base.element_type), None, names)
            case TypeKind.VARIABLEARRAY:
                return Array(self.convert(base.element_type), None, names)
            case TypeKind.LVALUEREFERENCE | TypeKind.RVALUEREFERENCE:
                return self.convert(base.get_pointee())  # an expression names what it refers to
            case TypeKind.VOID:
                return Opaque("void", "void")
            case TypeKind.FUNCTIONPROTO | TypeKind.FUNCTIONNOPROTO:
                return Opaque(spelling, "function")
            case TypeKind.INVALID:
                return Opaque(spelling or "?", "not declared")
        if kind in _INTEGERS:
            width, signed = _INTEGERS[kind]
            if width is Width.LONG and any(_SIXTY_FOUR.match(name) for name in names):
                width = Bits(64)  # `uint64_t` is a long where a long has 64 bits, and a long long elsewhere
            return Scalar((*names, _bare(base.spelling)), width, "char" if kind in _CHARS else "int", signed, align)
        if kind in _FLOATS:
            return Scalar((*names, _bare(base.spelling)), _FLOATS[kind], "float", True, align)
        return Opaque(spelling, "a type this front end does not model")

    def _resolve(self, type_: NodeType) -> tuple[tuple[str, ...], NodeType, Bits | None]:
        """Peel typedefs: their names in order, the type below, and an alignment one of them asked for."""
        names: list[str] = []
        align: Bits | None = None
        for _ in range(64):
            if type_._kind_id in _ATTRIBUTED:
                inner = type_.modified()
                type_ = inner if inner._kind_id else type_.get_canonical()
                continue
            match type_.kind:
                case TypeKind.ELABORATED:
                    type_ = type_.get_named_type()
                case TypeKind.TYPEDEF:
                    decl = type_.get_declaration()
                    names.append(decl.spelling)
                    if align is None and any(item.kind is CursorKind.ALIGNED_ATTR for item in attributes(decl)):
                        align = Bits(max(type_.get_align(), 1) * 8)
                    type_ = decl.underlying_typedef_type
                case TypeKind.UNEXPOSED | TypeKind.AUTO:
                    canonical = type_.get_canonical()
                    if canonical.kind in (TypeKind.UNEXPOSED, TypeKind.AUTO):
                        break
                    type_ = canonical
                case _:
                    break
        return tuple(names), type_, align

    def _std_array(self, type_: NodeType) -> Type | None:
        """C++: `std::array<T, N>` is laid out as the array it holds; None for any other class."""
        decl = type_.get_declaration()
        if decl.spelling != "array" or not self._places.is_stand_in(decl):
            return None
        return next((self.convert(field.type) for field in fields_of(type_)), None)

    def _pointee(self, pointer: NodeType) -> Type | None:
        inner = pointer.get_pointee()
        canonical = inner.get_canonical()
        if canonical.kind is TypeKind.RECORD:
            decl = canonical.get_declaration()
            if _definition_hash(decl) in self._open:
                return Opaque(inner.spelling, "behind a pointer to itself")
            if self._places.is_system(decl) and not self._is_small(decl, canonical):
                return Opaque(inner.spelling, "kernel type behind a pointer")
            return self.record(canonical, inner.spelling, behind_pointer=True)
        if canonical.kind in (TypeKind.FUNCTIONPROTO, TypeKind.FUNCTIONNOPROTO):
            return None
        return self.convert(inner)

    def _is_small(self, decl: Node, type_: NodeType) -> bool:
        """Whether a kernel's record is read behind a pointer. To lay one out, clang reads all that it holds from the
        precompiled header, so a long text answers first: 64 bytes are written with far less."""
        text = decl.extent
        if text.end_int_data - text.begin_int_data > _LONG_TEXT and self.limits["pointee"] == _MAX_SYSTEM_POINTEE:
            return False
        return bool(0 <= type_.get_size() <= self.limits["pointee"])

    def _enum(self, type_: NodeType, names: tuple[str, ...]) -> Type:
        decl = type_.get_declaration()
        if decl.kind is not CursorKind.ENUM_DECL:
            return Opaque(type_.spelling, "its declaration was not seen")
        scalar = self.convert(decl.enum_type)
        if not isinstance(scalar, Scalar):
            return Opaque(type_.spelling, "incomplete enum")
        tag = decl.spelling if not _unnamed(decl.spelling) else ""
        own = (*names, tag) if tag else names
        if self._places.is_system(decl):
            return Enum(own, scalar)
        constants = (item for item in children(decl) if item.kind is CursorKind.ENUM_CONSTANT_DECL)
        values = tuple((item.spelling, item.enum_value) for item in constants)
        return Enum(own, scalar, values, self._places.name_span(decl))

    def record(self, type_: NodeType, spelling: str, *, behind_pointer: bool = False) -> RecordDecl | Opaque:
        """Return the declaration of a struct or union type; Opaque while it is incomplete."""
        decl = type_.get_declaration()
        definition = decl.get_definition()
        if definition is None:
            return Opaque(spelling, "its definition was not seen")
        key = definition.hash
        if key in self._records:
            return self._records[key]
        if key in self._open:
            return Opaque(spelling, "contains itself")
        self._open.add(key)
        try:
            found = self._declare(definition, type_)
        finally:
            self._open.discard(key)
        self._records[key] = found
        return found

    def _declare(self, cursor: Node, type_: NodeType) -> RecordDecl | Opaque:
        if type_.get_size() < 0 or api().invalid(cursor):
            return Opaque(type_.spelling, "clang cannot lay it out")
        if self.errors and self.has_errors(cursor):
            return Opaque(type_.spelling, "its declaration has errors")
        if self.cxx and (why := _no_plain_struct(cursor, self._places)) is not None:
            return Opaque(type_.spelling, why)
        tag = cursor.spelling if not _unnamed(cursor.spelling) else ""
        typedefs = self._typedefs.get(cursor.hash, [])
        name = tag or (typedefs[0] if typedefs else "")
        kinds = {item.kind: item for item in attributes(cursor)}
        own = not self._places.is_system(cursor)
        fields = fields_of(type_)
        if own:
            members = tuple(self._member(field, own) for field in fields)
        else:
            fields, members = self._without_runs(fields)
        align = None
        if CursorKind.ALIGNED_ATTR in kinds:
            align = _aligned_value(kinds[CursorKind.ALIGNED_ATTR]) or Bits(type_.get_align() * 8)
        decl = RecordDecl(
            name=name,
            kind="union" if cursor.kind is CursorKind.UNION_DECL else "struct",
            members=members,
            language="c",
            codec=Codec.C,
            span=self._places.name_span(cursor) if tag else self._places.span(cursor),
            names=tuple(dict.fromkeys([item for item in (tag, *typedefs) if item])),
            packed=CursorKind.PACKED_ATTR in kinds,
            align=align,
            comment=(cursor.raw_comment or "") if own else "",
            attributes=tuple(self._words(cursor, own)),
        )
        return self._agree_with_clang(decl, type_, fields)

    def _words(self, cursor: Node, own: bool) -> Iterator[str]:
        if self.is_relocated(cursor):
            yield RELOCATED
        if own and self._places.is_conditional(cursor):
            yield CONDITIONAL

    def has_errors(self, cursor: Node) -> bool:
        """Clang drops a member of unknown type, and the rest would lie in the wrong place."""
        start, end = cursor.extent.start, cursor.extent.end
        name = start.file.name if start.file is not None else ""
        return any(path == name and start.offset <= offset <= end.offset for path, offset in self.errors)

    def _without_runs(self, fields: Sequence[Node]) -> tuple[list[Node], tuple[Member, ...]]:
        """Members of a header that BTF was written to, equal unnamed bit-fields in a row as one array: a struct with a
        page of its own (`bpf_ringbuf`) has 1,500 of them."""
        first: list[Node] = []
        members: list[Member] = []
        for key, run in groupby(fields, self._padding):
            items = list(run)
            if key is None:
                members.extend(self._member(field, own=False) for field in items)
                first.extend(items)
            else:
                members.append(Member("", Array(self._member_type(items[0].type), len(items))))
                first.append(items[0])
        return first, tuple(members)

    @staticmethod
    def _padding(field: Node) -> int | None:
        """The kind of an unnamed 64-bit field's type, None for any other member."""
        return None if field.get_bitfield_width() != 64 or field.spelling else int(field.type._kind_id)

    def _member(self, field: Node, own: bool) -> Member:
        name, bits = field.spelling, field.get_bitfield_width()
        width = Bits(bits) if bits >= 0 else None
        kinds = {item.kind: item for item in attributes(field)}
        align = None
        if CursorKind.ALIGNED_ATTR in kinds:
            align = _aligned_value(kinds[CursorKind.ALIGNED_ATTR])
        return Member(
            name="" if _unnamed(name) else name,
            type=self._member_type(field.type),
            span=self._places.name_span(field) if own else None,
            bit_width=width,
            align=align,
            packed=CursorKind.PACKED_ATTR in kinds,
        )

    def _member_type(self, type_: NodeType) -> Type:
        if type_.get_canonical().kind in (TypeKind.LVALUEREFERENCE, TypeKind.RVALUEREFERENCE):
            return Opaque(type_.spelling, "a reference")
        return self.convert(type_)

    def _agree_with_clang(self, decl: RecordDecl, type_: NodeType, fields: Sequence[Node]) -> RecordDecl:
        """Return `decl` such that our layout equals clang's: pragma pack is found, else clang's offsets are kept."""
        written = self._places.pack_at(type_.get_declaration())
        for pack in (written, None, 8, 16, 32, 64):
            packed = decl if pack is None else replace(decl, pack=Bits(pack))
            if self._matches(packed, type_, fields):
                return packed
        offsets = [Bits(max(int(api().field_offset(field)), 0)) for field in fields]
        members = tuple(
            replace(member, offset=offset) for member, offset in zip(decl.members, offsets, strict=True)
        )
        return replace(
            decl, members=members, size=Bits(type_.get_size() * 8), align=Bits(type_.get_align() * 8),
            attributes=(*decl.attributes, "offsets from clang"),
        )  # fmt: skip

    def _matches(self, decl: RecordDecl, type_: NodeType, fields: Sequence[Node]) -> bool:
        record = lay_out(decl, self._abi)
        if record.opaque is not None:
            return True
        if (record.size, record.align) != (type_.get_size() * 8, type_.get_align() * 8):
            return False
        placed = [pair for pair in zip(fields, decl.members, strict=True) if pair[1].bit_width != 0]
        return len(placed) == len(record.fields) and all(
            (member.bit_width is not None and not member.name)
            or api().field_offset(cursor) in (field.offset, -1)
            or not cursor.spelling
            for (cursor, member), field in zip(placed, record.fields, strict=True)
        )


def _definition_hash(decl: Node) -> int:
    definition = decl.get_definition()
    return int((definition or decl).hash)


def _unnamed(spelling: str) -> bool:
    return not spelling or "(unnamed" in spelling or "(anonymous" in spelling


def _no_plain_struct(cursor: Node, places: Places) -> str | None:
    """Why a C++ class is not laid out as C would: bases, virtual functions, or a stand-in for the library's."""
    for item in children(cursor):
        if item.kind is CursorKind.CXX_BASE_SPECIFIER:
            return "a class with a base"
        if item.kind in (CursorKind.CXX_METHOD, CursorKind.DESTRUCTOR) and item.is_virtual_method():
            return "a class with virtual functions"
    return "a class of the C++ library" if places.is_stand_in(cursor) else None


def _bare(spelling: str) -> str:
    return " ".join(word for word in spelling.split() if word not in ("const", "volatile", "restrict"))


def _aligned_value(attribute: Node) -> Bits | None:
    """The argument of `aligned(N)` in bits where it is a plain number; clang's offsets correct any other."""
    for item in children(attribute):
        value = constant(item)
        if isinstance(value, int):
            return Bits(value * 8)
    words = [token.spelling for token in attribute.get_tokens()][:4]
    if len(words) >= 3 and words[0].strip("_") == "aligned" and words[2].isdigit():
        return Bits(int(words[2]) * 8)
    return None
