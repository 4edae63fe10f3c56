"""How do the byte-order rules speak? One finding a meeting, and which constants were swapped by hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import TypeVar

from bpflint.api import (
    CallExpr,
    Confidence,
    Context,
    Function,
    Span,
    Unit,
    byte_order,
    dataclass,
    normal_name,
    show,
)  # fmt: skip
from bpflint_rules._per_run import per_run
from bpflint_rules._user_reads import reads

Value = byte_order.Value
_M = TypeVar("_M", bound=byte_order.Meeting)

_ETHERTYPES = frozenset((
    0x0800, 0x0806, 0x22F0, 0x6558, 0x8035, 0x8100, 0x86DD, 0x8808, 0x8809, 0x8847, 0x8848, 0x8863, 0x8864, 0x888E,
    0x8892, 0x88A2, 0x88A4, 0x88A8, 0x88B5, 0x88BE, 0x88CA, 0x88CC, 0x88E5, 0x88E7, 0x88F7, 0x88F8, 0x88FB, 0x8902,
    0x8906, 0x890D, 0x8914, 0x8915, 0x892F, 0x894F, 0x9000, 0x9100,
))  # fmt: skip
"""The protocols of linux/if_ether.h that are in use on a wire today, and EtherCAT."""
_MAPPED = 0xFFFF0000
"""The third word of an IPv4-mapped address (RFC 4291 2.5.5.2) as a little-endian machine loads it."""
_NUMBERS = {
    "frag_off": frozenset((0x2000, 0x4000)), "h_proto": _ETHERTYPES, "h_vlan_encapsulated_proto": _ETHERTYPES,
}  # fmt: skip
"""What a number without a name may mean in these fields; any other there (`0x0040`, DF as it lies) was meant as is."""
_SWAPS = re.compile(r"(?i)ntoh|hton|swap|swab|from_be|to_be|be16|be32|bigendian|byteorder")
_NETS = frozenset((0x7F, 0x0A, 0xC0, 0xAC, 0xE0, 0xFF))
"""First bytes of loopback, private, multicast and broadcast addresses."""


def met(unit: Unit, ctx: Context, kind: type[_M]) -> Iterator[tuple[Function, _M]]:
    """Yield the meetings of one kind in a unit, with their functions."""
    for function, item in ctx.byte_orders(unit):
        if isinstance(item, kind):
            yield function, item


def confidence_of(*values: Value) -> Confidence:
    """A project's own `__be` field may be declared so by habit; a kernel's field is not."""
    weak = any(value.source == "type" for value in values)
    return Confidence.MEDIUM if weak else Confidence.HIGH


def supposed(value: Value) -> str:
    """Return the order of a value; of a converted one that nothing else is known of, the order that its name says."""
    if value.order == "unknown" and value.named:
        return "network" if value.named == "to-network" else "host"
    return value.order


@dataclass(frozen=True, slots=True)
class Practice:
    """What a project does with members whose order only a declaration tells: its own, and kernel structs inside them.

    Such a member may be declared `__be32` by habit and hold host order: user space that fills it knows.
    """

    network: frozenset[str]
    """Members (`record.member`) that meet a value known to be in network order, or are converted to host order."""
    host: frozenset[str]
    """Members that are given to `htons`, and those of a kernel's struct that are filled in host order twice."""
    kept: frozenset[str]
    """Members that are filled with values known to be in network order, and with nothing else but zero."""

    def doubts(self, value: Value) -> bool:
        """Return whether only the project's own declaration of a member says what order a value has."""
        return bool(value.member) and value.source == "type" and value.member not in self.network


@per_run
def practice(ctx: Context) -> Practice:
    """Return the practice of the whole project."""
    network, host = set[str](), set[str]()
    stores: dict[str, set[Span]] = {}
    wire, other = set[str](), set[str]()
    for unit in ctx.project.units:
        for _, item in ctx.byte_orders(unit):
            match item:
                case byte_order.Swapped(direction="to-host", operand=value):
                    network.add(value.member)
                case byte_order.Swapped(direction="to-network", operand=value):
                    host.add(value.member)
                case byte_order.Compared(left=left, right=right):
                    network.update(one.member for one, other in ((left, right), (right, left)) if _sure(other))
                case byte_order.Stored(target=target, value=value, record=record, member=member):
                    network.update(one.member for one, other in ((target, value), (value, target)) if _sure(other))
                    if value.constant != 0 and (_sure(value) or value.order != "network"):
                        (wire if _sure(value) else other).add(f"{record}.{member}")
                    if _sure(value):
                        network.add(f"{record}.{member}")
                    elif supposed(value) == "host":
                        stores.setdefault(f"{record}.{member}", set()).add(item.span)
    host.update(place for place, spans in stores.items() if len(spans) > 1 and place not in network)
    return Practice(frozenset(network - {""}), frozenset(host - {""}), frozenset(wire - other))


