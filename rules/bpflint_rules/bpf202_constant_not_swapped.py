"""BPF202: does a constant in host byte order meet a big-endian field?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    CallExpr,
    Conditional,
    Constant,
    Context,
    Edit,
    Finding,
    Fix,
    Function,
    Rule,
    RuleMeta,
    Severity,
    Span,
    Unit,
    byte_order,
    contents,
    walk,
)  # fmt: skip
from bpflint_rules._byte_order import Once, Value, confidence_of, is_plain_constant, met, misdeclared, origin
from bpflint_rules._claims import order_claim

_OURS = ("bpf_hton", "bpf_ntoh", "bpf_cpu_to_be", "bpf_be", "__bpf_hton", "__bpf_ntoh")
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
        first, swaps, habits = Once(), _has_swaps(unit), misdeclared(unit, ctx)
        for function, item in met(unit, ctx, byte_order.Compared):
            if item.op not in ("==", "!="):
                continue
            sides = ((item.left, item.left_text, item.right), (item.right, item.right_text, item.left))
            for value, text, other in sides:
                if _big(value, habits) and is_plain_constant(other, value) and not _mistyped(value, other):
                    never = "never" if item.op == "==" else "always"
                    told = f"`{text} {item.op} {_shown(other)}` is {never} true: `{text}` is"
                    yield from self._found(function, item.span, text, other, value, told, first, swaps)
        for function, mask in met(unit, ctx, byte_order.Computed):
            sides = ((mask.left, mask.left_text, mask.right), (mask.right, mask.right_text, mask.left))
            for value, text, other in sides:
                if mask.op == "&" and _big(value, habits) and _is_mask(other, value):
                    told = f"`{_shown(other)}` masks other bits: `{text}` is"
                    yield from self._found(function, mask.span, text, other, value, told, first, swaps)
        for function, store in met(unit, ctx, byte_order.Stored):
            target = store.target
            if target.source != "table" or target.order != "network" or _any_value(store.member):
                continue
            if is_plain_constant(store.value, target):
                name = f"{store.record}.{store.member}"
                told = f"`{_shown(store.value)}` is stored unswapped: `{name}` is"
                yield from self._found(function, store.span, name, store.value, target, told, first, swaps)

    def _found(
        self, function: Function, span: Span, text: str, value: Value, network: Value, told: str, first: Once,
        swaps: bool,
    ) -> Iterator[Finding]:  # fmt: skip
        shown = _shown(value)
        if not first(span, f"{text}:{shown}"):
            return
        swap = "bpf_htons" if network.width == 16 else "bpf_htonl"
        meant = _FAMILIES.get(value.spelling, "") if network.width == 16 else ""
        advice = f"{shown} is an address family: use `{swap}({meant})`" if meant else f"use `{swap}({shown})`"
        yield self.finding(
            span, f"{told} in network byte order{origin(network)}; {advice}",
            subject=f"{function.name}:{text}:{shown}",
            confidence=confidence_of(network), claim=order_claim(network, value),
            fixes=_fixes(function, span, value, swap) if swaps and not meant else (),
        )  # fmt: skip


def _mistyped(value: Value, constant: Value) -> bool:
    """An address family or IP protocol where only the project's own declaration says big-endian: that one is wrong."""
    if constant.spelling.startswith("IPPROTO_"):
        return value.source == "type"
    return bool(value.member) and constant.spelling in _FAMILIES


def _has_swaps(unit: Unit) -> bool:
    """Whether the file uses the macros of bpf_endian.h, so that it includes it."""
    used = (item for function in unit.functions for item in contents(function))
    return unit.side == "bpf" and any(
        (isinstance(item, CallExpr) and (item.macro or item.callee).startswith(_OURS))
        or (isinstance(item, Constant | Conditional) and getattr(item, "spelling", "").startswith(_OURS))
        for item in used
    )


def _fixes(function: Function, span: Span, value: Value, swap: str) -> list[Fix]:
    """Swap the constant where it is written once in the place of the finding, by its name or as a number."""
    places = {
        item.span for whole in contents(function) if whole.span == span
        for item in walk(whole) if isinstance(item, Constant) and item.value == value.constant and item.span is not None
    }  # fmt: skip
    text = value.spelling or str(value.constant)  # a number as it is written: of this width, only in decimal
    place = places.pop() if len(places) == 1 else None
    if place is None or place.line != place.end_line or place.end_column - place.column != len(text):
        return []
    return [Fix(f"swap `{text}`", "safe", (Edit(place, f"{swap}({text})"),))]


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
