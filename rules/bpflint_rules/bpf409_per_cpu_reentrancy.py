"""BPF409: can a program be interrupted by another one that changes the same per-CPU value?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Confidence, Context, Finding, Program, Related, Rule, RuleMeta, Severity, Unit, facts, show
from bpflint_rules._maps import map_fact, maps_of
from bpflint_rules._sharing import Touch, by_field, touches

_NMI = "perf_event"


class PerCpuReentrancy(Rule):
    """A per-CPU value is changed by a program that a perf event can interrupt, and by the perf event's program.

    ## What it does
    Finds per-CPU maps whose values are changed by a plain read, add and write in a `perf_event` program and in a
    program of another type.

    ## Why is this bad
    A per-CPU value keeps other CPUs out, not the same one. Hardware perf events come as non-maskable interrupts: the
    sampling program runs between the read and the write of the interrupted one, and its change is lost; in a scratch
    buffer it leaves its own bytes behind.

    ## Example
    ```c
    SEC("perf_event")   int sample(void *ctx) { … s->seen++; … }
    SEC("tp/sched/sched_switch") int on_switch(void *ctx) { … s->seen++; … }
    ```

    ## Use instead
    A map of its own for the perf event's program, or `__sync_fetch_and_add`.

    ## Known limits
    Software events do not interrupt: where only those are opened, the finding does not apply. Other nestings (a
    softirq's program over a system call's) are not judged.
    """

    meta = RuleMeta(
        code="BPF409", name="per-cpu-reentrancy", summary="a perf event changes a per-CPU value under another program",
        severity=Severity.WARNING, confidence=Confidence.MEDIUM,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report one interrupted change a function and field."""
        if unit.side != "bpf":
            return
        running = maps_of(unit, ctx).running
        found = [item for item in touches(unit, ctx) if item.kind == "change" and not item.atomic and _per_cpu(item)]
        nmi = {
            (item.owner, item.path): item for item in reversed(found)
            if any(_type(program) == _NMI for program in running.get(item.function.name, ()))
        }  # fmt: skip
        rest = [
            item for item in found
            if (item.owner, item.path) in nmi
            and any(_type(program) not in ("", _NMI) for program in running.get(item.function.name, ()))
        ]
        for touch, *_ in by_field(rest):
            other = nmi[touch.owner, touch.path]
            yield self.finding(
                touch.span,
                f"`{show(touch.place)}` lies in the per-CPU map `{touch.owner}`, which the perf event's program "
                "changes too: it can interrupt this change, and one of the two is lost",
                subject=touch.subject, related=[Related(other.span, "interrupts", "changed here")],
            )  # fmt: skip


def _per_cpu(touch: Touch) -> bool:
    known = map_fact(touch.map) if touch.map is not None else None
    return known is not None and known.per_cpu


def _type(program: Program) -> str:
    section = facts.section_of(program.section) if program.section else None
    return section.type if section is not None else ""
