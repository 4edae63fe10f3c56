"""Which hash does code scanning give each line, so that alerts survive edits elsewhere in the file?"""

from __future__ import annotations

from array import array
from collections.abc import Mapping

_WINDOW = 100
_BASE = 37
_MASK = (1 << 64) - 1
_END = 0xFFFF
_LINE_FEED = 10


def line_hashes(data: bytes) -> Mapping[int, str]:
    """Return the `primaryLocationLineHash` of every line by its 1-based number.

    The text is taken as UTF-16 units without blanks and tabs, CRLF and CR as LF, closed by 0xffff. A line's hash is
    that of the 100 units from its start, the first weighing most, in base 37 modulo 2^64, missing units zero; behind
    the colon stands how many lines up to it have the same.
    """
    units = _units(data)
    starts = [0, *(at + 1 for at, unit in enumerate(units[:-1]) if unit == _LINE_FEED)]
    sums = _prefix_sums(units)
    weight = pow(_BASE, _WINDOW, _MASK + 1)
    seen: dict[int, int] = {}
    hashes: dict[int, str] = {}
    for line, start in enumerate(starts, 1):
        value = (sums[start + _WINDOW] - sums[start] * weight) & _MASK
        seen[value] = seen.get(value, 0) + 1
        hashes[line] = f"{value:x}:{seen[value]}"
    return hashes


def _units(data: bytes) -> list[int]:
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    units = array("H")
    units.frombytes(text.replace(" ", "").replace("\t", "").encode("utf-16-le", "surrogatepass"))
    return [*units, _END]


def _prefix_sums(units: list[int]) -> list[int]:
    """Element n is the hash of the first n units; zeros follow so that every line has a whole window."""
    sums = [0]
    value = 0
    for unit in units:
        value = (value * _BASE + unit) & _MASK
        sums.append(value)
    for _ in range(_WINDOW):
        value = (value * _BASE) & _MASK
        sums.append(value)
    return sums
