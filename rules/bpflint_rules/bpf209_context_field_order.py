"""BPF209: is a field of a context or kernel struct converted although it is in host order?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Finding, Rule, RuleMeta, Severity, Unit, byte_order, facts, show
from bpflint_rules._byte_order import Once, met


class ContextFieldOrder(Rule):
    """A field that the kernel keeps in host byte order is converted with `ntohs` or `ntohl`.

    ## What it does
    Knows the byte order of fields of contexts, tracepoints and sockets from a table with the kernel's own sources:
    `bpf_sock_ops.local_port`, `sock_common.skc_num`, the ports of `inet_sock_set_state` and others are in host order,
    though their neighbours (`remote_port`, `skc_dport`) are not. It reports conversions to host order of the former.

    ## Why is this bad
    The port comes out with its bytes swapped: 8080 reads 36895. Filters never match, and the "fix" is easily made in
    the wrong direction, since the field beside it does need the conversion.

    ## Example
    ```c
    u16 local = bpf_ntohs(sk->__sk_common.skc_num);
    u16 remote = bpf_ntohs(sk->__sk_common.skc_dport);
    ```

    ## Use instead
    ```c
    u16 local = sk->__sk_common.skc_num;      /* host order */
    u16 remote = bpf_ntohs(sk->__sk_common.skc_dport);
    ```

    ## Known limits
    Network-order fields used without a conversion are BPF201, BPF202 and BPF205.
    """

    meta = RuleMeta(
        code="BPF209", name="context-field-order", summary="a kernel field in host order is converted once more",
        severity=Severity.WARNING,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report conversions of host-order fields."""
        first, wire = Once(), _on_the_wire(unit, ctx)
        for function, swap in met(unit, ctx, byte_order.Swapped):
            value = swap.operand
            if (function.name, swap.place) in wire:
                continue  # the name is wrong and the swap is right
            if swap.direction != "to-host" or value.order != "host" or value.source != "table":
                continue
            if swap.into.order == "network" or value.named == "to-host" or not first(swap.span, swap.text):
                continue
            struct, _, field = value.what.rpartition(".")
            row = facts.field_orders().get((struct, field))
            source = f" ({row.source})" if row is not None else ""
            yield self.finding(
                swap.span,
                f"`{value.what}` is in host byte order{source}: `{swap.callee}()` swaps its bytes",
                subject=f"{function.name}:{swap.callee}({swap.text})",
            )  # fmt: skip


def _on_the_wire(unit: Unit, ctx: Context) -> frozenset[tuple[str, str]]:
    """Places, by function and text, of members that hold network order where something else is stored in them."""
    stores = [item for item in met(unit, ctx, byte_order.Stored) if item[1].record]
    wire = {(store.record, store.member) for _, store in stores if store.value.order == "network"}
    return frozenset((item.name, show(store.place)) for item, store in stores if (store.record, store.member) in wire)
