"""BPF501: does a program call a helper that one of its kernels does not have?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bpflint.api import (
    Confidence,
    Context,
    Finding,
    Kernel,
    Program,
    Related,
    Rule,
    RuleMeta,
    Severity,
    Span,
    Unit,
    facts,
)
from bpflint_rules._helper_calls import HelperCall, asked_helpers, helper_calls
from bpflint_rules._kernels import architectures, offered, presence, where
from bpflint_rules._targets import Choices


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

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Report each such call once, with the program that makes it and what every kernel has."""
        choices = Choices(ctx)
        for unit in ctx.project.bpf_units():
            if not unit.problems:
                yield from self._unit(unit, ctx, choices)

    def _unit(self, unit: Unit, ctx: Context, choices: Choices) -> Iterable[Finding]:
        asked = asked_helpers(unit)
        for call in helper_calls(unit, ctx):
            question = asked.get(call.helper.name)
            for program in call.programs:
                has = {} if choices.left(program, unit) else _offered(call.helper, program, ctx)
                lacking = [kernel for kernel in ctx.kernels if has.get(kernel) is False
                           and (ctx.chosen or question is not None or _is_trap(call.helper, kernel))]  # fmt: skip
                if lacking and call.is_certain_for(program):
                    yield self._finding(call, program, lacking, has, question, chosen=ctx.chosen)
                    break

    def _finding(
        self, call: HelperCall, program: Program, lacking: Sequence[Kernel], has: Mapping[Kernel, bool],
        question: tuple[str, Span] | None, *, chosen: bool,
    ) -> Finding:  # fmt: skip
        related = [Related(program.span, "program", f'the program, in section "{program.section}"')]
        if question is not None:
            related.append(Related(question[1], "question", f"here `{question[0]}` tells whether it may be called"))
        return self.finding(
            call.site.span,
            f"`{call.helper.name}()` is not available to `{program.name}` in {where(lacking)}"
            + (f", and unlike elsewhere `{question[0]}` is not asked" if question is not None else ""),
            subject=f"{call.function.name}:{call.helper.name}", targets=architectures(lacking),
            related=related, table=presence(has),
            severity=None if chosen else Severity.INFO if question is None else Severity.WARNING,
            confidence=None if chosen else Confidence.MEDIUM,
        )  # fmt: skip


def _is_trap(helper: facts.Helper, kernel: Kernel) -> bool:
    """Whether a kernel is as new as the helper: its documentation says that it is there, for other programs it is."""
    return bool(helper.since) and facts.release(kernel.release)[:2] >= helper.since[:2]


def _offered(helper: facts.Helper, program: Program, ctx: Context) -> Mapping[Kernel, bool]:
    """Which kernels offer a helper to a program, as measured on them; nothing where no kernel ever does (BPF502)."""
    section = facts.section_of(program.section) if program.section else None
    if section is None or helper.allowed_in(section.type) is False:
        return {}
    kind = _kind(section, program)
    return offered(ctx, lambda table: table.has_helper(helper.id, kind))


def _kind(section: facts.Section, program: Program) -> str:
    """The kind of program that helpers are offered to: a program type, or a hook of tracing and LSM."""
    if section.type not in ("tracing", "lsm"):
        return section.type
    name = program.section.removeprefix("?").partition("/")[0]
    return {"fmod_ret": "fentry"}.get(name, name)
