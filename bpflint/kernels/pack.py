"""Which types and functions has each shipped kernel? One file for all of them; its form is told in `rows.py`."""

from __future__ import annotations

import hashlib
import lzma
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from bpflint.kernels.rows import FILE, FILTERS, FUNCTIONS, MAGIC, TYPES, Row, Rows
from bpflint.model.data import dataclass
from bpflint.model.verdict import Kernel

SHIPPED: Final = Path(FILE)
_PART: Final = {TYPES: 140_000, FUNCTIONS: 1 << 24}
"""Characters of a part at least: small ones are quick to look into, large ones pack better (functions: 15 %)."""
_FUNCTIONS = ("f", "k")


@dataclass(frozen=True, slots=True)
class Line:
    """One declaration: its kind (`lines.py`), its name, the rest of the line, and the kernels that have it so."""

    kind: str
    name: str
    text: str
    kernels: tuple[Kernel, ...]


class Pack:
    """An opened pack. BpflintError names a file that is missing or damaged."""

    def __init__(self, path: Path) -> None:
        self._rows = Rows(str(path))
        self.kernels = tuple(Kernel(*name.split(":", 1)) for name in self._rows.kernels)
        self._bits = {kernel: 1 << bit for bit, kernel in enumerate(self.kernels)}
        self._sets: dict[int, tuple[Kernel, ...]] = {}
        self._known: dict[tuple[str, bool], list[tuple[int, Line]]] = {}

    @property
    def digest(self) -> str:
        """The sha256 of the file, in hex."""
        return hashlib.sha256(self._rows.data()).hexdigest()

    def lookup(self, name: str, *, functions: bool = False) -> list[Line]:
        """Return every declaration of a name: records, enumerations, typedefs and integers, or functions."""
        return [line for _, line in self._named(name, functions)]

    def declared(self, kernel: Kernel, name: str, *, functions: bool = False) -> list[Line]:
        """Return the declarations of a name in one kernel."""
        bit = self._bits[kernel]
        return [line for kernels, line in self._named(name, functions) if kernels & bit]

    def alike(self, kernel: Kernel, names: Iterable[str]) -> tuple[Kernel, ...]:
        """Return the kernels, with this one, in which types of these names are declared as they are in this one."""
        bit, same = self._bits[kernel], (1 << len(self.kernels)) - 1
        for name in names:
            for kernels, _ in self._named(name, False):
                same &= kernels if kernels & bit else ~kernels
        return self._set(same)

    def declarations(self, kernel: Kernel, *, functions: bool = False) -> Iterator[Line]:
        """Yield everything one kernel declares, by name."""
        if kernel in self.kernels:
            rows = self._rows.of_kernel(FUNCTIONS if functions else TYPES, str(kernel))
            yield from map(self._line, rows)

    def callable(self, kernel: Kernel) -> Iterator[Line]:
        """Yield the functions of one kernel that programs may call (kfuncs), by name."""
        if kernel in self.kernels:
            yield from map(self._line, self._rows.of_letter(FUNCTIONS, "k", str(kernel)))

    def _named(self, name: str, functions: bool) -> list[tuple[int, Line]]:
        """Every declaration of a name, with its kernels as bits."""
        key = (name, functions)
        if key not in self._known:
            rows = self._rows.find(FUNCTIONS if functions else TYPES, name)
            self._known[key] = [(row[0], self._line(row)) for row in rows]
        return self._known[key]

    def _line(self, row: Row) -> Line:
        mask, kind, name, text = row
        return Line(kind, name, text, self._set(mask))

    def _set(self, mask: int) -> tuple[Kernel, ...]:
        if mask not in self._sets:
            self._sets[mask] = tuple(kernel for bit, kernel in enumerate(self.kernels) if mask >> bit & 1)
        return self._sets[mask]


@cache
def shipped() -> Pack:
    """Return the pack of the installation, opened once."""
    return Pack(SHIPPED)


def write(declared: Mapping[Kernel, Iterable[tuple[str, str]]]) -> bytes:
    """Return the bytes of a pack: (name, line) of each kernel, in the order of the kernels."""
    kernels = sorted(declared)
    masks: dict[tuple[str, str], int] = {}
    for bit, kernel in enumerate(kernels):
        for item in declared[kernel]:
            masks[item] = masks.get(item, 0) | 1 << bit
    sets = [mask for mask, _ in sorted(Counter(masks.values()).items(), key=lambda item: (-item[1], item[0]))]
    number = {mask: at for at, mask in enumerate(sets)}
    head = [" ".join(map(str, kernels)), " ".join(f"{mask:x}" for mask in sets)]
    body = b""
    for kind, size in _PART.items():
        items = sorted(item for item in masks if (item[1][0] in _FUNCTIONS) == (kind == FUNCTIONS))
        for group in _split(items, size):
            packed = _packed("\n".join(f"{number[masks[item]]} {item[1]}" for item in group))
            head.append(f"{kind} {len(packed)} {zlib.crc32(packed)} {group[0][1].split(' ', 2)[1]}")
            body += packed
    packed = _packed("\n".join(head))
    return MAGIC + f"{len(packed)} {zlib.crc32(packed)}\n".encode() + packed + body


def _packed(text: str) -> bytes:
    return lzma.compress(text.encode(), format=lzma.FORMAT_RAW, filters=FILTERS)


def _split(items: Sequence[tuple[str, str]], size: int) -> Iterator[Sequence[tuple[str, str]]]:
    """Groups of at least so many characters but for the last; all lines of one name stay together."""
    start, held = 0, 0
    for at, (name, line) in enumerate(items):
        if held >= size and name != items[at - 1][0]:
            yield items[start:at]
            start, held = at, 0
        held += len(line)
    if items:
        yield items[start:]
