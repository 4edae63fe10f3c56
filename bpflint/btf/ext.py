"""Which functions, source lines and relocations does .BTF.ext name? Read record by record, checked against bounds.

Facts: Documentation/bpf/btf.rst, "BTF.ext section". Each of the three parts begins with its record size, which may
be larger than the fields known here; then, for each code section, its name, a count, and that many records.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from bpflint.btf.errors import BtfError
from bpflint.btf.reader import Btf
from bpflint.btf.wire import byte_order_of
from bpflint.model.data import dataclass

MAX_TEXT: Final = 32 << 20
"""Most characters of file names and source lines read from one section."""

CORE_KINDS: Final = (
    "field_byte_offset", "field_byte_size", "field_exists", "field_signed", "field_lshift_u64",
    "field_rshift_u64", "local_type_id", "target_type_id", "type_exists", "type_size", "enumval_exists",
    "enumval_value", "type_matches",
)  # fmt: skip
"""Names of the relocation kinds by number (enum bpf_core_relo_kind)."""


class FuncInfo(NamedTuple):
    """A function: its code section, byte offset in it, and the id of its FUNC."""

    section: str
    offset: int
    type: int


class LineInfo(NamedTuple):
    """The source place of an instruction: lines and columns from 1, column 0 unknown; `text` is the line itself."""

    section: str
    offset: int
    file: str
    text: str
    line: int
    column: int


class CoreRelo(NamedTuple):
    """A CO-RE relocation at an instruction: root type id, access path such as "0:1:2", and kind number."""

    section: str
    offset: int
    type: int
    access: str
    kind: int


@dataclass(frozen=True, slots=True)
class BtfExt:
    """The three parts of one .BTF.ext section; instruction offsets in bytes from the start of their section."""

    functions: tuple[FuncInfo, ...] = ()
    lines: tuple[LineInfo, ...] = ()
    relocations: tuple[CoreRelo, ...] = ()


def read_ext(data: bytes, btf: Btf) -> BtfExt:
    """Return what a .BTF.ext section says; names come from `btf`. BtfError where bytes make no sense."""
    if byte_order_of(data) != btf.byte_order or len(data) < 24:
        raise BtfError("BTF.ext: too short, or its byte order is not that of .BTF")
    mark = "<" if btf.byte_order == "little" else ">"
    version, flags, header = struct.unpack_from(f"{mark}2xBBI", data)
    if version != 1 or flags != 0 or not 24 <= header <= len(data):
        raise BtfError(f"BTF.ext: version {version}, flags {flags:#x}, header of {header} bytes")
    bounds = struct.unpack_from(f"{mark}{6 if header >= 32 else 4}I", data, 8)
    parts = [_part(data, header, bounds[i], bounds[i + 1]) for i in range(0, len(bounds), 2)]
    relocations = _records(parts[2], mark, 4, btf) if len(parts) > 2 else iter(())
    room = MAX_TEXT

    def text(offset: int) -> str:
        nonlocal room
        found = btf.string(offset)
        room -= len(found)
        if room < 0:
            raise BtfError(f"BTF.ext: more than {MAX_TEXT} characters of source lines")
        return found

    return BtfExt(
        tuple(FuncInfo(s, at, i) for s, (at, i) in _records(parts[0], mark, 2, btf)),
        tuple(
            LineInfo(s, at, text(file), text(line), place >> 10, place & 0x3FF)
            for s, (at, file, line, place) in _records(parts[1], mark, 4, btf)
        ),
        tuple(CoreRelo(s, at, i, text(path), kind) for s, (at, i, path, kind) in relocations),
    )


def _part(data: bytes, header: int, offset: int, length: int) -> bytes:
    start = header + offset
    if start + length > len(data) or offset % 4 or length % 4:
        raise BtfError(f"BTF.ext: a part {start}+{length} leaves the section of {len(data)} bytes")
    return data[start : start + length]


def _records(part: bytes, mark: str, fields: int, btf: Btf) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield (code section, known fields) of each record of a part."""
    if not part:
        return
    (size,) = struct.unpack_from(f"{mark}I", part)
    if size < fields * 4 or size % 4:
        raise BtfError(f"BTF.ext: records of {size} bytes, at least {fields * 4} are needed")
    at = 4
    while at < len(part):
        if at + 8 > len(part):
            raise BtfError("BTF.ext: a section header is cut off")
        name, count = struct.unpack_from(f"{mark}II", part, at)
        at += 8
        if count == 0 or at + count * size > len(part):
            raise BtfError(f"BTF.ext: {count} records of {size} bytes in {len(part) - at}")
        section = btf.string(name)
        for place in range(at, at + count * size, size):
            yield section, struct.unpack_from(f"{mark}{fields}I", part, place)
        at += count * size
