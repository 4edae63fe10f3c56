"""BPF201: does a value in network byte order meet one in host byte order?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bpflint.api import Confidence, Context, Finding, Rule, RuleMeta, Severity, Unit, byte_order, calls, show
from bpflint_rules._byte_order import Once, Value, confidence_of, met, practice, user_reads
from bpflint_rules._claims import order_claim
from bpflint_rules._clashes import Clash, both_orders, clashes, ranges

_ARGUMENTS = {"bpf_sock_tuple": re.compile(r"^bpf_(?:skc?_lookup_\w+|(?:xdp|skb)_ct_(?:lookup|alloc))$")}
"""Structs that the kernel takes from a program and never fills, and the helpers and kfuncs that take them."""

_Judged = tuple[Confidence, Severity | None, str]
"""How sure and how bad a meeting is, and what is to be added to its message."""


class ByteOrderMixed(Rule):
    """A big-endian value is compared with, stored as, or added to a host-order one.

    ## What it does
    Follows byte order through types (`__be16`), fields of contexts and kernel structs, `bpf_ntohs` and its family, and
    function results, and reports where the two orders meet: comparisons, sums, assignments to a field whose order is
    fixed, two ports packed into one word, a lower and an upper bound of one value, arguments and results declared
    `__be*`. One function that stores a port as it lies in the packet here and converted there mixes them, too. A member
    of the project's own that all programs fill in host order has that order where it goes to the kernel
    (`bpf_fib_lookup.sport`).

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
    hashes and checksums, byte-wise access, values on which two paths disagree, and the header's copy that is turned
    where it lies are not judged; nor are big-endian builds.
    """

    meta = RuleMeta(
        code="BPF201", name="byte-order-mixed", summary="network and host byte order meet", severity=Severity.ERROR,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each meeting of the two orders that a project does not mean so."""
        first = Once()
        for clash in (*clashes(unit, ctx), *ranges(unit, ctx), *both_orders(unit, ctx)):
            judged = _judged(clash, unit, ctx)
            if judged is not None and first(clash.span, clash.what):
                sure, severity, more = judged
                yield self.finding(
                    clash.span, clash.told + more, subject=f"{clash.function.name}:{clash.what}",
                    confidence=sure, severity=severity, claim=order_claim(*clash.values),
                )  # fmt: skip


def _judged(clash: Clash, unit: Unit, ctx: Context) -> _Judged | None:
    match clash.item:
        case byte_order.Stored() as store:
            return _stored(store, unit, ctx)
        case byte_order.Passed():
            return Confidence.MEDIUM, None, ""
        case byte_order.Packed() as packed:
            return _packed(packed, clash, unit, ctx)
        case byte_order.Returned():
            return Confidence.MEDIUM, Severity.WARNING, ""
        case _:
            return _operands(clash.values, ctx)


def _operands(values: tuple[Value, ...], ctx: Context) -> _Judged | None:
    """Comparisons and sums; where only the project's own declaration tells an order, a number may mean the other."""
    habits = practice(ctx)
    if any(value.member in habits.host for value in values):
        return None
    if not any(habits.doubts(value) for value in values):
        return confidence_of(*values), None, ""
    return None if any(value.order == "host" for value in values) else (Confidence.LOW, Severity.WARNING, "")


def _packed(packed: byte_order.Packed, clash: Clash, unit: Unit, ctx: Context) -> _Judged | None:
    """Two ports of one word; the reader may swap the half that lies as on the wire."""
    for _, store in met(unit, ctx, byte_order.Stored):
        if store.span.line == packed.span.line and any(user_reads(store.record, store.member, ctx)):
            return None
    return _operands(clash.values, ctx)


def _stored(store: byte_order.Stored, unit: Unit, ctx: Context) -> _Judged | None:
    habits, target, value = practice(ctx), store.target, store.value
    if _turned_in_place(store, unit, ctx):
        return None
    if habits.doubts(value) or habits.host & {f"{store.record}.{store.member}", value.member}:
        return None
    sure = Confidence.HIGH if target.source == "table" and value.source not in ("", "type") else Confidence.MEDIUM
    if store.record in _ARGUMENTS and not _asks_the_kernel(unit, store.record):
        return sure, Severity.INFO, "; no helper is given it here: the order is the project's own affair"
    if target.source != "type":
        return sure, None if target.known else Severity.WARNING, ""
    swapped = user_reads(store.record, store.member, ctx)
    if swapped and not any(swapped):
        return sure, Severity.INFO, "; user space reads it as host order too: the type is misleading"
    return None if habits.doubts(target) and not any(swapped) else (sure, Severity.WARNING, "")


def _turned_in_place(store: byte_order.Stored, unit: Unit, ctx: Context) -> bool:
    """Whether a member of a local copy is turned where it lies: `eth.h_proto = ntohs(eth.h_proto)`."""
    place = show(store.place)
    return "->" not in place and "*" not in place and any(
        swap.place == swap.text == place and swap.span.line == store.span.line
        for _, swap in met(unit, ctx, byte_order.Swapped)
    )  # fmt: skip


def _asks_the_kernel(unit: Unit, record: str) -> bool:
    """Whether a program of the file gives such a struct to the kernel."""
    return any(_ARGUMENTS[record].match(call.callee) for function in unit.functions for call, _ in calls(function))
