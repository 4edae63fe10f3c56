"""BPF510: does a program read arguments that the function it attaches to does not have any more?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bpflint.api import (
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
    calls,
    contents,
)  # fmt: skip

_SECTION = re.compile(r"(kprobe|fentry|fexit|fmod_ret|lsm|lsm_cgroup|tp_btf)(?:\.s)?/(\w+)$")
_RESULT = frozenset(("fexit", "fmod_ret", "lsm", "lsm_cgroup"))
"""Programs whose last argument is what the function returned (kernel/bpf/btf.c, btf_ctx_access)."""
_WRAPPER = re.compile(r"^__\w+_sys_\w+$")
"""It takes one `struct pt_regs *`, in which BPF_KSYSCALL finds the arguments of the system call."""
_PREFIX = {"lsm": "bpf_lsm_", "lsm_cgroup": "bpf_lsm_", "tp_btf": "btf_trace_"}
_ASKS = re.compile(r"^(?:bpf_core_|__builtin_preserve_(?:type|field|enum)|LINUX_KERNEL_VERSION$)")


def typed_programs(unit: Unit, ctx: Context) -> tuple[tuple[Program, int, str, bool], ...]:
    """Gather the programs with named arguments: the number and name of the last that each reads, and whether it asks
    what the running kernel has."""
    return tuple(_typed(unit)) if unit.side == "bpf" else ()


def _typed(unit: Unit) -> Iterator[tuple[Program, int, str, bool]]:
    by_name = {item.name: item for item in unit.functions}
    for program in unit.programs:
        function = by_name.get(program.name)
        if function is not None and len(function.params) > 1:
            number = _reads(function)
            yield program, number, function.params[number].name, _asks(function)


def _reads(function: Function) -> int:
    """The number of the last argument that a body reads, 0 for none; the context is not counted."""
    used = {item.decl for item in contents(function) if isinstance(item, Name)}
    return max((number for number, param in enumerate(function.params) if param.decl in used), default=0)


def _asks(function: Function) -> bool:
    """Whether a body asks what the running kernel has."""
    names = {item.name for item in contents(function) if isinstance(item, Name)}
    return any(map(_ASKS.match, names.union(call.macro or call.callee for call, _ in calls(function))))


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

    gathers = (typed_programs,)

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Report each typed program that reads past the prototype."""
        every = [(unit, item) for unit in ctx.project.bpf_units() for item in ctx.gathered(typed_programs, unit)]
        for unit, (program, reads, last, asks) in every:
            kind, target = _target(program)
            if unit.language != "c" or unit.dialect == "bcc" or asks or not kind:
                continue
            known = ctx.prototype(_PREFIX.get(kind, "") + target)
            room = _room(kind, known) if known is not None else reads
            if known is None or reads <= room or any(
                other <= room for _, (item, other, _, _) in every if _may_replace(item, program, target)
            ):
                continue
            argument = f"`{last}` is argument {reads}{' or the result' * (kind in _RESULT)}"
            names = ", ".join(filter(None, known.params))
            takes = f"takes {len(known.params)}{f': {names}' if names else ''}"
            yield self.finding(
                program.span,
                f"{argument}, and `{target}` of {known.kernel} {takes}; branch on bpf_core_type_exists() or the like",
                subject=f"{program.name}:{target}",
                severity=Severity.ERROR if known.chosen else Severity.WARNING,
                confidence=Confidence.HIGH if known.chosen else Confidence.MEDIUM,
            )  # fmt: skip


def _target(program: Program) -> tuple[str, str]:
    """The kind and the name of what a program attaches to; "" twice where its arguments are not that one's."""
    found = _SECTION.match(program.section)
    wraps = found is not None and found[1] == "kprobe" and _WRAPPER.match(found[2])
    return (found[1], found[2]) if found is not None and not wraps else ("", "")


def _room(kind: str, known: Prototype) -> int:
    return len(known.params) + (kind in _RESULT and (known.returns or kind.startswith("lsm")))


def _may_replace(other: Program, program: Program, target: str) -> bool:
    """Whether a program has the same target as one: it may be the one of them for another release."""
    same = other.section.partition("/")[0] == program.section.partition("/")[0]
    return same and other.span != program.span and other.section.endswith(f"/{target}")
