"""BPF906: is kernel memory read by BPF_CORE_READ where a cast would do?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import (
    Context,
    Finding,
    Rule,
    RuleMeta,
    Severity,
    Unit,
)  # fmt: skip
from bpflint_rules._maps import maps_of
from bpflint_rules._modernise import allows_gate


class CoreRead(Rule):
    """BPF_CORE_READ() where bpf_core_cast() allows plain loads.

    ## What it does
    Finds functions that use `BPF_CORE_READ()` where the kernel has `bpf_rdonly_cast()` (6.2), on which
    `bpf_core_cast()` stands.

    ## Why is this bad
    Each level of a `BPF_CORE_READ()` is a call of a helper; after one cast, plain loads do the same.

    ## Example
    ```c
    pid = BPF_CORE_READ(task, real_parent, pid);
    ```

    ## Use instead
    ```c
    pid = bpf_core_cast(task, struct task_struct)->real_parent->pid;
    ```

    ## Known limits
    Advice only: it is given where `min-kernel` is configured and new enough. One note a function.
    """

    meta = RuleMeta(
        code="BPF906", name="core-read", severity=Severity.INFO,
        summary="BPF_CORE_READ() where bpf_core_cast() allows plain loads",
        references=("https://docs.ebpf.io/linux/kfuncs/bpf_rdonly_cast/",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report the first such read of each function."""
        if unit.side != "bpf" or unit.language != "c" or not allows_gate("rdonly-cast", ctx):
            return
        maps = maps_of(unit, ctx)
        for function in filter(maps.is_live, unit.functions):
            found = [site.span for site in maps.sites(function) if site.call.macro == "BPF_CORE_READ"]
            if found:
                yield self.finding(
                    min(found), "BPF_CORE_READ() calls a helper for each level: bpf_core_cast() allows plain loads, "
                    "since 6.2", subject=function.name,
                )  # fmt: skip
