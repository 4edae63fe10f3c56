"""BPF211: is a helper's argument in network byte order given in host order?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import (
    CallExpr,
    Confidence,
    Constant,
    Context,
    Finding,
    Rule,
    RuleMeta,
    Severity,
    Unit,
    calls,
    facts,
    show,
    strip,
)  # fmt: skip
from bpflint_rules._byte_order import Value, is_plain_constant

_OTHERWISE = {"bpf_skb_vlan_push": 0x8100}
"""The protocol that a helper goes on with where it is given an unknown one (net/core/filter.c)."""


class SwapMacroMissing(Rule):
    """A helper takes a `__be16` or `__be32` argument, and gets a constant in host byte order.

    ## What it does
    Compares constants with the prototype of the helper they are given to: `bpf_skb_vlan_push(skb, __be16 vlan_proto,
    …)`, `bpf_skb_change_proto(skb, __be16 proto, …)`.

    ## Why is this bad
    The helper compares the argument with values in network order: `ETH_P_IPV6` unswapped is protocol 0xdd86, and the
    call fails. bpf_skb_vlan_push() takes what it does not know for 802.1Q, so that `ETH_P_8021AD` unswapped pushes
    the wrong tag.

    ## Example
    ```c
    bpf_skb_change_proto(skb, ETH_P_IPV6, 0);
    ```

    ## Use instead
    ```c
    bpf_skb_change_proto(skb, bpf_htons(ETH_P_IPV6), 0);
    ```

    ## Known limits
    Only constants are judged here; comparisons and stores are BPF201 and BPF202. `ETH_P_8021Q` for a VLAN tag is info,
    since the kernel ends with that protocol anyway.
    """

    meta = RuleMeta(
        code="BPF211", name="swap-macro-missing", summary="a helper's network-order argument is in host order",
        severity=Severity.WARNING,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report constants for `__be` parameters."""
        if unit.side != "bpf" or unit.language != "c" or unit.byte_order == "big":
            return
        for function in unit.functions:
            for call, op in calls(function):
                helper = facts.helpers().get(call.callee)
                for position, argument in enumerate(helper.arguments if helper is not None else ()):
                    width = {"__be16": 16, "__be32": 32}.get(argument.c_type)
                    constant = _constant(call, position)
                    if width is None or constant is None:
                        continue
                    if is_plain_constant(constant, Value("network", width)):
                        text = constant.spelling or show(strip(call.args[position]))
                        swap = "bpf_htons" if width == 16 else "bpf_htonl"
                        meant = _OTHERWISE.get(call.callee) == constant.constant
                        luck = " (the kernel takes any number it does not know for that)" if meant else ""
                        yield self.finding(
                            call.span or op.span,
                            f"`{text}` is given to {call.callee}() in host byte order, but `{argument.name}` is a "
                            f"{argument.c_type}: use `{swap}({text})`{luck}",
                            subject=f"{function.name}:{call.callee}:{argument.name}", confidence=Confidence.HIGH,
                            severity=Severity.INFO if meant else None,
                        )  # fmt: skip


def _constant(call: CallExpr, position: int) -> Value | None:
    """An argument as a constant of the byte-order analysis, None for anything else."""
    inner = strip(call.args[position]) if position < len(call.args) else None
    if not isinstance(inner, Constant) or not isinstance(inner.value, int):
        return None
    return Value("constant", constant=inner.value, spelling=inner.spelling)
