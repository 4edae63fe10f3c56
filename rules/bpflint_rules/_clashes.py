"""Where do network and host byte order meet in the bodies of a unit, and in which words is it told?"""

from __future__ import annotations

from collections.abc import Iterator

from bpflint.api import Context, Function, Span, Unit, byte_order, dataclass, show
from bpflint_rules._byte_order import Value, host_members, origin

_SMALLEST = 16
"""Below it a number is no port, length or protocol; verifier tests use such fields as any index."""
_ORDERED = frozenset(("<", ">", "<=", ">="))


@dataclass(frozen=True, slots=True)
class Clash:
    """One meeting of the two orders."""

    function: Function
    item: byte_order.Meeting
    what: str
    """What meets, as it is written."""
    told: str
    values: tuple[Value, ...]
    """What check mode shows in both orders."""

    @property
    def span(self) -> Span:
        """Where they meet."""
        return self.item.span


def clashes(unit: Unit, ctx: Context) -> Iterator[Clash]:
    """Yield what meets in the wrong order, whatever a project means by it."""
    for function, item in ctx.byte_orders(unit):
        match item:
            case byte_order.Compared(left=left, right=right) if told := _compared(item):
                yield Clash(function, item, f"{item.left_text} {item.op} {item.right_text}", told, (left, right))
            case byte_order.Computed(left=left, right=right) if told := _computed(item):
                yield Clash(function, item, f"{item.left_text} {item.op} {item.right_text}", told, (left, right))
            case byte_order.Packed(low=low, high=high) if _differ(low, high):
                told = (
                    f"`{item.low_text}` is in {low.order} byte order{origin(low)}, `{item.high_text}` beside it in one "
                    f"word in {high.order} order{origin(high)}"
                )
                yield Clash(function, item, f"{item.low_text}, {item.high_text}", told, (low, high))
            case byte_order.Stored(target=target, value=value, record=record) if record and _differ(target, value):
                told = (
                    f"`{item.member}` of `{record}` is in {target.order} byte order{origin(target)}; "
                    f"{_named(item.text)} is in {value.order} order{origin(value)}"
                )
                yield Clash(function, item, f"{record}.{item.member}", told, (target, value))
            case byte_order.Stored(target=target, record=record) if record and _filled_otherwise(item, ctx):
                told = (
                    f"`{item.member}` of `{record}` is in network byte order{origin(target)}; "
                    f"`{item.text}` is filled in host order everywhere"
                )
                yield Clash(function, item, f"{record}.{item.member}", told, (target,))
            case byte_order.Passed(declared=declared, value=value) if _differ(declared, value):
                told = (
                    f"`{item.callee}()` takes `{item.parameter}` in network byte order{origin(declared)}; "
                    f"`{item.text}` is in host order{origin(value)}"
                )
                yield Clash(function, item, f"{item.callee}({item.parameter})", told, (value,))
            case byte_order.Returned(declared=declared, value=value) if _differ(declared, value):
                told = (
                    f"`{function.name}()` returns network byte order{origin(declared)}, "
                    f"here host order{origin(value)}"
                )
                yield Clash(function, item, "return", told, (value,))


def ranges(unit: Unit, ctx: Context) -> Iterator[Clash]:
    """Yield the comparisons of a value in network order with a lower and an upper bound: `<` orders its bytes wrongly.

    Two values of a packet may be compared to sort them, in any order; between two others one is in a range of numbers.
    """
    bounds: dict[tuple[str, str], dict[tuple[bool, str], list[Clash]]] = {}
    for function, item in ctx.byte_orders(unit):
        if not isinstance(item, byte_order.Compared) or item.op not in _ORDERED:
            continue
        for (value, text, other), bound in zip(byte_order.sides(item), (item.right_text, item.left_text), strict=True):
            if value.order == "network" and value.constant is None and other.order == "unknown":
                told = f"`{text}` is in network byte order{origin(value)}: `{item.op}` orders it by its last byte first"
                clash = Clash(function, item, f"{item.left_text} {item.op} {item.right_text}", told, (value,))
                above = (item.op in (">", ">=")) is (text == item.left_text)
                bounds.setdefault((function.name, text), {}).setdefault((above, bound), []).append(clash)
    for found in bounds.values():
        below, over = ({bound for above, bound in found if above is side} for side in (False, True))
        if below - over and over - below:
            yield from (clash for each in found.values() for clash in each)


