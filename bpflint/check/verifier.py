"""Where in the source did the verifier stop? Its last instruction, mapped by the object's line information.

Facts: kernel/bpf/verifier.c prints `N: (op) text` for each instruction it looks at; Documentation/bpf/btf.rst for
`.BTF.ext`. libbpf appends the subprograms a program calls behind its own instructions, in the order of their first use.
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

_INSTRUCTION = re.compile(r"^(\d+): \([0-9a-f]{2}\)", re.M)
_SOURCE = re.compile(r"^; .* @ ([^\s:]+):(\d+)$", re.M)
"""Kernels from 6.10 on print the place themselves (commit 9fc5a1f4)."""
_PROCESSED = re.compile(r"processed (\d+) insns")


@dataclass(frozen=True, slots=True)
class Stop:
    """The file as the compiler was given it, and the line, from 1."""

    file: str
    line: int


def stop_of(data: bytes, program: str, log: str) -> Stop | None:
    """Return where the verifier's log ends, None where the object has no lines for it."""
    numbers = _INSTRUCTION.findall(log)
    if not numbers:
        return None
    try:
        ext, code = _read(data)
    except BpflintError:
        return None
    return _line_at(ext, code, program, int(numbers[-1]))


def instructions(log: str) -> int | None:
    """Return how many instructions the verifier looked at, None where it does not say."""
    found = _PROCESSED.findall(log)
    return int(found[-1]) if found else None


@lru_cache(maxsize=64)
def _read(data: bytes) -> tuple[BtfExt, tuple[Symbol, ...]]:
    btf = Btf(elf_section(data, ".BTF", "the object"))
    return read_ext(elf_section(data, ".BTF.ext", "the object"), btf), functions(data)


def _line_at(ext: BtfExt, code: tuple[Symbol, ...], program: str, number: int) -> Stop | None:
    symbol = next((item for item in code if item.name == program), None)
    if symbol is None or number * 8 >= symbol.size:
        return None  # in a subprogram: their order is libbpf's
    lines = [item for item in ext.lines if item.section == symbol.section]
    at = bisect_right([item.offset for item in lines], symbol.offset + number * 8) - 1
    return Stop(lines[at].file, lines[at].line) if at >= 0 else None
