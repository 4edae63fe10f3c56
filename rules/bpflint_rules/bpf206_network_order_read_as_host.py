"""BPF206: does user space use a big-endian field as if it were a number of its own?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from bpflint.api import (
    Assign,
    Confidence,
    Context,
    Field,
    Finding,
    OrderClaim,
    Pair,
    Record,
    RecordDecl,
    Related,
    Rule,
    RuleMeta,
    Scalar,
    Select,
    Severity,
    Span,
    Unit,
    dataclass,
    operations,
)  # fmt: skip
from bpflint_rules._addresses import Laid, laid_out
from bpflint_rules._byte_order import Filled, filled
from bpflint_rules._user_reads import Read, reads

_NETWORK = re.compile(r"^(?:__be(?:16|32|64)|be(?:16|32|64))$")

_ADDRESS = 32

_Place = tuple[str, str]
"""A record and its member."""


@dataclass(frozen=True, slots=True)
class _Slot:
    """A field of the user's record that holds a big-endian number: where BPF declares or stores it, and how wide."""

    why: str
    place: Span
    width: int


class NetworkOrderReadAsHost(Rule):
    """User space prints or compares a field that BPF left in network byte order.

    ## What it does
    Follows fields of shared records across the map: those that BPF declares `__be16` or `__be32`, and plain ones in
    which it only ever stores big-endian values. It reports where user space prints such a field as a number, or
    compares it with a constant, and converts it nowhere; and where it makes an address of one by its highest byte
    first (`binary.BigEndian.PutUint32(ip, e.Saddr)`, `net.IPv4(byte(v>>24), …)`, `Ipv4Addr::from(e.saddr)`).

    ## Why is this bad
    Port 80 shows as 20480, ETH_P_IP as 0x8; a comparison with 443 never holds.

    ## Example
    ```c
    event->protocol = BPF_CORE_READ(skb, protocol);     // __be16
    ```
    ```go
    fmt.Printf("proto=%#x\\n", event.Protocol)
    ```

    ## Use instead
    Convert once, on either side:
    ```c
    event->protocol = bpf_ntohs(BPF_CORE_READ(skb, protocol));
    ```

    ## Known limits
    Silent where the field is converted, stored or handed on anywhere in the files that were read, where the whole event
    is decoded as big endian, and on big-endian machines, where both orders are the same.
    """

    meta = RuleMeta(
        code="BPF206", name="network-order-read-as-host", summary="a big-endian field is used as a plain number",
        severity=Severity.ERROR, confidence=Confidence.MEDIUM, cross_file=True,
        references=("https://github.com/firezone/firezone/pull/8804",),
    )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Report the first read of each such field that takes it for a number."""
        stores = filled(ctx.project.bpf_units(), ctx) if ctx.project.pairs else {}
        users = [unit for unit in ctx.project.user_units() if unit.language in ("go", "rust")]
        turned = {use.type.name for unit in ctx.project.user_units() for use in unit.uses
                  if use.order == "big" and isinstance(use.type, RecordDecl)}  # fmt: skip
        slots: dict[_Place, _Slot] = {}
        for pair in ctx.project.pairs:
            for place, slot in _slots(pair, ctx, stores) if pair.user.name not in turned else ():
                slots.setdefault(place, slot)
        found: dict[_Place, list[Read]] = {}
        for read in reads(users, lambda item: _place(item) in slots) if slots else ():
            found.setdefault(_place(read.place), []).append(read)
        for place, uses in sorted(found.items()):
            if all(use.purpose != "other" for use in uses):
                yield self._finding(place, slots[place], uses[0])
        yield from self._addresses(slots, users)

    def _addresses(self, slots: Mapping[_Place, _Slot], users: list[Unit]) -> Iterator[Finding]:
        wide = {place for place, slot in slots.items() if slot.width == _ADDRESS}
        written = {
            _place(op.target) for unit in users if wide for function in unit.functions for op in operations(function)
            if isinstance(op, Assign) and isinstance(op.target, Select)
        }  # fmt: skip
        for laid in laid_out(users) if wide else ():
            place = _place(laid.place)
            if place in wide - written:
                yield self._reversed(place, slots[place], laid)

    def _reversed(self, place: _Place, slot: _Slot, laid: Laid) -> Finding:
        record, member = place
        return self.finding(
            laid.span,
            f"`{member}` of `{record}` is in network byte order ({slot.why}), and its bytes are laid out here as those "
            "of a number in host order: on a little-endian machine the address stands backwards",
            subject=f"{laid.function.name}:{record}.{member}",
            related=[Related(slot.place, "bpf-side", slot.why), Related(laid.by, "laid-out", "highest byte first")],
            claim=OrderClaim(slot.width // 8),
        )  # fmt: skip

    def _finding(self, place: _Place, slot: _Slot, read: Read) -> Finding:
        record, member = place
        prints = read.purpose == "print"
        return self.finding(
            read.span,
            f"`{member}` of `{record}` is in network byte order ({slot.why}), and user space "
            f"{'prints' if prints else 'compares'} it as it stands",
            subject=f"{read.function.name}:{record}.{member}", severity=Severity.WARNING if prints else None,
            related=[Related(slot.place, "bpf-side", slot.why)], claim=OrderClaim(slot.width // 8),
        )  # fmt: skip


def _place(item: Select) -> _Place:
    return item.owner.rpartition(".")[2], item.field


def _slots(pair: Pair, ctx: Context, stores: Mapping[_Place, Filled]) -> Iterator[tuple[_Place, _Slot]]:
    """Yield each user field that lies exactly where BPF has a big-endian number."""
    comparison = next(iter(ctx.comparisons(pair)), None)
    if comparison is None or comparison.bpf is None or comparison.user is None or comparison.mismatches:
        return
    theirs = {where: (place, field) for where, place, field in _scalars(comparison.user, 0)}
    for where, place, field in _scalars(comparison.bpf, 0):
        size = where[1]
        if where not in theirs or size not in (16, 32) or not isinstance(field.type, Scalar):
            continue
        spelled = next((item for item in field.type.names if _NETWORK.match(item)), None)
        inside = stores.get(place)
        if spelled and not (inside and inside.host):
            yield theirs[where][0], _Slot(f"`{field.name}` is `{spelled}`", field.span or pair.bpf.span, size)
        elif inside and inside.order == "network" and not inside.declared and inside.first[1].value.width == size:
            _, store = inside.first
            what = store.text if not store.text.startswith("__") else store.value.what  # `__r` of BPF_CORE_READ
            yield theirs[where][0], _Slot(f"BPF stores `{what}` there", store.span, size)


def _scalars(record: Record, base: int) -> Iterator[tuple[tuple[int, int], _Place, Field]]:
    """Yield (offset and size in bits, place, field) of each number in a record and the structs inside it."""
    for item in record.fields:
        if item.record is not None and isinstance(item.type, RecordDecl):
            yield from _scalars(item.record, base + item.offset)
        elif item.name and record.decl.kind == "struct" and isinstance(item.type, Scalar):
            yield (base + item.offset, item.size), (record.decl.name, item.name), item
