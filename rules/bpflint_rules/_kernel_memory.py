"""How does code read the kernel's own structs? Plain loads through a pointer, and what the pointer is."""

from __future__ import annotations

from collections.abc import Iterator

from bpflint.api import (
    AddressOf,
    Array,
    CallExpr,
    Deref,
    Expr,
    Function,
    Index,
    Name,
    Origin,
    Select,
    facts,
    operands,
    operations,
    parts,
    strip,
)  # fmt: skip
from bpflint_rules._flow import followed
from bpflint_rules._maps import Maps

_TRUSTED = frozenset(("iter", "tp_btf", "fentry", "fexit", "fmod_ret", "lsm", "lsm_cgroup", "struct_ops", "fsession"))
_UNTYPED = frozenset(("bpf_get_current_task",))


def loads(function: Function) -> Iterator[tuple[Expr, Select]]:
    """Yield each member that a body loads or stores through a pointer, with the pointer; addresses are no loads."""
    for op in operations(function):
        for operand in operands(op):
            for pointer, access in followed(operand):
                if isinstance(access, Select) and not isinstance(access.type, Array):
                    yield strip(pointer), access


def accesses(function: Function) -> Iterator[Select]:
    """Yield each `pointer->member`, its address too; what asks for a relocation is left out."""
    stack = [operand for op in operations(function) for operand in operands(op)][::-1]
    while stack:
        item = stack.pop()
        if isinstance(item, CallExpr) and item.callee.startswith("__builtin_preserve_"):
            continue
        if isinstance(item, Select) and item.arrow:
            yield item
        stack.extend(reversed(parts(item)))


def source_of(pointer: Expr, function: Function, maps: Maps) -> Expr:
    """Return the one value that a local pointer was given, copies followed; the pointer itself for anything else."""
    inner = strip(pointer)
    for _ in range(6):
        origin: Origin | None = maps.origins(function).get(inner.decl) if isinstance(inner, Name) else None
        if origin is None or origin.only is None:
            return inner
        inner = strip(origin.only)
    return inner


def is_number(pointer: Expr, function: Function, maps: Maps) -> bool:
    """Return whether a pointer is what a helper returns as a plain number, so that no load through it verifies."""
    source = source_of(pointer, function, maps)
    return isinstance(source, CallExpr) and source.callee in _UNTYPED


def is_trusted_section(section: str) -> bool:
    """Return whether the programs of a section get typed pointers from the kernel and do not sleep."""
    known = facts.section_of(section)
    kind = section.removeprefix("?").partition("/")[0]
    return known is not None and not known.sleepable and kind in _TRUSTED


def rcu_source(pointer: Expr, function: Function, maps: Maps) -> Select | None:
    """Return the `__rcu` member of a trusted pointer that another pointer is, None where it is not one."""
    source = source_of(pointer, function, maps)
    if not isinstance(source, Select) or not source.arrow or isinstance(source.type, Array):
        return None
    if facts.kernel_structs().rcu.get((source.owner, source.field)) is not False:
        return None
    return source if _is_trusted(source.base, function, maps) else None


def _is_trusted(pointer: Expr, function: Function, maps: Maps, depth: int = 4) -> bool:
    """Whether the verifier trusts a pointer: an argument, a context's member, the current task, or one of RCU's."""
    source = source_of(pointer, function, maps)
    if depth == 0:
        return False
    match source:
        case Name(storage="parameter"):
            return True
        case CallExpr(callee=callee):
            return callee == "bpf_get_current_task_btf"
        case Select(owner=owner, arrow=True) if owner.startswith("bpf_iter__"):
            return True
        case Select(owner=owner, field=field, base=base, arrow=True):
            never_null = facts.kernel_structs().rcu.get((owner, field))
            leads = never_null is True or (owner, field) == ("task_struct", "group_leader")
            return leads and _is_trusted(base, function, maps, depth - 1)
        case AddressOf() | Deref() | Index():
            return False
    return False
