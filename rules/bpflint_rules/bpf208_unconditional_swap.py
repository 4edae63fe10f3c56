"""BPF208: is a byte order converted by a swap that big-endian machines must not do?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bpflint.api import (
    Binary,
    CallExpr,
    Constant,
    Context,
    Expr,
    Finding,
    Function,
    Rule,
    RuleMeta,
    Severity,
    Span,
    Unit,
    byte_order,
    contents,
    expressions,
    operations,
    show,
    strip,
)  # fmt: skip
from bpflint_rules._byte_order import Once, met
from bpflint_rules._flow import same

_SWAPS = re.compile(r"^_*(?:builtin_)?(?:bswap|swab)_?(16|32|64)$")


class UnconditionalSwap(Rule):
    """Network data is converted with a plain byte swap, which is right on little-endian machines only.

    ## What it does
    Finds `__builtin_bswap16` and its like, and `x << 8 | x >> 8` by hand, on values in network byte order.

    ## Why is this bad
    `bpf_ntohs` does nothing where the machine is big-endian already; a plain swap swaps there too. The same source
    built with `-target bpfeb` for s390x reads every port and address backwards.

    ## Example
    ```c
    u16 port = __builtin_bswap16(tcp->dest);
    ```

    ## Use instead
    ```c
    u16 port = bpf_ntohs(tcp->dest);
    ```

    ## Known limits
    Info unless a big-endian target is configured. A swap inside a test of `__BYTE_ORDER__` cannot be told from another
    and is reported only where it is compiled in.
    """

    meta = RuleMeta(
        code="BPF208", name="unconditional-swap", summary="a plain byte swap stands for a conversion",
        severity=Severity.WARNING, references=("https://github.com/kmesh-net/kmesh/pull/1858",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report plain swaps of values whose order is known."""
        if unit.side != "bpf" or unit.language != "c":
            return
        big = "big" in ctx.settings.bpf_byte_orders or "s390x" in ctx.settings.targets
        severity = None if big else Severity.INFO
        written = {span: text for function in unit.functions for span, text in _plain_swaps(function)}
        first = Once()
        for function, swap in met(unit, ctx, byte_order.Swapped):
            known = swap.operand.order == "network" or swap.into.order == "network"
            text = written.get(swap.span)
            if text is not None and known and not swap.mixing and first(swap.span, swap.text):
                verb = "ntoh" if swap.operand.order == "network" else "hton"
                yield self.finding(
                    swap.span,
                    f"`{text}` swaps on every machine, but network order is a big-endian machine's own: use "
                    f"`bpf_{verb}{'s' if swap.width == 16 else 'l'}()`",
                    subject=f"{function.name}:{swap.text}", severity=severity,
                )  # fmt: skip
        for function in unit.functions:
            for span, value in _by_hand(function):
                if first(span, value):
                    yield self.finding(
                        span, f"`{value}` is swapped by shifts on every machine: use `bpf_ntohs()`",
                        subject=f"{function.name}:{value}:by-hand", severity=severity,
                    )  # fmt: skip


def _plain_swaps(function: Function) -> Iterator[tuple[Span, str]]:
    """Swaps that stand in the source as such, not inside a conversion macro."""
    for expr in contents(function):
        if isinstance(expr, CallExpr) and _SWAPS.match(expr.callee) and not expr.macro and expr.span is not None:
            yield expr.span, f"{expr.callee}()"


def _by_hand(function: Function) -> Iterator[tuple[Span, str]]:
    """Each `x << 8 | x >> 8` of a 16-bit value whose type is in network order."""
    for op in operations(function):
        for expr in expressions(op):
            if not isinstance(expr, Binary) or expr.op != "|":
                continue
            one, two = _shift(expr.left), _shift(expr.right)
            if one is None or two is None or {one[0], two[0]} != {"<<", ">>"} or not same(one[1], two[1]):
                continue
            if byte_order.order_of_type(one[1].type).order == "network":
                yield expr.span or op.span, show(one[1])


def _shift(expr: Expr) -> tuple[str, Expr] | None:
    """The direction and value of a shift by one byte, masks aside."""
    inner = _unmasked(expr)
    if isinstance(inner, Binary) and inner.op in ("<<", ">>"):
        by = strip(inner.right)
        if isinstance(by, Constant) and by.value == 8:
            return inner.op, _unmasked(inner.left)
    return None


def _unmasked(expr: Expr) -> Expr:
    inner = strip(expr)
    return strip(inner.left) if isinstance(inner, Binary) and inner.op == "&" else inner
