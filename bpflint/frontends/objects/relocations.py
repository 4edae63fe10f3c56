"""Which CO-RE relocations has an object, and where in its source? Those of .BTF.ext, by function and source line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from bpflint.btf import Btf
from bpflint.btf.ext import CORE_KINDS, BtfExt, CoreRelo, LineInfo, read_ext
from bpflint.frontends.objects.elf import Object
from bpflint.model.core import Relocation
from bpflint.model.source import Span

_QUESTIONS = ("field_exists", "type_exists", "type_size", "enumval_exists", "type_matches")
_ACCESSES = (1, 2, 3)
"""Instruction classes LDX, ST and STX (include/uapi/linux/bpf.h): they read or write the field themselves."""


def relocations_of(found: Object, btf: Btf, span: Span, files: Sequence[str]) -> tuple[Relocation, ...]:
    """Return an object's relocations in its order; a place in a file of the project where the line tells one.

    A function that asks the kernel anywhere is guarded as a whole: only the verifier follows its jumps. Subprograms
    (`.text`) are, when any function of the object asks. BtfError where .BTF.ext makes no sense.
    """
    data = found.data(".BTF.ext")
    if not data:
        return ()
    ext = read_ext(data, btf)
    if not ext.relocations:
        return ()
    btf.check()
    for item in ext.relocations:
        btf.type(item.type)
    functions = _Functions(found)
    places = _Places(ext, span, files)
    asking = {functions.at(item.section, item.offset) for item in ext.relocations if _kind(item) in _QUESTIONS}
    return tuple(
        Relocation(
            item.kind, item.type, item.access, places.at(item), name,
            () if item.section == ".text" else (name,),
            name in asking or (item.section == ".text" and bool(asking)),
            _is_access(found, item),
        )
        for item, name in ((one, functions.at(one.section, one.offset)) for one in ext.relocations)
    )  # fmt: skip


def _kind(item: CoreRelo) -> str:
    return CORE_KINDS[item.kind] if item.kind < len(CORE_KINDS) else ""


def _is_access(found: Object, item: CoreRelo) -> bool:
    code = found.data(item.section)[item.offset : item.offset + 1]
    return bool(code) and code[0] & 7 in _ACCESSES


class _Functions:
    """Functions by section and offset."""

    def __init__(self, found: Object) -> None:
        self._starts: dict[str, list[tuple[int, int, str]]] = {}
        for symbol in found.symbols:
            if symbol.kind == "STT_FUNC":
                row = (symbol.offset, symbol.offset + symbol.size, symbol.name)
                self._starts.setdefault(symbol.section, []).append(row)
        for rows in self._starts.values():
            rows.sort()

    def at(self, section: str, offset: int) -> str:
        rows = self._starts.get(section, [])
        at = bisect_right(rows, (offset, 1 << 62, "")) - 1
        return rows[at][2] if at >= 0 and rows[at][0] <= offset < rows[at][1] else ""


class _Places:
    """Source lines by section and offset; a file that is not the project's own leaves the object's place."""

    def __init__(self, ext: BtfExt, span: Span, files: Sequence[str]) -> None:
        self._lines: dict[str, list[LineInfo]] = {}
        for line in ext.lines:
            self._lines.setdefault(line.section, []).append(line)
        self._offsets: Mapping[str, list[int]] = {
            name: [line.offset for line in lines] for name, lines in self._lines.items()
        }
        self._span, self._files = span, files
        self._known: dict[str, str] = {}

    def at(self, item: CoreRelo) -> Span:
        at = bisect_right(self._offsets.get(item.section, []), item.offset) - 1
        if at < 0:
            return self._span
        line = self._lines[item.section][at]
        path = self._file(line.file)
        return Span(path, line.line, max(line.column, 1)) if path and line.line else self._span

    def _file(self, name: str) -> str:
        """The file of the project that a compiler's path ends like, in more parts than any other; "" for none."""
        if name not in self._known:
            wanted = [part for part in name.split("/") if part not in ("", ".", "..")]
            ranked = sorted(((_tail(path.split("/"), wanted), path) for path in self._files), reverse=True)[:2]
            best = ranked[0] if ranked and ranked[0][0] else (0, "")
            self._known[name] = "" if len(ranked) > 1 and ranked[1][0] == best[0] else best[1]
        return self._known[name]


def _tail(one: Sequence[str], other: Sequence[str]) -> int:
    """How many last parts of two paths are equal."""
    count = 0
    for mine, theirs in zip(reversed(one), reversed(other), strict=False):
        if mine != theirs:
            break
        count += 1
    return count
