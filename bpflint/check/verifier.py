"""Where in the source did the verifier stop? Its last instruction, mapped by the object's line information.

Facts: kernel/bpf/verifier.c prints `N: (op) text` for each instruction it looks at; Documentation/bpf/btf.rst for
`.BTF.ext`. libbpf appends the subprograms a program calls behind its own instructions: there the source line that the
log quotes decides, where only one place of the object reads so.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from bpflint.api import BpflintError
from bpflint.btf import Btf
from bpflint.btf.ext import BtfExt, read_ext
from bpflint.kernels.extract import elf_section
from bpflint.kernels.symbols import Symbol, functions

_INSTRUCTION = re.compile(r"^(\d+): (?:\([0-9a-f]{2}\)|<invalid CO-RE relocation>)", re.M)
_NAMED = re.compile(r"^(?:unreachable insn|back-edge from insn|jump out of range from insn) (\d+)", re.M)
"""Refusals before the first instruction is looked at."""
_QUOTED = re.compile(r"^; (.*?)(?: @ ([^\s:]+):(\d+))?$")
"""A source line; kernels from 6.10 on name its place as well (commit 9fc5a1f4)."""
_PROCESSED = re.compile(r"processed (\d+) insns")


@dataclass(frozen=True, slots=True)
class Stop:
    """The file as the compiler was given it, and the line, from 1."""

    file: str
    line: int


def stop_of(data: bytes, program: str, log: str) -> Stop | None:
    """Return where the verifier's log ends, None where the object has no lines for it."""
    numbers = _INSTRUCTION.findall(log) or _NAMED.findall(log)
    if not numbers:
        return None
    try:
        ext, code = _read(data)
    except BpflintError:
        return None
    symbol = next((item for item in code if item.name == program), None)
    number = int(numbers[-1])
    if symbol is None:
        return None
    if number * 8 < symbol.size:
        return _line_at(ext, symbol, number)
    return _quoted(ext, log) if _INSTRUCTION.search(log) else None


def instructions(log: str) -> int | None:
    """Return how many instructions the verifier looked at, None where it does not say."""
    found = _PROCESSED.findall(log)
    return int(found[-1]) if found else None


@lru_cache(maxsize=64)
def _read(data: bytes) -> tuple[BtfExt, tuple[Symbol, ...]]:
    btf = Btf(elf_section(data, ".BTF", "the object"))
    return read_ext(elf_section(data, ".BTF.ext", "the object"), btf), functions(data)


def _line_at(ext: BtfExt, symbol: Symbol, number: int) -> Stop | None:
    lines = [item for item in ext.lines if item.section == symbol.section]
    at = bisect_right([item.offset for item in lines], symbol.offset + number * 8) - 1
    return Stop(lines[at].file, lines[at].line) if at >= 0 and lines[at].offset >= symbol.offset else None


def _quoted(ext: BtfExt, log: str) -> Stop | None:
    """The place of the last line that the log quotes; None where several read so."""
    quotes = [match for line in log.splitlines() if (match := _QUOTED.match(line))]
    if not quotes:
        return None
    text, file, line = quotes[-1].groups()
    found = {Stop(item.file, item.line) for item in ext.lines if item.text.strip() == text.strip()
             and (file is None or (item.file.rpartition("/")[2] == file and item.line == int(line)))}  # fmt: skip
    return found.pop() if len(found) == 1 else None
