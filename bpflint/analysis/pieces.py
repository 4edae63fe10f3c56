"""How are some bytes of an object called? Bits as runs that one can point at: fields, parts of fields, holes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bpflint.analysis.initialisers import members
from bpflint.analysis.padding import holes
from bpflint.analysis.regions import Layouts, mask
from bpflint.model.data import dataclass
from bpflint.model.layout import Array, RecordDecl, Type

_MOST_ELEMENTS = 64


@dataclass(frozen=True, slots=True)
class Piece:
    """Bits [start, end). `what` tells a whole field, a part of one, or padding, which lies behind `field`."""

    start: int
    end: int
    field: str
    what: str

    def __str__(self) -> str:
        first, last = self.start // 8, (self.end - 1) // 8
        where = f"byte {first}" if first == last else f"bytes {first}..{last}"
        if not self.field:
            return f"{where} (hole at the start)" if self.what == "hole" else where
        return f"{where} ({'' if self.what == 'field' else self.what + ' '}`{self.field}`)"


def pieces(type_: Type | None, bits: int, layouts: Layouts) -> tuple[Piece, ...]:
    """Return a mask over an object as pieces in offset order."""
    found = sorted(_pieces(type_, bits, layouts, 0, ""), key=lambda item: item.start)
    joined: list[Piece] = []
    for item in found:
        last = joined[-1] if joined else None
        if last is not None and last.end == item.start and (last.field, last.what) == (item.field, item.what):
            joined[-1] = replace(last, end=item.end)
        else:
            joined.append(item)
    return tuple(joined)


def _pieces(type_: Type | None, bits: int, layouts: Layouts, base: int, name: str) -> Iterator[Piece]:
    match type_:
        case RecordDecl(kind="struct") if not layouts.record(type_).opaque:
            yield from _members(type_, bits, layouts, base, name)
        case Array(element=RecordDecl(kind="struct") as element, length=int() as length) if length <= _MOST_ELEMENTS:
            step = layouts.size(element) or 8
            for index in range(length):
                part = (bits >> index * step) & mask(0, step)
                if part == mask(0, step):
                    yield Piece(base + index * step, base + (index + 1) * step, f"{name}[{index}]", "field")
                elif part:
                    yield from _pieces(element, part, layouts, base + index * step, f"{name}[{index}]")
        case _:
            for start, end in runs(bits):
                yield Piece(base + start, base + end, name, "part of" if name else "")


def _members(decl: RecordDecl, bits: int, layouts: Layouts, base: int, name: str) -> Iterator[Piece]:
    record = layouts.record(decl)
    for field in record.fields:
        part = (bits >> field.offset) & mask(0, field.size)
        inner = ".".join(word for word in (name, field.name) if word)
        owned = mask(0, field.size) if field.bitfield else members(field.type, layouts)
        if part and part & owned == owned and field.name:
            yield Piece(base + field.offset, base + field.end, inner, "field")
        elif part and isinstance(field.type, RecordDecl) and field.type.kind == "union":
            for start, end in runs(part):  # also of one without a name
                yield Piece(base + field.offset + start, base + field.offset + end, inner, "part of")
        elif part:
            yield from _pieces(field.type, part, layouts, base + field.offset, inner)
    for hole in holes(record, nested=False):
        for start, end in runs((bits >> hole.offset) & mask(0, hole.size)):
            after = ".".join(word for word in (name, hole.after) if word)
            word = "tail after" if hole.tail else "hole after"
            at = base + hole.offset
            yield Piece(at + start, at + end, after, word if after else "hole")


def runs(bits: int) -> Iterator[tuple[int, int]]:
    """Yield the runs of set bits, widened to whole bytes."""
    start: int | None = None
    at = 0
    left = bits
    while left or start is not None:
        if left & 0xFF and start is None:
            start = at
        elif not left & 0xFF and start is not None:
            yield start, at
            start = None
        left >>= 8
        at += 8
