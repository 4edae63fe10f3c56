"""Which rows does a file of kernel types hold for a name? Read a part at a time.

    BPFLINT KERNELS 2 <length of the head> <its crc32>\n, the head, then the parts; these and the head raw LZMA2

The head is text: a line that names the kernels, a line of sets of kernels (hexadecimal, bit n the n-th kernel), and for
each part a line with what is in it (`types` or `functions`), its length, its crc32 and the first name in it. A part is
rows sorted by name: the number of a set, then a declaration (`lines.py`). What a name needs is one part, about 150 KB
of text, 1 ms; so nothing is imported here that would take longer than that (json, re, dataclasses, pathlib: 5 ms each).
"""

from __future__ import annotations

import lzma
import os
import zlib
from bisect import bisect_right
from collections.abc import Iterator

from bpflint.model.errors import BpflintError

FILE = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), "data", "kernels.pack")
"""The shipped one."""
MAGIC = b"BPFLINT KERNELS 2 "
FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": 1 << 24, "lc": 3, "pb": 0}]
TYPES = "types"
FUNCTIONS = "functions"
_LINE = 64
"""Bytes that hold the first line."""

Row = tuple[int, str, str, str]
"""The set of kernels that have it so (bit n is the n-th of the file), its kind, its name, the rest of its line."""


class Rows:
    """An opened file. BpflintError names one that is missing or damaged."""

    def __init__(self, path: str) -> None:
        self._path = path
        head, start = self._head()
        kernels, sets, *parts = head.split("\n")
        self.kernels = kernels.split(" ")
        """`ARCH:RELEASE`, sorted."""
        self._sets = {number: int(mask, 16) for number, mask in enumerate(sets.split(" "))}
        self._firsts: dict[str, list[str]] = {}
        self._parts: dict[str, list[tuple[int, int, int]]] = {}
        for line in parts:
            kind, length, checksum, first = line.split(" ")
            self._firsts.setdefault(kind, []).append(plain(first))
            self._parts.setdefault(kind, []).append((start, int(length), int(checksum)))
            start += int(length)
        self._texts: dict[int, str] = {}

    def find(self, kind: str, name: str) -> list[Row]:
        """Return the rows of a name, as they are sorted."""
        at = bisect_right(self._firsts.get(kind, []), name) - 1
        if at < 0:
            return []
        return [self._row(row) for row in _named(self._text(self._parts[kind][at]), name)]

    def of_kernel(self, kind: str, kernel: str) -> Iterator[Row]:
        """Yield every row of one kernel, by name."""
        mine = self._sets_of(kernel)
        for part in self._parts.get(kind, []):
            for number, letter, name, text in (row.split(" ", 3) for row in self._text(part).split("\n")):
                if number in mine:
                    yield mine[number], letter, plain(name), text

    def of_letter(self, kind: str, letter: str, kernel: str) -> Iterator[Row]:
        """Yield the rows of one kernel whose declarations begin with a letter, by name: quick where they are few."""
        mine, mark = self._sets_of(kernel), f" {letter} "
        for text in map(self._text, self._parts.get(kind, [])):
            for start in _starts(text, mark):
                number, _, name, rest = _row_at(text, start)[0].split(" ", 3)
                if number in mine:
                    yield mine[number], letter, plain(name), rest

    def data(self) -> bytes:
        """Return the whole file."""
        return self._read(0, -1)

    def _sets_of(self, kernel: str) -> dict[str, int]:
        """The sets that hold a kernel, by their numbers as rows have them."""
        bit = 1 << self.kernels.index(kernel)
        return {str(number): mask for number, mask in self._sets.items() if mask & bit}

    def _head(self) -> tuple[str, int]:
        """The head, and where the first part begins."""
        line, newline, _ = self._read(0, _LINE).partition(b"\n")
        try:
            if not line.startswith(MAGIC) or not newline:
                raise ValueError("it does not begin as one")
            length, checksum = map(int, line[len(MAGIC) :].split(b" "))
            return self._unpacked(len(line) + 1, length, checksum), len(line) + 1 + length
        except ValueError as error:
            raise BpflintError(f"{self._path}: is no pack of kernels: {error}; reinstall bpflint") from None

    def _text(self, part: tuple[int, int, int]) -> str:
        if part[0] not in self._texts:
            self._texts[part[0]] = self._unpacked(*part)
        return self._texts[part[0]]

    def _unpacked(self, start: int, length: int, checksum: int) -> str:
        packed = self._read(start, length)
        if zlib.crc32(packed) != checksum:
            raise BpflintError(f"{self._path}: is damaged; reinstall bpflint")
        return lzma.decompress(packed, format=lzma.FORMAT_RAW, filters=FILTERS).decode()

    def _read(self, start: int, length: int) -> bytes:
        try:
            with open(self._path, "rb") as stream:
                stream.seek(start)
                return stream.read(length)
        except OSError as error:
            text = f"{self._path}: the kernels are missing ({error.strerror or error}); reinstall bpflint"
            raise BpflintError(text) from None

    def _row(self, row: str) -> Row:
        number, kind, name, text = row.split(" ", 3)
        return self._sets[int(number)], kind, plain(name), text


def plain(word: str) -> str:
    """Return a name as it is written in a row as it is in C: `unsigned long`."""
    return word.replace("+", " ")


def _named(text: str, name: str) -> Iterator[str]:
    """The rows of a name, by a search in the text as it is: to cut a part's rows takes longer than to find one."""
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


def _starts(text: str, mark: str) -> Iterator[int]:
    """Where the rows begin whose number a mark follows."""
    at = text.find(mark)
    while at >= 0:
        start = text.rfind("\n", 0, at) + 1
        if text[start:at].isdigit():
            yield start
        at = text.find(mark, at + 1)


def _row_at(text: str, start: int) -> tuple[str, int]:
    end = text.find("\n", start)
    end = end if end >= 0 else len(text)
    return text[start:end], end


def _name(row: str) -> str:
    return plain(row.split(" ", 3)[2])
