"""Which two layouts meet, and why do we think so? Pairs with their evidence, and how they differ."""

from __future__ import annotations

import enum
from typing import Literal

from bpflint.model.data import dataclass
from bpflint.model.layout import Bits, Codec, Field, Record, Type
from bpflint.model.source import Span
from bpflint.model.unit import Role


class EvidenceKind(enum.IntEnum):
    """Why two types are one, strongest first (the number sorts)."""

    CONFIG = 0
    COMMENT = 1
    GENERATED = 2
    SAME_HEADER = 3
    MAP_USE = 4
    NAMED_IN_COMMENT = 5
    NAME = 6
    FIELDS = 7
    SIMILARITY = 8


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason, with the place that shows it."""

    kind: EvidenceKind
    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class PairSide:
    """One side of a pair: a type, the codec that turns bytes into it, and the place of the declaration or use."""

    path: str
    type: Type
    codec: Codec
    span: Span
    use: Span | None = None
    name: str = ""
    targets: tuple[str, ...] = ()
    """The user targets this side is built for; empty: all of them."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two declarations of the same bytes. `evidence` is sorted, strongest first."""

    bpf: PairSide
    user: PairSide
    role: Role
    evidence: tuple[Evidence, ...]
    map: str = ""
    byte_order: Literal["little", "big"] = "little"
    map_kind: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A field at its absolute place: dotted name, offset from the start of the outermost record, size in bits."""

    path: str
    offset: Bits
    size: Bits
    field: Field


class MismatchKind(enum.Enum):
    """How two layouts differ; each names the rule family member that reports it."""

    SIZE = "size"
    OFFSET = "offset"
    TYPE = "type"
    MISSING = "missing"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One difference of a pair for one target. Fields are None where a side has no counterpart."""

    kind: MismatchKind
    target: str
    bpf: Leaf | None
    user: Leaf | None
    bpf_path: str
    """Dotted name on the BPF side, "" for the whole record."""
    user_path: str
    detail: str


class Cause(enum.Enum):
    """The one change of a declaration that would make both sides agree, found by trying it."""

    NONE = ""
    PACKED = "packed"
    """One side is packed, the other is not."""
    PACKED_INNER = "packed-inner"
    """`packed` of the outer record does not reach a nested one."""
    INT128 = "int128"
    """`__int128` aligned to 16 bytes on one side and to 8 on the other."""
    PLATFORM_TYPE = "platform-type"
    """`long`, a pointer or `size_t`: the width depends on the target."""
    KERNEL_TYPE = "kernel-type"
    """A kernel type and its libc namesake have other widths (`dev_t`, `time_t`)."""
    U64_ALIGN = "u64-align"
    """A 64-bit integer aligned to 4 bytes on a 32-bit target."""
    PACK_LAYOUT = "pack-layout"
    """ctypes `_pack_` without `_layout_`: bitfields by Microsoft's rules."""
    GO_HOLES = "go-holes"
    """A Go struct with implicit holes, read or written by encoding/binary, which knows no holes."""
    NATIVE_FORMAT = "native-format"
    """A `struct` format with native sizes and alignment."""
    ENUM_TAG = "enum-tag"
    """A Rust enum keeps tag and payload in one struct, where C has the tag beside the union."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A pair laid out and compared for one target: both layouts and every difference, the telling ones first."""

    pair: Pair
    target: str
    bpf: Record | None
    user: Record | None
    bpf_size: Bits | None
    user_size: Bits | None
    mismatches: tuple[Mismatch, ...] = ()
    cause: Cause = Cause.NONE
    opaque: str | None = None
    """Why it could not be compared; then `mismatches` is empty and says nothing."""

    @property
    def leading(self) -> Mismatch | None:
        """The first difference: later ones usually follow from it."""
        return self.mismatches[0] if self.mismatches else None
