"""In which order must C declarations stand? What is used by value comes first, what is pointed to is only declared.

Each type can be *declared* (its name may be used behind a pointer) or *defined* (it may be used by value). The walk
is depth first with its own stack, so no chain of types, however long, meets the interpreter's recursion limit.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from typing import Final

from bpflint.btf import types as t
from bpflint.btf.errors import BtfError
from bpflint.btf.lookup import Types


class Want(enum.IntEnum):
    """How much of a type is needed."""

    DECLARED = 0
    DEFINED = 1


Step = tuple[int, Want]
MAX_STEPS: Final = 150_000
"""Most declarations and definitions; a kernel's types take 36,000."""


def in_order(btf: Types, roots: Iterable[Step]) -> Iterator[Step]:
    """Yield each (id, want) that the roots need, after all that it needs itself; BtfError on a circle by value."""
    done: dict[Step, bool] = {}
    for root in roots:
        stack = [root]
        while stack:
            step = stack[-1]
            state = done.get(step)
            if state is None:
                done[step] = False
                if len(done) > MAX_STEPS:
                    raise BtfError(f"BTF: more than {MAX_STEPS} types to declare")
                for need in needs(btf, *step):
                    if done.get(need) is None:
                        stack.append(need)
                    elif done[need] is False:
                        raise BtfError(f"BTF: type {need[0]} ({btf.name(need[0])}) contains itself")
                continue
            stack.pop()
            if state is False:
                done[step] = True
                yield step


def needs(btf: Types, type_id: int, want: Want) -> list[Step]:
    """Return what has to stand before a type can be declared or defined."""
    if type_id == t.VOID:
        return []
    one = btf.type(type_id)
    match one:
        case t.Ptr(type=inner):
            return [(inner, Want.DECLARED)]
        case t.Typedef(type=inner):
            own = [(type_id, Want.DECLARED)] if want else []
            return [*own, (inner, want)]
        case t.Qualifier(type=inner) | t.TypeTag(type=inner):
            return [(inner, want)]
        case t.Composite(name=name, members=members):
            if want:
                return list(dict.fromkeys((member.type, Want.DEFINED) for member in members))
            return [] if name else [(type_id, Want.DEFINED)]
        case t.Array(type=inner):
            return [(inner, Want.DEFINED)]
        case t.FuncProto(result=result, params=params):
            return [(result, Want.DECLARED), *((param.type, Want.DECLARED) for param in params)]
        case _:
            return []
