"""BPF502: does a program call a helper that its type does not have?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Finding, Program, Related, Rule, RuleMeta, Severity, Unit, facts
from bpflint_rules._helper_calls import HelperCall, helper_calls

_UNKNOWN = frozenset(("ext", "struct_ops", "syscall"))
"""`ext` takes the helpers of the program it replaces; the helpers of `struct_ops` depend on the struct."""


class HelperNotForProgramType(Rule):
    """A program calls a helper that the kernel does not offer to programs of its type.

    ## What it does
    Takes the program type from the section name, as libbpf does, and looks at the helpers that the program and the
    functions it calls use. What a helper is offered to was measured by loading it in each type.

    ## Why is this bad
    The verifier refuses the program: "unknown func" or "program of this type cannot use helper".

    ## Example
    ```c
    SEC("xdp")
    int drop(struct xdp_md *ctx) { u64 id = bpf_get_current_pid_tgid(); … }
    ```

    ## Use instead
    A helper of the program's own type, or another attach point.

    ## Known limits
    Types that were not measured, sections that libbpf does not know, and calls behind a test of a parameter, a
    constant of the object or a feature probe, which may be compiled away, are not judged.
    """

    meta = RuleMeta(
        code="BPF502", name="helper-not-for-program-type", summary="a helper that programs of this type do not have",
        severity=Severity.ERROR, references=("https://github.com/iovisor/bcc/issues/1415",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each such call once, with a program that makes it."""
        if unit.side != "bpf" or unit.problems:
            return
        for call in helper_calls(unit, ctx):
            program = next((item for item in call.programs if _lacks(item, call.helper)
                            and call.is_certain_for(item)), None)  # fmt: skip
            if program is not None:
                yield self._finding(call, program)

    def _finding(self, call: HelperCall, program: Program) -> Finding:
        section = facts.section_of(program.section)
        kind = section.type if section is not None else ""
        return self.finding(
            call.site.span,
            f"`{call.helper.name}()` is not available to {kind} programs such as `{program.name}`",
            subject=f"{call.function.name}:{call.helper.name}",
            related=[Related(program.span, "program", f"the program, in section \"{program.section}\"")],
        )  # fmt: skip


def _lacks(program: Program, helper: facts.Helper) -> bool:
    section = facts.section_of(program.section) if program.section else None
    return section is not None and section.type not in _UNKNOWN and helper.allowed_in(section.type) is False
