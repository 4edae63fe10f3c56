"""BPF205: does a big-endian value reach user space in a plain field that is printed as it stands?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bpflint.api import (
    CallExpr,
    Confidence,
    Context,
    Expr,
    Finding,
    Function,
    Name,
    Project,
    RecordDecl,
    Related,
    Rule,
    RuleMeta,
    Select,
    Severity,
    Span,
    Unit,
    byte_order,
    operands,
    operations,
    parts,
)  # fmt: skip
from bpflint_rules._byte_order import met, origin
from bpflint_rules._claims import order_claim

_CONVERTS = re.compile(
    r"hton|ntoh|inet_|pack|to_bytes|from_bytes|ip_address|IPv|swap|be\d\d|_be\b|addr|decode|convert|endian|port_", re.I
)
_PRINTS = re.compile(r"^(?:.*\.)?v?[fsd]?n?(?:print(?:f|b|_ascii)?|write|format|info|debug|warning|error|log)$")
_PORT = re.compile(r"port", re.I)


@dataclass(slots=True)
class _Field:
    """What the programs of a unit store in one member of a shared record."""

    network: list[tuple[Function, byte_order.Stored]] = field(default_factory=list)
    other: bool = False


class ByteOrderLostInCopy(Rule):
    """A port in network byte order goes to user space in a plain integer, and user space prints it unconverted.

    ## What it does
    Finds 16-bit big-endian values that every program stores in a plain `u16`, `u32` or `u64` member of a shared record,
    and that the user side prints without a conversion; and the reverse on an address: converted to host order in BPF,
    given to `inet_ntop(pack("I", …))` in Python.

    ## Why is this bad
    The copy loses the type that says `__be16`, and with it the last hint: port 80 shows as 20480, 10.0.0.1 as 1.0.0.10.

    ## Example
    ```c
    event.dport = sk->__sk_common.skc_dport;
    ```
    ```python
    print("%d" % event.dport)
    ```

    ## Use instead
    ```c
    event.dport = bpf_ntohs(sk->__sk_common.skc_dport);
    ```

    ## Known limits
    Silent where the user side converts the field anywhere, hands it to another function, or is not in the project.
    """

    meta = RuleMeta(
        code="BPF205", name="byte-order-lost-in-copy", summary="a big-endian value is shown by user space unconverted",
        severity=Severity.WARNING, confidence=Confidence.MEDIUM, cross_file=True,
        references=("https://github.com/iovisor/bcc/commit/8ba998ed18ec",),
    )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Report members by their store in BPF and their first print in user space."""
        for unit in ctx.project.bpf_units():
            readers = list(_readers(unit, ctx.project))
            stored = _stored(unit, ctx) if readers else {}
            if not stored:
                continue
            events = _sent(unit, ctx.project)
            unsure = {member for (record, member), item in stored.items() if record in events and item.other}
            for (record, member), item in sorted(stored.items()):
                if record not in events or member in unsure:
                    continue
                yield from self._lost(record, member, item, readers)
                yield from self._reversed(record, member, item, readers)

    def _lost(self, record: str, member: str, item: _Field, readers: list[Unit]) -> Iterator[Finding]:
        if item.other or not item.network or not _PORT.search(member):
            return
        function, store = item.network[0]
        if store.value.order != "network" or store.value.width != 16 or store.target.known:
            return
        shown = _only_printed(readers, member)
        if shown is None:
            return
        yield self.finding(
            store.span,
            f"`{member}` of `{record}` takes `{store.text}` in network byte order{origin(store.value)}, and user space "
            "prints it as it stands",
            subject=f"{function.name}:{record}.{member}",
            related=[Related(shown, "user-side", f"`{member}` is printed unconverted")], claim=order_claim(store.value),
        )  # fmt: skip

    def _reversed(self, record: str, member: str, item: _Field, readers: list[Unit]) -> Iterator[Finding]:
        hosts = [(function, store) for function, store in item.network if store.value.order == "host"]
        if item.other or not hosts or len(hosts) != len(item.network) or hosts[0][1].value.width != 32:
            return
        use = _given_to_ntop(readers, member)
        if use is None:
            return
        _, store = hosts[0]
        yield self.finding(
            use,
            f"`{member}` of `{record}` was converted to host byte order in BPF; `inet_ntop()` wants it as it was",
            subject=f"{record}.{member}:inet_ntop", related=[Related(store.span, "bpf-side", "converted here")],
            claim=order_claim(store.value),
        )  # fmt: skip


