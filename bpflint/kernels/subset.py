"""What has one shipped kernel of a few names? Their lines, and those of all that lies inside them, as BTF.

Twelve whole kernels are 7 s to unpack; what one program asks of them is a few dozen lines each, most of them the same
in several kernels. Kernels that agree about all of them share one BTF.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bpflint.analysis.abi import abi
from bpflint.btf import Btf
from bpflint.kernels.pack import Line, Pack
from bpflint.kernels.unpack import btf_of
from bpflint.model.data import dataclass
from bpflint.model.verdict import Kernel

_MENTION: Final = re.compile(r"(\*?)(?:'[cvr])*([$%!~]?)([A-Za-z_][\w ]*)(?=[@;,|)>}/]|$)")
"""A type inside a line: a pointer's star, the sign of a named type, its name."""
_MEMBER: Final = re.compile(r"(\w+):(?:\[\d+\]|'[cvr])*[$%!~]?([A-Za-z_][\w ]*)@")
"""A member of a record that is no pointer: its name, its type's name."""
_LONGS: Final = ("long int", "long unsigned int")
"""A kernel's pointers are as wide as its `long`."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Types and functions by name; of what lies inside records only what these members hold, all where it is None."""

    names: frozenset[str]
    members: frozenset[str] | None = None


class Subset:
    """Looks names up in a pack, each once."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._lines: dict[tuple[str, bool], list[Line]] = {}
        self._made: dict[tuple[str, tuple[Line, ...]], Btf] = {}
        self._asked: dict[tuple[Kernel, Wanted], Btf] = {}

    def types(self, kernel: Kernel, wanted: Wanted) -> Btf:
        """Return the BTF of a kernel's types and functions of these names, with what they hold by value."""
        asked = (kernel, wanted)
        if asked not in self._asked:
            lines = tuple(self._closure(kernel, wanted))
            key = (abi(kernel.arch).byte_order, lines)
            if key not in self._made:
                self._made[key] = Btf(btf_of(lines, key[0]))
            self._asked[asked] = self._made[key]
        return self._asked[asked]

    def has_function(self, kernel: Kernel, name: str) -> bool:
        """Tell whether a kernel has a function or a typedef of that name."""
        return any(line.kind in ("f", "k", "t") and kernel in line.kernels for line in self._of(name, True))

    def _closure(self, kernel: Kernel, wanted: Wanted) -> Iterator[Line]:
        """What a root points to is named by its own line, for a prototype is compared by the kinds behind pointers."""
        waiting = [(name, True) for name in sorted({*wanted.names, *_LONGS})]
        seen: set[str] = set()
        while waiting:
            name, root = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            for line in self._of(name, root):
                if kernel in line.kernels:
                    yield line
                    waiting += ((name, False) for name in _needs(line, wanted.members, root))

    def _of(self, name: str, root: bool) -> list[Line]:
        key = (name, root)
        if key not in self._lines:
            functions = self._pack.lookup(name, functions=True) if root else []
            self._lines[key] = [*self._pack.lookup(name), *functions]
        return self._lines[key]


def _needs(line: Line, members: frozenset[str] | None, root: bool) -> Iterator[str]:
    if line.kind in ("s", "u"):
        yield from (name for member, name in _MEMBER.findall(line.text) if members is None or member in members)
    elif line.kind in ("t", "f", "k"):
        for star, sign, name in _MENTION.findall(line.text):
            if root or not star or sign not in ("$", "%"):
                yield name
