"""BPF606: does a function need more stack than a BPF program has?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    AddressOf,
    Array,
    CallExpr,
    Context,
    Declare,
    Expr,
    Finding,
    Function,
    Name,
    RecordDecl,
    Rule,
    RuleMeta,
    Severity,
    Span,
    Unit,
    base_of,
    bpf_target,
    expressions,
    strip,
)  # fmt: skip
from bpflint_rules._flow import Place, reaches
from bpflint_rules._maps import maps_of

_LIMIT = 512
"""MAX_BPF_STACK of include/linux/filter.h, in bytes; it is shared by a program and what is called by it."""
_SMALL = 32


class StackTooLarge(Rule):
    """Objects on the stack take more than 512 bytes.

    ## What it does
    Adds up the arrays and structs of a function whose address goes to a call and that are in use at the same time.

    ## Why is this bad
    clang says `Looks like the BPF stack limit is exceeded`, or the verifier refuses the program
    (`invalid write to stack`, `combined stack size of 2 calls is … Too large`).

    ## Example
    ```c
    struct event event = {};      /* with a path of 600 bytes */
    bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &event, sizeof(event));
    ```

    ## Use instead
    ```c
    struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
    ```
    or a per-CPU array with one element as scratch memory.

    ## Known limits
    Objects whose address is never taken may live in registers, and those used one after the other share their place:
    neither is counted. What inlined functions need comes on top, and is not counted either.
    """

    meta = RuleMeta(
        code="BPF606", name="stack-too-large", summary="objects on the stack take more than 512 bytes",
        severity=Severity.ERROR, references=("https://docs.ebpf.io/linux/concepts/verifier/",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each function whose objects do not fit."""
        if unit.side != "bpf" or unit.language != "c":
            return
        maps = maps_of(unit, ctx)
        for function in filter(maps.is_live, unit.functions):
            yield from self._function(function, _objects(function, unit, ctx))

    def _function(self, function: Function, objects: dict[int, tuple[Name, Span, int]]) -> Iterator[Finding]:
        if sum(size for _, _, size in objects.values()) <= _LIMIT:
            return
        for name, span, size in objects.values():
            if size > _LIMIT:
                yield self.finding(
                    span, f"`{name.name}` takes {size} bytes of stack, of which a BPF program has {_LIMIT}: put it in "
                    "a map or in the ring buffer", subject=f"{function.name}:{name.name}",
                )  # fmt: skip
                return
        alive = max(_together(function, objects), key=lambda group: sum(item[2] for item in group), default=[])
        if sum(size for _, _, size in alive) > _LIMIT:
            last = max(alive, key=lambda item: item[1])
            shown = ", ".join(f"`{name.name}` ({size})" for name, _, size in alive)
            yield self.finding(
                last[1], f"{shown} take {sum(size for _, _, size in alive)} bytes together, and a BPF program has "
                f"{_LIMIT} bytes of stack", subject=f"{function.name}:{last[0].name}",
            )  # fmt: skip


def _objects(function: Function, unit: Unit, ctx: Context) -> dict[int, tuple[Name, Span, int]]:
    """The arrays and structs of a body whose address a call is given: name, place, size in bytes."""
    given = {item.decl for block in function.blocks for op in block.ops for item in _given(expressions(op))}
    found: dict[int, tuple[Name, Span, int]] = {}
    for block in function.blocks:
        for op in block.ops:
            if isinstance(op, Declare) and op.name.decl in given and isinstance(op.name.type, Array | RecordDecl):
                size = ctx.size_of(op.name.type, bpf_target(unit.byte_order))
                if size is not None and size // 8 >= _SMALL:
                    found[op.name.decl] = (op.name, op.span, size // 8)
    return found


def _given(items: Iterable[Expr]) -> Iterator[Name]:
    """The locals that a call is given by address; an array's name is one."""
    for item in items:
        for arg in item.args if isinstance(item, CallExpr) else ():
            inner = strip(arg)
            root = base_of(inner)
            if isinstance(root, Name) and (isinstance(inner, AddressOf) or isinstance(inner.type, Array)):
                yield root


def _together(
    function: Function, objects: dict[int, tuple[Name, Span, int]]
) -> Iterator[list[tuple[Name, Span, int]]]:  # fmt: skip
    """The objects in use at each use of one: those mentioned before it and again behind it."""
    uses: dict[int, list[Place]] = {decl: [] for decl in objects}
    for number, block in enumerate(function.blocks):
        for index, op in enumerate(block.ops):
            for decl in {item.decl for item in expressions(op) if isinstance(item, Name)} & uses.keys():
                uses[decl].append(Place(number, index))
    for place in {place for places in uses.values() for place in places}:
        yield [
            objects[decl] for decl, places in uses.items()
            if place in places or (
                any(reaches(function, item, place) for item in places)
                and any(reaches(function, place, item) for item in places)
            )
        ]  # fmt: skip
