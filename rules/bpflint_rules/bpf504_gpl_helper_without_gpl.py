"""BPF504: does a program under another licence call a helper that the kernel gives to GPL programs only?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Finding, LoadClaim, Rule, RuleMeta, Severity, Unit, calls, facts
from bpflint_rules._flow import programs_reaching

# include/linux/license.h, license_is_gpl_compatible()
_COMPATIBLE = frozenset(
    ("GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL")
)  # fmt: skip


class GplHelperWithoutGpl(Rule):
    """A helper marked `gpl_only` is called by a program whose licence string is not GPL-compatible.

    ## What it does
    Compares the `license` section with the strings that the kernel accepts, letter by letter, and looks for helpers
    that it gives to such programs only.

    ## Why is this bad
    The verifier refuses the program: "cannot call GPL-restricted function from non-GPL compatible program".

    ## Example
    ```c
    char LICENSE[] SEC("license") = "Apache-2.0";
    bpf_probe_read_kernel(&inode, sizeof(inode), file);
    ```

    ## Use instead
    ```c
    char LICENSE[] SEC("license") = "Dual MIT/GPL";
    ```
    if the terms allow it, or a helper that is not restricted.

    ## Known limits
    A file without a licence string is not judged: its loader may set one.
    """

    meta = RuleMeta(
        code="BPF504", name="gpl-helper-without-gpl", summary="a GPL-only helper in a program under another licence",
        severity=Severity.ERROR, references=("https://docs.kernel.org/bpf/bpf_licensing.html",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each restricted call that a program reaches."""
        if unit.side != "bpf" or not unit.license or unit.license in _COMPATIBLE:
            return
        running = programs_reaching(unit)
        for function in unit.functions:
            for call, op in calls(function):
                helper = facts.helpers().get(call.callee)
                if helper is None or not helper.gpl_only or call.receiver is not None:
                    continue
                for program in running.get(function.name, ()):
                    section = facts.section_of(program.section)
                    if helper.gpl_free_in and (section is None or section.type in helper.gpl_free_in):
                        continue
                    yield self.finding(
                        call.span or op.span,
                        f"`{helper.name}()` is for GPL programs only, and the licence is \"{unit.license}\"",
                        subject=f"{function.name}:{helper.name}",
                        claim=LoadClaim(unit.path, (program.name,), "cannot call GPL-restricted function"),
                    )  # fmt: skip
                    break
