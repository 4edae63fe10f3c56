"""BPF607: is the packet read before anything was compared with its end?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bpflint.api import (
    Assign,
    Body,
    CallExpr,
    Confidence,
    Context,
    Expr,
    Finding,
    Function,
    Name,
    Op,
    Rule,
    RuleMeta,
    Severity,
    Span,
    Unit,
    expressions,
    follow,
    operands,
    strip,
)  # fmt: skip
from bpflint_rules._flow import followed
from bpflint_rules._maps import Maps, maps_of
from bpflint_rules._packet import DATA, is_end, is_start, packet_pointers


class PacketBoundsMissing(Rule):
    """A pointer into the packet is followed on a path where nothing was compared with `data_end`.

    ## What it does
    Follows every path from where `ctx->data` is read to the first use of a pointer computed from it, and reports the
    use that no mention of `data_end` and no call of a function of the project that is given the pointer precedes.

    ## Why is this bad
    The verifier refuses the program: `invalid access to packet, off=12 size=2, R1(id=0,off=12,r=0)`.

    ## Example
    ```c
    struct ethhdr *eth = (void *)(long)ctx->data;
    if (eth->h_proto == bpf_htons(ETH_P_IP))
    ```

    ## Use instead
    ```c
    struct ethhdr *eth = (void *)(long)ctx->data;
    if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
        return XDP_DROP;
    ```

    ## Known limits
    That a comparison covers enough bytes is left to the verifier. Metadata in front of the packet (`data_meta`) is not
    judged.
    """

    meta = RuleMeta(
        code="BPF607", name="packet-bounds-missing", summary="the packet is read and nothing was compared with its end",
        severity=Severity.WARNING, references=("https://docs.kernel.org/bpf/verifier.html#direct-packet-access",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report the first such use of each pointer."""
        if unit.side != "bpf" or unit.language != "c" or unit.problems:
            return
        maps = maps_of(unit, ctx)
        for function in filter(maps.is_live, unit.functions):
            given = {item.decl for item in function.params}  # the caller may have compared what is given another value
            pointers = packet_pointers(function, maps, DATA) - given
            if pointers:
                yield from self._function(function, pointers, maps)

    def _function(self, function: Function, pointers: frozenset[int], maps: Maps) -> Iterator[Finding]:
        ends = _ends(function, maps)
        for name, span in sorted(_unchecked(function, pointers, ends, maps).items(), key=lambda item: item[1]):
            yield self.finding(
                span, f"`{name}` is not compared with data_end on the way here: the verifier refuses the access",
                subject=f"{function.name}:{name}", confidence=None if not ends else Confidence.MEDIUM,
            )  # fmt: skip


def _ends(function: Function, maps: Maps) -> frozenset[int]:
    """The locals that hold the packet's end."""
    return frozenset(
        decl for decl, origin in maps.origins(function).items()
        if any(is_end(value) for value in origin.values)
    )  # fmt: skip


def _unchecked(
    function: Function, pointers: frozenset[int], ends: frozenset[int], maps: Maps
) -> Mapping[str, Span]:  # fmt: skip
    """Where each pointer is followed first, on paths from the function's start that compared nothing."""
    found: dict[str, Span] = {}

    def step(op: Op) -> str | None:
        for operand in operands(op):
            for pointer, _ in followed(operand):
                inner = strip(pointer)
                if isinstance(inner, Name) and inner.decl in pointers:
                    found.setdefault(inner.name, inner.span or op.span)
                    return "used"
        return "checked" if _checks(op, pointers, ends, maps) else None

    follow(Body(function), 0, 0, step)
    return found


def _checks(op: Op, pointers: frozenset[int], ends: frozenset[int], maps: Maps) -> bool:
    """Whether an operation may compare: it mentions the end, or hands a pointer or the context to a function."""
    if isinstance(op, Assign) and (is_end(op.value) or is_start(op.value)):
        return False
    for item in expressions(op):
        if is_end(item) or (isinstance(item, Name) and item.decl in ends):
            return True
        if isinstance(item, CallExpr) and item.callee in maps.functions and any(
            _is_packet(arg, pointers) for arg in item.args
        ):  # fmt: skip
            return True
    return False


def _is_packet(arg: Expr, pointers: frozenset[int]) -> bool:
    inner = strip(arg)
    return isinstance(inner, Name) and (inner.decl in pointers or inner.storage == "parameter")
