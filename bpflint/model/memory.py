"""What does a call do with the memory behind its arguments? The vocabulary; the tables are in facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from bpflint.model.data import dataclass

Role = Literal["key", "value", "event", "input", "submit"]
Does = Literal["writes", "writes-text", "writes-on-success", "reads", "copies-from"]


@dataclass(frozen=True, slots=True)
class Touch:
    """One argument. `size` is the position of its length, None: the object behind the pointer; `role` is of reads.

    `writes-text` ends at a NUL: what lies behind it is left as it was. `copies-from` is the source of the write that
    stands before it. `by_value` arguments are the object itself (bcc's `increment(key)`).
    """

    argument: int
    does: Does
    size: int | None = None
    role: Role | None = None
    by_value: bool = False


@dataclass(frozen=True, slots=True)
class NeverNull:
    """Kernel pointers that are set as long as what holds them lives: results of callees, and (struct, field)."""

    callees: frozenset[str] = frozenset()
    fields: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Calls:
    """What callees do, by name: functions, and methods of maps (bcc). `fresh` callees return memory that is not set.

    `fresh` gives the position of the size; -1: none is given, the map's value is.
    """

    functions: Mapping[str, tuple[Touch, ...]]
    methods: Mapping[str, tuple[Touch, ...]]
    fresh: Mapping[str, int]
    harmless: frozenset[str]
    """Callees that neither write through their arguments nor keep them."""
    never_null: NeverNull = NeverNull()