def misdeclared(unit: Unit, ctx: Context) -> frozenset[str]:
    """Return the members and parameters of a unit that are declared big-endian and filled in host order only.

    A member goes by `record.member`, a parameter by `function.name`, as in `Value.member` and `Value.parameter`.
    """
    sources: dict[str, set[str]] = {}
    for _, item in ctx.byte_orders(unit):
        match item:
            case byte_order.Stored(target=target, value=value) if target.member:
                place = target.member
            case byte_order.Passed(declared=target, value=value):
                place = f"{item.callee}.{item.parameter}"
            case _:
                continue
        if value.order == "host" or is_plain_constant(value, target) or value == Value(width=8):
            sources.setdefault(place, set()).add(place)
        elif value.order == "network":
            sources.setdefault(place, set()).add(value.member or value.parameter)
    host = set(sources)
    while kept := {place for place in host if not sources[place] <= host}:
        host -= kept
    return frozenset(host)


def _sure(value: Value) -> bool:
    """Network order, and not by a declaration of the project's own."""
    return value.order == "network" and (value.source != "type" or not value.member)


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
    named = (network.member or network.what).rpartition(".")[2]
    if not constant.spelling and value not in _NUMBERS.get(named, (value,)):
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
        return value == _MAPPED or value >> 24 not in _NETS or value & 0xFF in _NETS - {0xFF, 0xE0}
    return True


def user_reads(record: str, member: str, ctx: Context) -> list[bool]:
    """For each read of a shared record's member in user space, return whether a call around it swaps bytes."""
    wanted = normal_name(record), normal_name(member.rpartition(".")[2])
    found = reads(
        ctx.project.user_units(),
        lambda item: (normal_name(item.owner.rpartition(".")[2]), normal_name(item.field)) == wanted,
    )
    return [
        any(isinstance(item, CallExpr) and _SWAPS.search(item.macro or item.callee) for item in read.around)
        for read in found
    ]


@dataclass(slots=True)
class Filled:
    """What the programs store in one member of a record of the project's own."""

    stores: list[tuple[Function, byte_order.Stored]] = field(default_factory=list)

    @property
    def first(self) -> tuple[Function, byte_order.Stored]:
        """The first store of something else than zero, and its function."""
        return next(item for item in self.stores if item[1].value.constant != 0)

    @property
    def order(self) -> byte_order.Order:
        """The one order of all that is stored, zero aside; unknown where they differ."""
        orders = {store.value.order for _, store in self.stores if store.value.constant != 0}
        return orders.pop() if len(orders) == 1 else "unknown"

    @property
    def host(self) -> bool:
        """Whether host order is all that is stored, also by what conversions are called."""
        return {supposed(store.value) for _, store in self.stores} == {"host"}

    @property
    def declared(self) -> bool:
        """Whether the member's type names an order."""
        return any(store.target.known for _, store in self.stores)


def filled(units: Iterable[Unit], ctx: Context) -> dict[tuple[str, str], Filled]:
    """Return by (record, member) what the programs of some units store; members of kernel structs are left out.

    So is what is converted where it lies: `e.port = ntohs(e.port)`.
    """
    found: dict[tuple[str, str], Filled] = {}
    for unit in units:
        swaps = met(unit, ctx, byte_order.Swapped)
        turned = {(function.name, swap.place) for function, swap in swaps if swap.text == swap.place}
        for function, store in met(unit, ctx, byte_order.Stored):
            if (function.name, show(store.place)) in turned and store.value.source != "conversion":
                continue
            if store.record and "." not in store.member and store.target.source != "table":
                found.setdefault((store.record, store.member), Filled()).stores.append((function, store))
    return found


@per_run
def host_members(ctx: Context) -> frozenset[str]:
    """Return the plain members (`record.member`) that the project's programs fill, and in host order alone."""
    known = filled(ctx.project.bpf_units(), ctx).items()
    return frozenset(
        f"{record}.{member}" for (record, member), found in known
        if found.order == "host" and not found.declared and any(store.value.constant != 0 for _, store in found.stores)
    )  # fmt: skip


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
