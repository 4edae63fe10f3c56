"""BPF202: does a constant in host byte order meet a big-endian field?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import Context, Finding, Rule, RuleMeta, Severity, Unit, byte_order
from bpflint_rules._byte_order import Once, Value, confidence_of, is_plain_constant, misdeclared, origin
from bpflint_rules._claims import order_claim
from bpflint_rules._swap_fix import swap_fixes

_MASKS = frozenset(("IP_MF", "IP_DF", "IP_CE", "IP_OFFSET", "VLAN_VID_MASK", "VLAN_PRIO_MASK", "VLAN_CFI_MASK"))
_MASK_BITS = frozenset((0x0FFF, 0x1FFF, 0x3FFF, 0x2000, 0x4000))
"""The bits of fragment offset, MF, DF and the VLAN id, as the header files spell them in host order."""
_FAMILIES = {"AF_INET": "ETH_P_IP", "PF_INET": "ETH_P_IP", "AF_INET6": "ETH_P_IPV6", "PF_INET6": "ETH_P_IPV6"}
"""Address families, which no field of a packet holds, and the protocol that was meant."""
_ANY_VALUE = frozenset(("id", "un.echo.id", "un.echo.sequence", "seq", "ack_seq", "window"))
"""Fields whose order nobody reads: any number identifies as well as another."""


class ConstantNotSwapped(Rule):
    """A constant in host order is compared with, masked onto or stored in a big-endian field.

    ## What it does
    Finds `eth->h_proto == ETH_P_IP`, `case ETH_P_IP:` on a `__be16`, `ip->frag_off & IP_MF` and
    `addr.sin_port = 8080`: a plain constant where `bpf_htons(…)` belongs.

    ## Why is this bad
    On little-endian machines the comparison is never true and the mask takes other bits; on big-endian ones it works,
    so a test there does not show it.

    ## Example
    ```c
    if (eth->h_proto == ETH_P_IP)
    ```

    ## Use instead
    ```c
    if (eth->h_proto == bpf_htons(ETH_P_IP))
    ```

    ## Known limits
    Zero, `0xffff` and others that read the same both ways are silent, as are constants that look swapped by hand
    (`0x0008`), 32-bit numbers that are no address of a well-known net, and masks other than those of `frag_off` and
    VLAN tags. A member or parameter that is declared big-endian and filled in host order throughout the unit is
    taken for host order.
    """

    meta = RuleMeta(
        code="BPF202", name="constant-not-swapped", summary="a host-order constant meets a big-endian field",
        severity=Severity.ERROR,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report comparisons, masks and stores."""
        first, habits = Once(), misdeclared(unit, ctx)
        for function, item in ctx.byte_orders(unit):
            for text, constant, network, told in _unswapped(item, habits):
                shown = _shown(constant)
                if not first(item.span, f"{text}:{shown}"):
                    continue
                swap = "bpf_htons" if network.width == 16 else "bpf_htonl"
                meant = _FAMILIES.get(constant.spelling, "") if network.width == 16 else ""
                advice = f"{shown} is an address family: use `{swap}({meant})`" if meant else f"use `{swap}({shown})`"
                yield self.finding(
                    item.span, f"{told}: `{text}` is in network byte order{origin(network)}; {advice}",
                    subject=f"{function.name}:{text}:{shown}",
                    confidence=confidence_of(network), claim=order_claim(network, constant),
                    fixes=() if meant else swap_fixes(unit, function, item.span, constant, swap),
                )  # fmt: skip


def _unswapped(item: byte_order.Meeting, habits: frozenset[str]) -> Iterator[tuple[str, Value, Value, str]]:
    """Yield (text of the big-endian side, constant, big-endian value, what is wrong) of a meeting."""
    match item:
        case byte_order.Compared(op="==" | "!=" as op):
            for value, text, other in byte_order.sides(item):
                if _big(value, habits) and is_plain_constant(other, value) and not _mistyped(value, other):
                    never = "never" if op == "==" else "always"
                    yield text, other, value, f"`{text} {op} {_shown(other)}` is {never} true"
        case byte_order.Computed(op="&"):
            for value, text, other in byte_order.sides(item):
                if _big(value, habits) and _is_mask(other, value):
                    yield text, other, value, f"`{_shown(other)}` masks other bits"
        case byte_order.Stored(target=target, value=value, member=member) if target.source == "table":
            if target.order == "network" and not _any_value(member) and is_plain_constant(value, target):
                yield f"{item.record}.{member}", value, target, f"`{_shown(value)}` is stored unswapped"
        case _:
            pass


def _mistyped(value: Value, constant: Value) -> bool:
    """An address family or IP protocol where only the project's own declaration says big-endian: that one is wrong."""
    if constant.spelling.startswith("IPPROTO_"):
        return value.source == "type"
    return bool(value.member) and constant.spelling in _FAMILIES


def _any_value(member: str) -> bool:
    return member in _ANY_VALUE or "u6_addr" in member


def _big(value: Value, habits: frozenset[str]) -> bool:
    """Whether a value is big-endian, and not only by the declaration of a place that all fill in host order."""
    kept = not habits & {value.member, value.parameter}
    return value.order == "network" and value.constant is None and kept


def _is_mask(constant: Value, value: Value) -> bool:
    if value.width != 16 or constant.order != "constant":
        return False
    return constant.spelling in _MASKS or (not constant.spelling and constant.constant in _MASK_BITS)


def _shown(value: Value) -> str:
    if value.spelling:
        return value.spelling
    number = value.constant or 0
    return str(number) if number < 0x800 else hex(number)
