"""How do the byte-order rules speak? One finding a meeting, and which constants were swapped by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeVar

from bpflint.api import (
    CallExpr,
    Confidence,
    Context,
    Expr,
    Function,
    Select,
    Span,
    Unit,
    byte_order,
    normal_name,
    operands,
    operations,
    parts,
)  # fmt: skip

Value = byte_order.Value
_M = TypeVar("_M", bound=byte_order.Meeting)

_ETHERTYPES = frozenset(
    (0x0800, 0x0806, 0x86DD, 0x8100, 0x88A8, 0x9100, 0x8847, 0x8848, 0x8863, 0x8864, 0x88CC, 0x8035, 0x22F0, 0x88E5)
)
_SWAPS = re.compile(r"(?i)ntoh|hton|swap|swab|from_be|to_be|be16|be32|bigendian|byteorder")
_NETS = frozenset((0x7F, 0x0A, 0xC0, 0xAC, 0xE0, 0xFF))
"""First bytes of loopback, private, multicast and broadcast addresses."""


def met(unit: Unit, ctx: Context, kind: type[_M]) -> Iterator[tuple[Function, _M]]:
    """Yield the meetings of one kind in a unit, with their functions."""
    for function, item in ctx.byte_orders(unit):
        if isinstance(item, kind):
            yield function, item


def confidence_of(*values: Value) -> Confidence:
    """A project's own `__be` field may be declared so by habit, a conversion misnamed; a kernel's field is neither."""
    weak = any(value.source in ("type", "name") for value in values)
    return Confidence.MEDIUM if weak else Confidence.HIGH


def origin(value: Value) -> str:
    """Return why a value has its order: `` (`__be16`) ``."""
    return f" (`{value.what}`)" if value.what else ""


def is_plain_constant(constant: Value, network: Value) -> bool:
    """Whether a constant, met by a value in network order, was left in host order and reads otherwise when swapped."""
    value, width = constant.constant, network.width
    if constant.order != "constant" or value is None or width not in (16, 32, 64):
        return False
    if value <= 0 or value >= 1 << width or byte_order.swapped(value, width) == value:
        return False
    return not written_swapped(value, width, constant.spelling)


def written_swapped(value: int, width: int, spelling: str) -> bool:
    """Whether a constant looks as if its author had swapped it by hand: `0x0008` for ETH_P_IP, `0x3500` for port 53."""
    other = byte_order.swapped(value, width)
    if spelling.startswith(("ETH_P_", "INADDR_", "IPPORT_")):
        return False
    if width == 16:
        if value in _ETHERTYPES:
            return False
        return other in _ETHERTYPES or (other < 1024 <= value and value & 0xFF == 0)
    if width == 32:
        return value >> 24 not in _NETS or value & 0xFF in _NETS - {0xFF, 0xE0}
    return True


def read_as_host(record: str, member: str, ctx: Context) -> bool:
    """Return whether user space reads a member of a shared record, and swaps it nowhere."""
    wanted = normal_name(record), normal_name(member.rpartition(".")[2])
    reads = [
        swapped for unit in ctx.project.user_units() for function in unit.functions for op in operations(function)
        for operand in operands(op) for swapped in _reads(operand, wanted, swapped=False)
    ]  # fmt: skip
    return bool(reads) and not any(reads)


def _reads(expr: Expr, wanted: tuple[str, str], *, swapped: bool) -> Iterator[bool]:
    """For each read of a member: whether a call around it swaps bytes."""
    if isinstance(expr, Select) and (normal_name(expr.owner.rpartition(".")[2]), normal_name(expr.field)) == wanted:
        yield swapped
    inside = swapped or (isinstance(expr, CallExpr) and _SWAPS.search(expr.macro or expr.callee) is not None)
    for part in parts(expr):
        yield from _reads(part, wanted, swapped=inside)


class Once:
    """Passes each subject of a function and place once: a condition is seen on its edge and as an operation."""

    def __init__(self) -> None:
        self._seen: set[tuple[Span, str]] = set()

    def __call__(self, span: Span, text: str) -> bool:
        """Return whether this is the first time."""
        key = (span, text)
        if key in self._seen:
            return False
        self._seen.add(key)
        return True
