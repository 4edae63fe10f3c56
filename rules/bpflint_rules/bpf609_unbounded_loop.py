"""BPF609: does a loop end only when memory says so?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from bpflint.api import (
    AddressOf,
    Binary,
    CallExpr,
    Confidence,
    Constant,
    Context,
    Deref,
    Expr,
    Finding,
    Function,
    Index,
    Name,
    Origin,
    Pointer,
    Rule,
    RuleMeta,
    Select,
    Severity,
    Unit,
    Unknown,
    Update,
    expressions,
    strip,
    walk,
)  # fmt: skip
from bpflint_rules._flow import mentions, written_local
from bpflint_rules._loops import loops
from bpflint_rules._maps import Maps, maps_of

_COUNTED = re.compile(r"^bpf_iter_\w+_next$|^bpf_loop$|can_loop|may_goto|cond_break|^bpf_for|^bpf_repeat")


class UnboundedLoop(Rule):
    """Every way out of a loop depends on memory or on pointers, and nothing counts its turns.

    ## What it does
    Finds loops in which no number that the loop itself changes takes part in a test that leaves it.

    ## Why is this bad
    Since 5.3 the verifier walks loops turn by turn until it sees them end. One that ends only when a list does never
    ends for it: `infinite loop detected`, or `BPF program is too large` after a million instructions. Before 5.3 any
    loop that clang does not unroll is refused.

    ## Example
    ```c
    while (BPF_CORE_READ(task, pid) != 1)
        task = BPF_CORE_READ(task, real_parent);
    ```

    ## Use instead
    ```c
    for (int i = 0; i < 32 && BPF_CORE_READ(task, pid) != 1; i++)
        task = BPF_CORE_READ(task, real_parent);
    ```
    or bpf_loop() (5.17), or `bpf_for` (6.4).

    ## Known limits
    A heuristic: it does not know the values. Loops around the open-coded iterators and `can_loop` are left alone.
    """

    meta = RuleMeta(
        code="BPF609", name="unbounded-loop", summary="nothing counts the turns of a loop",
        severity=Severity.WARNING, confidence=Confidence.LOW,
        references=("https://docs.ebpf.io/linux/concepts/loops/",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each such loop at its test."""
        if unit.side != "bpf" or unit.language != "c" or unit.problems:
            return
        maps = maps_of(unit, ctx)
        for function in filter(maps.is_live, unit.functions):
            for number, (head, blocks) in enumerate(sorted(loops(function).items())):
                yield from self._loop(function, head, blocks, maps, number)

    def _loop(self, function: Function, head: int, blocks: set[int], maps: Maps, number: int) -> Iterator[Finding]:
        tests = [
            edge.test.value for block in sorted(blocks) for edge in function.blocks[block].edges
            if edge.to not in blocks and edge.test is not None
        ]  # fmt: skip
        ops = [op for block in blocks for op in function.blocks[block].ops]
        if not tests or any(_counts(item) for op in ops for item in expressions(op)):
            return
        changed = {item.decl for op in ops if isinstance(op, Update) for item in [op.target] if isinstance(item, Name)}
        changed |= {written_local(op) for op in ops} - {0}
        if any(isinstance(op, Update) and _walks(op, test) for op in ops for test in tests):
            return
        known = maps.origins(function)
        filled = {item.decl for op in ops for item in _filled(expressions(op))}
        spans = [item.span for item in tests if item.span is not None]
        if spans and all(_from_memory(test, changed - filled, filled, known) for test in tests):
            yield self.finding(
                min(spans), "the loop ends only when memory says so, and nothing counts its turns: the verifier may "
                "not see it end; bound it by a constant", subject=f"{function.name}:loop:{number}",
            )  # fmt: skip


def _walks(op: Update, test: Expr) -> bool:
    """Whether a pointer moves on by a constant until it meets another: `in != end` is a number of turns."""
    inner, moved = strip(test), op.target
    if not isinstance(moved, Name) or not isinstance(inner, Binary) or not isinstance(strip(op.value), Constant):
        return False
    sides = [strip(side) for side in (inner.left, inner.right)]
    return all(isinstance(side, Name) for side in sides) and any(mentions(side, moved.decl) for side in sides)


def _counts(item: Expr) -> bool:
    """Whether something else bounds the loop: an iterator, or `cond_break` and `may_goto`, which are assembly."""
    return (isinstance(item, CallExpr) and bool(_COUNTED.search(item.callee))) or (
        isinstance(item, Unknown) and item.text == "asm"
    )


def _filled(items: Iterable[Expr]) -> Iterator[Name]:
    """The locals that a call is given the address of: a probe read fills them."""
    for item in items:
        for arg in item.args if isinstance(item, CallExpr) else ():
            inner = strip(arg)
            if isinstance(inner, AddressOf) and isinstance(place := strip(inner.place), Name):
                yield place


def _from_memory(test: Expr, changed: set[int], filled: set[int], known: Mapping[int, Origin]) -> bool:
    """Whether a test reads memory or a pointer, and no number that the loop changes otherwise."""
    reads = False
    for item in walk(test):
        if isinstance(item, Select | Deref | Index | CallExpr) or (isinstance(item, Name) and item.decl in filled):
            reads = True
        if isinstance(item, Name) and item.decl in changed:
            origin = known.get(item.decl)
            pointer = isinstance(item.type, Pointer)
            if not pointer and (origin is None or origin.updated or not _all_loaded(origin)):
                return False
            reads = True
    return reads


def _all_loaded(origin: Origin) -> bool:
    return bool(origin.values) and all(
        any(isinstance(item, Select | Deref | CallExpr) for item in walk(value)) for value in origin.values
    )
