"""What reaches a helper: which bits of which object were written on the way there?"""

from __future__ import annotations

from dataclasses import replace

from bpflint.analysis.regions import Object
from bpflint.model.data import dataclass
from bpflint.model.flow import CallExpr, Function
from bpflint.model.memory import Role
from bpflint.model.source import Span


@dataclass(frozen=True, slots=True)
class Reach:
    """An object's bytes reach a helper. Masks are over the object's bits, cut to what is read.

    `never` bits are written on no path that leads here, `sometimes` bits (which include them) not on every one;
    `certain` bits are written on all. `loose` and `text` say why: see `Written`.
    """

    function: Function
    object: Object
    role: Role
    map: str
    call: CallExpr
    """The call in this function that is given the address."""
    reader: CallExpr
    """The helper's call: the same one, or one further in."""
    within: Function
    """The function whose body holds that."""
    start: int
    end: int
    never: int
    sometimes: int
    certain: int
    loose: int
    text: int
    path: tuple[Span, ...]
    """The tests on the way, of the first path that leaves bytes unwritten."""
    partial: frozenset[tuple[Function, int, int]]
    """Functions that wrote to it: the missing bits they write on some paths only, and those they were given."""


def merged(one: Reach, two: Reach) -> Reach:
    """Return what two visits of one place found."""
    first = one if one.sometimes else two
    plain = (one.sometimes & ~one.loose & ~one.text) | (two.sometimes & ~two.loose & ~two.text)
    mixed = (one.text ^ two.text) | (one.loose ^ two.loose)
    return replace(
        first, never=one.never & two.never & ~mixed, sometimes=one.sometimes | two.sometimes,
        certain=one.certain & two.certain, loose=(one.loose | two.loose) & ~plain, text=(one.text | two.text) & ~plain,
        partial=one.partial | two.partial,
    )  # fmt: skip
