"""BPF501: does a program call a helper that one of its kernels does not have?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Confidence, Context, Finding, Program, Related, Rule, RuleMeta, Severity
from bpflint_rules._helper_calls import Gap, helper_gaps
from bpflint_rules._kernels import architectures, presence, where
from bpflint_rules._targets import choices_of


class HelperNotInKernel(Rule):
    """A program calls a helper that a configured kernel does not offer to it, and newer kernels do.

    ## What it does
    Takes what each configured kernel offers to programs of each type, measured by loading on that kernel, and looks at
    the helpers that a program and the functions it calls use.

    ## Why is this bad
    The verifier of that kernel refuses the program: "invalid func unknown#181". A table of versions does not tell, as
    distributions backport helpers and leave options out.

    ## Example
    ```toml
    [tool.bpflint]
    targets = ["x86_64:5.10", "x86_64:6.12"]
    ```
    ```c
    bpf_loop(64, step, &state, 0);   // since 5.17
    ```

    ## Use instead
    ```c
    if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_loop))
        bpf_loop(64, step, &state, 0);
    else
        for (i = 0; i < 64; i++) …
    ```

    ## Known limits
    Where no kernel is configured by `targets` or `min-kernel`, only this is told: what a kernel lacks that is as new as
    the helper, as information (other programs had it first), and a call of a helper that the same file calls elsewhere
    behind a test which is named after it (`has_get_func_ip`, BPF_FUNC_loop), as a warning. Silent for kernels that were
    not measured (`bpflint kernels probe` measures one), behind questions to the kernel and constants that the loader
    sets, and for programs that the loader may leave out.
    """

    meta = RuleMeta(
        code="BPF501", name="helper-not-in-kernel", summary="a helper that a configured kernel does not have",
        severity=Severity.ERROR, references=("https://docs.ebpf.io/linux/helper-function/",),
    )  # fmt: skip
    gathers = (helper_gaps,)

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Report each such call once, with the program that makes it and what every kernel has."""
        choices = choices_of(ctx)
        for unit in ctx.project.bpf_units():
            programs = {item.name: item for item in unit.programs}
            for gaps in ctx.gathered(helper_gaps, unit):
                found = next((gap for gap in gaps if not choices.left(programs[gap[0]], unit)), None)
                if found is not None:
                    yield self._finding(programs[found[0]], found, chosen=ctx.chosen)

    def _finding(self, program: Program, gap: Gap, *, chosen: bool) -> Finding:
        _, span, function, helper, lacking, has, question = gap
        related = [Related(program.span, "program", f'the program, in section "{program.section}"')]
        if question is not None:
            related.append(Related(question[1], "question", f"here `{question[0]}` tells whether it may be called"))
        return self.finding(
            span,
            f"`{helper}()` is not available to `{program.name}` in {where(lacking)}"
            + (f", and unlike elsewhere `{question[0]}` is not asked" if question is not None else ""),
            subject=f"{function}:{helper}", targets=architectures(lacking), related=related, table=presence(has),
            severity=None if chosen else Severity.INFO if question is None else Severity.WARNING,
            confidence=None if chosen else Confidence.MEDIUM,
        )  # fmt: skip
