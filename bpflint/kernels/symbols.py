"""Which functions has a compiled object, and where? Its symbol table, by section."""

from __future__ import annotations

import io

from bpflint.model.data import dataclass
from bpflint.model.errors import BpflintError

_DAMAGE = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A function: its name, its section, and its offset and size there in bytes."""

    name: str
    section: str
    offset: int
    size: int


def functions(data: bytes) -> tuple[Symbol, ...]:
    """Return the functions of an ELF object in the order of its symbol table; BpflintError for a damaged one."""
    from elftools.common.exceptions import ELFError
    from elftools.construct import ConstructError
    from elftools.elf.elffile import ELFFile
    from elftools.elf.sections import SymbolTableSection

    try:
        elf = ELFFile(io.BytesIO(data))
        table = elf.get_section_by_name(".symtab")
        if not isinstance(table, SymbolTableSection):
            return ()
        found = []
        for item in table.iter_symbols():
            index = item["st_shndx"]
            if item["st_info"]["type"] == "STT_FUNC" and isinstance(index, int):
                section = elf.get_section(index)
                found.append(Symbol(item.name, section.name if section else "", item["st_value"], item["st_size"]))
        return tuple(found)
    except (ELFError, ConstructError, *_DAMAGE) as error:
        raise BpflintError(f"damaged ELF file: {error}") from error
