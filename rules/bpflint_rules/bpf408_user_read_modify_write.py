"""BPF408: does user space change a value that programs change too, in steps, or clear what it has just read?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from bpflint.api import Confidence, Context, Finding, Related, Rule, RuleMeta, Severity, Span, Unit
from bpflint_rules._links import maps_met
from bpflint_rules._maps import maps_of
from bpflint_rules._sharing import touches
from bpflint_rules._user_maps import table_calls, written_back

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
            yield from self._written_back(unit, changed)
            yield from self._cleared(unit, changed)

    def _written_back(self, unit: Unit, changed: Mapping[str, _Change]) -> Iterator[Finding]:
        for read, write in written_back(unit):
            if write.map in changed:
                touch = changed[write.map]
                yield self.finding(
                    write.span,
                    f"the value of `{write.map}` that was read above is written back changed: what "
                    f"`{touch.function}` stored in between is lost",
                    subject=f"{write.function.name}:{write.map}:{write.order}", confidence=Confidence.MEDIUM,
                    related=[Related(read.span, "lookup", "read here"), Related(touch.span, "program", "changed here")],
                )  # fmt: skip

    def _cleared(self, unit: Unit, changed: Mapping[str, _Change]) -> Iterator[Finding]:
        read: dict[tuple[str, str], Span] = {}
        for function, call, table, op in table_calls(unit):
            touch, key = changed.get(table), (function.name, table)
            if touch is None or touch.kind.endswith("array"):
                continue
            if call.callee in _READS:
                read.setdefault(key, call.span or op.span)
            elif call.callee == "clear" and key in read:
                yield self.finding(
                    op.span,
                    f"`{table}` is cleared after it was read: what `{touch.function}` counted in between is lost",
                    subject=f"{function.name}:{table}:clear", severity=Severity.INFO,
                    related=[Related(read[key], "read", "read here"), Related(touch.span, "program", "changed here")],
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
    running = maps_of(unit, ctx).running
    shared = [touch for touch in touches(unit, ctx) if touch.contended]
    shared.sort(key=lambda touch: (not running.get(touch.function.name), touch.kind != "change", touch.span))
    return tuple((item.map.span, item.map.kind, item.function.name, item.span) for item in shared if item.map)
