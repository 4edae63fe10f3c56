"""BPF412: does an atomic operation need a newer kernel than the program is meant for?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bpflint.api import (
    CallExpr,
    Context,
    Finding,
    Function,
    Rule,
    RuleMeta,
    Severity,
    Span,
    Unit,
    Update,
    expressions,
    facts,
    operations,
)  # fmt: skip
from bpflint_rules._maps import maps_of

_ADD = re.compile(r"^__(?:sync|atomic)_(?:fetch_)?(?:and_)?(?:add|sub)")
_SWAP = re.compile(r"^__(?:sync_(?:val|bool)_compare_and_swap|sync_lock_test_and_set|atomic_(?:compare_)?exchange)")
_BITS = re.compile(r"^__(?:sync|atomic)_(?:fetch_)?(?:and_)?(?:or|and|xor|nand)")
# 91c960b00566 "bpf: Rename BPF_XADD and prepare to encode other atomics in .imm" and its series, in v5.12; for arm64
# 1902472b4fa9 "bpf, arm64: Support more atomic operations", in v5.18.
_SINCE = {"x86_64": (5, 12), "arm64": (5, 18)}


class AtomicNeedsKernel(Rule):
    """An atomic operation whose result is used, or that is more than an addition, does not load on older kernels.

    ## What it does
    Finds `__sync_fetch_and_add` and its like with a *used* result, compare-and-swap, exchange, and atomic `or`, `and`,
    `xor`. Before Linux 5.12 (5.18 on arm64) a kernel knows the addition without a result only.

    ## Why is this bad
    The object compiles, and the verifier of an older kernel rejects it: `BPF_XADD uses reserved fields`. An
    older compiler refuses the source: `unsupported atomic operation`.

    ## Example
    ```c
    id = __sync_fetch_and_add(&next_id, 1);
    ```

    ## Use instead
    A per-CPU counter, or `bpf_ktime_get_ns()` with the CPU number, where kernels below 5.12 matter.

    ## Known limits
    Without `min-kernel` in the configuration this is a note (info); with one it speaks only where that kernel is too
    old for a configured target.
    """

    meta = RuleMeta(
        code="BPF412", name="atomic-needs-kernel", summary="an atomic operation needs Linux 5.12 (arm64: 5.18)",
        severity=Severity.WARNING, references=("https://github.com/cilium/pwru/issues/409",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each such operation of the code that is compiled in."""
        if unit.side != "bpf":
            return
        least = facts.release(ctx.settings.min_kernel) if ctx.settings.min_kernel else None
        late = [name for name in ctx.settings.targets if name in _SINCE and (least is None or least < _SINCE[name])]
        if not late:
            return
        needs = ", ".join(f"{'.'.join(map(str, _SINCE[target]))} on {target}" for target in late)
        meant = f"; `min-kernel` is {ctx.settings.min_kernel}" if least is not None else ""
        maps = maps_of(unit, ctx)
        for function in filter(maps.is_live, unit.functions):
            for number, (what, span) in enumerate(_operations(function)):
                yield self.finding(
                    span, f"{what} needs Linux {needs}: older kernels reject the program{meant}",
                    subject=f"{function.name}:{what}:{number}", targets=late,
                    severity=Severity.INFO if least is None else None,
                )  # fmt: skip


def _operations(function: Function) -> Iterator[tuple[str, Span]]:
    for op in operations(function):
        if isinstance(op, Update) and op.atomic and op.op in ("|=", "&=", "^="):
            yield f"an atomic `{op.op}`", op.span
        for expr in expressions(op):
            if isinstance(expr, CallExpr) and expr.receiver is None:
                if _ADD.match(expr.callee):
                    yield f"the result of `{expr.callee}()`", expr.span or op.span
                elif _SWAP.match(expr.callee) or _BITS.match(expr.callee):
                    yield f"`{expr.callee}()`", expr.span or op.span
