"""BPF151: does a store through a cast, or a helper's size, fit what it is stored in?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    AddressOf,
    Assign,
    Call,
    CallExpr,
    Cast,
    Context,
    Deref,
    Enum,
    Evaluate,
    Expr,
    Finding,
    Function,
    Layouts,
    Name,
    Op,
    Pointer,
    RecordDecl,
    Rule,
    RuleMeta,
    Scalar,
    Select,
    Severity,
    SizeOf,
    Unit,
    dataclass,
    expressions,
    facts,
    operations,
    show,
    strip,
)  # fmt: skip


class NarrowStoreThroughWiderCast(Rule):
    """A store is wider than the variable or field behind its cast, or leaves a part of a fresh variable unset.

    ## What it does
    Compares the size of a store through a cast pointer (`*(u64 *)&x = …`), and the constant size that a helper is
    given together with `&x`, with the size of `x`.

    ## Why is this bad
    A wider store runs over the fields or variables behind it; the verifier minds only the end of the stack and of the
    map's value. A narrower one leaves the rest as it was: a `u64` of which four bytes were read holds four bytes of
    the stack, and on a big-endian machine the four that were read are its upper half.

    ## Example
    ```c
    u64 port;
    bpf_probe_read_kernel(&port, sizeof(u16), &sk->__sk_common.skc_dport);
    ```

    ## Use instead
    ```c
    u16 port;
    bpf_probe_read_kernel(&port, sizeof(port), &sk->__sk_common.skc_dport);
    ```

    ## Known limits
    Integers only. Silent where a wide store ends with a field of the same struct (several fields set at once), in
    arrays and unions, and where a narrow one goes to a variable that something else in the function sets too.
    """

    meta = RuleMeta(
        code="BPF151", name="narrow-store-through-wider-cast", severity=Severity.ERROR,
        summary="a store does not fit what it is stored in",
    )  # fmt: skip

    def check_function(self, function: Function, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each store that does not fit."""
        if unit.side != "bpf" or unit.language != "c":
            return
        layouts = ctx.layouts(unit)
        for op in operations(function):
            for store in _stores(op, layouts):
                message = _fault(store, function, layouts)
                if message and op.span is not None:
                    yield self.finding(op.span, message, subject=f"{function.name}:{show(store.place)}")


@dataclass(frozen=True, slots=True)
class _Store:
    """Sizes in bits; `by` is the helper that stores, "" for an assignment."""

    place: Expr
    size: int
    by: str


def _stores(op: Op, layouts: Layouts) -> Iterator[_Store]:
    target = op.target if isinstance(op, Assign) else op.result if isinstance(op, Call) else None
    match target:
        case Deref(pointer=Cast(value=inner)) if (place := _addressed(inner)) is not None:
            size = layouts.size(target.type)
            if size:
                yield _Store(place, size, "")
    for expr in expressions(op):
        if isinstance(expr, CallExpr) and expr.receiver is None:
            for touch in facts.memory_calls().functions.get(expr.callee, ()):
                if touch.does == "writes" and touch.size is not None and touch.size < len(expr.args) > touch.argument:
                    place, size = _addressed(expr.args[touch.argument]), _constant(expr.args[touch.size], layouts)
                    if place is not None and size and expr.callee in facts.helpers():
                        yield _Store(place, size, expr.callee)


def _addressed(expr: Expr) -> Expr | None:
    """The variable or field, an integer, whose address an expression is."""
    inner = strip(expr)
    place = strip(inner.place) if isinstance(inner, AddressOf) else None
    fits = isinstance(place, Name | Select) and isinstance(place.type, Scalar | Enum)
    return place if fits else None


def _constant(expr: Expr, layouts: Layouts) -> int | None:
    inner = strip(expr)
    if isinstance(inner, SizeOf):
        return layouts.size(inner.operand)
    value = getattr(inner, "value", None)
    return value * 8 if isinstance(value, int) else None


def _fault(store: _Store, function: Function, layouts: Layouts) -> str:
    own = layouts.size(store.place.type)
    if not own or own == store.size:
        return ""
    what = f"`{store.by}()` writes" if store.by else "this store writes"
    name = show(store.place)
    if store.size > own:
        if _ends_well(store, layouts):
            return ""
        return f"{what} {store.size // 8} bytes where `{name}` has {own // 8}; what lies behind it is overwritten"
    if not isinstance(store.place, Name) or store.place.storage != "local" or _is_set_elsewhere(store.place, function):
        return ""
    return f"{what} {store.size // 8} of the {own // 8} bytes of `{name}`; the others keep what the stack held"


def _ends_well(store: _Store, layouts: Layouts) -> bool:
    """Several fields of one struct are set at once, or padding; also where the struct is not known."""
    if not isinstance(store.place, Select):
        return False
    base = store.place.base.type
    decl = base.pointee if isinstance(base, Pointer) else base
    field = layouts.field(decl, store.place.field) if isinstance(decl, RecordDecl) else None
    if field is None or not isinstance(decl, RecordDecl) or decl.kind == "union":
        return True
    record, end = layouts.record(decl), field.offset + store.size
    return end <= record.size and not any(item.offset < end < item.end for item in record.fields)


def _is_set_elsewhere(name: Name, function: Function) -> bool:
    """Whether another operation stores to a local, or takes its address."""
    found = 0
    for op in operations(function):
        target = op.target if isinstance(op, Assign) else op.result if isinstance(op, Call) else None
        if isinstance(target, Name) and target.decl == name.decl:
            return True
        taken = (strip(item.place) for item in expressions(op) if isinstance(item, AddressOf))
        stored = any(isinstance(item, Name) and item.decl == name.decl for item in taken)
        found += stored and not isinstance(op, Evaluate)  # an assignment is evaluated once more, for its value
    return found > 1
