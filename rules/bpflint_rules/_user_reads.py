"""What does user space do with the members of shared records that it reads?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from bpflint.api import (
    Binary,
    CallExpr,
    Constant,
    Expr,
    Function,
    Select,
    Span,
    Unit,
    contents,
    dataclass,
    operands,
    operations,
    parts,
    strip,
)  # fmt: skip

Purpose = Literal["print", "compare", "other"]
Wanted = Callable[[Select], bool]
Around = tuple[Expr, ...]

_PRINTS = {
    "go": re.compile(r"^(?:fmt|log)\.\w*[Pp]rint\w*$|^fmt\.Errorf$|^strconv\.(?:Itoa|FormatU?[Ii]nt)$"),
    "rust": re.compile(r"^(?:print|debug|info)f?$"),
    "c": re.compile(r"^v?[fsd]?n?print(?:f|b)?$"),
    "python": re.compile(r"^(?:.*\.)?(?:print(?:f|b|_ascii)?|write|format|info|debug|warning|error|log)$"),
}  # fmt: skip
_FORMATS = ("%", "+")
"""Python's operators on text."""
_THROUGH = frozenset(("string", "append", "str", "int", "encode"))
"""Calls that hand on what they are given."""
_COMPARES = frozenset(("==", "!=", "<", ">", "<=", ">="))


@dataclass(frozen=True, slots=True)
class Read:
    """A member that user space reads, and the expressions around it, innermost first."""

    unit: Unit
    function: Function
    place: Select
    around: Around

    @property
    def span(self) -> Span:
        """Where it is read."""
        assert self.place.span is not None  # the front ends place every selection
        return self.place.span

    @property
    def purpose(self) -> Purpose:
        """What is done with the number: printed, compared with another one, or anything else."""
        for outer in self.around:
            match outer:
                case CallExpr(callee=callee) if callee not in _THROUGH:
                    return "print" if _PRINTS[self.unit.language].match(callee) else "other"
                case Binary(op=op, left=left, right=right) if op in _COMPARES:
                    sides = (strip(left), strip(right))
                    plain = any(isinstance(item, Constant) and item.value not in (0, None) for item in sides)
                    return "compare" if plain else "other"
                case Binary(op=op) if self.unit.language != "python" or op not in _FORMATS:
                    return "other"
                case Select():
                    return "other"
                case _:
                    pass
        return "other"


def reads(units: Iterable[Unit], wanted: Wanted) -> Iterator[Read]:
    """Yield each read of a member that is `wanted` in the bodies of some units."""
    for unit in units:
        for function in unit.functions:
            if any(isinstance(item, Select) and wanted(item) for item in contents(function)):
                for op in operations(function):
                    for operand in operands(op):
                        for place, around in _inside(operand, wanted, ()):
                            yield Read(unit, function, place, around)


def _inside(expr: Expr, wanted: Wanted, around: Around) -> Iterator[tuple[Select, Around]]:
    """Yield each wanted member inside an expression, with what stands around it."""
    if isinstance(expr, Select) and wanted(expr):
        yield expr, around
    for part in parts(expr):
        yield from _inside(part, wanted, (expr, *around))
