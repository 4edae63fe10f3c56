"""Which pointers of a body are never NULL? Those that the kernel sets for the whole life of what holds them."""

from __future__ import annotations

from collections.abc import Iterator

from bpflint.analysis.walk import operations, strip
from bpflint.model.flow import AddressOf, Assign, Call, CallExpr, Conditional, Expr, Function, Name, Select
from bpflint.model.memory import NeverNull

_READS = ("bpf_probe_read", "bpf_probe_read_kernel", "bpf_core_read")
"""BPF_CORE_READ reads each member with one of these: (to, size, from)."""
_ROUNDS = 4


def certain_pointers(function: Function, known: NeverNull) -> frozenset[int]:
    """Return the locals whose every value is a pointer that is never NULL."""
    values: dict[int, list[Expr]] = {}
    for decl, value in _values(function):
        values.setdefault(decl, []).append(value)
    certain: frozenset[int] = frozenset()
    for _ in range(_ROUNDS):
        found = frozenset(decl for decl, items in values.items() if all(_is_sure(i, certain, known) for i in items))
        if found == certain:
            break
        certain = found
    return certain


def _values(function: Function) -> Iterator[tuple[int, Expr]]:
    for op in operations(function):
        match op:
            case Assign(target=Name(decl=decl), value=value) | Call(result=Name(decl=decl), call=value) if decl:
                yield decl, value
        call = op.call if isinstance(op, Call) else None
        for argument in call.args if call is not None else ():
            inner = strip(argument)
            place = strip(inner.place) if isinstance(inner, AddressOf) else None
            if call is not None and isinstance(place, Name) and place.decl:
                yield place.decl, _read(call) if argument is call.args[0] else call


def _read(call: CallExpr) -> Expr:
    """What a call reads into its first argument: `task->real_parent`; any other call may write anything."""
    source = strip(call.args[2]) if call.callee in _READS and len(call.args) > 2 else call
    if isinstance(source, CallExpr) and source.callee == "__builtin_preserve_access_index":
        source = strip(source.args[0])
    return strip(source.place) if isinstance(source, AddressOf) else call


def _is_sure(value: Expr, certain: frozenset[int], known: NeverNull) -> bool:
    inner = strip(value)
    match inner:
        case CallExpr(callee=callee):
            return callee in known.callees
        case Select(owner=owner, field=field):
            return (owner, field) in known.fields
        case Name(decl=decl):
            return decl in certain
        case Conditional(then=then, other=other):
            return _is_sure(then, certain, known) and _is_sure(other, certain, known)
    return False
