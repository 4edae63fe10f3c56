"""BPF706: does user space ask for a program that the loaded object does not have?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Finding, Program, Rule, RuleMeta, Severity
from bpflint_rules._links import asked, unknown


class UnknownProgramName(Rule):
    """A string names a program that nothing loaded by this file defines.

    ## What it does
    Compares the names by which user space asks for programs (`bpf_object__find_program_by_name(obj, "name")`,
    `b.load_func("name", …)`, `attach_kprobe(fn_name="name")`) with the functions of the C text in the same file and of
    the sources and objects that the file names.

    ## Why is this bad
    The lookup fails at run time only: an exception, or a NULL that is attached as if it were a program.

    ## Example
    ```c
    prog = bpf_object__find_program_by_name(obj, "on_exec");      // the program is called `on_execve`
    ```

    ## Use instead
    ```c
    prog = bpf_object__find_program_by_name(obj, "on_execve");
    ```

    ## Known limits
    Silent where some program of the file was not found or not fully parsed, and where the object is not surely known:
    its file is named at run time, any caller may pass it (C, Go), or its source calls functions of another one that is
    linked with it. The name is the function's; in Rust its section's, too, which aya took before 0.12. Where the C text
    is put together at run time, only names close to a known one are reported.
    """

    meta = RuleMeta(
        code="BPF706", name="unknown-program-name", summary="user space names a program that no object has",
        severity=Severity.ERROR, cross_file=True,
        references=("https://docs.ebpf.io/ebpf-library/libbpf/userspace/bpf_object__find_program_by_name/",),
    )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Look at the names of every user-side file."""
        programs = list(ctx.project.bpf_units())
        for unit in ctx.project.user_units():
            for named, linked in asked(unit, "program", programs):
                known = {item.name: item.span for program in linked for item in program.functions}
                known |= {item.name: item.span for program in linked for item in program.programs}
                if unit.language == "rust":
                    known |= {_in_section(item): item.span for program in linked for item in program.programs}
                yield from unknown(self, "program", named, known, linked, ctx)


def _in_section(program: Program) -> str:
    """The name in a program's section: `dispatcher` of `xdp/dispatcher` (BREAKING-CHANGES of aya, 0.12.0)."""
    return program.section.rpartition("/")[2]
