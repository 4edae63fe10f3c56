"""BPF909: is a BPF program's file named like one for user space?"""

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


class BogusFileExtension(Rule):
    """A BPF program's source is named like a user program's.

    ## What it does
    Finds C files with BPF programs whose name does not end in `.bpf.c`.

    ## Why is this bad
    Editors, build rules and tools (bpftool's skeletons, clangd, this one) tell the kernel's side from the user's by
    that name, and a build with the wrong target is noticed late.

    ## Example
    ```c
    /* probe.c */
    SEC("xdp")
    ```

    ## Use instead
    ```c
    /* probe.bpf.c */
    SEC("xdp")
    ```

    ## Known limits
    Advice only: it is given where `min-kernel` is configured and new enough. Text for bcc is not reported.
    """

    meta = RuleMeta(
        code="BPF909", name="bogus-file-extension", severity=Severity.INFO,
        summary="a BPF program's source is named like a user program's",
        references=("https://docs.kernel.org/bpf/libbpf/libbpf_overview.html",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report a file by its first program."""
        if unit.side != "bpf" or unit.language != "c" or unit.dialect == "bcc" or not ctx.settings.min_kernel:
            return
        own = [item.span for item in unit.programs if item.span.path == unit.path]
        if own and not unit.path.endswith((".bpf.c", ".ebpf.c")):
            yield self.finding(
                min(own), f"`{unit.path.rpartition('/')[2]}` holds BPF programs: tools know them by a name in .bpf.c",
                subject="file name",
            )  # fmt: skip
