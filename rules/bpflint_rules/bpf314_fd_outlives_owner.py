"""BPF314: does a descriptor number outlive the map or program it belongs to?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    Aggregate,
    CallExpr,
    Context,
    Finding,
    Held,
    Ownership,
    Return,
    Rule,
    RuleMeta,
    Severity,
    Span,
    Unit,
    calls,
    operations,
    place_of,
    strip,
)  # fmt: skip
from bpflint_rules._lifetimes import held_by_user, report, short


class FdOutlivesOwner(Rule):
    """The number that `FD()` gives is kept where its map, program or link is closed or collected.

    ## What it does
    Looks for `os.NewFile(uintptr(m.FD()), …)`, which makes a second owner of the descriptor, and for functions that
    open a map, program or link and return only its number.

    ## Why is this bad
    `FD()` lends. The collector closes a map that nobody holds, and an `os.File` closes its number when it is collected:
    the number then names nothing, or another file, while somebody still uses it.

    ## Example
    ```go
    func open(path string) (int, error) {
        m, err := ebpf.LoadPinnedMap(path, nil)
        if err != nil {
            return -1, err
        }
        return m.FD(), nil
    }
    ```

    ## Use instead
    ```go
    func open(path string) (*ebpf.Map, error) {
        return ebpf.LoadPinnedMap(path, nil)
    }
    ```

    ## Known limits
    A number that goes into a field beside its owner is fine and not looked at.
    """

    meta = RuleMeta(
        code="BPF314", name="fd-outlives-owner", summary="a descriptor number outlives its owner",
        severity=Severity.WARNING,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report second owners, and numbers that are returned without their owner."""
        if unit.language != "go":
            return
        owner = ctx.ownership(unit)
        for function in unit.functions:
            for call, op in calls(function):
                lent = strip(call.args[0]) if call.callee == "os.NewFile" and call.args else None
                if isinstance(lent, CallExpr) and owner.lends(lent):
                    text = f"os.NewFile() closes the descriptor that {short(lent.callee)}() only lends"
                    yield self.finding(call.span or op.span, text, subject=f"{function.name}:os.NewFile")
        for held in held_by_user(unit, ctx):
            end = held.end("left") or held.end("close")
            if end is None or not held.local or held.end("keep", "unknown") is not None:
                continue
            for span in _returned(held, owner):
                whose = f"`{held.name}` from {short(held.call.callee)}()"
                text = f"the descriptor of {whose} is returned, but nothing holds `{held.name}` any more"
                yield report(self, held, text, end, "and the owner is gone", at=span)


def _returned(held: Held, owner: Ownership) -> Iterator[Span]:
    """Where the number that a resource lends is returned: by itself or as one of several results."""
    for op in operations(held.function):
        if isinstance(op, Return) and op.value is not None:
            value = strip(op.value)
            for item in (item for _, item in value.items) if isinstance(value, Aggregate) else (value,):
                lent = strip(item)
                whose = lent.receiver if isinstance(lent, CallExpr) and owner.lends(lent) else None
                if whose is not None and place_of(whose) == held.place:
                    yield op.span
