"""BPF907: is a long loop written where bpf_loop() would do?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    Binary,
    Constant,
    Context,
    Finding,
    Function,
    Name,
    Rule,
    RuleMeta,
    Severity,
    Span,
    Unit,
    Update,
    facts,
    strip,
)  # fmt: skip
from bpflint_rules._loops import loops
from bpflint_rules._maps import maps_of
from bpflint_rules._modernise import allows

_LONG = 100


class BpfLoop(Rule):
    """A long loop that the verifier walks turn by turn.

    ## What it does
    Finds loops that count to a constant of 100 and more, where `bpf_loop()` exists (5.17).

    ## Why is this bad
    The verifier walks such a loop turn by turn, which costs time at each load and may exceed the million instructions
    it looks at. The callback of `bpf_loop()` is looked at once.

    ## Example
    ```c
    for (int i = 0; i < 1000; i++)
        sum += table[i];
    ```

    ## Use instead
    ```c
    bpf_loop(1000, add_one, &sum, 0);
    ```

    ## Known limits
    Advice only: it is given where `min-kernel` is configured and new enough. Since 6.4 `bpf_for()` reads better.
    """

    meta = RuleMeta(
        code="BPF907", name="bpf-loop", severity=Severity.INFO,
        summary="a long loop that the verifier walks turn by turn",
        references=("https://docs.ebpf.io/linux/helper-function/bpf_loop/",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each such loop at its test."""
        if unit.side != "bpf" or unit.language != "c" or not allows(facts.helpers()["bpf_loop"].since, ctx):
            return
        maps = maps_of(unit, ctx)
        for function in filter(maps.is_live, unit.functions):
            for number, (_, blocks) in enumerate(sorted(loops(function).items())):
                for turns, span in _bounds(function, blocks):
                    yield self.finding(
                        span, f"the verifier walks this loop up to {turns} times: bpf_loop() (5.17) is looked at once",
                        subject=f"{function.name}:loop:{number}",
                    )  # fmt: skip
                    break



def _bounds(function: Function, blocks: set[int]) -> Iterator[tuple[int, Span]]:
    """The constants that a counter of the loop is compared with on the way out."""
    counted = {
        op.target.decl for number in blocks for op in function.blocks[number].ops
        if isinstance(op, Update) and op.op in ("++", "+=") and isinstance(op.target, Name)
    }  # fmt: skip
    for number in sorted(blocks):
        for edge in function.blocks[number].edges:
            test = edge.test.value if edge.test is not None and edge.to not in blocks else None
            if not isinstance(test, Binary) or test.op not in ("<", "<=", "!=") or test.span is None:
                continue
            left, right = strip(test.left), strip(test.right)
            counts = isinstance(left, Name) and left.decl in counted
            if counts and isinstance(right, Constant) and isinstance(right.value, int) and right.value >= _LONG:
                yield right.value, test.span
