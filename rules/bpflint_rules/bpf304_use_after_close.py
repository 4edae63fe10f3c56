"""BPF304: is a resource used after it was closed?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Finding, Rule, RuleMeta, Severity, Unit
from bpflint_rules._lifetimes import after_close, report, returned_closed, short


class UseAfterClose(Rule):
    """A map, link, reader or object is used on a path on which it was closed before.

    ## What it does
    Follows each resource that a function opens beyond its Close, until something new is written over it, and looks
    for a call that uses it. In Go also for a `return` that hands out what `defer x.Close()` closes on the way out: the
    resource itself, or the maps of a collection.

    ## Why is this bad
    In C the memory is freed. In Go the call fails, and a descriptor number that was closed may belong to another file
    by then: the operation reaches a map it was never meant for.

    ## Example
    ```go
        coll.Close()
        err = coll.Maps["counts"].Lookup(key, &value)
    ```

    ## Use instead
    ```go
        err = coll.Maps["counts"].Lookup(key, &value)
        coll.Close()
    ```

    ## Known limits
    Only what is opened, closed and used in one function. A map that was taken out of a collection is not followed.
    """

    meta = RuleMeta(
        code="BPF304", name="use-after-close", summary="a resource is used after it was closed",
        severity=Severity.ERROR,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report the first use behind each closing."""
        for held, close, end in after_close(unit, ctx, used=True):
            call = short(held.call.callee)
            message = f"`{held.name}` from {call}() is used here, but line {close.span.line} closed it"
            yield report(self, held, message, end, "and used here", at=end.span)
        for held, close, end in returned_closed(unit, ctx):
            message = f"`{held.name}` from {short(held.call.callee)}(), or a part of it, is returned here, but the " \
                f"deferred call of line {close.span.line} closes it first"  # fmt: skip
            yield report(self, held, message, end, "and returned here", at=end.span, others=(held,))
