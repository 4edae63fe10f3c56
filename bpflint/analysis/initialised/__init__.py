"""Which bytes are written when an object's address goes to a helper, a map or user space? Padding counts.

A forward walk over the paths of a body: loops with constant bounds are run, tests of the same value agree with each
other, calls are followed into the functions of the unit. Each bit of an object is written, perhaps written or not
written on a path; what the walk does not understand makes bits "perhaps", and those are neither claimed to be set
nor reported.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from bpflint.analysis.initialised.paths import walked
from bpflint.analysis.initialised.reach import Reach
from bpflint.analysis.initialised.unit import Functions
from bpflint.model.flow import Function
from bpflint.model.layout import Abi
from bpflint.model.memory import Calls
from bpflint.model.unit import MapDef

__all__ = ["Reach", "Reaches", "all_reaches"]


class Reaches(NamedTuple):
    """What the walks over a unit gave. `unfinished` functions were too long to have all their paths told apart."""

    found: tuple[Reach, ...]
    unfinished: tuple[Function, ...]


def all_reaches(functions: Iterable[Function], maps: Iterable[MapDef], calls: Calls, abi: Abi) -> Reaches:
    """Return every place in a unit where a followed object's bytes are read by a helper or handed out."""
    unit = Functions(functions, maps, calls, abi, walked)
    return Reaches(tuple(unit.reaches()), tuple(unit.unfinished.values()))
