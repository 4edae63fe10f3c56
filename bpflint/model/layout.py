"""What bytes does a declared type take? Declarations without an ABI, and the layouts made from them for one ABI.

A front end writes *declarations* (`Type`, `RecordDecl`): `long` stays `long`. `analysis.layout` turns one into a
`Record` for an `Abi` and a `Codec`. Sizes, offsets and alignments are in bits and typed `Bits` throughout the model.
"""

from __future__ import annotations

import enum
from typing import Literal, NewType

from bpflint.model.data import dataclass
from bpflint.model.source import Span

Bits = NewType("Bits", int)
Language = Literal["c", "python", "go", "rust", "object"]
ByteOrder = Literal["little", "big"]


class Width(enum.Enum):
    """A width that only an ABI can tell."""

    LONG = "long"
    POINTER = "pointer"
    """Pointers, `size_t`, `uintptr_t`; Go's `int` and `uint`; Rust's `usize`."""
    INT128 = "int128"
    LONG_DOUBLE = "long double"
    WCHAR = "wchar_t"


class Codec(enum.Enum):
    """How bytes become a value of the user's type; it decides the layout (DESIGN section 4)."""

    C = "c"
    GO = "go"
    GO_PACKED = "go-packed"
    """encoding/binary and cilium/ebpf's fallback: no padding, blank fields counted."""
    RUST_C = "rust-c"
    RUST = "rust"
    """Plain `repr(Rust)`: the compiler may reorder, so nothing can be said of its offsets."""
    CTYPES = "ctypes"
    STRUCT = "struct"
    """A Python `struct` format: its fields carry explicit offsets."""
    NUMPY = "numpy"
    BTF = "btf"
    """Read from a compiled object: its fields carry explicit offsets."""
    HAND = "hand"
    """Slices with constant bounds."""


@dataclass(frozen=True, slots=True)
class Abi:
    """What one target decides about layouts. Sizes and alignments in bits."""

    name: str
    byte_order: ByteOrder
    pointer: Bits
    long: Bits
    align_u64: Bits
    """Alignment of a 64-bit integer or double inside a struct (32 on i386; psABI i386, 2.1.1)."""
    int128_align: Bits | None
    """Alignment of `__int128`; None where the compiler has no such type."""
    char_signed: bool
    wchar: Bits = Bits(32)
    go_align_u64: Bits = Bits(64)
    """Alignment of a 64-bit integer by Go's gc compiler (32 on 386 and arm)."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """An integer, float, bool or char.

    `names` is the chain of type names from the spelled one to the canonical one (`("__be32", "__u32", "unsigned
    int")`), so byte-order typedefs stay visible. `width` is in bits or symbolic.
    """

    names: tuple[str, ...]
    width: Bits | Width
    kind: Literal["int", "float", "bool", "char"] = "int"
    signed: bool | None = False
    """None: as the ABI's plain `char`."""
    align: Bits | None = None
    """Alignment asked for by a typedef's attribute, in bits."""
    order: ByteOrder | None = None
    """A byte order that the declaration itself fixes (`>I`, BigEndianStructure, a numpy dtype)."""

    @property
    def name(self) -> str:
        """The name as it was spelled."""
        return self.names[0]


@dataclass(frozen=True, slots=True)
class Pointer:
    """A pointer; what it points to is kept as a type where the front end knew it one level down."""

    spelling: str
    pointee: Type | None = None


@dataclass(frozen=True, slots=True)
class Array:
    """An array; `length` None is a flexible array member."""

    element: Type
    length: int | None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Enum:
    """An enumeration with the integer that holds it."""

    names: tuple[str, ...]
    scalar: Scalar
    values: tuple[tuple[str, int], ...] = ()
    span: Span | None = None

    @property
    def name(self) -> str:
        """The name as it was spelled; empty for an anonymous enum."""
        return self.names[0] if self.names else ""


@dataclass(frozen=True, slots=True)
class Opaque:
    """A type whose bytes could not be resolved; rules are silent on it."""

    spelling: str
    reason: str


@dataclass(frozen=True, slots=True)
class Member:
    """One declared member. `bit_width` marks a bitfield; `offset` is given only where the source fixes it."""

    name: str
    type: Type
    span: Span | None = None
    bit_width: Bits | None = None
    align: Bits | None = None
    packed: bool = False
    offset: Bits | None = None
    tag: str = ""
    """A Go struct tag as it was written, without its quotes."""


CONDITIONAL = "conditional"
"""An attribute of a C record: `#if` stands between its braces, and another build has other members."""


@dataclass(frozen=True, slots=True, eq=False)
class RecordDecl:
    """A struct or union as one front end read it. `name` is the tag, or the typedef of an anonymous one."""

    name: str
    kind: Literal["struct", "union"]
    members: tuple[Member, ...]
    language: Language
    codec: Codec
    span: Span | None = None
    names: tuple[str, ...] = ()
    """Every name it goes by: tag and typedefs."""
    packed: bool = False
    pack: Bits | None = None
    """`#pragma pack` or ctypes `_pack_`: no member is aligned to more."""
    align: Bits | None = None
    size: Bits | None = None
    """Given only where the source fixes it (BTF, numpy `itemsize`)."""
    ms_bitfields: bool = False
    order: ByteOrder | None = None
    comment: str = ""
    """The comment right above it: it may name or paste the type of the other side."""
    attributes: tuple[str, ...] = ()
    """Words of the declaration a rule may ask for, e.g. `_pack_`, `_layout_`, `BigEndianStructure`."""

    def key(self) -> tuple[object, ...]:
        """Return what makes two declarations the same one: name, kind and place."""
        return (self.name, self.kind, self.span)


Type = Scalar | Pointer | Array | Enum | RecordDecl | Opaque


@dataclass(frozen=True, slots=True)
class Field:
    """A laid-out member: offset from the start of the record it belongs to and size, both in bits."""

    name: str
    type: Type
    offset: Bits
    size: Bits
    span: Span | None = None
    record: Record | None = None
    """The layout of a nested struct or union, or of an array's element that is one."""
    bitfield: bool = False

    @property
    def end(self) -> Bits:
        """The first bit after the field."""
        return Bits(self.offset + self.size)


@dataclass(frozen=True, slots=True)
class Record:
    """A record laid out for one ABI under one codec. `size` and `align` are in bits."""

    decl: RecordDecl
    target: str
    codec: Codec
    size: Bits
    align: Bits
    fields: tuple[Field, ...]
    opaque: str | None = None
    """Why some bytes could not be resolved; then sizes and later offsets mean nothing."""

    @property
    def name(self) -> str:
        """The declared name."""
        return self.decl.name


def bytes_to_bits(count: int) -> Bits:
    """Return `count` bytes as bits."""
    return Bits(count * 8)


def show_bytes(bits: int) -> str:
    """Return a size or offset for people: `12`, or `12.3` (byte.bit) where it does not fall on a byte."""
    whole, rest = divmod(bits, 8)
    return str(whole) if rest == 0 else f"{whole}.{rest}"


def in_bytes(bits: int) -> str:
    """Return a size for people with its unit: `1 byte`, `12 bytes`."""
    return f"{show_bytes(bits)} byte{'' if bits == 8 else 's'}"
