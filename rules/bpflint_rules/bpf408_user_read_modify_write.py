"""BPF408: does user space change a value that programs change too, in steps, or clear what it has just read?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bpflint.api import (
    Assign,
    Call,
    CallExpr,
    Confidence,
    Constant,
    Context,
    Expr,
    Finding,
    Index,
    Name,
    Related,
    Rule,
    RuleMeta,
    Severity,
    Span,
    Unit,
    Update,
    base_of,
    expressions,
    operations,
    origins,
    strip,
    walk,
)  # fmt: skip
from bpflint_rules._flow import programs_reaching, same
from bpflint_rules._links import maps_met
from bpflint_rules._sharing import touches
from bpflint_rules._user_maps import UserCall, user_calls, variable

_READS = ("items", "values", "iteritems", "itervalues")


class _Change(NamedTuple):
    """A change that a program makes to the values of a map of some kind."""

    kind: str
    function: str
    span: Span


class UserReadModifyWrite(Rule):
    """User space looks a value up, changes it and writes it back, or reads a table and clears it, while programs write.

    ## What it does
    Finds, in Go and C, a lookup and an update of the same map and key whose value was changed in between; and in
    Python with bcc a `table.clear()` after `table.items()`. It speaks only of maps whose values a program changes in
    place.

    ## Why is this bad
    What the programs add between the read and the write is overwritten or cleared, and nobody counts it. How much is
    lost grows with the number of entries, for each costs a system call or two.

    ## Example
    ```python
    for k, v in counts.items():
        print(k.name, v.count)
    counts.clear()
    ```

    ## Use instead
    ```python
    for k, v in counts.items_lookup_and_delete_batch():
        print(k.name, v.count)
    ```
    or, in Go, `Map.LookupAndDelete`; for a value that both sides change, a field of its own for each side.

    ## Known limits
    Cleared tables are info: a lossy statistic. Array maps are silent there, since they cannot be drained otherwise.
    """

    meta = RuleMeta(
        code="BPF408", name="user-read-modify-write", summary="user space overwrites what programs add meanwhile",
        severity=Severity.WARNING, cross_file=True,
    )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Report the second half of each pair of calls."""
        users = list(ctx.project.user_units())
        touched = _touched(ctx) if users else {}
        for unit in users if touched else ():
            known = maps_met(unit, ctx)
            changed = {name: touched[map_.span] for name, map_ in known.items() if map_.span in touched}
            if unit.language == "python":
                yield from self._cleared(unit, changed)
            else:
                yield from self._written_back(unit, changed)

    def _written_back(self, unit: Unit, changed: dict[str, _Change]) -> Iterator[Finding]:
        calls = [call for call in user_calls(unit) if call.map in changed]
        for write in calls:
            if write.op != "update":
                continue
            for read in calls:
                if read.op == "lookup" and read.function is write.function and read.order < write.order and (
                    _same_entry(read, write) and _changed_between(read, write)
                ):  # fmt: skip
                    touch = changed[write.map]
                    yield self.finding(
                        write.span,
                        f"the value of `{write.map}` that was read above is written back changed: what "
                        f"`{touch.function}` stored in between is lost",
                        subject=f"{write.function.name}:{write.map}:{write.order}", confidence=Confidence.MEDIUM,
                        related=[Related(read.span, "lookup", "read here"),
                                 Related(touch.span, "program", "changed here")],
                    )  # fmt: skip
                    break

    def _cleared(self, unit: Unit, changed: dict[str, _Change]) -> Iterator[Finding]:
        for function in unit.functions:
            known = origins(function)
            read: dict[str, Span] = {}
            for op in operations(function):
                for expr in expressions(op):
                    if not isinstance(expr, CallExpr) or expr.receiver is None:
                        continue
                    table = _table(expr.receiver, {decl: item.only for decl, item in known.items()})
                    touch = changed.get(table)
                    if touch is None or touch.kind.endswith("array"):
                        continue
                    if expr.callee in _READS:
                        read.setdefault(table, expr.span or op.span)
                    elif expr.callee == "clear" and table in read and isinstance(op, Call):
                        yield self.finding(
                            op.span,
                            f"`{table}` is cleared after it was read: what `{touch.function}` counted in between "
                            "is lost",
                            subject=f"{function.name}:{table}:clear", severity=Severity.INFO,
                            related=[Related(read[table], "read", "read here"),
                                     Related(touch.span, "program", "changed here")],
                        )  # fmt: skip


def _touched(ctx: Context) -> dict[Span, _Change]:
    """The touch that shows best what a map's values are to programs."""
    found: dict[Span, _Change] = {}
    for unit in ctx.project.bpf_units():
        for place, kind, function, span in ctx.gathered(changes, unit):
            found.setdefault(place, _Change(kind, function, span))
    return found


def changes(unit: Unit, ctx: Context) -> tuple[tuple[Span, str, str, Span], ...]:
    """Gather map, kind of map, function and place of contended touches: what a program runs, adds up, comes first."""
    running = programs_reaching(unit)
    shared = [touch for touch in touches(unit, ctx) if touch.contended]
    shared.sort(key=lambda touch: (not running.get(touch.function.name), touch.kind != "change", touch.span))
    return tuple((item.map.span, item.map.kind, item.function.name, item.span) for item in shared if item.map)


def _same_entry(read: UserCall, write: UserCall) -> bool:
    value = variable(read.value)
    other = variable(write.value)
    if value is None or other is None or value.decl != other.decl:
        return False
    one, two = variable(read.key), variable(write.key)
    keys = one.decl == two.decl if one is not None and two is not None else same(read.key, write.key)
    return keys and read.map == write.map


def _changed_between(read: UserCall, write: UserCall) -> bool:
    """Whether the value itself, or a field of it, is given another value in the body."""
    value = variable(read.value)
    for op in operations(read.function):
        if isinstance(op, Assign | Update) and value is not None and read.span < op.span < write.span:
            root = base_of(op.target)
            if isinstance(root, Name) and root.decl == value.decl and not _replaces(op, value):
                return True
    return False


def _replaces(op: Assign | Update, value: Name) -> bool:
    """`value = fresh`: nothing of what was read is left."""
    return isinstance(op, Assign) and isinstance(strip(op.target), Name) and not any(
        isinstance(item, Name) and item.decl == value.decl for item in walk(op.value)
    )


def _table(receiver: Expr, known: dict[int, Expr | None]) -> str:
    """The table's name: of `b["counts"]`, `b.get_table("counts")`, or a variable that holds one."""
    inner = strip(receiver)
    if isinstance(inner, Name) and inner.decl:
        value = known.get(inner.decl)
        inner = strip(value) if value is not None else inner
    match inner:
        case Index(index=Constant(value=str(name))):
            return name
        case CallExpr(callee="get_table", args=(Constant(value=str(name)), *_)):
            return name
    return ""
