"""BPF316: is the collector the only one that closes?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bpflint.api import (
    CallExpr,
    Context,
    Finding,
    Function,
    Name,
    Ownership,
    Pointer,
    RecordDecl,
    Rule,
    RuleMeta,
    Severity,
    Span,
    Unit,
    calls,
    closed_fields,
    strip,
)  # fmt: skip

_CLOSE = re.compile(r"(?i)^(?:close|stop|shutdown|destroy|clean_?up|release|detach|__exit__)")


class FinalizerAsClose(Rule):
    """A type has no Close, and a finalizer (`runtime.SetFinalizer`, `AddCleanup`, `__del__`) closes what it holds.

    ## What it does
    Looks for finalizers that close maps, programs, links or a bcc module of a type without a method to close it.

    ## Why is this bad
    A finalizer runs when the collector comes by, or never: programs stay attached long after their owner is gone, in
    an order nobody chose. At the end of the process none of them runs.

    ## Example
    ```go
        t := &Tracer{link: l}
        runtime.SetFinalizer(t, func(t *Tracer) { t.link.Close() })
    ```

    ## Use instead
    ```go
    func (t *Tracer) Close() error { return t.link.Close() }
    ```

    ## Known limits
    A finalizer of a type that has a Close as well is a safety net, and fine.
    """

    meta = RuleMeta(
        code="BPF316", name="finalizer-as-close", summary="only a finalizer closes what a type holds",
        severity=Severity.WARNING,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report finalizers of types without a Close."""
        if unit.side != "user" or unit.language not in ("go", "python"):
            return
        folder = unit.path.rpartition("/")[0]
        beside = (other for other in ctx.project.user_units() if other.path.rpartition("/")[0] == folder)
        others = (item for other in beside for item in other.functions)
        closable = {item.method_of for item in others if item.method_of and _CLOSE.match(item.name.rpartition(".")[2])}
        owner, bodies = ctx.ownership(unit), {item.name: item for item in unit.functions}
        for function in unit.functions:
            for type_, closing, span in _finalizers(function, bodies):
                if type_ not in closable and _closes(closing, owner):
                    text = f"only a finalizer closes what `{type_}` holds: give it a Close that its users call"
                    yield self.finding(span, text, subject=f"{function.name}:{type_}")


def _finalizers(function: Function, bodies: dict[str, Function]) -> Iterator[tuple[str, Function, Span]]:
    """Yield the type, the function that runs at the end, and where it is set."""
    if function.name == "__del__":
        yield function.method_of, function, function.span
    for call, op in calls(function):
        if call.callee in ("runtime.SetFinalizer", "runtime.AddCleanup") and len(call.args) > 1:
            type_ = call.args[0].type
            given = strip(call.args[1])
            pointee = type_.pointee if isinstance(type_, Pointer) else None
            if isinstance(pointee, RecordDecl) and isinstance(given, Name) and given.name in bodies:
                yield pointee.name, bodies[given.name], op.span


def _closes(function: Function, owner: Ownership) -> bool:
    """Whether a body closes fields (Go), or a bcc module (Python)."""
    if any(True for _ in closed_fields(function, owner)):
        return True
    return any(isinstance(call, CallExpr) and call.callee == "cleanup" for call, _ in calls(function))
