"""Which bytes does Go take by hand? `binary.LittleEndian.Uint32(b[4:8])`, constant bounds as a record of offsets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from bpflint.analysis.walk import strip
from bpflint.frontends.go.calls import HAND, order_of
from bpflint.frontends.go.provenance import Fact, Provenance
from bpflint.frontends.go.walked import Walked, Walks
from bpflint.model.data import dataclass
from bpflint.model.flow import CallExpr, Constant, Expr, Index, Name, Select
from bpflint.model.layout import Array, Bits, ByteOrder, Codec, Member, RecordDecl, Scalar, Type
from bpflint.model.source import Span
from bpflint.model.unit import Role, Use

_ORDERS = ("encoding/binary.LittleEndian", "encoding/binary.BigEndian", "encoding/binary.NativeEndian")
_MOST = 1 << 20


@dataclass(frozen=True, slots=True)
class Slot:
    """One hand-made access: bytes [start, end) of a buffer, by a call at `span`."""

    start: int
    end: int
    order: ByteOrder | None
    span: Span


@dataclass(slots=True)
class _Buffer:
    facts: frozenset[Fact] = frozenset()
    slots: list[Slot] = field(default_factory=list)


def hand_uses(walks: Walks, provenance: Provenance) -> Iterator[Use]:
    """Yield a use for each buffer of known origin that a function takes apart by hand."""
    for function in walks.functions:
        buffers = _buffers(walks.of(function), provenance)
        for (fact, _), slots in sorted(buffers.items(), key=lambda item: repr(item[0])):
            record = hand_record(f"bytes of {fact.name}", slots)
            role: Role = fact.role or "event"
            yield Use(
                fact.name, role, "decode", record, slots[0].span, Codec.HAND, function.name, how=_ORDERS[0],
                order=_order(slots),
            )  # fmt: skip


def _order(slots: Sequence[Slot]) -> ByteOrder | None:
    found = {item.order for item in slots}
    return next(iter(found)) if len(found) == 1 else None


def hand_types(walks: Walks) -> Mapping[str, list[Slot]]:
    """Return the slots that methods take of their receiver, by the name of its type (`type Key [16]byte`)."""
    found: dict[str, list[Slot]] = {}
    for function in walks.functions:
        if not function.method_of or not function.params:
            continue
        receiver = function.params[0]
        for slot, base in _slots(walks.of(function)):
            if isinstance(base, Name) and base.decl == receiver.decl:
                found.setdefault(function.method_of, []).append(slot)
    return found


def hand_record(name: str, slots: Sequence[Slot], span: Span | None = None, size: int | None = None,
                comment: str = "") -> RecordDecl:  # fmt: skip
    """Return a record whose members are the slots, each at its constant offset; sizes in bytes."""
    members = []
    for slot in sorted({(item.start, item.end): item for item in slots}.values(), key=lambda item: item.start):
        width = Bits((slot.end - slot.start) * 8)
        # a range ends where it ends: no alignment, and no tail behind the last one
        scalar = Scalar((f"uint{width}",), width, align=Bits(8), order=slot.order)
        members.append(Member(f"[{slot.start}:{slot.end}]", scalar, slot.span, offset=Bits(slot.start * 8)))
    bits = None if size is None else Bits(size * 8)
    return RecordDecl(
        name, "struct", tuple(members), "go", Codec.HAND, span or (slots[0].span if slots else None), size=bits,
        comment=comment, attributes=("prefix",) if size is None else (),
    )  # fmt: skip


def _buffers(walked: Walked, provenance: Provenance) -> dict[tuple[Fact, int], list[Slot]]:
    found: dict[tuple[Fact, int], list[Slot]] = {}
    for slot, base in _slots(walked):
        facts = [item for item in provenance.of(base, walked.function.name) if item.kind == "sample"]
        if len({(item.name, item.role) for item in facts}) == 1:
            decl = base.decl if isinstance(base, Name) else 0
            found.setdefault((facts[0], decl), []).append(slot)
    return found


def _slots(walked: Walked) -> Iterator[tuple[Slot, Expr]]:
    names = walked.origins
    for call, _ in walked.calls:
        bits = HAND.get(call.callee.rsplit(".", 1)[-1])
        if bits is None or not call.args or call.span is None:
            continue
        order = _order_name(call)
        if order is None:
            continue
        view = _view(call.args[0], bits // 8)
        if view is None:
            continue
        start, base = view
        for _ in range(4):  # `data := sample[8:]` first
            origin = names.get(base.decl) if isinstance(base, Name) and base.decl else None
            inner = strip(origin.only) if origin is not None and origin.only is not None else None
            if not (isinstance(inner, CallExpr) and inner.callee == "slice"):
                break
            again = _view(inner, 0)
            if again is None:
                return
            start, base = start + again[0], again[1]
        if 0 <= start < _MOST:
            yield Slot(start, start + bits // 8, order_of(order), call.span), base


def _order_name(call: CallExpr) -> str | None:
    """The ByteOrder that a method is called on; None where the method is something else's."""
    receiver = call.receiver
    if isinstance(receiver, Name) and receiver.name.startswith("encoding/binary."):
        return receiver.name
    if isinstance(receiver, Name | Select | CallExpr) and call.callee.rsplit(".", 1)[-1] in HAND:
        return ""
    path = call.callee.rsplit(".", 1)[0]
    return path if path in _ORDERS else None


def _view(expr: Expr, size: int) -> tuple[int, Expr] | None:
    """(first byte, buffer) of `b[4:8]` or `b`; None where a bound is no constant or does not fit the width."""
    inner = strip(expr)
    if not (isinstance(inner, CallExpr) and inner.callee == "slice"):
        return (0, inner) if isinstance(inner, Name | Select | Index) else None
    low = strip(inner.args[1])
    if not isinstance(low, Constant) or not isinstance(low.value, int):
        return None
    if size and len(inner.args) > 2:
        high = strip(inner.args[2])
        if isinstance(high, Constant) and isinstance(high.value, int) and high.value - low.value < size:
            return None
    base = strip(inner.args[0])
    return low.value, base


def byte_length(type_: Type | None) -> int | None:
    """Return the length of a byte array type."""
    if isinstance(type_, Array) and isinstance(type_.element, Scalar) and type_.element.width == 8:
        return type_.length
    return None
