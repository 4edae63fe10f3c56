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
    calls,
)  # fmt: skip
from bpflint_rules._byte_order import Once, Practice, Value, confidence_of, met, origin, user_reads
from bpflint_rules._claims import order_claim

_SMALLEST = 16
"""Below it a number is no port, length or protocol; verifier tests use such fields as any index."""
_ORDERED = frozenset(("<", ">", "<=", ">="))
_ARGUMENTS = {"bpf_sock_tuple": re.compile(r"^bpf_(?:skc?_lookup_\w+|(?:xdp|skb)_ct_(?:lookup|alloc))$")}
"""Structs that the kernel takes from a program and never fills, and the helpers and kfuncs that take them."""


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
    A member of the project's own that is declared `__be16` counts as such once it meets a value of known order or is
    given to `ntohs`; filled in host order and read so in user space it is info, and so is a `struct bpf_sock_tuple`
    that no lookup of sockets is given. `htons` and `ntohs` of a value whose order is not known (bytes read from a
    buffer) tell nothing: they do the same. A plain `__u16` has no order until something is stored in it. Sums inside
    hashes and checksums, byte-wise access and values on which two paths disagree are not judged; nor are big-endian
    builds.
    """

    meta = RuleMeta(
        code="BPF201", name="byte-order-mixed", summary="network and host byte order meet", severity=Severity.ERROR,
    )  # fmt: skip
    _habits: tuple[Context, Practice] | None = None
    """The run that is under way, and what it showed of the project's members."""

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each meeting of the two orders."""
        first = Once()
        for function, item in met(unit, ctx, byte_order.Compared):
            if told := _compared(item):
                what = f"{item.left_text} {item.op} {item.right_text}"
                yield from self._met(function, item, what, told, first, ctx)
        for function, sum_ in met(unit, ctx, byte_order.Computed):
            if told := _computed(sum_):
                what = f"{sum_.left_text} {sum_.op} {sum_.right_text}"
                yield from self._met(function, sum_, what, told, first, ctx)
        for function, store in met(unit, ctx, byte_order.Stored):
            if _wrong(store.target, store.value) and store.record:
                yield from self._stored(function, store, first, unit, ctx)
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

    def _met(
        self, function: Function, item: byte_order.Compared | byte_order.Computed, what: str, told: str, first: Once,
        ctx: Context,
    ) -> Iterator[Finding]:  # fmt: skip
        sides, practice = (item.left, item.right), self._practice(ctx)
        if any(value.member in practice.host for value in sides):
            return
        sure, severity = confidence_of(*sides), None
        if any(practice.doubts(value) for value in sides):
            if "host" in (item.left.order, item.right.order):
                return
            sure, severity = Confidence.LOW, Severity.WARNING
        claim = order_claim(*sides)
        yield from self._found(function, item.span, what, told, sure, first, severity, claim)

    def _stored(
        self, function: Function, store: byte_order.Stored, first: Once, unit: Unit, ctx: Context
    ) -> Iterator[Finding]:
        place, practice = f"{store.record}.{store.member}", self._practice(ctx)
        if practice.doubts(store.value) or place in practice.host or store.value.member in practice.host:
            return
        sure = _field_confidence(store.target, store.value)
        told = (
            f"`{store.member}` of `{store.record}` is in {store.target.order} byte order"
            f"{origin(store.target)}; `{store.text}` is in {store.value.order} order{origin(store.value)}"
        )
        weak = None
        if store.record in _ARGUMENTS and not _asks_the_kernel(unit, store.record):
            told, weak = f"{told}; no helper is given it here: the order is the project's own affair", Severity.INFO
        elif store.target.source == "type":
            weak, reads = Severity.WARNING, user_reads(store.record, store.member, ctx)
            if reads and not any(reads):
                told, weak = f"{told}; user space reads it as host order too: the type is misleading", Severity.INFO
            elif practice.doubts(store.target) and not any(reads):
                return
        claim = order_claim(store.target, store.value)
        yield from self._found(function, store.span, place, told, sure, first, weak, claim)

    def _practice(self, ctx: Context) -> Practice:
        if self._habits is None or self._habits[0] is not ctx:
            self._habits = (ctx, Practice.of(ctx))
        return self._habits[1]

    def _found(
        self, function: Function, span: Span, what: str, message: str, sure: Confidence, first: Once,
        severity: Severity | None = None, claim: OrderClaim | None = None,
    ) -> Iterator[Finding]:  # fmt: skip
        if first(span, what):
            yield self.finding(
                span, message, subject=f"{function.name}:{what}", confidence=sure, severity=severity, claim=claim
            )


def _differ(one: Value, other: Value) -> bool:
    return one.known and other.known and one.order != other.order


def _wrong(declared: Value, value: Value) -> bool:
    """Whether a value is in the other order than its place."""
    return _differ(declared, value)


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


def _asks_the_kernel(unit: Unit, record: str) -> bool:
    """Whether a program of the file gives such a struct to the kernel."""
    return any(_ARGUMENTS[record].match(call.callee) for function in unit.functions for call, _ in calls(function))
