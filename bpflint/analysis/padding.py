"""Where are the bytes that no field owns? Holes and tails of a laid-out record, as pieces one can point at."""

from __future__ import annotations

from collections.abc import Iterator

from bpflint.model.data import dataclass
from bpflint.model.layout import Array, Bits, Field, Record


@dataclass(frozen=True, slots=True)
class Hole:
    """Bits of padding: `after` is the dotted field before it ("" at the start), `before` the next ("" for a tail)."""

    offset: Bits
    size: Bits
    after: str
    before: str

    @property
    def tail(self) -> bool:
        """Whether it is the padding at the end."""
        return not self.before


def holes(record: Record, *, nested: bool = True) -> tuple[Hole, ...]:
    """Return the padding of `record` in offset order; with `nested`, that inside its members too.

    Unions count as covered by their largest member. Nothing is returned for a record that is opaque.
    """
    if record.opaque is not None:
        return ()
    found = list(_own(record))
    if nested:
        found.extend(_inner(record))
    return tuple(sorted(found, key=lambda hole: hole.offset))


def _own(record: Record) -> Iterator[Hole]:
    end, last = 0, ""
    for field in sorted(record.fields, key=lambda field: (field.offset, field.end)):
        if field.offset > end and record.decl.kind == "struct":
            yield Hole(Bits(end), Bits(field.offset - end), last, field.name or "(anonymous)")
        if field.end >= end:
            end, last = field.end, field.name or "(anonymous)"
    if record.size > end:
        yield Hole(Bits(end), Bits(record.size - end), last, "")


def _inner(record: Record) -> Iterator[Hole]:
    if record.decl.kind == "union":
        return
    for field in record.fields:
        if field.record is None or not field.record.size:
            continue
        count = field.size // field.record.size if isinstance(field.type, Array) else 1
        inner = holes(field.record)
        for index in range(min(count, 64)):
            at = field.offset + index * field.record.size
            name = _label(field, index)
            for hole in inner:
                yield Hole(
                    Bits(at + hole.offset), hole.size, _join(name, hole.after), _join(name, hole.before or "(end)")
                )


def _label(field: Field, index: int) -> str:
    return f"{field.name}[{index}]" if isinstance(field.type, Array) else field.name


def _join(outer: str, inner: str) -> str:
    return f"{outer}.{inner}" if outer and inner else outer or inner
