"""BPF511: does a program meant for several architectures name a symbol or a register of one?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bpflint.api import (
    Constant,
    Context,
    Expr,
    Finding,
    Function,
    Name,
    Rule,
    RuleMeta,
    Select,
    Severity,
    Span,
    Unit,
    calls,
    contents,
    expressions,
    operations,
    strip,
)  # fmt: skip
from bpflint_rules._maps import maps_of
from bpflint_rules._per_run import per_run

_SYMBOL = re.compile(r"(?:^|/)(__(x64|ia32|arm64|s390x|s390|riscv)_(?:compat_)?sys_(\w+))")
_KPROBE = re.compile(r"^\??k(?:ret)?probe/")
# SYSCALL_DEFINEx of arch/*/include/asm/syscall_wrapper.h
_OF = {"x64": "x86_64", "ia32": "x86_64", "arm64": "arm64", "s390x": "s390x", "s390": "s390x", "riscv": "riscv64"}
_ARCH_NAME = re.compile(r"(?<![a-z])(?:x86|x64|amd64|arm|arm64|aarch64|s390x?|riscv(?:64)?)(?![a-z])", re.I)
# struct pt_regs of arch/x86/include/asm/ptrace.h, its userspace spelling, and arch/arm64/include/asm/ptrace.h
_PARAMETERS = ("di", "si", "dx", "cx", "r8", "r9")
_X86 = frozenset(
    (*_PARAMETERS, "ax", "bx", "bp", "ip", "orig_ax", "r10", "rdi", "rsi", "rdx", "rcx", "rax", "rip", "rbp")
)
_ARM64 = frozenset(("regs", "pc", "pstate", "user_regs"))
_MACROS = {**{name: f"PT_REGS_PARM{number}" for number, name in enumerate(_PARAMETERS, 1)}, "ax": "PT_REGS_RC",
           "ip": "PT_REGS_IP", "bp": "PT_REGS_FP", "pc": "PT_REGS_IP"}  # fmt: skip
_ATTACH = re.compile(r"kprobe|attach", re.I)


class ArchSpecificSymbol(Rule):
    """A kernel symbol or a register that exists on one architecture is used where several are configured.

    ## What it does
    Finds `__x64_sys_…`, `__arm64_sys_…` and their like in sections of programs and in attach calls of the user side,
    and members of `struct pt_regs` that are named directly.

    ## Why is this bad
    On the other architecture the probe does not attach (no such function), or the program does not compile or load
    (no such register).

    ## Example
    ```c
    SEC("kprobe/__x64_sys_openat")
    int on_open(struct pt_regs *ctx)
    {
        bpf_probe_read_user_str(path, sizeof(path), (void *)ctx->si);
    ```

    ## Use instead
    ```c
    SEC("ksyscall/openat")
    int BPF_KSYSCALL(on_open, int dfd, const char *name)
    {
        bpf_probe_read_user_str(path, sizeof(path), name);
    ```

    ## Known limits
    What an `#if` on an architecture guards, what a macro spells, and files with an architecture in their name are not
    reported; nor is a symbol with a twin for another architecture beside it, or one whose program the user side
    attaches by a name of its own. `targets` says what is meant.
    """

    meta = RuleMeta(
        code="BPF511", name="arch-specific-symbol", summary="a symbol or register of one architecture is named",
        severity=Severity.WARNING,
        references=("https://docs.ebpf.io/linux/program-type/BPF_PROG_TYPE_KPROBE/",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report symbols and registers of one architecture where another is a target."""
        if unit.targets or _ARCH_NAME.search(unit.path):
            return
        if unit.side == "user":
            for function in unit.functions:
                yield from self._attached(function, unit.language, ctx.settings.targets)
            return
        yield from self._sections(unit, ctx)
        maps = maps_of(unit, ctx)
        for function in filter(maps.is_live, unit.functions):
            yield from self._registers(function, unit, ctx.settings.targets)

    def _sections(self, unit: Unit, ctx: Context) -> Iterator[Finding]:
        found = [(item, match) for item in unit.programs if (match := _SYMBOL.search(item.section))]
        for program, match in found:
            twin = any(other[3] == match[3] and other[2] != match[2] for _, other in found)
            if not program.written or twin or _guarded(program.span, unit):
                continue
            if not _named_by_loader(match[3], ctx):
                probe = _KPROBE.match(program.section) is not None
                advice = f"`ksyscall/{match[3]}` names it for each" if probe else "spell it for each by a macro"
                yield from self._symbol(match, program.span, program.name, ctx.settings.targets, advice)

    def _symbol(
        self, match: re.Match[str], span: Span, subject: str, targets: tuple[str, ...], advice: str
    ) -> Iterator[Finding]:
        arch = _OF[match[2]]
        others = [item for item in targets if item != arch]
        if others:
            yield self.finding(
                span, f"`{match[1]}` exists on {arch} only, and {', '.join(others)} is a target too: {advice}",
                subject=f"{subject}:{match[1]}", targets=others,
            )  # fmt: skip

    def _attached(self, function: Function, language: str, targets: tuple[str, ...]) -> Iterator[Finding]:
        names = [_named(item) for item in contents(function)]
        if any("ARCH" in name for name in names):
            return
        found = [
            (match, item, call.callee) for call, _ in calls(function) if _ATTACH.search(call.callee)
            for item in map(strip, call.args)
            if isinstance(item, Constant) and isinstance(item.value, str) and (match := _SYMBOL.match(item.value))
        ]  # fmt: skip
        if len({match[2] for match, _, _ in found}) == 1:
            for match, item, callee in found:
                advice = _advice(language, callee, match[3])
                yield from self._symbol(match, item.span or function.span, function.name, targets, advice)

    def _registers(self, function: Function, unit: Unit, targets: tuple[str, ...]) -> Iterator[Finding]:
        seen: set[str] = set()
        for op in operations(function):
            for item in expressions(op):
                if not isinstance(item, Select) or item.owner not in ("pt_regs", "user_pt_regs") or item.macro:
                    continue
                arch = "x86_64" if item.field in _X86 else "arm64" if item.field in _ARM64 else ""
                others = [target for target in targets if target != arch]
                span = item.span or op.span
                if not arch or not others or item.field in seen or _guarded(span, unit):
                    continue
                seen.add(item.field)
                macro = _MACROS.get(item.field)
                yield self.finding(
                    span, f"`{item.field}` of `struct pt_regs` is a register of {arch}, and {', '.join(others)} is a "
                    f"target too: {f'use {macro}()' if macro else 'use the PT_REGS_ macros'}",
                    subject=f"{function.name}:{item.field}", targets=others,
                )  # fmt: skip


