"""BPF203: is a value swapped that already has the byte order asked for?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bpflint.api import Context, Finding, Function, Rule, RuleMeta, Severity, Unit, byte_order, calls, show
from bpflint_rules._byte_order import Once, confidence_of, met, origin, practice
from bpflint_rules._claims import order_claim

_PARSERS = frozenset(("inet_aton", "inet_pton"))


class DoubleSwap(Rule):
    """`htonl()` of what is in network order already, or `ntohs()` of what is in host order already.

    ## What it does
    Finds a conversion whose operand has been converted the same way before (`bpf_htons(bpf_htons(x))`), is
    a field that the kernel keeps in host order (`bpf_ntohs(sk->skc_num)`), the result of `inet_addr()`,
    `inet_aton()` and `inet_pton()`, or a member declared `__be16` that is filled from a packet and goes, swapped,
    into another place declared so.

    ## Why is this bad
    The second swap undoes the first: a filter on the address never matches, a port reads as another.

    ## Example
    ```c
    inet_aton(arg, &addr);
    env.laddr = htonl(addr.s_addr);
    ```

    ## Use instead
    ```c
    env.laddr = addr.s_addr;      // already in network byte order
    ```

    ## Known limits
    `htons` where `ntohs` was meant gives the right number and is not reported: a conversion is judged only where the
    value was made by another one of the same name or by parsing an address. Fields of contexts and kernel structs are
    BPF209's. A value that goes back to the very place it was converted from is taken to be meant so.
    """

    meta = RuleMeta(
        code="BPF203", name="double-swap", summary="a value is swapped that has that byte order already",
        severity=Severity.ERROR, references=("https://github.com/iovisor/bcc/commit/e76f4fb4370d",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report conversions of converted values."""
        first, swaps = Once(), list(met(unit, ctx, byte_order.Swapped))
        ways: dict[str, set[tuple[str, str]]] = {}
        for function, swap in swaps:
            ways.setdefault(function.name, set()).add((swap.text, swap.place))
        for function, swap in swaps:
            back = _goes_back(swap, ways[function.name])
            again = _again(swap, function) or _declared_so(swap, ctx)
            if back or not again or not first(swap.span, swap.text):
                continue
            order = "network" if swap.direction == "to-network" else "host"
            yield self.finding(
                swap.span,
                f"`{swap.text}` is in {order} byte order already{origin(swap.operand)}; "
                f"`{swap.callee}()` turns it back",
                subject=f"{function.name}:{swap.callee}({swap.text})",
                confidence=confidence_of() if swap.operand.source != "type" else confidence_of(swap.operand),
                claim=order_claim(swap.operand),
            )  # fmt: skip


def _goes_back(swap: byte_order.Swapped, ways: set[tuple[str, str]]) -> bool:
    """`e.port = ntohs(t.port)`, and later the other way; or the operand was taken out of a place by one name and goes
    back there, with a bit more, by the same: `flags = htons(dns->flags)` and `dns->flags = htons(flags | RESPONSE)`.
    """
    origins = {text for text, place in ways if place == swap.text}
    operand = re.compile(rf"\b{re.escape(swap.text)}\b")
    return (swap.place, swap.text) in ways or any(place in origins and operand.search(text) for text, place in ways)


def _again(swap: byte_order.Swapped, function: Function) -> bool:
    value = swap.operand
    if swap.direction == "to-network" and (value.order == "network" or value.named == "to-network"):
        if swap.into.order == "host":
            return False  # the swap is right and its name is not: the place it goes to is in host order
        return value.named == "to-network" or value.source == "address" or _parsed(swap, function)
    if swap.direction == "to-host" and (value.order == "host" or value.named == "to-host"):
        if swap.into.order == "network":
            return False
        return value.named == "to-host"  # a field of the table of kernel fields is BPF209's
    return False


def _declared_so(swap: byte_order.Swapped, ctx: Context) -> bool:
    """Whether a member that the project declares big-endian, and keeps so elsewhere, goes swapped into such a place."""
    value, into = swap.operand, swap.into
    if swap.direction != "to-network" or swap.mixing or (value.order, into.order) != ("network", "network"):
        return False
    return value.member != "" and value.member in practice(ctx).kept and into.source in ("type", "table")


def _parsed(swap: byte_order.Swapped, function: Function) -> bool:
    """Whether the operand is an address that this function has parsed from text: `inet_aton(arg, &addr)`."""
    variable = swap.text.split(".")[0].split("->")[0]
    return swap.operand.what == "in_addr.s_addr" and any(
        call.callee in _PARSERS and any(show(item).lstrip("&").split(".")[0] == variable for item in call.args[1:])
        for call, _ in calls(function)
    )
