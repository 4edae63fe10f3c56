"""What is in an ELF object: its byte order, sections and symbols, as plain bytes and numbers."""

from __future__ import annotations

import io
from collections.abc import Iterator

from elftools.common.exceptions import ELFError
from elftools.construct import ConstructError
from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from bpflint.model.data import dataclass
from bpflint.model.errors import FrontEndError
from bpflint.model.layout import ByteOrder

_DAMAGE = (
    ELFError, ConstructError, ValueError, AttributeError, TypeError, KeyError, IndexError, OverflowError, MemoryError,
)  # fmt: skip
"""What pyelftools 0.32 raises on damaged files, found by cutting and flipping bytes of real objects."""
_MAX_SECTIONS = 20_000
_MAX_SYMBOLS = 200_000


@dataclass(frozen=True, slots=True)
class Section:
    """A section with its contents; `code` when it holds instructions."""

    name: str
    data: bytes
    code: bool


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol: offset in its section and size, in bytes."""

    name: str
    section: str
    offset: int
    size: int
    kind: str
    """pyelftools' word: STT_FUNC, STT_OBJECT."""
    exported: bool


@dataclass(frozen=True, slots=True)
class Object:
    """An ELF object as far as BPF needs it."""

    byte_order: ByteOrder
    sections: tuple[Section, ...]
    symbols: tuple[Symbol, ...]

    def data(self, name: str) -> bytes:
        """Return a section's bytes, empty where there is none of that name."""
        return next((section.data for section in self.sections if section.name == name), b"")


def read_object(data: bytes, path: str) -> Object:
    """Return an object's sections and symbols; FrontEndError, one line, when the file is cut off or damaged."""
    try:
        elf = ELFFile(io.BytesIO(data))
        if elf.num_sections() > _MAX_SECTIONS:
            raise FrontEndError(f"{path}: damaged ELF file: {elf.num_sections()} sections")
        sections = tuple(_sections(elf, data, path))
        names = [section.name for section in sections]
        symbols = tuple(_symbols(elf, names, path))
        return Object("little" if elf.little_endian else "big", sections, symbols)
    except _DAMAGE as error:
        text = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise FrontEndError(f"{path}: damaged ELF file: {text}") from error


def _sections(elf: ELFFile, data: bytes, path: str) -> Iterator[Section]:
    for section in elf.iter_sections():
        empty = section["sh_type"] in ("SHT_NOBITS", "SHT_NULL")
        start, end = section["sh_offset"], section["sh_offset"] + section["sh_size"]
        if not empty and end > len(data):
            raise FrontEndError(f"{path}: cut off: section {section.name!r} ends after the file's {len(data)} bytes")
        # debug information is most of an object and says nothing that BTF does not
        wanted = not empty and not section.name.startswith((".debug", ".rel"))
        code = bool(section["sh_flags"] & SH_FLAGS.SHF_EXECINSTR)
        # the bytes as they stand: pyelftools' data() would inflate what a damaged flag calls compressed
        yield Section(section.name, data[start:end] if wanted else b"", code)


def _symbols(elf: ELFFile, names: list[str], path: str) -> Iterator[Symbol]:
    table = next((s for s in elf.iter_sections() if isinstance(s, SymbolTableSection)), None)
    if table is None:
        return
    if table.num_symbols() > _MAX_SYMBOLS:
        raise FrontEndError(f"{path}: damaged ELF file: {table.num_symbols()} symbols")
    for symbol in table.iter_symbols():
        index = symbol["st_shndx"]
        if isinstance(index, int) and 0 < index < len(names) and symbol.name:
            info = symbol["st_info"]
            exported = info["bind"] in ("STB_GLOBAL", "STB_WEAK")
            yield Symbol(symbol.name, names[index], symbol["st_value"], symbol["st_size"], info["type"], exported)
