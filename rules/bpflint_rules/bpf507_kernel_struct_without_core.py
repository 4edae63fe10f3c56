"""BPF507: is a kernel struct read where nothing adjusts the read to the running kernel?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    Confidence,
    Context,
    Expr,
    Finding,
    Function,
    Program,
    RecordDecl,
    Related,
    Rule,
    RuleMeta,
    Select,
    Severity,
    Unit,
    bpf_target,
    facts,
    show,
    show_bytes,
    strip,
)  # fmt: skip
from bpflint_rules._flow import is_tested, parameter_index, programs_reaching
from bpflint_rules._kernel_memory import accesses, is_number, is_trusted_section, loads, rcu_source
from bpflint_rules._maps import Maps, maps_of
from bpflint_rules._values import lookups

_TRACING = frozenset(
    ("kprobe", "tracepoint", "raw_tracepoint", "raw_tracepoint_writable", "tracing", "lsm", "perf_event")
)
_RELOCATED = "preserve_access_index"


class KernelStructWithoutCore(Rule):
    """A kernel struct is read by fixed offsets, or by loads that the verifier of some kernels refuses.

    ## What it does
    Finds the project's own copy of a kernel struct (`struct task_struct { … }` without `preserve_access_index`) whose
    members a tracing program reads; hand-written contexts of tracepoints other than those of system calls; plain
    loads through the result of `bpf_get_current_task()`; and plain loads through an `__rcu` member (`task->cred->uid`)
    of a trusted pointer that no test precedes.

    ## Why is this bad
    Kernel structs move with every release and configuration: a fixed offset reads another member, without an error.
    `bpf_get_current_task()` returns a number, which the verifier lets nobody follow. On kernels built with clang an
    `__rcu` member may be NULL for the verifier (`R3 invalid mem access 'rcu_ptr_or_null_'`), while those built with
    gcc load the same program.

    ## Example
    ```c
    struct task_struct *task = ctx->task;
    uid = task->cred->uid.val;
    ```

    ## Use instead
    ```c
    uid = BPF_CORE_READ(task, cred, uid.val);
    ```

    ## Known limits
    The structs that count as the kernel's and the `__rcu` members are a table. A pointer that any test of the function
    looks at counts as tested. bcc's dialect, which rewrites loads, is not judged, and of files that are built with
    the kernel's own headers only the loads are.
    """

    meta = RuleMeta(
        code="BPF507", name="kernel-struct-without-core", summary="a kernel struct is read without a relocation",
        severity=Severity.WARNING,
        references=("https://docs.kernel.org/bpf/libbpf/libbpf_overview.html#bpf-co-re-compile-once-run-everywhere",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each kind of read."""
        if unit.side != "bpf" or unit.language != "c" or unit.dialect == "bcc":
            return
        maps, running = maps_of(unit, ctx), programs_reaching(unit)
        copies = {
            item.name: item for item in unit.records
            if item.name in facts.kernel_structs().internal and _RELOCATED not in item.attributes
        }  # fmt: skip
        for function in filter(maps.is_live, unit.functions):
            programs = running.get(function.name, ())
            yield from self._loads(function, programs, maps)
            if "kernel-headers" in unit.sources:
                continue  # built for the kernel that runs it
            yield from self._context(function, programs, unit, ctx)
            if copies and any(_is_tracing(item) for item in programs):
                yield from self._copies(function, copies, maps)

    def _copies(self, function: Function, copies: dict[str, RecordDecl], maps: Maps) -> Iterator[Finding]:
        for access in accesses(function):
            if access.relocated or access.owner not in copies or lookups(access.base, function, maps):
                continue
            record = copies.pop(access.owner)
            yield self.finding(
                access.span or function.span, f"`{show(access)}` is read at a fixed offset: `struct {access.owner}` is "
                f"declared here without {_RELOCATED}, and the kernel's own moves from release to release",
                subject=f"struct {access.owner}",
                related=[Related(record.span, "definition", "the copy")] if record.span is not None else [],
            )  # fmt: skip

    def _loads(self, function: Function, programs: tuple[Program, ...], maps: Maps) -> Iterator[Finding]:
        trusted = bool(programs) and all(is_trusted_section(item.section) for item in programs)
        seen: set[str] = set()
        for pointer, access in loads(function):
            key, name = show(pointer), show(access)
            if key in seen:
                continue
            if is_number(pointer, function, maps):
                seen.add(key)
                yield self.finding(
                    access.span or function.span, f"`{name}` follows what bpf_get_current_task() returns a number for: "
                    "the verifier refuses it; use BPF_CORE_READ() or bpf_get_current_task_btf()",
                    subject=f"{function.name}:{key}", severity=Severity.ERROR,
                )  # fmt: skip
            elif trusted and (found := rcu_source(pointer, function, maps)) and not _tested(found, pointer, function):
                seen.add(key)
                yield self._rcu(access, found, function)

    def _rcu(self, access: Select, found: Select, function: Function) -> Finding:
        shown = show(found)
        return self.finding(
            access.span or function.span, f"`{shown}` is `__rcu`: kernels built with clang refuse to follow it "
            "untested (rcu_ptr_or_null_); use BPF_CORE_READ() or test it for NULL",
            subject=f"{function.name}:{shown}",
        )  # fmt: skip

    def _context(
        self, function: Function, programs: tuple[Program, ...], unit: Unit, ctx: Context
    ) -> Iterator[Finding]:
        program = next((item for item in programs if item.name == function.name), None)
        point = _tracepoint(program)
        if point.count("/") != 1 or point.startswith(("syscalls/", "raw_syscalls/")):
            return  # system calls have words of 8 bytes; `sched/x/v1` is one of several layouts the loader chooses from
        for access in accesses(function):
            record = next((item for item in unit.records if item.name == access.owner), None)
            if record is None or access.relocated or parameter_index(function, access.base) != 0:
                continue
            fields = ctx.layout(record, bpf_target(unit.byte_order)).fields
            offset = next((item.offset for item in fields if item.name == access.field), None)
            if offset is not None:
                yield self.finding(
                    access.span or function.span, f"`{show(access)}` is read at the fixed offset {show_bytes(offset)} "
                    f"in the record of {point}, which may move: take `trace_event_raw_*` of vmlinux.h",
                    subject=f"{function.name}:{access.owner}", confidence=Confidence.LOW, severity=Severity.INFO,
                )  # fmt: skip
                return


def _is_tracing(program: Program) -> bool:
    known = facts.section_of(program.section)
    return known is not None and known.type in _TRACING


def _tracepoint(program: Program | None) -> str:
    """The `category/event` of a tracepoint program, "" for any other."""
    kind, _, rest = program.section.partition("/") if program is not None else ("", "", "")
    return rest if kind in ("tp", "tracepoint") else ""


def _tested(found: Select, pointer: Expr, function: Function) -> bool:
    return is_tested(function, found) or is_tested(function, strip(pointer))
