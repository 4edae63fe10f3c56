"""BPF403: does an entry created after a miss overwrite what another CPU has just counted?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bpflint.api import (
    Confidence,
    Constant,
    Context,
    Finding,
    Function,
    Name,
    Related,
    Rule,
    RuleMeta,
    Severity,
    Test,
    Unit,
    strip,
)  # fmt: skip
from bpflint_rules._alone import mildly, shared_updates
from bpflint_rules._flow import plainly_reached
from bpflint_rules._maps import MapCall, Maps, maps_of, whose_key
from bpflint_rules._sharing import touches

_BIRTHS = re.compile(r"/(?:sched_process_fork|task_newtask|wake_up_new_task)$")
"""Where a task is made (kernel/fork.c): that runs once for each, and no other CPU knows the task yet."""


class LookupThenCreate(Rule):
    """An entry is looked up, found missing, and created with BPF_ANY, while others may be creating it too.

    ## What it does
    Finds `bpf_map_update_elem(…, BPF_ANY)` that runs only where a lookup of the same map and key gave NULL, in maps
    whose values programs change in place.

    ## Why is this bad
    Two CPUs miss the same key at the same time. The first creates the entry and counts in it; the second's update puts
    a new entry over it, and what the first counted is gone: the first packets of every flow are the ones that race.

    ## Example
    ```c
    struct stats *s = bpf_map_lookup_elem(&flows, &key);
    if (!s) {
        struct stats fresh = {.packets = 1};
        bpf_map_update_elem(&flows, &key, &fresh, BPF_ANY);
        return 0;
    }
    __sync_fetch_and_add(&s->packets, 1);
    ```

    ## Use instead
    ```c
    if (!s) {
        struct stats fresh = {};
        bpf_map_update_elem(&flows, &key, &fresh, BPF_NOEXIST);
        s = bpf_map_lookup_elem(&flows, &key);
        if (!s)
            return 0;
    }
    __sync_fetch_and_add(&s->packets, 1);
    ```

    ## Known limits
    Maps keyed by the current thread or CPU are silent, so are programs that run where a task is made, and maps whose
    values no program changes after they were created: there the last writer wins, which is what BPF_ANY says. In
    folders of tests, test data and benchmarks it is an info.
    """

    meta = RuleMeta(
        code="BPF403", name="lookup-then-create", summary="an entry created after a miss overwrites another CPU's",
        severity=Severity.WARNING, confidence=Confidence.MEDIUM,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report creations with BPF_ANY behind a miss of the same key."""
        if unit.side != "bpf":
            return
        maps = maps_of(unit, ctx)
        changed = {item.owner for item in touches(unit, ctx) if item.kind == "change"}
        for call in shared_updates(unit, ctx):
            programs = maps.running.get(call.site.function.name, ())
            if call.name in changed and not (programs and all(_BIRTHS.search(item.section) for item in programs)):
                yield from self._creation(call, call.site.function, maps)

    def _creation(self, call: MapCall, function: Function, maps: Maps) -> Iterator[Finding]:
        flags = strip(call.flags) if call.flags is not None else None
        if call.map is None or call.map.kind.endswith("array") or whose_key(call.key, function, maps):
            return
        if not isinstance(flags, Constant) or flags.value != 0:
            return
        for lookup in maps.direct(function):
            if lookup.op == "lookup" and lookup.same_entry(call) and _missed(lookup, call):
                yield self.finding(
                    call.site.span,
                    f"`{call.name}` had no such entry when it was looked up, and BPF_ANY overwrites one that "
                    "another CPU has created since: use BPF_NOEXIST and look it up again",
                    subject=f"{function.name}:{call.name}", severity=mildly(call.site.span),
                    related=[Related(lookup.site.span, "lookup", "the lookup that missed")],
                )  # fmt: skip
                return


def _missed(lookup: MapCall, update: MapCall) -> bool:
    """Whether every path to the update passes a test that found nothing."""
    result = strip(lookup.result) if lookup.result is not None else None
    if not isinstance(result, Name) or not result.decl:
        return False

    def misses(test: Test) -> bool:
        tested = strip(test.value)
        return test.outcome == "null" and isinstance(tested, Name) and tested.decl == result.decl

    return update.site.at.block not in plainly_reached(lookup.site.function, misses)