def _named_by_loader(syscall: str, ctx: Context) -> bool:
    """Whether a user side attaches by a symbol it makes itself: then the section's name decides nothing."""
    return any(not name or name.endswith(f"sys_{syscall}") for name in _names(ctx))


@per_run
def _names(ctx: Context) -> frozenset[str]:
    return frozenset(_attached_names(ctx))


def _attached_names(ctx: Context) -> Iterator[str]:
    """The symbols that user-side code attaches kprobes to; "" for one that it makes."""
    for unit in ctx.project.user_units():
        for function in unit.functions:
            for call, _ in calls(function):
                if _ATTACH.search(call.callee) and "robe" in call.callee:
                    texts = [item.value for item in map(strip, call.args) if isinstance(item, Constant)]
                    yield from [text for text in texts if isinstance(text, str)] or [""]


def _advice(language: str, callee: str, syscall: str) -> str:
    """How the library of an attach call names a system call's function on every architecture, where it does."""
    match language, callee.rpartition(".")[2]:
        case "go", "Kprobe" | "Kretprobe":  # cilium/ebpf puts the prefix of the running architecture in front
            return f"`sys_{syscall}` names it for each"
        case "c", name if name.startswith("bpf_program__attach_kprobe"):
            return "bpf_program__attach_ksyscall() finds it for each"
        case "python", "attach_kprobe" | "attach_kretprobe":
            return f'get_syscall_fnname("{syscall}") names it for each'
    return "put the prefix of the running architecture in front"


def _named(item: Expr) -> str:
    return item.name if isinstance(item, Name) else item.field if isinstance(item, Select) else ""


def _guarded(span: Span, unit: Unit) -> bool:
    """Whether a place stands in a file or a region of one architecture."""
    own = any(item.path == span.path and item.line <= span.line <= item.end_line for item in unit.architectures)
    return own or _ARCH_NAME.search(span.path) is not None
