"""Which map does a call in user space look up or update, with which key, value and flags? cilium/ebpf and libbpf."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bpflint.api import AddressOf, CallExpr, Expr, Function, Name, Span, Unit, Use, dataclass, expressions, strip

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

    @property
    def span(self) -> Span:
        """Where the call stands."""
        return self.call.span or self.function.span


def user_calls(unit: Unit) -> Iterator[UserCall]:
    """Yield the calls of a unit whose map is known by name."""
    if unit.side != "user" or unit.language not in ("go", "c"):
        return
    known = [use for use in unit.uses if use.map and use.role == "value" and use.op in ("lookup", "update")]
    if not known:
        return
    for function in unit.functions:
        order = 0
        for block in function.blocks:
            for op in block.ops:
                for expr in expressions(op):
                    if isinstance(expr, CallExpr):
                        order += 1
                        found = _of(function, expr, known, order)
                        if found is not None:
                            yield found


def _of(function: Function, call: CallExpr, known: list[Use], order: int) -> UserCall | None:
    match = _GO.match(call.callee) or _C.match(call.callee)
    args = call.args if call.receiver is not None else call.args[1:]
    if match is None or len(args) < 2 or call.span is None:
        return None
    use = next((item for item in known if _inside(item.span, call.span)), None)
    if use is None:
        return None
    op = "update" if match["verb"].lower().startswith(("update", "put")) else "lookup"
    return UserCall(function, call, op, use.map, args[0], args[1], args[2] if len(args) > 2 else None, order)


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

