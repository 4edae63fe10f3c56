"""BPF516: does a program read a tracepoint's record where some kernel has another field?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bpflint.api import (
    Context,
    Field,
    Finding,
    Function,
    Kernel,
    Program,
    Rule,
    RuleMeta,
    Select,
    Severity,
    Span,
    Unit,
    bpf_target,
    contents,
    show,
)
from bpflint_rules._flow import parameter_index
from bpflint_rules._kernels import architectures, built_for_one, newest, where

_RECORD = "trace_event_raw_"


class TracepointContextDrift(Rule):
    """A hand-written tracepoint context has a field where some kernel's record has another.

    ## What it does
    Compares the fields that a `tracepoint/category/event` program reads from a struct of the project's own with
    `struct trace_event_raw_<event>` of every configured kernel, by name. A context that is declared as the record of
    another event (`trace_event_raw_tcp_event_sk_skb` in `tracepoint/tcp/tcp_receive_reset`) is compared, too.

    ## Why is this bad
    The record of a tracepoint is no interface: `kfree_skb` has `protocol` at byte 24 until 6.10 and at 32 since, and
    `sched_process_fork` lost its arrays of 16 letters. The program loads and reads another field.

    ## Example
    ```c
    struct kfree_skb_args { __u64 common; void *skbaddr; void *location; __u16 protocol; };

    SEC("tracepoint/skb/kfree_skb")
    int on_drop(struct kfree_skb_args *ctx)
    ```

    ## Use instead
    ```c
    SEC("tracepoint/skb/kfree_skb")
    int on_drop(struct trace_event_raw_kfree_skb *ctx)      // of vmlinux.h: the loader relocates the access
    ```

    ## Known limits
    Hand-written contexts of events whose record has another name (`sched_wakeup` is a `sched_wakeup_template`), system
    calls, and fields that the kernel never had under that name are not compared. Without configured kernels
    (`targets`, `min-kernel`) only what the newest shipped kernels have elsewhere is told.
    """

    meta = RuleMeta(
        code="BPF516", name="tracepoint-context-drift", summary="a tracepoint's field lies elsewhere on some kernel",
        severity=Severity.WARNING,
        references=("https://docs.kernel.org/trace/events.html#event-formats",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each field of a hand-written context that some kernel has elsewhere."""
        if unit.side != "bpf" or unit.language != "c" or unit.dialect == "bcc" or built_for_one(unit):
            return
        functions = {item.name: item for item in unit.functions}
        for program in unit.programs:
            point, function = _event(program), functions.get(program.name)
            if point and function is not None:
                yield from self._program(function, point, unit, ctx)
                yield from self._of_another(function, point, unit, ctx)

    def _of_another(self, function: Function, point: str, unit: Unit, ctx: Context) -> Iterator[Finding]:
        """A context that is another event's record, judged by the newest kernel that has both."""
        event = point.partition("/")[2]
        names = (f"{_RECORD}{event}", _RECORD + ctx.facts.event_classes().get(point, event))
        read = {item.field: item for item in _of_events(function) if item.owner not in names}
        for kernel in ctx.known_kernels[::-1] if read else ():
            known = ((name, ctx.catalogue.fields(kernel, name)) for name in names)
            name, theirs = next(((name, found) for name, found in known if found is not None), ("", None))
            mine = ctx.catalogue.fields(kernel, next(iter(read.values())).owner)
            if theirs is None or mine is None:
                continue
            for field, access in read.items():
                if field in mine and (field not in theirs or theirs[field].offset != mine[field].offset):
                    has = f"it at byte {theirs[field].offset // 8}" if field in theirs else "no such field"
                    yield self.finding(
                        access.span or function.span,
                        f"`{show(access)}` is read at byte {mine[field].offset // 8} of `struct {access.owner}`, "
                        f"another event's record: that of {point} is `struct {name}`, with {has}",
                        subject=f"{function.name}:{access.owner}",
                    )  # fmt: skip
                    return
            return

    def _program(self, function: Function, point: str, unit: Unit, ctx: Context) -> Iterator[Finding]:
        read = _read(function, unit, ctx)
        if not read:
            return  # before a look at kernels, which is the project's
        record = f"{_RECORD}{point.partition('/')[2]}"
        known = {kernel: ctx.catalogue.fields(kernel, record) for kernel in ctx.known_kernels}
        judged = frozenset(ctx.kernels if ctx.chosen else newest(ctx.known_kernels))
        for name, (shown, field, span) in read.items():
            places: dict[Kernel, int | None] = {
                kernel: fields[name].offset if name in fields else None
                for kernel, fields in known.items() if fields is not None
            }  # fmt: skip
            if all(place is None for place in places.values()):
                continue
            for place in sorted({places[kernel] for kernel in judged & places.keys()}, key=str):
                on = [kernel for kernel in judged & places.keys() if places[kernel] == place]
                if place != field.offset:
                    has = "no such field" if place is None else f"it at byte {place // 8}"
                    yield self.finding(
                        span, f"`{shown}` is read at byte {field.offset // 8}, and the record of {point} has {has} in "
                        f"{where(on)}: take `struct {record}` of vmlinux.h",
                        subject=f"{function.name}:{name}:{place}", targets=architectures(on),
                    )  # fmt: skip


def _of_events(function: Function) -> Iterator[Select]:
    """The members that a body reads of a context which is declared as the kernel's record of some event."""
    for item in contents(function):
        if isinstance(item, Select) and item.owner.startswith(_RECORD) and parameter_index(function, item.base) == 0:
            yield item


def _event(program: Program) -> str:
    """The `category/event` of a tracepoint program; system calls have words of eight bytes on every kernel."""
    kind, _, rest = program.section.partition("/")
    told = kind in ("tp", "tracepoint") and rest.count("/") == 1
    return rest if told and not rest.startswith(("syscalls/", "raw_syscalls/")) else ""


def _read(function: Function, unit: Unit, ctx: Context) -> Mapping[str, tuple[str, Field, Span]]:
    """The fields of the context that a body reads at fixed offsets, each where it is read first."""
    records = {item.name: item for item in unit.records}
    found: dict[str, tuple[str, Field, Span]] = {}
    for access in contents(function):
        if not isinstance(access, Select) or access.relocated or access.owner not in records:
            continue
        fields = ctx.layout(records[access.owner], bpf_target(unit.byte_order)).fields
        field = next((item for item in fields if item.name == access.field), None)
        if field is not None and access.span is not None and parameter_index(function, access.base) == 0:
            found.setdefault(access.field, (show(access), field, access.span))
    return found
