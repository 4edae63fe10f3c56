"""BPF608: is a pointer into the packet used after a helper that voids it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    Body,
    Context,
    Finding,
    Function,
    Name,
    Op,
    Related,
    Rule,
    RuleMeta,
    Severity,
    Span,
    Step,
    Unit,
    facts,
    follow,
    operands,
    strip,
)  # fmt: skip
from bpflint_rules._flow import Site, followed, written_local
from bpflint_rules._maps import Maps, maps_of
from bpflint_rules._packet import packet_pointers

_DEPTH = 3


class StalePacketPointer(Rule):
    """A pointer computed from `ctx->data` is used after a helper that changes the packet.

    ## What it does
    Follows every path from a helper that may move the packet's data, also inside the project's own functions, to the
    first use of a pointer into it that was not computed anew.

    ## Why is this bad
    The verifier forgets all packet pointers at such a call and refuses the program
    (`R1 invalid mem access 'scalar'`, `'inv'` before 5.18), whether or not the call failed.

    ## Example
    ```c
    if (bpf_xdp_adjust_head(ctx, 4))
        return XDP_DROP;
    eth->h_proto = bpf_htons(ETH_P_IP);
    ```

    ## Use instead
    ```c
    if (bpf_xdp_adjust_head(ctx, 4))
        return XDP_DROP;
    eth = (void *)(long)ctx->data;
    if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
        return XDP_DROP;
    eth->h_proto = bpf_htons(ETH_P_IP);
    ```

    ## Known limits
    Pointers kept in a struct (a cursor) or handed to another function are not followed.
    """

    meta = RuleMeta(
        code="BPF608", name="stale-packet-pointer", summary="a packet pointer is used after the packet moved",
        severity=Severity.ERROR, references=("https://docs.cilium.io/en/stable/reference-guides/bpf/progtypes/",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report the first stale use of each pointer."""
        if unit.side != "bpf" or unit.language != "c" or unit.problems:
            return
        maps = maps_of(unit, ctx)
        for function in filter(maps.is_live, unit.functions):
            pointers = packet_pointers(function, maps)
            if pointers:
                yield from self._function(function, pointers, maps)

    def _function(self, function: Function, pointers: frozenset[int], maps: Maps) -> Iterator[Finding]:
        body, reported = Body(function), set[int]()
        for site in maps.sites(function):
            helper = _changing(site.call.callee, maps, _DEPTH)
            for decl in sorted(pointers - reported) if helper else ():
                used = _first_use(body, site, decl)
                if used is None:
                    continue
                name, span, path = used
                reported.add(decl)
                yield self.finding(
                    span, f"`{name}` points to where the packet was before {helper}(): compute it from the context "
                    "anew, and compare it with data_end",
                    subject=f"{function.name}:{name}", related=[Related(site.span, "call", "the packet may move here")],
                    flow=[Step(item, "this test") for item in path],
                )  # fmt: skip


def _changing(callee: str, maps: Maps, depth: int) -> str:
    """The helper that voids packet pointers, called by name or in a function of the unit; "" where there is none."""
    if callee in maps.functions:
        inner = maps.functions[callee]
        found = (_changing(site.call.callee, maps, depth - 1) for site in maps.sites(inner)) if depth else iter(())
        return next(filter(None, found), "")
    return callee if callee in facts.packet_helpers().changes else ""


def _first_use(body: Body, site: Site, decl: int) -> tuple[str, Span, tuple[Span, ...]] | None:
    names: dict[Span, Name] = {}

    def step(op: Op) -> str | None:
        for operand in operands(op):
            for pointer, access in followed(operand):
                inner = strip(pointer)
                if isinstance(inner, Name) and inner.decl == decl:
                    names[op.span] = inner if inner.span is not None else Name(inner.name, decl, None, access.span)
                    return "used"
        return "set" if written_local(op) == decl else None

    ends = [end for end in follow(body, site.at.block, site.at.index + 1, step) if end.how == "used"]
    if not ends:
        return None
    first = min(ends, key=lambda end: end.span)
    name = names[first.span]
    return name.name, name.span or first.span, first.path
