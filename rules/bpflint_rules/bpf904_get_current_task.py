"""BPF904: is the current task taken as a number?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import (
    Context,
    Finding,
    Rule,
    RuleMeta,
    Severity,
    Unit,
    facts,
)  # fmt: skip
from bpflint_rules._flow import programs_reaching
from bpflint_rules._maps import maps_of
from bpflint_rules._modernise import allows


class GetCurrentTask(Rule):
    """Bpf_get_current_task() returns a number, bpf_get_current_task_btf() a typed pointer.

    ## What it does
    Finds `bpf_get_current_task()` in programs that may call `bpf_get_current_task_btf()` (5.11).

    ## Why is this bad
    What the newer helper returns can be read by plain loads, which are checked and cheaper than probe reads.

    ## Example
    ```c
    struct task_struct *task = (void *)bpf_get_current_task();
    pid = BPF_CORE_READ(task, pid);
    ```

    ## Use instead
    ```c
    struct task_struct *task = bpf_get_current_task_btf();
    pid = task->pid;
    ```

    ## Known limits
    Advice only: it is given where `min-kernel` is configured and new enough.
    """

    meta = RuleMeta(
        code="BPF904", name="get-current-task", severity=Severity.INFO,
        summary="bpf_get_current_task() returns a number, bpf_get_current_task_btf() a typed pointer",
        references=("https://docs.ebpf.io/linux/helper-function/bpf_get_current_task_btf/",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each call."""
        newer = facts.helpers()["bpf_get_current_task_btf"]
        if unit.side != "bpf" or unit.language != "c" or unit.dialect == "bcc" or not allows(newer.since, ctx):
            return
        maps, running = maps_of(unit, ctx), programs_reaching(unit)
        for function in filter(maps.is_live, unit.functions):
            sections = [facts.section_of(item.section) for item in running.get(function.name, ())]
            if not sections or not all(item is not None and newer.allowed_in(item.type) for item in sections):
                continue
            for number, site in enumerate(maps.sites(function)):
                if site.call.callee == "bpf_get_current_task" and not site.call.macro:
                    yield self.finding(
                        site.span, "bpf_get_current_task_btf() gives a pointer that plain loads may follow, since 5.11",
                        subject=f"{function.name}:{number}",
                    )  # fmt: skip
