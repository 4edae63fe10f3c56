"""Which types and functions has each shipped kernel? One file for all of them, read a part at a time.

    BPFLINT KERNELS 1 <length of the head>\n, the head (JSON, xz), then the parts (raw LZMA2)

The head names the kernels, the sets of kernels that lines belong to, and for each part the first name in it, its place
and its length. A part holds lines (`lines.py`) sorted by name, each behind the number of its set; types and functions
have parts of their own. Looking one struct up unpacks one part: about 4 MB of text, 50 ms.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import zlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from bpflint.model.data import dataclass
from bpflint.model.errors import BpflintError
from bpflint.model.verdict import Kernel

SHIPPED: Final = Path(__file__).resolve().parent.parent / "data" / "kernels.pack"
_MAGIC = b"BPFLINT KERNELS 1 "
_PRESET = 9 | lzma.PRESET_EXTREME
_FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": _PRESET, "dict_size": 1 << 24, "lc": 4, "lp": 0, "pb": 0}]
_PARTS = {"types": 2, "functions": 1}
_FUNCTIONS = ("f", "k")


@dataclass(frozen=True, slots=True)
class Line:
    """One declaration: its kind (`lines.py`), its name, the rest of the line, and the kernels that have it so."""

    kind: str
    name: str
    text: str
    kernels: tuple[Kernel, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    first: str
    start: int
    length: int
    checksum: int
    """zlib.crc32 of its bytes."""


class Pack:
    """An opened pack. BpflintError names a file that is missing or damaged."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._data = path.read_bytes()
        except OSError as error:
            raise BpflintError(f"{path}: the kernels are missing ({error.strerror}); reinstall bpflint") from None
        head = self._head()
        self.kernels = tuple(Kernel(arch, release) for arch, release in head["kernels"])
        numbered = list(enumerate(self.kernels))
        self._sets = [tuple(kernel for bit, kernel in numbered if mask >> bit & 1) for mask in head["sets"]]
        self._parts = {kind: [_Part(*row) for row in rows] for kind, rows in head["parts"].items()}

    @property
    def digest(self) -> str:
        """The sha256 of the file, in hex."""
        return hashlib.sha256(self._data).hexdigest()

    def _head(self) -> dict[str, Any]:
        line, newline, _ = self._data[:64].partition(b"\n")
        try:
            if not line.startswith(_MAGIC) or not newline:
                raise ValueError("it does not begin as one")
            length, start = int(line[len(_MAGIC) :]), len(line) + 1
            self._start = start + length
            head: dict[str, Any] = json.loads(lzma.decompress(self._data[start : start + length]))
        except (ValueError, lzma.LZMAError, EOFError) as error:
            raise BpflintError(f"{self._path}: is no pack of kernels: {error}; reinstall bpflint") from None
        return head

    def lookup(self, name: str, *, functions: bool = False) -> list[Line]:
        """Return every declaration of a name: records, enumerations, typedefs and integers, or functions."""
        parts = self._parts.get("functions" if functions else "types", [])
        at = bisect_right([part.first for part in parts], name) - 1
        if at < 0:
            return []
        return [self._line(row) for row in _named(self._text(parts[at]), name)]

    def declarations(self, kernel: Kernel, *, functions: bool = False) -> Iterator[Line]:
        """Yield everything one kernel declares, by name."""
        mine = {number for number, kernels in enumerate(self._sets) if kernel in kernels}
        for part in self._parts.get("functions" if functions else "types", []):
            for row in self._text(part).split("\n"):
                if int(row.partition(" ")[0]) in mine:
                    yield self._line(row)

    def _text(self, part: _Part) -> str:
        key = (self._path, self._start + part.start)
        if key not in _texts:
            packed = self._data[key[1] : key[1] + part.length]
            if zlib.crc32(packed) != part.checksum:
                raise BpflintError(f"{self._path}: is damaged; reinstall bpflint")
            _texts[key] = lzma.decompress(packed, format=lzma.FORMAT_RAW, filters=_FILTERS).decode()
        return _texts[key]

    def _line(self, row: str) -> Line:
        number, kind, name, text = row.split(" ", 3)
        return Line(kind, name.replace("+", " "), text, self._sets[int(number)])


def _named(text: str, name: str) -> Iterator[str]:
    """The rows of a name, by a search in the text as it is: to cut a part's 50,000 rows takes longer than most runs."""
    low, high = 0, len(text)
    while low < high:  # both are starts of rows, or the end
        start = max(low, text.rfind("\n", 0, (low + high) // 2) + 1)
        row, end = _row_at(text, start)
        low, high = (min(end + 1, high), high) if _name(row) < name else (low, start)
    while low < len(text):
        row, end = _row_at(text, low)
        if _name(row) != name:
            return
        yield row
        low = end + 1


def _row_at(text: str, start: int) -> tuple[str, int]:
    end = text.find("\n", start)
    end = end if end >= 0 else len(text)
    return text[start:end], end


def _name(row: str) -> str:
    return row.split(" ", 3)[2].replace("+", " ")


_texts: dict[tuple[Path, int], str] = {}
"""The parts that were unpacked, by file and place."""


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
    parts: dict[str, list[tuple[str, int, int, int]]] = {}
    body = b""
    for kind in ("types", "functions"):
        rows = sorted((name, line, number[mask]) for (name, line), mask in masks.items()
                      if (line[0] in _FUNCTIONS) == (kind == "functions"))  # fmt: skip
        for group in _split(rows, _PARTS[kind]):
            text = "\n".join(f"{at} {line}" for _, line, at in group).encode()
            packed = lzma.compress(text, format=lzma.FORMAT_RAW, filters=_FILTERS)
            parts.setdefault(kind, []).append((group[0][0], len(body), len(packed), zlib.crc32(packed)))
            body += packed
    head = {"kernels": [[kernel.arch, kernel.release] for kernel in kernels], "sets": sets, "parts": parts}
    packed = lzma.compress(json.dumps(head, separators=(",", ":")).encode(), preset=_PRESET)
    return _MAGIC + f"{len(packed)}\n".encode() + packed + body


def _split(rows: Sequence[tuple[str, str, int]], parts: int) -> Iterator[Sequence[tuple[str, str, int]]]:
    """Groups of about equal length; all lines of one name stay together."""
    start, size = 0, len(rows) // parts + 1
    while start < len(rows):
        end = min(start + size, len(rows))
        while end < len(rows) and rows[end][0] == rows[end - 1][0]:
            end += 1
        yield rows[start:end]
        start = end
