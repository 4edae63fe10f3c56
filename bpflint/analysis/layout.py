"""Which bytes does a declaration take on one target? The layout algorithms, one for each codec."""

from __future__ import annotations

from bpflint.model.data import dataclass
from bpflint.model.layout import (
    Abi,
    Array,
    Bits,
    Codec,
    Enum,
    Field,
    Member,
    Opaque,
    Pointer,
    Record,
    RecordDecl,
    Scalar,
    Type,
    Width,
)  # fmt: skip

_MAX_DEPTH = 64
"""Nesting past this is no program's; a front end that builds a cycle must not hang us."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Size and alignment of a type in bits, the nested layout if it has one, and why it is unknown."""

    size: Bits
    align: Bits
    record: Record | None = None
    opaque: str | None = None


def lay_out(decl: RecordDecl, abi: Abi, codec: Codec | None = None) -> Record:
    """Return the layout of `decl` for `abi` under `codec` (its own where None)."""
    return _lay_out(decl, abi, codec or decl.codec, 0)


def size_of_type(type_: Type, abi: Abi, codec: Codec = Codec.C) -> Bits | None:
    """Return the size of any type in bits; None where it cannot be told."""
    shape = shape_of(type_, abi, codec)
    return None if shape.opaque else shape.size


def shape_of(type_: Type, abi: Abi, codec: Codec, depth: int = 0) -> Shape:
    """Return size, alignment and nested layout of a type."""
    if depth > _MAX_DEPTH:
        return Shape(Bits(0), Bits(8), opaque="nested deeper than 64 levels")
    match type_:
        case Scalar():
            return _scalar(type_, abi, codec)
        case Pointer():
            return Shape(abi.pointer, _packed_or(codec, abi.pointer))
        case Enum():
            return _scalar(type_.scalar, abi, codec)
        case Array(element=element, length=length):
            shape = shape_of(element, abi, codec, depth + 1)
            return Shape(Bits(shape.size * (length or 0)), shape.align, shape.record, shape.opaque)
        case RecordDecl():
            record = _lay_out(type_, abi, _nested_codec(type_, codec), depth + 1)
            return Shape(record.size, record.align, record, record.opaque)
        case Opaque(spelling=spelling, reason=reason):
            return Shape(Bits(0), Bits(8), opaque=f"{spelling}: {reason}")


def _nested_codec(decl: RecordDecl, outer: Codec) -> Codec:
    """An explicit layout (BTF, struct format, numpy) keeps its own offsets inside any other."""
    return decl.codec if decl.codec in (Codec.BTF, Codec.STRUCT, Codec.NUMPY, Codec.RUST) else outer


def _packed_or(codec: Codec, align: Bits) -> Bits:
    return Bits(8) if codec is Codec.GO_PACKED else align


def _scalar(scalar: Scalar, abi: Abi, codec: Codec) -> Shape:
    size = _width(scalar, abi, codec)
    if size is None:
        return Shape(Bits(0), Bits(8), opaque=f"{scalar.name}: {abi.name} has no such type")
    if scalar.align is not None:
        return Shape(size, scalar.align)
    return Shape(size, _packed_or(codec, _natural_align(scalar, size, abi, codec)))


def _width(scalar: Scalar, abi: Abi, codec: Codec) -> Bits | None:
    match scalar.width:
        case Width.LONG:
            return abi.long
        case Width.POINTER:
            return abi.pointer
        case Width.INT128:
            return Bits(128) if abi.int128_align is not None or codec is not Codec.C else None
        case Width.LONG_DOUBLE:
            return Bits(96) if abi.name == "i386" else Bits(64) if abi.name == "arm" else Bits(128)
        case Width.WCHAR:
            return abi.wchar
        case width:
            return width


def _natural_align(scalar: Scalar, size: Bits, abi: Abi, codec: Codec) -> Bits:
    if scalar.width is Width.INT128 or size == 128:
        if scalar.width is Width.LONG_DOUBLE:
            return Bits(64) if abi.name == "s390x" else Bits(128)
        if codec is Codec.RUST_C and abi.name == "i386":
            return Bits(128)  # rustc's data layout says i128:128 there since 1.77, where C has no such type
        return abi.int128_align or Bits(64)
    if scalar.width is Width.LONG_DOUBLE:
        return Bits(32) if abi.name == "i386" else Bits(64)
    if size == 64:
        return abi.go_align_u64 if codec is Codec.GO else abi.align_u64
    return Bits(max(size, 8))


def _lay_out(decl: RecordDecl, abi: Abi, codec: Codec, depth: int) -> Record:
    if codec is Codec.RUST:
        return Record(decl, abi.name, codec, Bits(0), Bits(8), (), opaque="repr(Rust): the compiler may reorder")
    layout = _Layout(decl, abi, codec)
    for member in decl.members:
        layout.add(member, depth)
    return layout.finish()


