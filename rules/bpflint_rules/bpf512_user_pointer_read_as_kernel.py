"""BPF512: is user memory read with a helper for kernel memory?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    Binary,
    Confidence,
    Context,
    Expr,
    Finding,
    Fix,
    Function,
    Related,
    Rule,
    RuleMeta,
    Select,
    Severity,
    Test,
    Unit,
    facts,
    show,
    strip,
)  # fmt: skip
from bpflint_rules._fixes import rename
from bpflint_rules._flow import Site, argument, plainly_reached
from bpflint_rules._maps import Maps, maps_of
from bpflint_rules._user_memory import UserMemory

_INSTEAD = {
    "bpf_probe_read": "bpf_probe_read_user", "bpf_probe_read_str": "bpf_probe_read_user_str",
    "bpf_probe_read_kernel": "bpf_probe_read_user", "bpf_probe_read_kernel_str": "bpf_probe_read_user_str",
}  # fmt: skip
_OVERLAPPING = frozenset(("s390x",))
"""Targets without ARCH_HAS_NON_OVERLAPPING_ADDRESS_SPACE (arch/*/Kconfig)."""


class UserPointerReadAsKernel(Rule):
    """A pointer into user space is read with `bpf_probe_read_kernel` or with the old `bpf_probe_read`.

    ## What it does
    Follows pointers that the kernel takes from user space: arguments of system calls (tracepoint, kprobe, ksyscall, raw
    tracepoint), arguments and registers in uprobes and USDT probes, `iov_base`, and what is read through them, also
    where a map or a struct of the program's own keeps them from one program to another. It reports those that a helper
    for kernel memory reads.

    ## Why is this bad
    `bpf_probe_read_kernel` refuses user addresses: the read fails with -EFAULT, and the event holds zeros or an empty
    string. `bpf_probe_read` guesses: it works where user and kernel addresses differ (x86_64, arm64); where they
    overlap (s390x) kernels since 5.8 do not offer it.

    ## Example
    ```c
    SEC("tp/syscalls/sys_enter_openat")
    int on_open(struct trace_event_raw_sys_enter *ctx)
    {
        bpf_probe_read_kernel_str(name, sizeof(name), (void *)ctx->args[1]);
    ```

    ## Use instead
    ```c
        bpf_probe_read_user_str(name, sizeof(name), (void *)ctx->args[1]);
    ```

    ## Known limits
    A member, or the value of a map, counts where every program that sets it sets it to a user pointer; where others are
    unknown, a member that no program reads as user memory is told with less confidence. What user space writes there is
    not seen. With `min-kernel` below 5.5, where only `bpf_probe_read` exists, that one is not reported; it is an info
    unless a target's addresses overlap, once a function.
    """

    meta = RuleMeta(
        code="BPF512", name="user-pointer-read-as-kernel", summary="user memory is read as if it were the kernel's",
        severity=Severity.ERROR, references=("https://git.kernel.org/torvalds/c/0ebeea8ca8a4",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each such read."""
        if unit.side != "bpf":
            return
        maps = maps_of(unit, ctx)
        memory = UserMemory(unit, maps)
        for function in filter(maps.is_live, unit.functions):
            yield from self._function(function, maps, memory, ctx)

    def _function(
        self, function: Function, maps: Maps, memory: UserMemory, ctx: Context
    ) -> Iterator[Finding]:
        guessing: list[Site] = []
        for number, site in enumerate(maps.sites(function)):
            callee, source = site.call.callee, argument(site.call, 2)
            kernel, subject = "_kernel" in callee, f"{function.name}:{callee}:{number}"
            if callee not in _INSTEAD or source is None or callee in maps.functions:
                continue
            if not memory.holds(source, function):
                if kernel and not _is_told_apart(site, source):
                    yield from self._sometimes(site, source, memory, subject)
            elif kernel:
                fixes = rename(site.call, _INSTEAD[callee])
                yield self.finding(site.span, _words(site, "and fails"), subject=subject, fixes=fixes)
            else:
                guessing.append(site)
        minimum = ctx.settings.min_kernel
        if guessing and not (minimum and facts.release(minimum) < (5, 5)):
            yield self._guessed(function, guessing, ctx.settings.targets)

    def _sometimes(self, site: Site, source: Expr, memory: UserMemory, subject: str) -> Iterator[Finding]:
        shown, given = show(strip(source)), memory.sometimes(source, site.function)
        if given:
            related = [Related(value.span or inside.span, "origin", f"this user pointer comes into `{shown}`")
                       for value, inside in given]  # fmt: skip
            yield self.finding(
                site.span, f"`{shown}` may point into user space, as `{show(strip(given[0][0]))}` does: then "
                f"{site.call.callee}() fails",
                subject=subject, severity=Severity.WARNING, confidence=Confidence.MEDIUM, related=related,
            )  # fmt: skip

    def _guessed(self, function: Function, sites: list[Site], targets: tuple[str, ...]) -> Finding:
        """The reads of one body by the helper that guesses are one fault, and a bad one where addresses overlap."""
        told = _words(sites[0], "and fails where user and kernel addresses overlap, as on s390x")
        others = len(sites) - 1
        more = f" here and in {others} other place{'s' * (others > 1)}" if others else ""
        fixes = [fix for site in sites for fix in rename(site.call, _INSTEAD[site.call.callee])]
        edits = tuple(edit for fix in fixes for edit in fix.edits)
        return self.finding(
            sites[0].span, told + more, subject=f"{function.name}:{sites[0].call.callee}:0",
            severity=Severity.WARNING if _OVERLAPPING & set(targets) else Severity.INFO,
            related=[Related(site.span, "also", "and so here") for site in sites[1:]],
            fixes=[Fix(fixes[0].message, "safe", edits)] if fixes else (),
        )  # fmt: skip


def _words(site: Site, why: str) -> str:
    callee, source = site.call.callee, argument(site.call, 2)
    shown = show(strip(source)) if source is not None else ""
    return f"`{shown}` points into user space, {callee}() takes it for the kernel's {why}: use {_INSTEAD[callee]}()"


def _is_told_apart(site: Site, source: Expr) -> bool:
    """Whether a read stands behind a test of another member beside it, which may tell both kinds apart."""
    inner = strip(source)
    owner = inner.owner if isinstance(inner, Select) else ""

    def asks(test: Test) -> bool:
        value = strip(test.value)
        sides = [value.left, value.right] if isinstance(value, Binary) and value.op in ("==", "!=", "&") else [value]
        return any(isinstance(side := strip(item), Select) and owner in ("", side.owner) for item in sides)

    return site.at.block not in plainly_reached(site.function, asks)
