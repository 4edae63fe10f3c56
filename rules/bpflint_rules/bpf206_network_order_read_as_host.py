"""BPF206: does user space use a big-endian field as if it were a number of its own?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bpflint.api import (
    Binary,
    CallExpr,
    Confidence,
    Constant,
    Context,
    Expr,
    Finding,
    Function,
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
    byte_order,
    operands,
    operations,
    parts,
    strip,
)  # fmt: skip
from bpflint_rules._byte_order import met, supposed

_NETWORK = re.compile(r"^(?:__be(?:16|32|64)|be(?:16|32|64))$")
_PRINTS = re.compile(
    r"^(?:fmt|log)\.\w*[Pp]rint\w*$|^fmt\.Errorf$|^strconv\.(?:Itoa|FormatU?[Ii]nt)$|^(?:print|debug|info)f?$"
)
_THROUGH = frozenset(("string", "append"))


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
    compares it with a constant, and converts it nowhere.

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
        if not ctx.project.pairs:
            return
        stored, hosted = _stored(ctx), _hosted(ctx)
        slots: dict[tuple[str, str], _Slot] = {}
        turned = {use.type.name for unit in ctx.project.user_units() for use in unit.uses
                  if use.order == "big" and isinstance(use.type, RecordDecl)}  # fmt: skip
        for pair in ctx.project.pairs:
            if pair.user.name in turned:
                continue
            for owner, name, slot in _slots(pair, ctx, stored, hosted):
                slots.setdefault((owner, name), slot)
        if not slots:
            return
        names = {name for _, name in slots}
        reads: dict[tuple[str, str], list[tuple[Unit, Function, Select, str]]] = {}
        for unit in ctx.project.user_units():
            for function in unit.functions if unit.language in ("go", "rust") else ():
                for op in operations(function):
                    for operand in operands(op):
                        for place, how in _reads(operand, names, ""):
                            key = (place.owner.rpartition(".")[2], place.field)
                            if key in slots:
                                reads.setdefault(key, []).append((unit, function, place, how))
        for key, found in sorted(reads.items()):
            if all(how in ("print", "compare") for *_, how in found):
                yield self._finding(key, slots[key], found[0])

    def _finding(
        self, key: tuple[str, str], slot: _Slot, read: tuple[Unit, Function, Select, str]
    ) -> Finding:
        _, function, place, how = read
        what = "prints" if how == "print" else "compares"
        assert place.span is not None  # the front ends place every selection
        return self.finding(
            place.span,
            f"`{key[1]}` of `{key[0]}` is in network byte order ({slot.why}), and user space {what} it as it stands",
            subject=f"{function.name}:{key[0]}.{key[1]}", severity=Severity.WARNING if how == "print" else None,
            related=[Related(slot.place, "bpf-side", slot.why)], claim=OrderClaim(slot.width // 8),
        )  # fmt: skip


def _stored(ctx: Context) -> dict[tuple[str, str], byte_order.Stored]:
    """Plain members in which a program stores big-endian values and nothing else."""
    found: dict[tuple[str, str], byte_order.Stored] = {}
    other: set[tuple[str, str]] = set()
    for unit in ctx.project.bpf_units():
        for _, store in met(unit, ctx, byte_order.Stored):
            key = (store.record, store.member)
            if not store.record or "." in store.member or store.target.known:
                continue
            if store.value.known and store.value.order == "network":
                found.setdefault(key, store)
            elif store.value.constant != 0:
                other.add(key)
    return {key: store for key, store in found.items() if key not in other}


def _hosted(ctx: Context) -> set[tuple[str, str]]:
    """Members that a program fills in host order only, whatever their type says (BPF201 speaks of that)."""
    orders: dict[tuple[str, str], set[str]] = {}
    for unit in ctx.project.bpf_units():
        for _, store in met(unit, ctx, byte_order.Stored):
            orders.setdefault((store.record, store.member), set()).add(supposed(store.value))
    return {key for key, found in orders.items() if found == {"host"}}


def _slots(
    pair: Pair, ctx: Context, stored: dict[tuple[str, str], byte_order.Stored], hosted: set[tuple[str, str]]
) -> Iterator[tuple[str, str, _Slot]]:
    """(user record, user field, slot) of each field that lies exactly where BPF has a big-endian number."""
    comparison = next(iter(ctx.comparisons(pair)), None)
    if comparison is None or comparison.bpf is None or comparison.user is None or comparison.mismatches:
        return
    theirs = {(at, size): (owner, name, type_) for at, size, owner, name, type_, _ in _places(comparison.user, 0)}
    for at, size, owner, name, type_, span in _places(comparison.bpf, 0):
        user = theirs.get((at, size))
        if user is None or not isinstance(type_, Scalar) or size not in (16, 32) or not isinstance(user[2], Scalar):
            continue
        spelled = next((item for item in type_.names if _NETWORK.match(item)), None)
        store = stored.get((owner, name))
        if spelled and (owner, name) not in hosted:
            yield user[0], user[1], _Slot(f"`{name}` is `{spelled}`", span or pair.bpf.span, size)
        elif store is not None and store.value.width == size:
            what = store.text if not store.text.startswith("__") else store.value.what  # `__r` of BPF_CORE_READ
            yield user[0], user[1], _Slot(f"BPF stores `{what}` there", store.span, size)


def _places(record: Record, base: int) -> Iterator[tuple[int, int, str, str, object, Span | None]]:
    for item in record.fields:
        if item.record is not None and isinstance(item.type, RecordDecl):
            yield from _places(item.record, base + item.offset)
        elif item.name and record.decl.kind == "struct":
            yield base + item.offset, item.size, record.decl.name, item.name, item.type, item.span


def _reads(expr: Expr, names: set[str], how: str) -> Iterator[tuple[Select, str]]:
    """(read of a field, what is done with it): `print`, `compare` with a number, or "" for anything else."""
    match expr:
        case Select(field=name) if name in names:
            yield expr, how
            inner = ""
        case CallExpr(callee=callee):
            inner = "print" if _PRINTS.match(callee) else how if callee in _THROUGH else "call"
        case Binary(op="==" | "!=" | "<" | ">" | "<=" | ">=", left=left, right=right):
            sides = (strip(left), strip(right))
            plain = any(isinstance(item, Constant) and item.value not in (0, None) for item in sides)
            inner = "compare" if plain else "other"
        case _:
            inner = how if not isinstance(expr, Binary) else "other"
    for part in parts(expr):
        yield from _reads(part, names, inner)