class _Layout:
    """Places the members of one record one after the other."""

    def __init__(self, decl: RecordDecl, abi: Abi, codec: Codec) -> None:
        self.decl, self.abi, self.codec = decl, abi, codec
        self.fields: list[Field] = []
        self.end = 0
        self.align = 8
        self.opaque: str | None = None
        self.unit = 0  # bits left (ms) or taken (legacy ctypes) in the open storage unit
        self.unit_size = 0
        self.last_size = 0

    def add(self, member: Member, depth: int) -> None:
        shape = shape_of(member.type, self.abi, self.codec, depth)
        if shape.opaque and self.opaque is None:
            self.opaque = f"{member.name}: {shape.opaque}" if member.name else shape.opaque
        if member.bit_width is None:
            self.last_size = shape.size
            self._place(member, shape, self._aligned(member, shape))
            self.unit = 0
        elif self.decl.ms_bitfields:
            self._ms_bitfield(member, shape)
        elif "legacy-bitfields" in self.decl.attributes:
            self._legacy_bitfield(member, shape)
        else:
            self._bitfield(member, shape)

    def _member_align(self, member: Member, shape: Shape) -> int:
        if self.codec is Codec.GO_PACKED:
            return 8
        # GCC manual, "Common Type Attributes": packed lowers to one byte, an aligned on the member raises again,
        # and #pragma pack caps both.
        align = 8 if member.packed or self.decl.packed else int(shape.align)
        if member.align is not None:
            align = max(align, member.align)
        if self.decl.pack is not None:
            align = min(align, self.decl.pack)
        return align

    def _aligned(self, member: Member, shape: Shape) -> int:
        align = self._member_align(member, shape)
        self.align = max(self.align, align)
        if member.offset is not None:
            return member.offset
        start = 0 if self.decl.kind == "union" else self.end
        return -(-start // align) * align

    def _place(self, member: Member, shape: Shape, start: int, width: int | None = None) -> None:
        size = shape.size if width is None else width
        self.fields.append(
            Field(member.name, member.type, Bits(start), Bits(size), member.span, shape.record, width is not None)
        )
        self.end = max(self.end, start + size)

    def _bitfield(self, member: Member, shape: Shape) -> None:
        """Place a bitfield by the System V rule, as clang does (RecordLayoutBuilder, LayoutBitField).

        It may not cross a boundary of its own type, counted from a multiple of the type's alignment (i386: u64 in
        32-bit steps); `packed` and any `#pragma pack` lift that; width 0 closes the unit even then.
        """
        width = int(member.bit_width or 0)
        start = member.offset if member.offset is not None else 0 if self.decl.kind == "union" else self.end
        align = self._bitfield_align(member, shape, width)
        if member.offset is None:
            crosses = self.decl.pack is None and start % align + width > shape.size
            if width == 0 or crosses:
                start = -(-start // align) * align
            elif member.align is not None and (self.decl.pack is None or member.align <= self.decl.pack):
                start = -(-start // member.align) * member.align
        if member.name or _zero_width_aligns(self.abi):
            self.align = max(self.align, align)
        if width:
            self._place(member, shape, start, width)
        elif self.decl.kind == "struct":
            self.end = max(self.end, start)

    def _bitfield_align(self, member: Member, shape: Shape, width: int) -> int:
        packed = (member.packed or self.decl.packed or self.codec is Codec.GO_PACKED) and width > 0
        natural = max(int(shape.align), member.align or 0)
        align = max(1, member.align or 0) if packed else natural
        if self.decl.pack is not None and width:
            align = min(natural if packed else align, self.decl.pack)
        return align

    def _ms_bitfield(self, member: Member, shape: Shape) -> None:
        """Microsoft rule: bitfields share a unit only while the declared size stays equal."""
        width, size = int(member.bit_width or 0), int(shape.size)
        if self.decl.kind == "union":
            self._place(member, shape, self._aligned(member, shape), width)
            self.end = max(self.end, size)
            return
        if not (self.unit and self.unit_size == size and width <= self.unit):
            start = self._aligned(member, shape)
            self.unit, self.unit_size = size, size
            self.end = start + size
        at = self.end - self.unit
        self.fields.append(Field(member.name, member.type, Bits(at), Bits(width), member.span, None, True))
        self.unit -= width

    def _legacy_bitfield(self, member: Member, shape: Shape) -> None:
        """ctypes before Python 3.14 (Modules/_ctypes/cfield.c): a unit goes on while the bits fit, and may grow."""
        width, size = int(member.bit_width or 0), int(shape.size)
        if self.decl.kind == "union" or not (self.unit and self._continues(width, size)):
            start = self._aligned(member, shape)
            self.unit, self.unit_size = 0, size
            self.end = max(self.end, start + size) if self.decl.kind == "union" else start + size
        elif size > self.unit_size:
            self.end += size - self.unit_size
            self.unit_size = size
        at = 0 if self.decl.kind == "union" else self.end - size + self.unit
        self.fields.append(Field(member.name, member.type, Bits(at), Bits(width), member.span, None, True))
        self.unit += width

    def _continues(self, width: int, size: int) -> bool:
        fits = size <= self.unit_size and self.unit + width <= self.unit_size
        return fits or (size >= self.unit_size and self.unit + width <= size)

    def finish(self) -> Record:
        decl = self.decl
        align = max(self.align, decl.align or 8)
        size = -(-self.end // align) * align
        if self.codec is Codec.GO_PACKED:
            align, size = 8, self.end
        elif self.codec is Codec.STRUCT:  # Python library reference, struct: no padding after the last item
            size = self.end
        elif self.codec is Codec.GO and self.last_size == 0 and self.fields and self.end:
            # gc pads a final zero-size field so that its address stays inside the object (cmd/compile types/size.go)
            size = -(-(self.end + 8) // align) * align
        if decl.size is not None:
            size = decl.size
        return Record(decl, self.abi.name, self.codec, Bits(size), Bits(align), tuple(self.fields), self.opaque)


def _zero_width_aligns(abi: Abi) -> bool:
    """AAPCS: an unnamed or zero-width bitfield raises the record's alignment on arm and arm64 (AAPCS64 10.1.8)."""
    return abi.name in ("arm", "arm64")
