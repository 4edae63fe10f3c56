"""BPF508: does a program read, without asking, a field that not every kernel has?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Confidence, Context, Finding, Rule, RuleMeta, Severity
from bpflint_rules._kernels import architectures, core_answers, judged, lacking, newest, table, where


class MissingExistsGuard(Rule):
    """A CO-RE access to what some kernels lack, and nothing asks the kernel first.

    ## What it does
    The same as BPF505, for projects that configure no kernels: every shipped kernel of the targets' architectures is
    asked. What the newest one lacks and an older one has is a warning; what only older ones lack is told as info, for
    nobody says that they are meant.

    ## Why is this bad
    The program loads on the machine where it was written. On a newer kernel the loader makes the instruction invalid,
    and the verifier rejects the program.

    ## Example
    ```c
    state = task->state;                            // `__state` since 5.14
    ```

    ## Use instead
    ```c
    if (bpf_core_field_exists(task->__state))
        state = BPF_CORE_READ(task, __state);
    else
        state = BPF_CORE_READ((struct task_struct___old *)task, state);
    ```

    ## Known limits
    `min-kernel` or `targets` say which kernels are meant, and then BPF505 speaks of those alone. Silent as BPF505 is:
    behind questions, for optional programs and missing attach targets, for sources that are built for each kernel.
    """

    meta = RuleMeta(
        code="BPF508", name="missing-exists-guard", summary="a field that not every kernel has is read without asking",
        severity=Severity.WARNING, confidence=Confidence.MEDIUM,
        references=("https://docs.ebpf.io/ebpf-library/libbpf/ebpf/bpf_core_field_exists/",),
    )  # fmt: skip
    gathers_in_bulk = (core_answers,)

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Report each place that the newest kernels have nothing for, and older ones have."""
        if ctx.chosen:
            return
        for place in judged(ctx):
            missing = lacking(place)
            if not missing or missing == place.found.keys():
                continue
            gone = missing & newest(place.found)
            yield self.finding(
                place.relocation.span,
                f"{place.shown} {'is gone in' if gone else 'does not exist in'} {where(missing)}: the program is "
                f"rejected there; ask with {place.question}() first",
                subject=place.subject, severity=None if gone else Severity.INFO, targets=architectures(missing),
                table=table(place, missing),
            )  # fmt: skip
