"""BPF908: is a loop unrolled for kernels that nobody has configured?"""

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
from bpflint_rules._modernise import allows_gate


class UnrolledForLoop(Rule):
    """A loop is unrolled where the kernel takes bounded loops.

    ## What it does
    Finds `#pragma unroll` and `#pragma clang loop unroll(full)` where bounded loops are allowed (5.3).

    ## Why is this bad
    Unrolled code is larger, is verified turn by turn all the same, and clang may decline with a warning only.

    ## Example
    ```c
    #pragma unroll
    for (int i = 0; i < 16; i++)
    ```

    ## Use instead
    ```c
    for (int i = 0; i < 16; i++)
    ```

    ## Known limits
    Advice only: it is given where `min-kernel` is configured and new enough. Some loops verify only when they are
    unrolled.
    """

    meta = RuleMeta(
        code="BPF908", name="unrolled-for-loop", severity=Severity.INFO,
        summary="a loop is unrolled where the kernel takes bounded loops",
        references=("https://git.kernel.org/torvalds/c/2589726d12a1",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each such pragma."""
        if unit.side != "bpf" or unit.language != "c" or not unit.unrolled or not allows_gate("bounded-loops", ctx):
            return
        for number, span in enumerate(unit.unrolled):
            yield self.finding(
                span, "kernels since 5.3 take bounded loops: this one need not be unrolled", subject=f"unroll:{number}"
            )
