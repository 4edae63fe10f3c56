"""BPF710: is memory that was reserved for an event submitted with fields that nobody wrote?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from bpflint.api import (
    Confidence,
    Context,
    Finding,
    Layouts,
    Reach,
    RecordDecl,
    Related,
    Rule,
    RuleMeta,
    Severity,
    Tags,
    Unit,
    mask,
    pieces,
)
from bpflint_rules._claims import padding_claim
from bpflint_rules._entries import plain_name, touched_by_user
from bpflint_rules._tagged import unmissed
from bpflint_rules._unset import Unset, parts_of_members, unset, unset_members

_MOST_MEMBERS = 3
"""More than these that some path leaves out are one finding: the event has a variant that does without them."""


class ReservationPartlyWritten(Rule):
    """A reservation, or per-CPU scratch memory, is submitted with fields that some path does not write.

    ## What it does
    Follows memory from `bpf_ringbuf_reserve`, and values of per-CPU arrays, from where the program gets them to where
    it submits them, also through wrappers and functions that fill a part, and looks at every field.

    ## Why is this bad
    A reservation is not cleared: it holds an earlier event, and scratch memory holds the last one. The user side
    takes what it finds for this event's data: another process's path, stack or address.

    ## Example
    ```c
    struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
    if (!event)
        return 0;
    event->pid = pid;
    if (collect_stack)
        event->stack = bpf_get_stackid(ctx, &stacks, 0);
    bpf_ringbuf_submit(event, 0);
    ```

    ## Use instead
    ```c
    event->stack = collect_stack ? bpf_get_stackid(ctx, &stacks, 0) : 0;
    ```

    ## Known limits
    Padding, members that are named so, and bytes behind the NUL of a string are not reported: they show an earlier
    event at most. Where programs set a member (`kind`) to a constant each, a reader goes by it: what only events of
    another kind have is not missed, nor is what is written only where another member was asked. A value that is
    stored counts where user space uses the map by name. A member that is written in part is BPF113's. Of scratch
    memory only fields that another path of the same function writes are reported. Arrays that are filled up to a
    length that is not constant count as written.
    """

    meta = RuleMeta(
        code="BPF710", name="reservation-partly-written", severity=Severity.WARNING,
        summary="reserved memory is submitted with fields that were not written",
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each member that some path leaves out, and those that all leave out together."""
        layouts, tags = ctx.layouts(unit), ctx.tags(unit)
        missing = partial(_missing, layouts=layouts, tags=tags)
        for item in unset(unit, ctx, partial(_is_handed_out, ctx=ctx), missing):
            for part in _by_member(item, layouts):
                yield self._report(part, unit, ctx)

    def _report(self, part: Unset, unit: Unit, ctx: Context) -> Finding:
        """At the function that leaves it out, where there is one: many programs may call it."""
        shown = "an earlier event" if part.reach.object.kind == "reserved" else "the last use"
        confidence = Confidence.HIGH if part.always else Confidence.MEDIUM
        writer, claim = part.writer(), padding_claim(part.reach, part.bits, unit, always=part.always)
        if writer is None:
            return self.finding(
                part.place, f"`{part.name}` is handed to user space, and {part.words(ctx, unit)}: they show {shown}; "
                "write them, or clear it all", subject=f"{part.subject}:{part.first(ctx, unit)}",
                confidence=confidence, related=part.related(), flow=part.steps(), claim=claim,
            )  # fmt: skip
        field = part.first(ctx, unit).split(".")[-1]
        return self.finding(
            writer.span,
            f"`{writer.name}()` returns on some paths without having written `{field}`: user space sees {shown} there, "
            f"in `{part.name}` of `{part.reach.function.name}()` for one; write it on every path",
            subject=f"{writer.name}:{field}", confidence=confidence,
            related=[Related(part.place, "use", "handed to user space here"), *part.related()],
            claim=claim,
        )  # fmt: skip


def _is_handed_out(reach: Reach, ctx: Context) -> bool:
    """A map that user space does not touch keeps things for the programs themselves."""
    if reach.object.kind not in ("reserved", "scratch") or reach.role not in ("submit", "event", "value"):
        return False
    return reach.role != "value" or plain_name(reach.map) in touched_by_user(ctx)


def _missing(reach: Reach, layouts: Layouts, tags: Tags) -> int:
    bits = unset_members(reach, layouts) & ~parts_of_members(reach, layouts, text=True)
    return bits & ~unmissed(reach, bits, tags, layouts)


def _by_member(item: Unset, layouts: Layouts) -> Iterator[Unset]:
    whole = pieces(item.reach.object.type, item.bits, layouts)
    always = [mask(piece.start, piece.end) for piece in whole if not mask(piece.start, piece.end) & ~item.reach.never]
    never = sum(always)
    if never:
        yield Unset(item.reach, never, True)
    left = item.bits & ~never
    found: list[Unset] = []
    type_ = item.reach.object.type
    for field in layouts.record(type_).fields if isinstance(type_, RecordDecl) and type_.kind == "struct" else ():
        part = left & ((1 << field.size) - 1) << field.offset
        if part:
            found.append(Unset(item.reach, part, False))
    if len(found) > _MOST_MEMBERS or (left and not found):
        found = [Unset(item.reach, left, False)]
    yield from found
