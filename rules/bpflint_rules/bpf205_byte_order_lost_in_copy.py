"""BPF205: does a big-endian value reach user space in a plain field that is printed as it stands?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bpflint.api import (
    CallExpr,
    Confidence,
    Constant,
    Context,
    Finding,
    Project,
    RecordDecl,
    Related,
    Rule,
    RuleMeta,
    Severity,
    Unit,
)  # fmt: skip
from bpflint_rules._byte_order import Filled, filled, origin
from bpflint_rules._claims import order_claim
from bpflint_rules._user_reads import Read, reads

_PORT = re.compile(r"port", re.I)
_NATIVE = re.compile(r"^[@=<]*[IL]$")


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
            members = filled([unit], ctx) if readers else {}
            sent = _sent(unit, ctx.project) if members else set()
            for (record, member), item in sorted(members.items()):
                if record in sent and item.order == "network":
                    yield from self._lost(record, member, item, readers)
                elif record in sent and item.order == "host":
                    yield from self._reversed(record, member, item, readers)

    def _lost(self, record: str, member: str, item: Filled, readers: list[Unit]) -> Iterator[Finding]:
        function, store = item.first
        if item.declared or store.value.width != 16 or not _PORT.search(member):
            return
        found = list(reads(readers, lambda place: place.field == member))
        if not found or any(read.purpose != "print" for read in found):
            return
        yield self.finding(
            store.span,
            f"`{member}` of `{record}` takes `{store.text}` in network byte order{origin(store.value)}, and user space "
            "prints it as it stands",
            subject=f"{function.name}:{record}.{member}", claim=order_claim(store.value),
            related=[Related(found[0].span, "user-side", f"`{member}` is printed unconverted")],
        )  # fmt: skip

    def _reversed(self, record: str, member: str, item: Filled, readers: list[Unit]) -> Iterator[Finding]:
        _, store = item.first
        if store.value.width != 32:
            return
        scripts = [unit for unit in readers if unit.language == "python"]
        given = [read for read in reads(scripts, lambda place: place.field == member) if _given_to_ntop(read)]
        if given:
            yield self.finding(
                given[0].span,
                f"`{member}` of `{record}` was converted to host byte order in BPF; `inet_ntop()` wants it as it was",
                subject=f"{record}.{member}:inet_ntop", claim=order_claim(store.value),
                related=[Related(store.span, "bpf-side", "converted here")],
            )  # fmt: skip


def _sent(unit: Unit, project: Project) -> set[str]:
    """The records of a unit that user space reads: events, and what pairs with a user type."""
    events = {use.type.name for use in unit.uses if use.role == "event" and isinstance(use.type, RecordDecl)}
    return events | {pair.bpf.name for pair in project.pairs if pair.bpf.path == unit.path}


def _readers(unit: Unit, project: Project) -> Iterator[Unit]:
    """The user units that decode what a BPF unit sends: the Python file around it, the other side of its pairs."""
    paths = {pair.user.path for pair in project.pairs if pair.bpf.path == unit.path}
    for user in project.user_units():
        if user.path in paths or (unit.origin and user.path in (unit.origin, unit.path)):
            yield user


def _given_to_ntop(read: Read) -> bool:
    """Whether it is read for `inet_ntop(…, pack("I", e.member))`, with a native or little-endian format."""
    packed = False
    for call in read.around:
        if isinstance(call, CallExpr):
            name = call.callee.rsplit(".", 1)[-1]
            text = call.args[0] if call.args else None
            packed |= name == "pack" and isinstance(text, Constant) and _NATIVE.match(str(text.value)) is not None
            if packed and name in ("inet_ntop", "inet_ntoa"):
                return True
    return False
