"""BPF510: does a program read arguments that the function it attaches to does not have any more?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bpflint.api import (
    CallExpr,
    Confidence,
    Context,
    Finding,
    Function,
    Name,
    Program,
    Prototype,
    Rule,
    RuleMeta,
    Severity,
    Unit,
    expressions,
    operations,
    strip,
    walk,
)  # fmt: skip

_SECTION = re.compile(r"(kprobe|fentry|fexit|fmod_ret|lsm|lsm_cgroup|tp_btf)(?:\.s)?/(\w+)$")
_RESULT = frozenset(("fexit", "fmod_ret", "lsm", "lsm_cgroup"))
"""Programs whose last argument is what the function returned (kernel/bpf/btf.c, btf_ctx_access)."""
_WRAPPER = re.compile(r"^__\w+_sys_\w+$")
"""It takes one `struct pt_regs *`, in which BPF_KSYSCALL finds the arguments of the system call."""
_PREFIX = {"lsm": "bpf_lsm_", "lsm_cgroup": "bpf_lsm_", "tp_btf": "btf_trace_"}
_ASKS = re.compile(r"^(?:bpf_core_|__builtin_preserve_(?:type|field|enum)|LINUX_KERNEL_VERSION$)")


class AttachPrototypeChanged(Rule):
    """A typed program reads an argument past those that the kernel's function, tracepoint or hook has.

    ## What it does
    Takes programs written with `BPF_PROG` or `BPF_KPROBE` in sections that name their target, and counts the arguments
    that they read against the prototype in the kernel's BTF: that of the configured kernel that takes the fewest
    (`targets`, `vmlinux-btf`), else the newest shipped one. The result that `fexit` and LSM programs are given behind
    the arguments counts with them.

    ## Why is this bad
    Kernel functions are no interface: `inet_csk_accept()` had four parameters until 6.10 and has two since. The
    verifier rejects an `fentry` program that reads past them; a `kprobe` loads and reads a register of no meaning.

    ## Example
    ```c
    SEC("kprobe/inet_csk_accept")
    int BPF_KPROBE(on_accept, struct sock *sk, int flags, int *err)
    {
        bpf_probe_read_kernel(&code, sizeof(code), err);
    ```

    ## Use instead
    ```c
    struct proto_accept_arg___new { int err; } __attribute__((preserve_access_index));

    if (bpf_core_type_exists(struct proto_accept_arg___new))
        …        // two parameters
    else
        …        // four
    ```

    ## Known limits
    Functions that a kernel's BTF leaves out, programs that ask the running kernel by `bpf_core_*_exists`, optional
    sections (`?kprobe/…`), wrappers of system calls (`kprobe/__x64_sys_read`) and targets for which another program of
    the project fits are silent. A parameter whose type alone changed is not seen.
    """

    meta = RuleMeta(
        code="BPF510", name="attach-prototype-changed", summary="the attached function has fewer parameters",
        severity=Severity.ERROR, references=("https://github.com/microsoft/retina/issues/1906",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each typed program that reads past the prototype."""
        if unit.side != "bpf" or unit.language != "c" or unit.dialect == "bcc":
            return
        for program, function in _typed(unit):
            kind, target, known = _target(program, ctx)
            if known is None or _asks(function):
                continue
            room = _room(kind, known)
            if _reads(function) <= room or any(_reads(item) <= room for item in _others(program, target, ctx)):
                continue
            number = _reads(function)
            last = f"`{function.params[number].name}` is argument {number}{' or the result' * (kind in _RESULT)}"
            names = ", ".join(filter(None, known.params))
            takes = f"takes {len(known.params)}{f': {names}' if names else ''}"
            yield self.finding(
                program.span,
                f"{last}, and `{target}` of {known.kernel} {takes}; branch on bpf_core_type_exists() or the like",
                subject=f"{program.name}:{target}",
                severity=Severity.ERROR if known.chosen else Severity.WARNING,
                confidence=Confidence.HIGH if known.chosen else Confidence.MEDIUM,
            )  # fmt: skip


def _typed(unit: Unit) -> Iterable[tuple[Program, Function]]:
    by_name = {item.name: item for item in unit.functions}
    for program in unit.programs:
        function = by_name.get(program.name)
        if function is not None and len(function.params) > 1:
            yield program, function


def _target(program: Program, ctx: Context) -> tuple[str, str, Prototype | None]:
    found = _SECTION.match(program.section)
    if found is None or (found[1] == "kprobe" and _WRAPPER.match(found[2])):
        return "", "", None
    return found[1], found[2], ctx.prototype(_PREFIX.get(found[1], "") + found[2])


def _room(kind: str, known: Prototype) -> int:
    return len(known.params) + (kind in _RESULT and (known.returns or kind.startswith("lsm")))


def _reads(function: Function) -> int:
    """The number of the last argument that a body reads, 0 for none; the context is not counted."""
    used = {
        item.decl for op in operations(function) for expr in expressions(op) for item in walk(expr)
        if isinstance(item, Name)
    }  # fmt: skip
    return max((number for number, param in enumerate(function.params) if param.decl in used), default=0)


def _asks(function: Function) -> bool:
    """Whether a body asks what the running kernel has."""
    named = (strip(item) for op in operations(function) for item in expressions(op))
    return any(
        _ASKS.match(item.macro or item.callee if isinstance(item, CallExpr) else getattr(item, "name", ""))
        for item in named
    )


def _others(program: Program, target: str, ctx: Context) -> Iterable[Function]:
    """Other programs for the same target: one of them may be chosen by the kernel's release."""
    for unit in ctx.project.bpf_units():
        for other, function in _typed(unit):
            if other.span != program.span and other.section.endswith(f"/{target}") and (
                other.section.partition("/")[0] == program.section.partition("/")[0]
            ):  # fmt: skip
                yield function
