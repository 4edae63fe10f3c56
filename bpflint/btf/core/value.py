"""Which number does a relocation stand for, given the path in one BTF?

Source: bpf_core_calc_field_relo, bpf_core_calc_type_relo and bpf_core_calc_enumval_relo (relo_core.c).
"""

from __future__ import annotations

from typing import NamedTuple

from bpflint.btf import types as t
from bpflint.btf.core.side import Refused, Side
from bpflint.btf.core.spec import FIELD_KINDS, TYPE_KINDS, Spec


class Value(NamedTuple):
    """A number for an instruction; for the offset of a whole field also that field's type and size in bytes."""

    number: int
    type: int = 0
    size: int = 0
    checked: bool = True
    """Whether the compiler must have put the same number there."""


def value_of(side: Side, spec: Spec | None, kind: str) -> Value | None:
    """Return the number, None when the instruction cannot stand; `spec` None when nothing was found."""
    if kind in ("field_exists", "enumval_exists", "type_exists", "type_matches"):
        return Value(int(spec is not None))
    if spec is None:
        return Value(0) if kind in TYPE_KINDS else None
    if kind in FIELD_KINDS:
        return _field(side, spec, kind)
    if kind == "type_size":
        return Value(side.size(spec.root))
    if kind in TYPE_KINDS:
        return Value(spec.root, checked=False)
    values = side.type(spec.accessors[0].type)
    assert isinstance(values, t.Enum)
    number = values.values[spec.accessors[0].number].value
    # 32 bits are always sign-extended: compilers before clang 15 did not record the sign
    return Value(number if values.wide else (number + (1 << 31)) % (1 << 32) - (1 << 31))


def _field(side: Side, spec: Spec, kind: str) -> Value:
    last = spec.accessors[-1]
    record = side.type(last.type)
    if last.name and isinstance(record, t.Composite):
        member = record.members[last.number]
        return _bits(side, spec, kind, member) if member.bits else _whole(side, spec, kind, member.type)
    size = side.size(last.type)
    match kind:
        case "field_byte_offset":
            return Value(spec.bit_offset // 8, last.type, size)
        case "field_byte_size":
            return Value(size)
    raise Refused(f"{kind} of an array's element")


def _whole(side: Side, spec: Spec, kind: str, type_id: int) -> Value:
    type_id, one = side.bare(type_id)
    size, start = side.size(type_id), spec.bit_offset // 8
    match kind:
        case "field_byte_offset":
            return Value(start, type_id, size)
        case "field_byte_size":
            return Value(size)
        case "field_signed":
            return Value(int(signed(one)))
        case "field_lshift_u64":
            return Value(_left(side, spec.bit_offset, size * 8, start, size))
    return Value(64 - size * 8 & 0xFFFFFFFF)


def _bits(side: Side, spec: Spec, kind: str, member: t.Member) -> Value:
    """A bitfield: the smallest aligned load that holds all of it. The compiler may have chosen another."""
    _, one = side.bare(member.type)
    if not isinstance(one, t.Int | t.Enum):
        raise Refused("a bitfield of what is no number")
    size = one.size
    start = spec.bit_offset // 8 // size * size
    while spec.bit_offset + member.bits - start * 8 > size * 8:
        if size >= 8:
            raise Refused("a bitfield that no 64-bit load holds")
        size *= 2
        start = spec.bit_offset // 8 // size * size
    match kind:
        case "field_byte_offset":
            return Value(start, checked=False)
        case "field_byte_size":
            return Value(size, checked=False)
        case "field_signed":
            return Value(int(signed(one)))
        case "field_lshift_u64":
            return Value(_left(side, spec.bit_offset, member.bits, start, size), checked=False)
    return Value(64 - member.bits)


def _left(side: Side, bit_offset: int, bits: int, start: int, size: int) -> int:
    """The shift that puts a field's highest bit at the top of 64; computed in 32 bits, so it wraps above 8 bytes."""
    if side.btf.byte_order == "little":
        shift = 64 - (bit_offset + bits - start * 8)
    else:
        shift = (8 - size) * 8 + (bit_offset - start * 8)
    return shift & 0xFFFFFFFF


def signed(one: t.BtfType | None) -> bool:
    """Tell whether a number is signed; for what is no number, no (libbpf before 1.5 read chance bytes there)."""
    return isinstance(one, t.Int | t.Enum) and one.signed
