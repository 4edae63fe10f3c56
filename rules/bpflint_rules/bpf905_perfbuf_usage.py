"""BPF905: do events go through a perf buffer where there are ring buffers?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import (
    Context,
    Finding,
    MapDef,
    Rule,
    RuleMeta,
    Severity,
    Unit,
    facts,
)  # fmt: skip
from bpflint_rules._modernise import allows


class PerfbufUsage(Rule):
    """Events go through a perf buffer where the kernel has ring buffers.

    ## What it does
    Finds perf event arrays that programs send events to, where ring buffers exist (5.8).

    ## Why is this bad
    A perf buffer is one buffer a CPU: memory is wasted or lost where load is uneven, events arrive out of order, and
    each is copied twice.

    ## Example
    ```c
    __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
    ```

    ## Use instead
    ```c
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 256 * 1024);
    ```

    ## Known limits
    Advice only: it is given where `min-kernel` is configured and new enough. Arrays of counters, which are read and
    not written to, are not reported.
    """

    meta = RuleMeta(
        code="BPF905", name="perfbuf-usage", severity=Severity.INFO,
        summary="events go through a perf buffer where the kernel has ring buffers",
        references=("https://docs.kernel.org/bpf/ringbuf.html",),
    )  # fmt: skip

    def check_map(self, map_: MapDef, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report a perf buffer that is written to."""
        since = facts.map_types()["BPF_MAP_TYPE_RINGBUF"].since
        if unit.side != "bpf" or map_.kind != "perf_event_array" or map_.external or not allows(since, ctx):
            return
        if any(use.map == map_.name and use.op == "output" for use in unit.uses):
            yield self.finding(
                map_.span, f"`{map_.name}` is a perf buffer: a ring buffer (5.8) keeps the order, and shares its "
                "memory among CPUs",
                subject=map_.name,
            )  # fmt: skip