def _stored(unit: Unit, ctx: Context) -> dict[tuple[str, str], _Field]:
    """The members of records of a unit by the order of what is stored in them; the last store of a function counts."""
    found: dict[tuple[str, str], _Field] = {}
    last: dict[tuple[str, str, str, str], tuple[Function, byte_order.Stored]] = {}
    for function, store in met(unit, ctx, byte_order.Stored):
        if store.record and "." not in store.member and store.target.source != "table":
            last[(store.record, store.member, function.name, _base(store.place))] = (function, store)
    for (record, member, _, _), (function, store) in last.items():
        item = found.setdefault((record, member), _Field())
        if store.value.known:
            item.network.append((function, store))
        elif store.value.constant != 0:
            item.other = True
    mixed = [key for key, item in found.items() if len({store.value.order for _, store in item.network}) > 1]
    for key in mixed:
        found[key].other = True
    return found


def _sent(unit: Unit, project: Project) -> set[str]:
    """The records of a unit that user space reads: events, and what pairs with a user type."""
    events = {use.type.name for use in unit.uses if use.role == "event" and isinstance(use.type, RecordDecl)}
    return events | {pair.bpf.name for pair in project.pairs if pair.bpf.path == unit.path}


def _base(place: Expr) -> str:
    while not isinstance(place, Name):
        inner = parts(place)
        if not inner:
            return ""
        place = inner[0]
    return f"{place.name}#{place.decl}"


def _readers(unit: Unit, project: Project) -> Iterator[Unit]:
    """The user units that decode what a BPF unit sends: the Python file around it, the other side of its pairs."""
    paths = {pair.user.path for pair in project.pairs if pair.bpf.path == unit.path}
    for user in project.user_units():
        if user.path in paths or (unit.origin and user.path in (unit.origin, unit.path)):
            yield user


def _only_printed(readers: list[Unit], member: str) -> Span | None:
    """Where a member is printed, if it is nowhere converted, stored, compared or handed on."""
    first: Span | None = None
    for unit in readers:
        for function in unit.functions:
            for op in operations(function):
                for expr in operands(op):
                    for place, how in _reads(expr, member, ""):
                        if how != "print":
                            return None
                        first = first or place.span
    return first


def _reads(expr: Expr, member: str, how: str) -> Iterator[tuple[Select, str]]:
    """(read of the member, what the innermost call around it does): `convert`, `print`, or "" for anything else."""
    if isinstance(expr, Select) and expr.field == member:
        yield expr, how
    inner = how
    if isinstance(expr, CallExpr):
        if _CONVERTS.search(expr.callee):
            inner = "convert"
        elif _PRINTS.match(expr.callee):
            inner = "print"
        elif expr.callee not in ("str", "int", "encode"):
            inner = "call"
    for part in parts(expr):
        yield from _reads(part, member, inner)


def _given_to_ntop(readers: list[Unit], member: str) -> Span | None:
    for unit in readers:
        if unit.language != "python":
            continue
        for function in unit.functions:
            for op in operations(function):
                for expr in operands(op):
                    if (place := _packed_for_ntop(expr, member, 0)) is not None:
                        return place
    return None


def _packed_for_ntop(expr: Expr, member: str, depth: int) -> Span | None:
    """Find `inet_ntop(…, pack("I", e.member))` with a native or little-endian format."""
    if isinstance(expr, CallExpr):
        name = expr.callee.rsplit(".", 1)[-1]
        if depth == 0 and name in ("inet_ntop", "inet_ntoa"):
            depth = 1
        elif depth == 1 and name == "pack" and expr.args:
            text = getattr(expr.args[0], "value", None)
            if isinstance(text, str) and text.lstrip("@=<") in ("I", "L"):
                depth = 2
    if depth == 2 and isinstance(expr, Select) and expr.field == member:
        return expr.span
    for part in parts(expr):
        if (found := _packed_for_ntop(part, member, depth)) is not None:
            return found
    return None
