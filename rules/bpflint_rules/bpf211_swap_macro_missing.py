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


class SwapMacroMissing(Rule):
    """A helper takes a `__be16` or `__be32` argument, and gets a constant in host byte order.

    ## What it does
    Compares constants with the prototype of the helper they are given to: `bpf_skb_vlan_push(skb, __be16 vlan_proto,
    …)`, `bpf_skb_change_proto(skb, __be16 proto, …)`.

    ## Why is this bad
    The helper compares the argument with values in network order: `ETH_P_8021Q` unswapped is protocol 0x0081, and the
    call fails with -EINVAL or pushes a tag that no switch knows.

    ## Example
    ```c
    bpf_skb_vlan_push(skb, ETH_P_8021Q, 42);
    ```

    ## Use instead
    ```c
    bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), 42);
    ```

    ## Known limits
    Only constants are judged here; comparisons and stores are BPF201 and BPF202.
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
                        yield self.finding(
                            call.span or op.span,
                            f"`{text}` is given to {call.callee}() in host byte order, but `{argument.name}` is a "
                            f"{argument.c_type}: use `{swap}({text})`",
                            subject=f"{function.name}:{call.callee}:{argument.name}", confidence=Confidence.HIGH,
                        )  # fmt: skip


def _constant(call: CallExpr, position: int) -> Value | None:
    """An argument as a constant of the byte-order analysis, None for anything else."""
    inner = strip(call.args[position]) if position < len(call.args) else None
    if not isinstance(inner, Constant) or not isinstance(inner.value, int):
        return None
    return Value("constant", constant=inner.value, spelling=inner.spelling)
