"""Where would a C compiler for BPF put the members, and what must be added so that it puts them where BTF says?

BTF records offsets but neither alignment nor packing. So the layout clang computes for `-target bpf` is worked out
here (8-byte pointers and `long`, `__int128` aligned to 16; a bitfield may not straddle a unit of its type unless
packed; unnamed bitfields do not align the record) and compared. A gap becomes unnamed bitfields, a member below its
natural place makes the record packed, and what C cannot say at all becomes an array of bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bpflint.btf import types as t
from bpflint.btf.errors import BtfError
from bpflint.btf.lookup import MAX_CHAIN, Types
from bpflint.model.data import dataclass

_VA_LIST: Final = "__builtin_va_list"


@dataclass(frozen=True, slots=True)
class Plan:
    """How to write one record: the padding in bits before each member, at the end, and its alignment in bits."""

    gaps: tuple[int, ...]
    starts: tuple[int, ...]
    """The bit at which each gap begins."""
    tail: int
    tail_start: int
    align: int
    packed: bool = False
    opaque: bool = False


class Layouts:
    """Plans for the records of one BTF; a record's members must be planned before the record itself."""

    def __init__(self, btf: Types) -> None:
        self._btf = btf
        self._plans: dict[int, Plan] = {}
        self._shapes: dict[int, tuple[int, int] | None] = {}
        self._narrow: dict[int, tuple[int, int]] = {}

    def plan(self, type_id: int) -> Plan:
        """Return how to write a struct or union so that clang lays it out as recorded."""
        found = self._plans.get(type_id)
        if found is None:
            record = self._btf.type(type_id)
            assert isinstance(record, t.Composite)
            found = self._plans[type_id] = self._place(record, False) or self._place(record, True) or _opaque(record)
        return found

    def shape(self, type_id: int) -> tuple[int, int] | None:
        """Return (size, alignment) in bits of the C type written for an id, None when it has none."""
        if type_id not in self._shapes:
            self._shapes[type_id] = self._shape(type_id)
        return self._shapes[type_id]

    def _shape(self, type_id: int) -> tuple[int, int] | None:
        count = 1
        for _ in range(MAX_CHAIN):
            if type_id == t.VOID:
                return None
            match self._btf.type(type_id):
                case t.Typedef(name=name) if name == _VA_LIST:
                    return count * 64, 64
                case t.Typedef(type=inner) | t.Qualifier(type=inner) | t.TypeTag(type=inner):
                    type_id = inner
                case t.Array(type=inner, length=length):
                    type_id, count = inner, count * length
                case t.Ptr():
                    return count * 64, 64
                case t.Int(size=size) | t.Float(size=size) | t.Enum(size=size) as scalar:
                    return count * size * 8, _scalar_align(scalar)
                case t.Composite(size=size):
                    return count * size * 8, self._plans[type_id].align if type_id in self._plans else 8
                case _:
                    return None
        raise BtfError(f"BTF: type {type_id} is an array or typedef of itself")

    def _place(self, record: t.Composite, packed: bool) -> Plan | None:
        """Lay the members out as clang would, with gaps where BTF leaves them; None when C cannot do it so."""
        union = record.keyword == "union"
        gaps, starts, here, most, align = [], [], 0, 0, 8
        for member in record.members:
            start = 0 if union else here
            placed = self._place_member(member, start, packed)
            if placed is None or (union and placed[0]):
                return None
            gap, here, member_align = placed
            gaps.append(gap)
            starts.append(start)
            most, align = max(most, here), max(align, member_align)
        total = record.size * 8
        if most > total or total % align:
            return None
        tail = total - most if total > -(-most // align) * align else 0
        return Plan(tuple(gaps), tuple(starts), tail, most, align, packed)

    def _place_member(self, member: t.Member, here: int, packed: bool) -> tuple[int, int, int] | None:
        """Return (gap before, end, alignment) of a member after bit `here`, None when it cannot stand there."""
        shape = self.shape(member.type)
        if shape is None:
            return None
        size, align = shape
        offset, width = self.place_of(member)
        if width:
            if not self._may_be_bitfield(member.type, width):
                return None
            fits = packed or offset % size + width <= size
            natural = here if packed or here % size + width <= size else -(-here // size) * size
            end, align = offset + width, 8 if packed else align
        else:
            align = 8 if packed else align
            fits = offset % align == 0
            natural, end = -(-here // align) * align, offset + size
        if offset < natural or not fits:
            return None
        return offset - here if offset > natural else 0, end, align

    def place_of(self, member: t.Member) -> tuple[int, int]:
        """Return (bit offset, bitfield width or 0) of a member, also where the old encoding hides them in its INT."""
        if member.bits:
            return member.offset, member.bits
        narrow = self._narrow.get(member.type)
        if narrow is None:
            inner = self._btf.resolve(member.type)
            found = self._btf.type(inner) if inner else None
            old = isinstance(found, t.Int) and (found.bits < found.size * 8 or found.bit_offset)
            narrow = (found.bit_offset, found.bits) if old and isinstance(found, t.Int) else (0, 0)
            self._narrow[member.type] = narrow
        return member.offset + narrow[0], narrow[1]

    def _may_be_bitfield(self, type_id: int, width: int) -> bool:
        inner = self._btf.resolve(type_id)
        match self._btf.type(inner) if inner else None:
            case t.Int(encoding=encoding, size=size):
                return size in (1, 2, 4, 8, 16) and width <= (1 if encoding & 4 else size * 8)
            case t.Enum(size=size):
                return width <= size * 8
            case _:
                return False


def padding(start: int, count: int) -> Iterator[int]:
    """Yield the widths of unnamed `long` bitfields that fill `count` bits from bit `start`.

    None crosses a 64-bit unit, so each lands where the one before ended.
    """
    while count > 0:
        width = min(count, 64 - start % 64)
        yield width
        start, count = start + width, count - width


def _scalar_align(scalar: t.Int | t.Float | t.Enum) -> int:
    plain = (4, 8) if isinstance(scalar, t.Float) else (1, 2, 4, 8, 16)
    return scalar.size * 8 if scalar.size in plain else 8


def _opaque(record: t.Composite) -> Plan:
    return Plan((), (), 0, 0, 8, opaque=True)
