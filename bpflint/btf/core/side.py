"""What is asked of both sides of a relocation? Types without typedefs and qualifiers, sizes, and an end to the work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sized
from dataclasses import field
from operator import attrgetter
from typing import Any, Final

from bpflint.btf import types as t
from bpflint.btf.errors import BtfError
from bpflint.btf.lookup import MAX_CHAIN, Types
from bpflint.model.data import dataclass

_LONGS: Final = ("long", "long int", "int long", "unsigned long", "long unsigned", "unsigned long int",
                 "unsigned int long", "long unsigned int", "long int unsigned", "int unsigned long",
                 "int long unsigned")  # fmt: skip
STEPS: Final = 1_000_000
"""Types and members looked at for one object on one kernel, about two seconds; libbpf-tools need 35,000 at most."""
_ELEMENTS: Final[Mapping[type, Callable[[Any], Sized]]] = {
    t.Composite: attrgetter("members"), t.Enum: attrgetter("values"), t.FuncProto: attrgetter("params"),
}  # fmt: skip
_SEEN_THROUGH: Final = (t.Typedef, t.Qualifier, t.TypeTag)
MAX_HOPS: Final = 32
"""Most pointers, arrays and results in a row, and most prototypes or records inside each other."""

ANY_ENUM: Final = (t.ENUM, t.ENUM64)


class Refused(Exception):
    """A relocation at which libbpf gives up the whole object; the text is why."""


@dataclass(slots=True)
class Side:
    """The types of a program or of a kernel, and the size of its pointers in bytes."""

    btf: Types
    pointer: int = 8
    steps: int = field(default=STEPS)

    def spend(self, steps: int) -> None:
        """Count work; BtfError when hostile types would make it endless."""
        self.steps -= steps
        if self.steps < 0:
            raise BtfError(f"BTF: types so entangled that {STEPS} steps do not relocate the object")

    def type(self, type_id: int) -> t.BtfType:
        """Return a type; looking at one costs a step, and one for each of its elements."""
        one = self.btf.type(type_id)
        elements = _ELEMENTS.get(type(one))
        self.spend(1 if elements is None else 1 + len(elements(one)))
        return one

    def bare(self, type_id: int) -> tuple[int, t.BtfType | None]:
        """Return a type without qualifiers, tags and typedefs (skip_mods_and_typedefs); None for void."""
        for _ in range(MAX_CHAIN):
            if type_id == t.VOID:
                return t.VOID, None
            one = self.type(type_id)
            if not isinstance(one, _SEEN_THROUGH):
                return type_id, one
            type_id = one.type
        raise BtfError(f"BTF: type {type_id} is a circle of typedefs or qualifiers")

    def size(self, type_id: int) -> int:
        """Return a size in bytes (btf__resolve_size); Refused for what has none."""
        count = 1
        for _ in range(MAX_HOPS):
            type_id, one = self.bare(type_id)
            match one:
                case t.Array(type=element, length=length):
                    count *= length
                    type_id = element
                case t.Int() | t.Float() | t.Composite() | t.Enum() | t.Ptr():
                    size = count * (self.pointer if isinstance(one, t.Ptr) else one.size)
                    if size >= 1 << 32:
                        raise Refused(f"a type of {size} bytes")
                    return size
                case _:
                    break
        raise Refused(f"type {type_id} has no size")


def pointer_size(types: Types) -> int:
    """Return the size of `long`, which is a pointer's (determine_ptr_size in btf.c); 8 where there is none."""
    for name in _LONGS:
        for one in map(types.type, types.find(name, t.INT)):
            if isinstance(one, t.Int) and one.size in (4, 8):
                return one.size
    return 8


def kinds_fit(local: int, target: int) -> bool:
    """Tell whether types of two kinds may stand for each other at all (btf_kind_core_compat)."""
    return local == target or (local in ANY_ENUM and target in ANY_ENUM)
