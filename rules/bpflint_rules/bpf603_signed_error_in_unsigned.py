"""BPF603: can an error code ever be seen in this unsigned variable?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from bpflint.api import (
    Assign,
    Binary,
    Call,
    CallExpr,
    Cast,
    Conditional,
    Constant,
    Context,
    Evaluate,
    Expr,
    Finding,
    Function,
    Name,
    Related,
    Return,
    Rule,
    RuleMeta,
    Scalar,
    Select,
    Severity,
    Span,
    Type,
    Unit,
    facts,
    operations,
    show,
    strip,
    walk,
)  # fmt: skip
from bpflint_rules._flow import same
from bpflint_rules._maps import Maps, maps_of

_SIGNED = ("long ", "int ", "static long ", "s64 ", "__s64 ")


class SignedErrorInUnsigned(Rule):
    """An unsigned variable holds a result that is negative on errors, and is tested for being negative.

    ## What it does
    Finds `x < 0` and `x >= 0` on unsigned variables and fields that hold the result of a helper or function that
    returns negative errors.

    ## Why is this bad
    The test never sees the error. The error code goes on as a huge length, offset or count.

    ## Example
    ```c
    u32 len = bpf_probe_read_kernel_str(&event->name, sizeof(event->name), name);
    if (len < 0)
        return 0;
    ```

    ## Use instead
    ```c
    int len = bpf_probe_read_kernel_str(&event->name, sizeof(event->name), name);
    ```

    ## Known limits
    Other unsigned comparisons with zero are dead code but no lost error, and are left out.
    A check of the upper bound (`len > sizeof(buf)`) also catches the error and is not reported.
    """

    meta = RuleMeta(
        code="BPF603", name="signed-error-in-unsigned", summary="a negative error is sought in an unsigned variable",
        severity=Severity.ERROR,
        references=("https://clang.llvm.org/docs/DiagnosticsReference.html#wtautological-unsigned-zero-compare",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report comparisons that cannot be true, those the flow explains first."""
        if unit.side != "bpf":
            return
        maps = maps_of(unit, ctx)
        for function in filter(maps.is_live, unit.functions):
            yield from self._function(function, maps)

    def _function(self, function: Function, maps: Maps) -> Iterator[Finding]:
        for op in operations(function):
            if not isinstance(op, Evaluate):
                continue
            for item in walk(op.value):
                place = _compared(item)
                if place is None or not _unsigned(place.type):
                    continue
                source = _error_source(place, function, maps)
                if source is not None:
                    call, where = source
                    related = [Related(where, "call", f"`{call}()` returns a negative error")] if where else []
                    yield self.finding(
                        item.span or op.span,
                        f"`{show(place)}` is unsigned, so a negative error of `{call}()` is never seen here",
                        subject=f"{function.name}:{show(place)}", related=related,
                    )  # fmt: skip


def _compared(expr: Expr) -> Name | Select | None:
    """The place that is compared with zero; a cast to a signed type makes the comparison a real one."""
    if not isinstance(expr, Binary) or expr.op not in ("<", ">="):
        return None
    right, left = strip(expr.right), expr.left
    while isinstance(left, Cast) and left.implicit:
        left = left.value
    if isinstance(right, Constant) and right.value == 0 and isinstance(left, Name | Select):
        return left
    return None


def _unsigned(type_: Type | None) -> bool:
    return isinstance(type_, Scalar) and type_.kind == "int" and type_.signed is False


def _error_source(place: Name | Select, function: Function, maps: Maps) -> tuple[str, Span | None] | None:
    """The call whose negative results the variable or field was given."""
    for op in operations(function):
        if isinstance(op, Call) and op.result is not None and same(op.result, place):
            call = op.call
        elif isinstance(op, Assign) and same(op.target, place) and isinstance(strip(op.value), CallExpr):
            call = cast(CallExpr, strip(op.value))
        else:
            continue
        helper = facts.helpers().get(call.callee)
        own = maps.functions.get(call.callee)
        fails = own is not None and _may_fail(own, maps)
        if call.receiver is None and (fails or (helper is not None and helper.prototype.startswith(_SIGNED))):
            return call.callee, call.span
    return None


def _may_fail(function: Function, maps: Maps) -> bool:
    """Whether a function returns signed numbers, and others than such that are never negative (`bpf_ntohs(value)`)."""
    if not isinstance(function.returns, Scalar) or not function.returns.signed:
        return False
    returned = [op.value for op in operations(function) if isinstance(op, Return) and op.value is not None]
    return not returned or not all(_never_negative(item, function, maps) for item in returned)


def _never_negative(expr: Expr, function: Function, maps: Maps) -> bool:
    match expr:
        case Constant(value=value):
            return isinstance(value, int) and value >= 0
        case Conditional(then=then, other=other):
            return _never_negative(then, function, maps) and _never_negative(other, function, maps)
        case Cast(value=value, type=type_):
            return (_unsigned(type_) and not expr.implicit) or _never_negative(value, function, maps)
        case Name(decl=decl) if decl:  # a variable may hold an error that was called unsigned
            origin = maps.origins(function).get(decl)
            return _unsigned(expr.type) and not any(
                isinstance(strip(value), CallExpr | Name) for value in (origin.values if origin is not None else ())
            )
        case _:
            return _unsigned(expr.type)
