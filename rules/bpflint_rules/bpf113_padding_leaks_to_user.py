"""BPF113: do bytes of the kernel's stack reach user space in an event or a map value?"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from bpflint.api import Context, Finding, Layouts, Reach, Rule, RuleMeta, Severity, Tags, Unit
from bpflint_rules._claims import padding_claim
from bpflint_rules._entries import plain_name, touched_by_user
from bpflint_rules._tagged import unmissed
from bpflint_rules._unset import parts_of_members, unset


class PaddingLeaksToUser(Rule):
    """An event or a map value on the stack has bytes that were never written: holes, fields, the end of a string.

    ## What it does
    Follows each local that is sent (`bpf_perf_event_output`, `bpf_ringbuf_output`, `perf_submit`) or stored in a map,
    byte by byte along every path. Padding counts, and so do the bytes behind the NUL that a `*_str` helper writes.

    ## Why is this bad
    User space reads what the kernel's stack held: addresses, or parts of other tasks' data. The value also differs
    from run to run, which breaks comparisons and deduplication. Linux 5.10.218 rejects the program (`invalid indirect
    read from stack`); 5.10.223 and later kernels load it for a privileged user.

    ## Example
    ```c
    struct event { __u32 pid; __u64 when; };
    struct event event;                        // 4 bytes of hole
    event.pid = pid;
    event.when = bpf_ktime_get_ns();
    bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &event, sizeof(event));
    ```

    ## Use instead
    ```c
    struct event event;
    __builtin_memset(&event, 0, sizeof(event));
    ```

    ## Known limits
    Silent where the length that is sent is not a constant, and about what a function outside the file may have
    written. In memory from `bpf_ringbuf_reserve` only the rest of a member that is written in part (a union, where no
    other member tells its variant) counts; whole members, and per-CPU scratch memory, are BPF710's. Information only
    for a map that user space does not use, where it uses others of the program.
    """

    meta = RuleMeta(
        code="BPF113", name="padding-leaks-to-user", severity=Severity.WARNING,
        summary="bytes that were never written reach user space",
        references=("https://github.com/cilium/cilium/pull/7426",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report events and values."""
        for item in unset(unit, ctx, _is_sent, partial(_missing, layouts=ctx.layouts(unit), tags=ctx.tags(unit))):
            role = "stored in" if item.reach.role == "value" else "sent to"
            target = f"`{item.reach.map}`" if item.reach.map else "a map or buffer"
            yield self.finding(
                item.place, f"`{item.name}`, {role} {target}: {item.words(ctx, unit)}; {item.remedy()}",
                subject=item.subject, confidence=item.confidence,
                severity=Severity.INFO if _is_kept(item.reach, unit, ctx) else None,
                related=item.related(), flow=item.steps(),
                fixes=item.fixes(unit), claim=padding_claim(item.reach, item.bits, unit, always=item.always),
            )  # fmt: skip


def _is_kept(reach: Reach, unit: Unit, ctx: Context) -> bool:
    """Whether user space works on maps of the program, but not on the one that a value goes to."""
    if reach.role != "value":
        return False
    touched = touched_by_user(ctx)
    return plain_name(reach.map) not in touched and any(plain_name(item.name) in touched for item in unit.maps)


def _is_sent(reach: Reach) -> bool:
    return reach.role in ("event", "value", "submit")


def _missing(reach: Reach, layouts: Layouts, tags: Tags) -> int:
    """All of a local; of memory that shows earlier events only what is left of a member that was written."""
    if reach.object.kind == "local":
        return reach.sometimes
    bits = parts_of_members(reach, layouts) if reach.object.kind == "reserved" else 0
    return bits & ~unmissed(reach, bits, tags, layouts)
