"""BPF150: is the size of a pointer taken where the size of what it points to is meant?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    AddressOf,
    Array,
    CallExpr,
    Context,
    Expr,
    Finding,
    Function,
    Name,
    Pointer,
    Rule,
    RuleMeta,
    Severity,
    SizeOf,
    Unit,
    calls,
    show,
    strip,
)  # fmt: skip
from bpflint_rules._flow import same

_POINTER_BITS = 64


class SizeofPointer(Rule):
    """`sizeof` measures a pointer in a call that is given this very pointer.

    ## What it does
    Finds calls like `memset(p, 0, sizeof(p))`, `bpf_probe_read(&x, sizeof(&x), …)` and the compiler's own
    `-Wsizeof-pointer-memaccess`; an array parameter (`char buf[16]`) is a pointer, too.

    ## Why is this bad
    A pointer has 8 bytes. A larger buffer keeps old bytes behind them: other processes' data in an event, or a key
    that no lookup finds. A smaller one is overrun.

    ## Example
    ```c
    static __always_inline void clear(char *path) { __builtin_memset(path, 0, sizeof(path)); }
    bpf_get_current_comm(&event->comm, sizeof(&event->comm));
    ```

    ## Use instead
    ```c
    bpf_get_current_comm(&event->comm, sizeof(event->comm));
    ```
    and pass the size along with a pointer parameter.

    ## Known limits
    A pointer to something of 8 bytes is not reported, since the size is right by chance; nor is one beside the address
    of something that has 8 bytes.
    """

    meta = RuleMeta(
        code="BPF150", name="sizeof-pointer", summary="sizeof measures a pointer instead of what it points to",
        severity=Severity.ERROR, references=("https://github.com/iovisor/bcc/pull/4340",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report calls by their flow form, then what only the compiler saw."""
        seen: set[tuple[str, int]] = set()
        for function in unit.functions:
            for finding in self._function(function, ctx):
                seen.add((finding.span.path, finding.span.line))
                yield finding
        for item in unit.diagnostics:
            if item.option == "-Wsizeof-pointer-memaccess" and (item.span.path, item.span.line) not in seen:
                yield self.finding(
                    item.span, "the size of a pointer is taken: " + item.message.split(";")[0],
                    subject=f"{item.function}:sizeof",
                )  # fmt: skip

    def _function(self, function: Function, ctx: Context) -> Iterator[Finding]:
        for call, op in calls(function):
            for arg in call.args:
                size = strip(arg)
                if not isinstance(size, SizeOf) or size.of is None or not isinstance(size.operand, Pointer | Array):
                    continue  # of `a->b` with an unknown type the compiler leaves `a`, and no type for the whole
                measured = strip(size.of)
                if _is_address(measured) and _handed(measured, call) and not _fits(measured, call, ctx):
                    yield self.finding(
                        size.span or call.span or op.span,
                        f"`sizeof({show(measured)})` is the size of a pointer, 8 bytes, not of what it points to; "
                        f"`{call.callee}()` is given that pointer",
                        subject=f"{function.name}:{call.callee}:{show(measured)}",
                    )  # fmt: skip


def _is_address(expr: Expr) -> bool:
    return isinstance(expr, AddressOf) or isinstance(expr.type, Pointer)


def _handed(measured: Expr, call: CallExpr) -> bool:
    """Whether another argument is the same pointer; for `sizeof(&x)`, `x` itself as well (an array)."""
    for arg in call.args:
        inner = strip(arg)
        if same(inner, measured) or (isinstance(measured, AddressOf) and same(inner, measured.place)):
            return True
    return False


def _fits(measured: Expr, call: CallExpr, ctx: Context) -> bool:
    """Whether what is pointed to has 8 bytes as well, or what another argument points to, which is meant then."""
    others = (inner for arg in call.args if isinstance(inner := strip(arg), AddressOf) and not same(inner, measured))
    if any(ctx.size_of(item.place.type, "bpfel") == _POINTER_BITS for item in others):
        return True
    if isinstance(measured, AddressOf):
        return ctx.size_of(measured.place.type, "bpfel") == _POINTER_BITS
    pointee = measured.type.pointee if isinstance(measured.type, Pointer) else None
    return (not isinstance(measured, Name) and pointee is None) or ctx.size_of(pointee, "bpfel") == _POINTER_BITS
