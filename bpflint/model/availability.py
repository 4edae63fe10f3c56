"""What does a kernel offer to programs? Its program types, map types, and the helpers of each kind of program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from bpflint.model.data import dataclass
from bpflint.model.verdict import Kernel


@dataclass(frozen=True, slots=True)
class Availability:
    """What a kernel has. Numbers are those of enum bpf_prog_type, bpf_map_type and bpf_func_id."""

    kernel: Kernel
    program_types: frozenset[int]
    map_types: frozenset[int]
    helpers: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """By the name of a program type or hook; one that is not there was not measured."""
    gpl: frozenset[int] = frozenset()
    """Helpers that ask for a GPL-compatible licence."""
    measured: str = ""
    """How: the tool's libbpf and where it ran."""

    def has_helper(self, number: int, context: str) -> bool | None:
        """Return whether programs of a type or hook may call a helper; None where that was not measured."""
        found = self.helpers.get(context)
        return None if found is None else number in found
