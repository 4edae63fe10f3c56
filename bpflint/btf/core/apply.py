"""What does libbpf do to the instruction of a relocation? Another number in it, or an invalid call in its place.

Source: bpf_core_patch_insn (relo_core.c); include/uapi/linux/bpf.h for the layout of an instruction.
"""

from __future__ import annotations

import struct
from typing import Final, Literal, NamedTuple

from bpflint.btf.core.resolve import Resolution
from bpflint.btf.core.value import Value
from bpflint.btf.wire import ByteOrder

_LDIMM64: Final = 0x18
_SIZES: Final = {0x18: 8, 0x00: 4, 0x08: 2, 0x10: 1}
_MASK: Final = (1 << 64) - 1


class Applied(NamedTuple):
    """What became of the instruction: another number, an invalid one, or (`refused`) no object at all."""

    state: Literal["patched", "poisoned", "refused"]
    number: int = 0
    width: int = 0
    """Size of the memory access where libbpf changes it, else 0."""


REFUSED: Final = Applied("refused")
POISONED: Final = Applied("poisoned")


def apply(found: Resolution, code: bytes, order: ByteOrder) -> Applied:
    """Return what happens to the instruction that `code` begins with (16 bytes where it is a 64-bit constant)."""
    if found.fatal or len(code) < 8:
        return REFUSED
    mark = "<" if order == "little" else ">"
    opcode, registers, offset, constant = struct.unpack_from(f"{mark}BBhi", code)
    match opcode & 7:
        case 4 | 7 if not opcode & 8:
            return _number(found, constant)
        case 1 | 2 | 3:
            return _access(found, opcode, offset)
        case 0 if opcode == _LDIMM64:
            source = registers >> 4 if order == "little" else registers & 15
            return _wide(found, code, mark, source or offset)
    return REFUSED


def _number(found: Resolution, there: int) -> Applied:
    if found.before is None or found.after is None:
        return POISONED
    if found.before.checked and there & _MASK != found.before.number & _MASK:
        return REFUSED
    return Applied("patched", found.after.number & _MASK)


def _wide(found: Resolution, code: bytes, mark: str, more: int) -> Applied:
    if len(code) < 16 or more or code[8:12] != bytes(4):
        return REFUSED
    (low,), (high,) = struct.unpack_from(f"{mark}I", code, 4), struct.unpack_from(f"{mark}I", code, 12)
    return _number(found, high << 32 | low)


def _access(found: Resolution, opcode: int, offset: int) -> Applied:
    before, after = found.before, found.after
    if before is None or after is None:
        return POISONED
    if (before.checked and offset != before.number) or after.number > 0x7FFF:
        return REFUSED
    if found.unfit:
        return POISONED
    if before.size == after.size:
        return Applied("patched", after.number)
    return _resized(before, after, opcode)


def _resized(before: Value, after: Value, opcode: int) -> Applied:
    if _SIZES[opcode & 0x18] != before.size or after.size not in _SIZES.values():
        return REFUSED
    return Applied("patched", after.number, after.size)