def _named(text: str) -> str:
    """A value as it is written; what a macro makes of a conversion nobody has written."""
    return "what goes there" if "…" in text or text.startswith("__builtin_") else f"`{text}`"


def both_orders(unit: Unit, ctx: Context) -> Iterator[Clash]:
    """Yield what a function stores in a member as it lies in a packet, where it stores a converted value there, too."""
    stores: dict[tuple[str, str], list[tuple[Function, byte_order.Stored]]] = {}
    turned: set[tuple[str, str]] = set()
    for function, item in ctx.byte_orders(unit):
        if isinstance(item, byte_order.Stored) and item.record and not item.target.known:
            stores.setdefault((function.name, show(item.place)), []).append((function, item))
        elif isinstance(item, byte_order.Swapped):
            turned.add((function.name, item.text))  # `t.port = ntohs(t.port)`
    for place, found in stores.items():
        host = [item for _, item in found if (item.value.order, item.value.source) == ("host", "conversion")]
        for function, item in found if host and place not in turned else ():
            value = item.value
            if (value.order, value.source, value.width) == ("network", "table", host[0].value.width):
                told = (
                    f"`{place[1]}` takes `{item.text}` in network byte order{origin(item.value)} here, and "
                    f"what line {host[0].span.line} stores there is converted to host order"
                )
                yield Clash(function, item, f"{place[1]} = {item.text}", told, (item.value,))


def _differ(one: Value, other: Value) -> bool:
    return one.known and other.known and one.order != other.order


def _filled_otherwise(item: byte_order.Stored, ctx: Context) -> bool:
    """Whether a member that holds host order goes as it is into one that the kernel takes in network order."""
    target, value = item.target, item.value
    if (target.order, target.source) != ("network", "table") or value.known or value.width is not None:
        return False
    return bool(item.read) and item.read in host_members(ctx)


def _compared(item: byte_order.Compared) -> str:
    left, right = item.left, item.right
    if _differ(left, right):
        return (
            f"`{item.left_text}` is in {left.order} byte order{origin(left)}, "
            f"`{item.right_text}` in {right.order} order{origin(right)}"
        )
    for value, text, other in byte_order.sides(item):
        if item.op not in _ORDERED or value.order != "network" or value.constant is not None:
            continue
        if other.order == "constant" and other.constant and value.width in (16, 32) and not _full(other, value):
            return f"`{text}` is in network byte order{origin(value)}: `{item.op}` orders it by its last byte first"
    return ""


def _full(constant: Value, value: Value) -> bool:
    """0xffff, more than the value can hold, or too small to be meant as a number."""
    number = constant.constant
    return number is None or number < _SMALLEST or number >= (1 << (value.width or 0)) - 1


def _computed(item: byte_order.Computed) -> str:
    if item.op not in ("+", "-") or item.mixing:
        return ""
    for value, text, other in byte_order.sides(item):
        if value.order != "network" or value.constant is not None or "u6_addr" in value.what:
            continue  # the last word of an IPv6 address is counted up by tests, in either order
        if other.constant == 1:
            continue  # `port++` to have another one: any change does
        placed = other.order == "unknown" and item.into.order == "network"
        if placed or other.order == "host" or (other.order == "constant" and other.constant not in (None, 0)):
            sign = "adds to" if item.op == "+" else "subtracts from"
            return f"`{text}` is in network byte order{origin(value)}: `{item.op}` {sign} its bytes swapped"
    return ""
