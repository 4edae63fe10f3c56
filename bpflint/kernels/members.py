"""Which fields has a record of the pack, and where? Its line alone, and what lies in anonymous members."""

from __future__ import annotations

from collections.abc import Iterator

from bpflint.btf import Btf
from bpflint.btf import types as t
from bpflint.kernels.pack import Line
from bpflint.kernels.unpack import btf_of
from bpflint.model.data import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """A field: its dotted path, its offset in bits, and its width in bits when it is a bitfield, else 0."""

    path: str
    offset: int
    bits: int


def members_of(line: Line) -> Iterator[Member]:
    """Yield the fields of a record in their order; what lies in an unnamed member counts as the record's own."""
    btf = Btf(btf_of([line], "little"))
    (found, *_) = btf.find(line.name, t.STRUCT, t.UNION)
    yield from _inside(btf, found, "", 0, 0)


def _inside(btf: Btf, type_id: int, prefix: str, base: int, depth: int) -> Iterator[Member]:
    one = btf.type(type_id)
    if not isinstance(one, t.Composite) or depth > 16:
        return
    for item in one.members:
        path = f"{prefix}.{item.name}" if prefix and item.name else item.name or prefix
        if item.name:
            yield Member(path, base + item.offset, item.bits)
        inner = _plain(btf, item.type)
        if inner and not btf.name(inner):
            yield from _inside(btf, inner, path, base + item.offset, depth + 1)


def _plain(btf: Btf, type_id: int) -> int:
    """The type behind qualifiers; what the line only mentions leads nowhere."""
    one = btf.type(type_id) if type_id else None
    while isinstance(one, t.Qualifier) and one.type:
        type_id = one.type
        one = btf.type(type_id)
    return type_id if isinstance(one, t.Composite) else 0
