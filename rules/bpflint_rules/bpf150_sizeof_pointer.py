"""BPF150: is the size of a pointer, or of a number, taken where another size is meant?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeGuard

from bpflint.api import (
    AddressOf,
    Array,
    CallExpr,
    Constant,
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
_INT_BITS = 32
_SMALLEST = 5
"""A number below it may stand for its type: `sizeof(1)` is that of an int."""
_NUMBER = re.compile(r"sizeof\s*\(\s*(0[xX][0-9a-fA-F]+|\d+)\s*\)")


class SizeofPointer(Rule):
    """`sizeof` measures a pointer in a call that is given this very pointer, or a number.

    ## What it does
    Finds calls like `memset(p, 0, sizeof(p))`, `bpf_probe_read(&x, sizeof(&x), …)` and the compiler's own
    `-Wsizeof-pointer-memaccess`; an array parameter (`char buf[16]`) is a pointer, too. Also the size of a number:
    `bpf_probe_read_kernel(&name, sizeof(NAME_LEN), …)`, `.key_size = sizeof(20)`.

    ## Why is this bad
    A pointer has 8 bytes and a number 4. A larger buffer keeps old bytes behind them: other processes' data in an
    event, or a key that no lookup finds. A smaller one is overrun.

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
        yield from self._numbers(unit, ctx)
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

    def _numbers(self, unit: Unit, ctx: Context) -> Iterator[Finding]:
        for item in unit.maps:
            for field, written in item.settings:
                if (found := _NUMBER.fullmatch(written.strip())) and int(found[1], 0) >= _SMALLEST:
                    yield self.finding(
                        item.span, f"`{field}` of map `{item.name}` is `{found[0]}`, the size of a number, 4 bytes; "
                        f"`{found[1]}` is meant", subject=f"{item.name}:{field}",
                    )  # fmt: skip
        for function in unit.functions:
            for call, op in calls(function):
                for size in map(strip, call.args):
                    number = strip(size.of) if isinstance(size, SizeOf) and size.of is not None else None
                    if _is_number(number) and not _takes_ints(call, ctx):
                        yield self.finding(
                            size.span or call.span or op.span,
                            f"`sizeof({show(number)})` is the size of a number, 4 bytes; `{call.callee}()` is given it",
                            subject=f"{function.name}:{call.callee}:{show(number)}",
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


def _is_number(expr: Expr | None) -> TypeGuard[Constant]:
    return isinstance(expr, Constant) and isinstance(expr.value, int) and expr.value >= _SMALLEST


def _takes_ints(call: CallExpr, ctx: Context) -> bool:
    """Whether a pointer that a call is given points to 4 bytes: the size is right by chance."""
    pointers = (inner.place.type for arg in call.args if isinstance(inner := strip(arg), AddressOf))
    return any(ctx.size_of(item, "bpfel") == _INT_BITS for item in pointers)


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
