"""BPF509: does a program attach to a function, tracepoint or hook that some kernel does not have?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from bpflint.api import Confidence, Context, Finding, Kernel, Program, Rule, RuleMeta, Severity, Span, Unit
from bpflint_rules._attached import Attached, attached
from bpflint_rules._kernels import architectures, built_for_one, newest, severity_for, where
from bpflint_rules._targets import Target, choices_of, is_known, is_named, missing_on, operations_of, target_of

_KINDS = {"lsm": "LSM hook ", "lsm_cgroup": "LSM hook ", "iter": "iterator ", "tp": "tracepoint ",
          "tracepoint": "tracepoint ", "raw_tp": "tracepoint ", "raw_tracepoint": "tracepoint ",
          "tp_btf": "tracepoint "}  # fmt: skip
_PROBES = ("kprobe", "kretprobe")
_AT_ATTACH = ("tp", "tracepoint", "raw_tp", "raw_tracepoint", "kprobe", "kretprobe")
"""Programs that load without their target and fail when they are attached."""


def lacking(unit: Unit, ctx: Context) -> tuple[tuple[Program, tuple[Kernel, ...]], ...]:
    """Gather the programs whose target some kernels lack, with those kernels."""
    targets = [(program, target_of(program)) for program in unit.programs]
    found = [(program, missing_on(target, ctx)) for program, target in targets if target is not None]
    return tuple((program, tuple(sorted(missing))) for program, missing in found if missing)


class AttachTargetMissing(Rule):
    """A program names an attach target that some kernels have and others do not.

    ## What it does
    Looks up what the section names (`fentry/…`, `kprobe/…`, `lsm/…`, `tp_btf/…`, `tracepoint/…`, `iter/…`), and the
    structs of `.struct_ops`, in the BTF of every configured kernel; also the functions and tracepoints that user space
    names when it attaches a program (`link.Kprobe`, `bpf_program__attach_kprobe()`, aya's and bcc's calls). It speaks
    where another kernel has it. Without
    configured kernels only what the newest shipped kernels do not have any more is told, as a warning.

    ## Why is this bad
    `fentry`, LSM and `tp_btf` programs do not load without their target (`failed to find kernel BTF type ID of
    'tcp_sendpage': -3`), and libbpf then gives up the whole object; the others fail when they are attached.

    ## Example
    ```c
    SEC("fentry/tcp_sendpage")                      // until 6.4
    int BPF_PROG(on_sendpage, struct sock *sk)
    ```

    ## Use instead
    ```c
    SEC("?fentry/tcp_sendpage")                     // and bpf_program__set_autoload() where it exists
    ```

    ## Known limits
    A kprobe may find a function that BTF leaves out, so its finding is of low confidence, and is not made where a
    kernel of the same release has the function. Silent: targets that no kernel's BTF has (modules), system calls,
    wildcards, uprobes; optional programs; programs that the loader may leave out or attach elsewhere; programs for two
    targets of like names of which each kernel has one; targets of one architecture only; kprobes whose function the
    user side of a Go or Rust project does not name; calls that come after a test of what the kernel has or before
    another try, and functions that tell "not there" from other errors.
    """

    meta = RuleMeta(
        code="BPF509", name="attach-target-missing", summary="some kernel does not have what a program attaches to",
        severity=Severity.ERROR,
        references=("https://docs.ebpf.io/linux/program-type/BPF_PROG_TYPE_TRACING/",),
    )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Report each program, and each set of operations, whose target some kernel lacks."""
        choices, seen = choices_of(ctx), set[tuple[str, str]]()
        calls = list(attached(ctx))
        named = {target.symbol for unit in ctx.project.bpf_units() for item in unit.programs
                 if calls and (target := target_of(item)) is not None}  # fmt: skip
        yield from self._calls([item for item in calls if item.target.symbol not in named], ctx)
        excused = {item.target.symbol for item in calls} - {item.target.symbol for item in calls if not item.excused}
        for unit in sorted(ctx.project.bpf_units(), key=lambda item: item.language == "object"):
            if built_for_one(unit):
                continue
            for program, missing in ctx.gathered(lacking, unit):
                key = (program.name, program.section)
                if unit.language != "object" or key not in seen:
                    seen.add(key)
                    if not choices.left(program, unit):
                        yield from self._program(program, frozenset(missing), unit, excused, ctx)
            yield from self._operations(unit, ctx)

    def _program(
        self, program: Program, missing: frozenset[Kernel], unit: Unit, excused: Collection[str], ctx: Context
    ) -> Iterable[Finding]:
        target = target_of(program)
        others = [found for item in unit.programs if (found := target_of(item)) is not None]
        if target is None or _has_other(target, others, missing, ctx):
            return
        probe = target.kind in _PROBES
        if probe and (target.symbol in excused or not is_named(target, ctx)):
            return
        absent = "is not in the BTF of" if probe else "does not exist in"
        late = "it is not attached there" if target.kind in _AT_ATTACH else f"{target.kind} programs do not load there"
        text = f"{_KINDS.get(target.kind, '')}`{target.name}` {absent} {{}}: {late}"
        yield from self._told(program.span, text, f"{program.name}:{target.name}", missing, ctx, low=probe)

    def _calls(self, calls: Sequence[Attached], ctx: Context) -> Iterable[Finding]:
        """Targets that the user side alone names."""
        for call in calls:
            target, others = call.target, [item.target for item in calls if item.target != call.target]
            missing = frozenset() if call.excused else missing_on(target, ctx)
            if missing and not _has_other(target, others, missing, ctx):
                probe = target.kind in _PROBES
                absent = "is not in the BTF of" if probe else "does not exist in"
                text = f"{_KINDS.get(target.kind, '')}`{target.name}` {absent} {{}}: the program is not attached there"
                yield from self._told(call.span, text, f"{call.function}:{target.name}", missing, ctx, low=probe)

    def _operations(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        for map_, name in operations_of(unit):
            has = {kernel: ctx.catalogue.fields(kernel, name) is not None for kernel in ctx.known_kernels}
            missing = frozenset(kernel for kernel, there in has.items() if not there)
            if any(has.values()):
                text = f"`struct {name}` does not exist in {{}}: its programs do not load there"
                yield from self._told(map_.span, text, f"{map_.name}:{name}", missing, ctx)

    def _told(
        self, span: Span, text: str, subject: str, missing: frozenset[Kernel], ctx: Context, *, low: bool = False
    ) -> Iterable[Finding]:
        hit = missing & frozenset(ctx.kernels if ctx.chosen else newest(ctx.known_kernels))
        if hit:
            severity, confidence = severity_for(ctx)
            shown = hit if ctx.chosen else missing
            yield self.finding(
                span, text.format(where(shown)), subject=subject, targets=architectures(shown),
                severity=min(severity, Severity.WARNING if ctx.chosen else Severity.INFO) if low else severity,
                confidence=Confidence.LOW if low else confidence,
            )  # fmt: skip


def _has_other(target: Target, others: Iterable[Target], missing: frozenset[Kernel], ctx: Context) -> bool:
    """Whether something attaches to targets of like names, not there on every kernel either, that may be there on all
    of these: `writeback_dirty_page` and `writeback_dirty_folio`."""
    left, words = missing, _words(target)
    for other in others:
        if words & _words(other) and other != target:
            lacks = missing_on(other, ctx)
            left = left & lacks if lacks or not is_known(other, ctx) else left
    return not left


def _words(target: Target) -> frozenset[str]:
    return frozenset(word for word in target.name.rpartition("/")[2].split("_") if len(word) > 2)
