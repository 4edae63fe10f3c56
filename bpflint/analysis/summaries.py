"""What does a call of a function do to the memory it is given? Its ways out, and the helpers it hands memory to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace

from bpflint.analysis.path_state import Told
from bpflint.analysis.regions import Object, Region
from bpflint.analysis.written import Written
from bpflint.model.data import dataclass
from bpflint.model.flow import CallExpr, Function
from bpflint.model.memory import Role
from bpflint.model.source import Span

_MOST_ENDS = 6
"""Ways out of a function that its callers tell apart."""


@dataclass(frozen=True, slots=True)
class End:
    """One way out of a body: what it returns, and what it wrote to the objects behind its parameters."""

    value: int | Region | None
    fresh: Object | None
    written: tuple[tuple[int, Written], ...]
    sign: str = ""
    told: frozenset[Told] = frozenset()
    """What the way out knows of values that its caller may know too."""
    filled: Written = field(default_factory=Written)
    """What the body wrote to the fresh memory that it returns."""


@dataclass(frozen=True, slots=True)
class Sink:
    """A parameter's object reaches a helper inside; `written` is what the body itself had written by then."""

    parameter: int
    start: int
    end: int | None
    """None: up to the end of the object, whatever the caller passes."""
    written: Written
    role: Role
    map: str
    map_parameter: int | None
    """Which parameter of the function is the map, where it is one."""
    call: CallExpr
    outer: CallExpr
    """The call in the function at hand that leads there."""
    within: Function
    path: tuple[Span, ...]


@dataclass(slots=True)
class Summary:
    """What one walk over a body found for those who call it."""

    ends: list[End] = field(default_factory=list)
    some: Mapping[int, int] = field(default_factory=dict)
    """The bits behind each parameter that are written on some ways out only."""
    sinks: dict[object, Sink] = field(default_factory=dict)


def uneven(ends: Sequence[End]) -> Mapping[int, int]:
    """The bits behind each parameter that some way out has written and another has not."""
    some: dict[int, int] = {}
    every: dict[int, int] = {}
    for end in ends:
        for position, written in end.written:
            some[position] = some.get(position, 0) | written.perhaps | written.text
            every[position] = every.get(position, -1) & (written.perhaps | written.text)
    return {position: bits & ~every[position] for position, bits in some.items()}


def joined_ends(ends: list[End]) -> list[End]:
    """The ways out, each once; those with one value joined where they are too many."""
    ends = list(dict.fromkeys(ends))
    if len(ends) <= _MOST_ENDS:
        return ends
    found: dict[object, End] = {}
    for end in ends:
        key = (end.value if isinstance(end.value, int) else None, end.sign, end.fresh is not None)
        before = found.get(key)
        if before is None:
            found[key] = end
        else:
            mine, other = dict(before.written), dict(end.written)
            both = tuple((n, mine[n].joined(other[n])) for n in mine if n in other)
            filled = before.filled.joined(end.filled)
            found[key] = replace(before, written=both, told=before.told & end.told, filled=filled)
    return list(found.values())
