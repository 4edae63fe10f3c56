"""BPF302: does an error path leave a BPF object open that other paths close?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, End, Finding, Held, Rule, RuleMeta, Severity, Span, Unit
from bpflint_rules._lifetimes import (
    closer_of,
    ends_with_error,
    leaks,
    report,
    returned_with_error,
    runs_once,
    short,
    written_over,
)


class LeakOnErrorPath(Rule):
    """One path out of a function leaves a resource open that another path closes.

    ## What it does
    As BPF301, for resources that some path does close, return or store: the finding shows the path that does not, and
    names every resource that the same `return` leaves open. One that another is written over is left to BPF301.
    In Go also for those that are returned beside an error that a later call may have set (`return m, m.Freeze()`).

    ## Why is this bad
    The author meant to close it; an early return forgot. A loader that retries leaks maps and programs each time.

    ## Example
    ```c
        struct foo_bpf *skel = foo_bpf__open();
        if (!skel)
            return 1;
        if (foo_bpf__load(skel))
            return 1;                  // skel stays open
        foo_bpf__destroy(skel);
    ```

    ## Use instead
    ```c
        if (foo_bpf__load(skel))
            goto cleanup;
    ```

    ## Known limits
    Paths that end the process (`exit`) are fine. In `main`, in what straight calls from `main` alone lead to, and where
    each caller ends the process on an error, the finding is info.
    """

    meta = RuleMeta(
        code="BPF302", name="leak-on-error-path", summary="an error path leaves a BPF resource open",
        severity=Severity.WARNING,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report resources that one path closes or hands on and another does not, once for each way out."""
        ways: dict[tuple[str, Span], list[tuple[Held, End]]] = {}
        for held, left in leaks(unit, ctx, elsewhere=True):
            if written_over(held, unit, ctx) is None:  # BPF301 says more
                ways.setdefault((held.function.name, left.span), []).append((held, left))
        for (held, left), *more in ways.values():
            once = runs_once(held.function, unit, ctx) or ends_with_error(held.function, unit, ctx)
            yield self._left(held, left, [item for item, _ in more], once=once)
        told = {item.opened for found in ways.values() for item, _ in found}
        for held, end in returned_with_error(unit, ctx):
            if held.opened in told:
                continue
            message = (
                f"`{held.name}` from {short(held.call.callee)}() is returned together with an error that may be set: "
                f"callers drop it then, so {closer_of(held)} first"
            )
            once = runs_once(held.function, unit, ctx)
            yield report(self, held, message, end, "returned beside an error that nobody asked about", once=once)

    def _left(self, held: Held, left: End, others: list[Held], *, once: bool) -> Finding:
        names = ", ".join(f"`{item.name}`" for item in others)
        opened = f"`{held.name}` from {short(held.call.callee)}() "
        opened += f"and {names} stay open" if others else "stays open"
        closed = f"call {closer_of(held)}" if held.end("close") is not None else "hand it on"
        message = f"{opened} on the path that leaves at line {left.span.line}; other paths {closed}"
        return report(self, held, message, left, "and the function is left with it open", others=others, once=once)
