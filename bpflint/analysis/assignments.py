"""Which assignments is the value of a local made of at a place? The last one of the whole, and later ones of parts.

A backward walk over one body. It follows every path and knows nothing of tests; what is written through the local's
address counts where the caller says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bpflint.analysis.typestate import targets
from bpflint.analysis.walk import base_of, predecessors, strip, walk
from bpflint.model.data import dataclass
from bpflint.model.flow import Assign, Call, Expr, Function, Name, Op, Update


@dataclass(frozen=True, slots=True)
class Assignment:
    """An operation that sets a local (`whole`: nothing of what was in it is left), a part of it, or what it points to.

    `value` is what is assigned, or added; None where the operation is one that the caller named.
    """

    op: Op
    target: Expr
    value: Expr | None
    whole: bool


def assignments_to(
    local: Name, function: Function, block: int, index: int, fills: Callable[[Op], bool] = lambda _op: False
) -> Sequence[Assignment]:
    """Return, in block order, the assignments that a local's value is made of where an operation begins.

    An operation for which `fills` holds sets the whole local by its address.
    """
    before = predecessors(function)
    found: dict[tuple[int, int], Assignment] = {}
    seen: set[int] = set()
    work = [(block, index)]
    while work:
        number, end = work.pop()
        for at in reversed(range(end)):
            made = _assignment(function.blocks[number].ops[at], local, fills)
            if made is not None:
                found[number, at] = made
                if made.whole:
                    break
        else:
            new = set(before[number]) - seen
            seen |= new
            work += ((one, len(function.blocks[one].ops)) for one in new)
    return [found[key] for key in sorted(found)]


def _assignment(op: Op, local: Name, fills: Callable[[Op], bool]) -> Assignment | None:
    if fills(op):
        return Assignment(op, local, None, whole=True)
    match op:
        case Assign(target=target, value=value) | Update(target=target, value=value):
            pass
        case Call(result=result, call=value) if result is not None:
            target = result
        case _:
            return None
    part = next((item for item in targets(target) if _is(base_of(item), local)), None)
    if part is None:
        return None
    keeps = isinstance(op, Update) or not _is(strip(part), local) or any(_is(item, local) for item in walk(value))
    return Assignment(op, part, value, whole=not keeps)


def _is(expr: Expr, local: Name) -> bool:
    return isinstance(expr, Name) and expr.decl == local.decl
