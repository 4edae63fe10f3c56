"""Which map does a call in user space work on, with which key, value and flags? cilium/ebpf, libbpf, bcc's tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bpflint.api import (
    AddressOf,
    Assign,
    Call,
    CallExpr,
    Constant,
    Expr,
    Function,
    Index,
    Name,
    Op,
    Span,
    Unit,
    Use,
    assignments_to,
    calls,
    dataclass,
    expressions,
    operations,
    origins,
    strip,
)  # fmt: skip
from bpflint_rules._flow import Place, same

_GO = re.compile(r"^github\.com/cilium/ebpf\.Map\.(?P<verb>Lookup|LookupWithFlags|Update|Put)$")
_C = re.compile(r"^bpf_map_(?P<verb>lookup_elem|lookup_elem_flags|update_elem)$")


@dataclass(frozen=True, slots=True)
class UserCall:
    """A lookup or update from user space. `flags` is None where the call has none; `order` is its place in the body."""

    function: Function
    call: CallExpr
    op: str
    map: str
    key: Expr
    value: Expr
    flags: Expr | None
    order: int
    at: Place

    @property
    def span(self) -> Span:
        """Where the call stands."""
        return self.call.span or self.function.span

    def same_entry(self, other: UserCall) -> bool:
        """Return whether two calls name one map, and one variable for the key, or write the key alike."""
        one, two = variable(self.key), variable(other.key)
        keys = one.decl == two.decl if one is not None and two is not None else same(self.key, other.key)
        return keys and self.map == other.map


def user_calls(unit: Unit) -> Iterator[UserCall]:
    """Yield the calls of a unit whose map is known by name."""
    if unit.side != "user" or unit.language not in ("go", "c"):
        return
    known = [use for use in unit.uses if use.map and use.role == "value" and use.op in ("lookup", "update")]
    if not known:
        return
    for function in unit.functions:
        order = 0
        for number, block in enumerate(function.blocks):
            for index, op in enumerate(block.ops):
                for expr in expressions(op):
                    if isinstance(expr, CallExpr):
                        order += 1
                        found = _of(function, expr, known, order, Place(number, index))
                        if found is not None:
                            yield found


def _of(function: Function, call: CallExpr, known: list[Use], order: int, at: Place) -> UserCall | None:
    match = _GO.match(call.callee) or _C.match(call.callee)
    args = call.args if call.receiver is not None else call.args[1:]
    if match is None or len(args) < 2 or call.span is None:
        return None
    use = next((item for item in known if _inside(item.span, call.span)), None)
    if use is None:
        return None
    op = "update" if match["verb"].lower().startswith(("update", "put")) else "lookup"
    return UserCall(function, call, op, use.map, args[0], args[1], args[2] if len(args) > 2 else None, order, at)


def _inside(inner: Span, outer: Span) -> bool:
    return inner.path == outer.path and (outer.line, outer.column) <= (inner.line, inner.column) and (
        (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)
    )


def variable(expr: Expr) -> Name | None:
    """Return the variable whose value or address an argument is."""
    inner = strip(expr)
    if isinstance(inner, AddressOf):
        inner = strip(inner.place)
    return inner if isinstance(inner, Name) and inner.decl else None


def written_back(unit: Unit) -> Iterator[tuple[UserCall, UserCall]]:
    """Yield each update with the first lookup of its function whose value it puts back changed, the lookup first."""
    known = list(user_calls(unit))
    for write in (item for item in known if item.op == "update"):
        before = (item for item in known if item.op == "lookup" and item.order < write.order)
        read = next((item for item in before if item.same_entry(write) and _is_changed(item, write)), None)
        if read is not None:
            yield read, write


def _is_changed(read: UserCall, write: UserCall) -> bool:
    """Whether an update's variable still holds what a lookup put into it, but for a change behind the lookup."""
    value, filled = variable(write.value), variable(read.value)
    if value is None or filled is None or value.decl != filled.decl or read.function is not write.function:
        return False

    def reads(op: Op) -> bool:
        return any(item is read.call for item in expressions(op))

    found = assignments_to(value, write.function, write.at.block, write.at.index, reads)
    kept = any(item.value is None for item in found)
    return kept and any(not item.whole and read.span < item.op.span for item in found)


def table_calls(unit: Unit) -> Iterator[tuple[Function, CallExpr, str, Op]]:
    """Yield each call on one of bcc's tables, with the table's name and the operation it stands in."""
    if unit.language != "python":
        return
    module = _module_variables(unit)
    for function in unit.functions:
        known = origins(function)
        for call, op in calls(function):
            table = call.receiver
            if isinstance(table, Name):
                origin = known.get(table.decl)
                held = origin.only if origin is not None else None
                table = held if table.decl else module.get(table.name)
            name = _table_name(table)
            if name:
                yield function, call, name, op


def _module_variables(unit: Unit) -> Mapping[str, Expr]:
    """What the variables of a module hold, where that is one thing."""
    found: dict[str, list[Expr]] = {}
    for op in (op for function in unit.functions if function.name == "<module>" for op in operations(function)):
        match op:
            case Assign(target=Name(name=name), value=value) | Call(result=Name(name=name), call=value):
                found.setdefault(name, []).append(value)
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def _table_name(expr: Expr | None) -> str:
    """The name in `b["name"]` or `b.get_table("name")`, "" for anything else."""
    match strip(expr) if expr is not None else None:
        case Index(index=Constant(value=str() as name)):
            return name
        case CallExpr(callee=callee, args=(Constant(value=str() as name), *_)) if callee.endswith("get_table"):
            return name
    return ""
