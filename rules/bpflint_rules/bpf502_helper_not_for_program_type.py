"""BPF502: does a program call a helper that its type does not have?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    CallExpr,
    Context,
    Finding,
    Function,
    Name,
    Program,
    Related,
    Rule,
    RuleMeta,
    Severity,
    Test,
    Unit,
    facts,
    walk,
)  # fmt: skip
from bpflint_rules._flow import plainly_reached, programs_reaching
from bpflint_rules._maps import Maps, maps_of

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
        maps = maps_of(unit, ctx)
        running = programs_reaching(unit)
        for function in unit.functions:
            programs = running.get(function.name, ())
            if programs:
                yield from self._function(function, programs, maps)

    def _function(self, function: Function, programs: tuple[Program, ...], maps: Maps) -> Iterator[Finding]:
        own = any(program.name == function.name for program in programs)
        plain: set[int] | None = None
        for site in maps.sites(function):
            helper = facts.helpers().get(site.call.callee)
            if helper is None or site.call.receiver is not None or site.call.callee in maps.functions:
                continue
            for program in programs:
                section = facts.section_of(program.section) if program.section else None
                if section is None or section.type in _UNKNOWN or helper.allowed_in(section.type) is not False:
                    continue
                if not own and len(programs) > 1 and not _everywhere(function, program, maps):
                    continue
                if plain is None:
                    plain = plainly_reached(function, lambda test: _is_switch(test, maps))
                if site.at.block not in plain:
                    break
                related = [Related(program.span, "program", f"the program, in section \"{program.section}\"")]
                yield self.finding(
                    site.span,
                    f"`{helper.name}()` is not available to {section.type} programs such as `{program.name}`",
                    subject=f"{function.name}:{helper.name}", related=related,
                )  # fmt: skip
                break


def _everywhere(function: Function, program: Program, maps: Maps) -> bool:
    """Whether the program calls the function itself, outside of what a switch may compile away."""
    for site in maps.callers.get(function.name, ()):
        if site.function.name == program.name:
            return site.at.block in plainly_reached(site.function, lambda test: _is_switch(test, maps))
    return False


def _is_switch(test: Test, maps: Maps) -> bool:
    """Whether a test may be decided when the program is compiled or loaded."""
    for item in walk(test.value):
        match item:
            case Name(storage="parameter", type=kind) if not hasattr(kind, "pointee"):
                return True
            case Name(decl=0, name=name) if name in maps.globals:
                return True
            case CallExpr(callee=callee) if callee.startswith(("bpf_core_", "__builtin_preserve", "bpf_ksym_")):
                return True
            case CallExpr(callee=callee) if callee in maps.functions:
                return True
    return False
