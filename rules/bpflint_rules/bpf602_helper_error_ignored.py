"""BPF602: is the error of a helper dropped where the code behind it depends on success?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from bpflint.api import (
    AddressOf,
    Assign,
    Call,
    CallExpr,
    Confidence,
    Context,
    Finding,
    Function,
    Name,
    Op,
    Rule,
    RuleMeta,
    Select,
    Severity,
    Unit,
    base_of,
    expressions,
    facts,
    operands,
    operations,
    strip,
)  # fmt: skip
from bpflint_rules._flow import Place, Site, argument, explore, mentions
from bpflint_rules._maps import Maps, maps_of
from bpflint_rules._packet import reads_packet_bounds

_BY_OFFSET = frozenset(
    ("bpf_skb_store_bytes", "bpf_skb_load_bytes", "bpf_xdp_store_bytes", "bpf_xdp_load_bytes", "bpf_l3_csum_replace",
     "bpf_l4_csum_replace")
)  # fmt: skip


class HelperErrorIgnored(Rule):
    """The result of a helper is dropped, and what follows is right only if it succeeded.

    ## What it does
    Finds calls that resize a packet (`bpf_xdp_adjust_head`, `bpf_skb_adjust_room`, …) with a dropped result and the
    packet used behind them, and calls that fill a variable on success only (`bpf_fib_lookup`, `bpf_xdp_load_bytes`,
    `bpf_dynptr_read`) with the variable read behind them.

    ## Why is this bad
    A header is written over the packet's own bytes, or a packet leaves with the address that the stack held before.

    ## Example
    ```c
    bpf_xdp_adjust_head(ctx, -(int)sizeof(struct iphdr));
    ```

    ## Use instead
    ```c
    if (bpf_xdp_adjust_head(ctx, -(int)sizeof(struct iphdr)))
        return XDP_DROP;
    ```

    ## Known limits
    Probe reads and `bpf_skb_load_bytes` fill the destination with zeros when they fail; that is not reported, nor are
    deletes, event outputs, `bpf_skb_pull_data` and `bpf_xdp_adjust_meta`, whose failure the next comparison shows.
    """

    meta = RuleMeta(
        code="BPF602", name="helper-error-ignored", summary="an error is dropped and what follows depends on success",
        severity=Severity.WARNING, references=("https://man7.org/linux/man-pages/man7/bpf-helpers.7.html",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each dropped error that matters."""
        if unit.side != "bpf" or unit.language != "c":
            return
        maps, known = maps_of(unit, ctx), facts.packet_helpers()
        for function in filter(maps.is_live, unit.functions):
            for number, site in enumerate(maps.sites(function)):
                if site.call.callee in maps.functions or not _is_dropped(site):
                    continue
                if site.call.callee in known.resizes and _packet_used_behind(site):
                    yield self._resized(site, number)
                elif site.call.callee in known.leaves:
                    yield from self._left(site, known.leaves[site.call.callee], maps)

    def _resized(self, site: Site, number: int) -> Finding:
        return self.finding(
            site.span, f"{site.call.callee}() may fail, and then the packet is as it was: what follows works on the "
            "wrong bytes; test the result",
            subject=f"{site.function.name}:{site.call.callee}:{number}",
        )  # fmt: skip

    def _left(self, site: Site, position: int, maps: Maps) -> Iterator[Finding]:
        target = argument(site.call, position)
        root = base_of(target) if target is not None and isinstance(strip(target), AddressOf) else None
        if not isinstance(root, Name) or root.storage != "local" or not _read_behind(site, root.decl):
            return
        lookup = site.call.callee == "bpf_fib_lookup"
        if not lookup and _set_before(site.function, root.decl, site):
            return
        yield self.finding(
            site.span, f"{site.call.callee}() may fail, and then `{root.name}` is as it was; what follows reads it: "
            "test the result",
            subject=f"{site.function.name}:{site.call.callee}:{root.name}",
            confidence=Confidence.MEDIUM if lookup else None,
        )  # fmt: skip


def _is_dropped(site: Site) -> bool:
    op = site.function.blocks[site.at.block].ops[site.at.index]
    return isinstance(op, Call) and op.call is site.call and op.result is None


def _packet_used_behind(site: Site) -> bool:
    def uses(op: Op) -> bool:
        return any(
            reads_packet_bounds(item) or (isinstance(item, CallExpr) and item.callee in _BY_OFFSET)
            for item in operands(op)
        )  # fmt: skip

    return _any_behind(site, lambda op: True if uses(op) else None)


def _read_behind(site: Site, decl: int) -> bool:
    """Whether a variable is read before it is written anew."""

    def meets(op: Op) -> bool | None:
        if isinstance(op, Assign) and isinstance(strip(op.target), Name) and mentions(op.target, decl):
            return mentions(op.value, decl)
        return True if any(mentions(item, decl) for item in operands(op)) else None

    return _any_behind(site, meets)


def _any_behind(site: Site, meets: Callable[[Op], bool | None]) -> bool:
    """Whether some path from a call meets what is asked for; False ends a path without."""
    found: list[bool] = []

    def step(state: bool, op: Op) -> bool | None:
        met = meets(op)
        if met:
            found.append(True)
        return state if met is None else None

    explore(site.function, Place(site.at.block, site.at.index + 1), True, step, lambda state, _: state)
    return bool(found)


def _set_before(function: Function, decl: int, site: Site) -> bool:
    """Whether anything else writes the variable or takes its address: then failure may leave a value that is meant."""
    for op in operations(function):
        if isinstance(op, Assign) and _is_place_in(op.target, decl):
            return True
        for item in expressions(op):
            if isinstance(item, CallExpr) and item is not site.call and any(
                isinstance(strip(arg), AddressOf) and mentions(arg, decl) for arg in item.args
            ):  # fmt: skip
                return True
    return False


def _is_place_in(target: object, decl: int) -> bool:
    root = base_of(target) if isinstance(target, Name | Select) else None
    return isinstance(root, Name) and root.decl == decl
