"""Where does something stand in a file? Spans, and the one place that turns byte offsets into them."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

from bpflint.model.data import dataclass, quick

_LINE_END = re.compile(rb"\r\n|\r|\n")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of one file.

    `path` is relative to the root with `/`. Lines count from 1 and end at LF, CRLF or CR; columns count from 1 in
    code points, the end is exclusive. A byte-order mark does not count, a tab counts one, an undecodable byte one.
    An end that is not given is the start.
    """

    path: str
    line: int
    column: int = 1
    end_line: int = 0
    end_column: int = 0


quick(Span, same={"end_line": "line", "end_column": "column"})


class Text:
    """The bytes of one file with an index of its lines; converts byte offsets into line and column."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @cached_property
    def _starts(self) -> list[int]:
        """The byte offset of each line; made at the first question, since most headers are never asked about."""
        if b"\r" not in self.data:
            return [0, *accumulate(len(line) + 1 for line in self.data.split(b"\n")[:-1])]
        return [0, *(found.end() for found in _LINE_END.finditer(self.data))]

    @cached_property
    def _plain(self) -> bool:
        """Whether each byte is a column."""
        return self.data.isascii()

    def place(self, offset: int) -> tuple[int, int]:
        """Return (line, column) of a byte offset, clamped to the file."""
        offset = max(0, min(offset, len(self.data)))
        row = bisect_right(self._starts, offset) - 1
        return row + 1, _code_points(self.data, self._starts[row], offset) + 1

    def place_of_byte_column(self, line: int, byte_column: int) -> tuple[int, int]:
        """Return (line, column) for a 1-based line and a 0-based byte column, as Python's ast counts."""
        start = self._starts[min(max(line, 1), len(self._starts)) - 1]
        if start == 0 and self.data.startswith(_BOM):
            byte_column += len(_BOM)
        return self.place(start + byte_column)

    def span(self, path: str, start: int, end: int) -> Span:
        """Return the Span of the bytes [start, end)."""
        if self._plain and 0 <= start <= end <= len(self.data):
            starts = self._starts
            row = bisect_right(starts, start)
            last = bisect_right(starts, end, row)
            return Span(path, row, start - starts[row - 1] + 1, last, end - starts[last - 1] + 1)
        return Span(path, *self.place(start), *self.place(max(start, end)))

    def offset(self, line: int, column: int) -> int:
        """Return the byte offset of a 1-based line and 1-based code-point column, clamped to the line."""
        row = min(max(line, 1), len(self._starts)) - 1
        text = self.line_bytes(row + 1).decode("utf-8", "surrogateescape")
        bom = len(_BOM) if row == 0 and self.data.startswith(_BOM) else 0
        lead = text[1:] if bom else text
        return self._starts[row] + bom + len(lead[: column - 1].encode("utf-8", "surrogateescape"))

    def line_bytes(self, line: int) -> bytes:
        """Return the bytes of a 1-based line without its line end; empty past the last line."""
        if not 1 <= line <= len(self._starts):
            return b""
        end = self._starts[line] if line < len(self._starts) else len(self.data)
        return self.data[self._starts[line - 1] : end].rstrip(b"\r\n")

    def line(self, line: int) -> str:
        """Return a 1-based line as text without its line end, a byte-order mark or undecodable bytes."""
        return self.line_bytes(line).decode("utf-8", "replace").removeprefix("\ufeff")

    @property
    def line_count(self) -> int:
        """Return how many lines the file has (a final line end opens no further line)."""
        return len(self._starts) - (1 if self._starts[-1] == len(self.data) and len(self._starts) > 1 else 0)


def _code_points(data: bytes, start: int, end: int) -> int:
    if start == 0 and data.startswith(_BOM):
        start = min(len(_BOM), end)
    return len(data[start:end].decode("utf-8", "surrogateescape"))
