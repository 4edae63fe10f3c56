"""BPF201: does a value in network byte order meet one in host byte order?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bpflint.api import (
    Confidence,
    Context,
    Finding,
    Function,
    OrderClaim,
    Rule,
    RuleMeta,
    Severity,
    Span,
    Unit,
    byte_order,
)  # fmt: skip
from bpflint_rules._byte_order import Once, Value, confidence_of, met, origin, read_as_host
from bpflint_rules._claims import order_claim

_SMALLEST = 16
"""Below it a number is no port, length or protocol; verifier tests use such fields as any index."""
_ORDERED = frozenset(("<", ">", "<=", ">="))


class ByteOrderMixed(Rule):
    """A big-endian value is compared with, stored as, or added to a host-order one.

    ## What it does
    Follows byte order through types (`__be16`), fields of contexts and kernel structs, `bpf_ntohs` and its family, and
    function results, and reports where the two orders meet: comparisons, sums, assignments to a field whose order is
    fixed, arguments and results declared `__be*`.

    ## Why is this bad
    On a little-endian machine the bytes stand the other way round: port 80 compares as 20480, a length of 60 minus 20
    becomes 15340. The verifier does not mind.

    ## Example
    ```c
    hdr.payload_len = ip->tot_len - sizeof(*ip);
    ```

    ## Use instead
    ```c
    hdr.payload_len = bpf_htons(bpf_ntohs(ip->tot_len) - sizeof(*ip));
    ```

    ## Known limits
    A member of the project's own that is declared `__be16`, filled in host order and read so in user space is info. A
    plain `__u16` has no order until something is stored in it. Sums inside hashes and checksums, byte-wise access
    and values on which two paths disagree are not judged; nor are big-endian builds.
    """

    meta = RuleMeta(
        code="BPF201", name="byte-order-mixed", summary="network and host byte order meet", severity=Severity.ERROR,
    )  # fmt: skip
    _habit: tuple[Context, frozenset[str]] | None = None
    """The run that is under way, and what it showed of the project's declarations."""

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each meeting of the two orders."""
        first = Once()
        habit = self._misdeclared(ctx)
        for function, item in met(unit, ctx, byte_order.Compared):
            loose = _loose(item.left, item.left_text) or _loose(item.right, item.right_text)
            if {_last(item.left_text), _last(item.right_text)} & habit:
                continue
            if told := _compared(item):
                sure = Confidence.LOW if loose else confidence_of(item.left, item.right)
                yield from self._found(function, item.span, f"{item.left_text} {item.op} {item.right_text}", told,
                                       sure, first, claim=order_claim(item.left, item.right))  # fmt: skip
        for function, sum_ in met(unit, ctx, byte_order.Computed):
            if told := _computed(sum_):
                yield from self._found(function, sum_.span, f"{sum_.left_text} {sum_.op} {sum_.right_text}", told,
                                       confidence_of(sum_.left, sum_.right), first,
                                       claim=order_claim(sum_.left, sum_.right))  # fmt: skip
        for function, store in met(unit, ctx, byte_order.Stored):
            if _wrong(store.target, store.value) and store.record:
                sure = _field_confidence(store.target, store.value)
                told = (
                    f"`{store.member}` of `{store.record}` is in {store.target.order} byte order"
                    f"{origin(store.target)}; `{store.text}` is in {store.value.order} order{origin(store.value)}"
                )
                weak = Severity.WARNING if store.target.source == "type" else None
                if weak is not None and read_as_host(store.record, store.member, ctx):
                    told, weak = f"{told}; user space reads it as host order too: the type is misleading", Severity.INFO
                yield from self._found(function, store.span, f"{store.record}.{store.member}", told, sure, first, weak,
                                       order_claim(store.target, store.value))
        for function, given in met(unit, ctx, byte_order.Passed):
            if _wrong(given.declared, given.value):
                told = (
                    f"`{given.callee}()` takes `{given.parameter}` in network byte order{origin(given.declared)}; "
                    f"`{given.text}` is in host order{origin(given.value)}"
                )
                yield from self._found(function, given.span, f"{given.callee}({given.parameter})", told,
                                       Confidence.MEDIUM, first,
                                       claim=order_claim(given.value))  # fmt: skip
        for function, back in met(unit, ctx, byte_order.Returned):
            if _wrong(back.declared, back.value):
                told = (
                    f"`{function.name}()` returns network byte order{origin(back.declared)}, "
                    f"here host order{origin(back.value)}"
                )
                yield from self._found(function, back.span, "return", told, Confidence.MEDIUM, first, Severity.WARNING,
                                       order_claim(back.value))

    def _misdeclared(self, ctx: Context) -> frozenset[str]:
        """Members that are declared `__be*` and yet given to `htons` somewhere: they hold host order."""
        if self._habit is None or self._habit[0] is not ctx:
            names = frozenset(
                _last(swap.text)
                for unit in ctx.project.units
                for _, swap in met(unit, ctx, byte_order.Swapped)
                if swap.direction == "to-network" and _loose(swap.operand, swap.text)
            )
            self._habit = (ctx, names)
        return self._habit[1]

    def _found(
        self, function: Function, span: Span, what: str, message: str, sure: Confidence, first: Once,
        severity: Severity | None = None, claim: OrderClaim | None = None,
    ) -> Iterator[Finding]:  # fmt: skip
        if first(span, what):
            yield self.finding(
                span, message, subject=f"{function.name}:{what}", confidence=sure, severity=severity, claim=claim
            )


def _last(text: str) -> str:
    return re.split(r"->|\.", text)[-1]


def _loose(value: Value, text: str) -> bool:
    """A member of a record that the kernel does not know: only the project's own declaration speaks for its order."""
    return value.source == "type" and _last(text) != text


def _differ(one: Value, other: Value) -> bool:
    return one.known and other.known and one.order != other.order


def _wrong(declared: Value, value: Value) -> bool:
    """Whether a value is in the other order than its place; a conversion's name alone may be the wrong one of two."""
    return _differ(declared, value) and value.source != "name"


def _field_confidence(target: Value, value: Value) -> Confidence:
    return Confidence.HIGH if target.source == "table" and value.source != "type" else Confidence.MEDIUM


def _compared(item: byte_order.Compared) -> str:
    left, right = item.left, item.right
    if _differ(left, right):
        return (
            f"`{item.left_text}` is in {left.order} byte order{origin(left)}, "
            f"`{item.right_text}` in {right.order} order{origin(right)}"
        )
    for value, text, other in ((left, item.left_text, right), (right, item.right_text, left)):
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
    for value, text, other in ((item.left, item.left_text, item.right), (item.right, item.right_text, item.left)):
        if value.order != "network" or value.constant is not None or "u6_addr" in value.what:
            continue  # the last word of an IPv6 address is counted up by tests, in either order
        if other.constant == 1:
            continue  # `port++` to have another one: any change does
        placed = other.order == "unknown" and item.into.order == "network"
        if placed or other.order == "host" or (other.order == "constant" and other.constant not in (None, 0)):
            sign = "adds to" if item.op == "+" else "subtracts from"
            return f"`{text}` is in network byte order{origin(value)}: `{item.op}` {sign} its bytes swapped"
    return ""
