"""BPF505: does a program read a field that some configured kernel does not have?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Finding, Rule, RuleMeta, Severity
from bpflint_rules._kernels import architectures, core_answers, judged, lacking, table, where


class CoreFieldMissing(Rule):
    """A CO-RE access asks for a type, field or enumerator that a configured kernel does not have.

    ## What it does
    Applies each CO-RE relocation, of a compiled object or as the C source states it (`BPF_CORE_READ`, records declared
    `preserve_access_index`, `bpf_core_enum_value`), to the types of every configured kernel, by libbpf's rules. It
    speaks where the kernel has nothing of that name, or something of another kind. One finding a place; the table shows
    all kernels.

    ## Why is this bad
    The loader replaces the instruction by an invalid one, and the verifier rejects the whole program:
    `invalid func unknown#195896080`, on that kernel alone.

    ## Example
    ```c
    state = BPF_CORE_READ(task, __state);           // `state` until 5.13
    ```

    ## Use instead
    ```c
    struct task_struct___old { volatile long state; } __attribute__((preserve_access_index));

    if (bpf_core_field_exists(task->__state))
        state = BPF_CORE_READ(task, __state);
    else
        state = BPF_CORE_READ((struct task_struct___old *)task, state);
    ```

    ## Known limits
    Kernels are configured by `targets = ["x86_64:6.1"]` or `min-kernel`; without either BPF508 speaks, more softly.
    Silent: code behind a question to the kernel (`bpf_core_*_exists`, `LINUX_KERNEL_VERSION`, constants that the loader
    sets) or reached only so; optional programs (`?kprobe/…`) and those that the loader may leave out; programs whose
    attach target that kernel lacks too; types that no kernel has; registers and other things of one architecture;
    sources that are built for each kernel (`LINUX_VERSION_CODE`, the kernel's own headers).
    """

    meta = RuleMeta(
        code="BPF505", name="core-field-missing", summary="a field that some configured kernel does not have is read",
        severity=Severity.ERROR,
        references=("https://docs.ebpf.io/concepts/core/", "https://github.com/aquasecurity/tracee/issues/1171"),
    )  # fmt: skip
    gathers_in_bulk = (core_answers,)

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Report each place that some configured kernel has nothing for."""
        if not ctx.chosen:
            return
        for place in judged(ctx):
            missing = lacking(place)
            hit = missing & frozenset(ctx.kernels)
            if not hit:
                continue
            yield self.finding(
                place.relocation.span,
                f"{place.shown} does not exist in {where(hit)}: the program is rejected there; ask with "
                f"{place.question}() first",
                subject=place.subject, targets=architectures(hit), table=table(place, missing),
            )  # fmt: skip
