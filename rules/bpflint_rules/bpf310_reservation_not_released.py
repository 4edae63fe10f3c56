"""BPF310: is a ring buffer reservation neither submitted nor discarded?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Finding, Rule, RuleMeta, Severity, Unit
from bpflint_rules._lifetimes import closer_of, report


class ReservationNotReleased(Rule):
    """A BPF program leaves on a path on which what it reserved is neither submitted nor discarded.

    ## What it does
    Follows `bpf_ringbuf_reserve` to every way out of the program or helper function. What reserves and what releases
    are rows of the table of lifetimes.

    ## Why is this bad
    The verifier rejects the program ("Unreleased reference"), on the path that the test machine's kernel may never
    have compiled in; a subprogram that is verified on its own hides it until it is called.

    ## Example
    ```c
        struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
        if (!e)
            return 0;
        if (filtered(e))
            return 0;                     // e stays reserved
        bpf_ringbuf_submit(e, 0);
    ```

    ## Use instead
    ```c
        if (filtered(e)) {
            bpf_ringbuf_discard(e, 0);
            return 0;
        }
    ```

    ## Known limits
    A function that gets the pointer and is not known ends the search.
    """

    meta = RuleMeta(
        code="BPF310", name="reservation-not-released", summary="a reservation is neither submitted nor discarded",
        severity=Severity.WARNING,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report reservations that a path leaves open."""
        for held in ctx.held(unit) if unit.side == "bpf" else ():
            left = held.end("left")
            if held.resource.guard or left is None or not held.local or held.end("unknown") is not None:
                continue
            message = (
                f"`{held.name}` from {held.call.callee}() is not released on the path that leaves at line "
                f"{left.span.line}: call {closer_of(held)}"
            )
            yield report(self, held, message, left, "and left with it reserved")
