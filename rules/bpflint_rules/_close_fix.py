"""Where can `defer x.Close()` be put so that it is certain to be a statement of its own, behind the error check?"""

from __future__ import annotations

from bpflint.api import (
    Block,
    CallExpr,
    Declare,
    Edit,
    Evaluate,
    Fix,
    Function,
    Held,
    Op,
    Ownership,
    Span,
    comes_back,
    expressions,
    operations,
    place_of,
)  # fmt: skip

_PLAIN = frozenset(("collection", "map", "program", "handle", "reader"))
"""What nobody misses once the function is left. A link is attached as long as it is open, which may be meant."""


def close_fix(held: Held, owner: Ownership) -> list[Fix]:
    """Return the edit that defers the Close of a Go resource that never leaves the function; none where unsure."""
    found = _next_statement(held)
    if owner.language != "go" or held.resource.close != "Close()" or not held.local or found is None:
        return []
    place, indent = found
    generated = held.resource.kind == "objects" and not held.call.callee.endswith(".LoadAndAssign")  # it has a Close
    sure = (held.resource.kind in _PLAIN or generated) and not _lent(held, owner)
    text = f"{indent}defer {held.name}.Close()\n"
    return [Fix(f"close `{held.name}` when the function is left", "safe" if sure else "unsafe", (Edit(place, text),))]


def _lent(held: Held, owner: Ownership) -> bool:
    """Whether the body takes the descriptor of the resource, or of a part of it: a number that may be kept anywhere."""
    return any(
        isinstance(item, CallExpr) and owner.lends(item) and item.receiver is not None
        and (place := place_of(item.receiver)) is not None and place[:1] == held.place
        for op in operations(held.function) for item in expressions(op)
    )  # fmt: skip


def _next_statement(held: Held) -> tuple[Span, str] | None:
    """The start of the first line behind the error check, and its indentation, as gofmt writes both.

    The opener stands at the column of its statement, or behind `if `; what comes next must stand at the same.
    """
    blocks = held.function.blocks
    edges = blocks[held.block].edges
    failed = [edge for edge in edges if edge.test is not None and edge.test.outcome == "error"]
    passed = [edge for edge in edges if edge.test is not None and edge.test.outcome == "ok"]
    if len(failed) != 1 or len(passed) != 1 or blocks[failed[0].to].edges or comes_back(held.function, held.block):
        return None
    block = _first_with_operations(held.function, passed[0].to)
    first = min(block.ops, key=lambda op: (op.span.line, op.span.column), default=None)
    if first is None or first.span.line <= held.opened.end_line:
        return None
    for column in (held.opened.column, held.opened.column - len("if ")):
        if _begins_at(first, column):
            line = first.span.line
            return Span(first.span.path, line, 1, line, 1), "\t" * (column - 1)
    return None


def _first_with_operations(function: Function, number: int) -> Block:
    seen = {number}
    block = function.blocks[number]
    while not block.ops and len(block.edges) == 1 and block.edges[0].to not in seen:
        seen.add(block.edges[0].to)
        block = function.blocks[block.edges[0].to]
    return block


def _begins_at(op: Op, column: int) -> bool:
    """Whether an operation is the start of a statement at a column: `x = …`, `var x`, `if x`, `for x`."""
    if isinstance(op, Declare):
        return op.span.column == column + len("var ")
    if isinstance(op, Evaluate):
        return op.span.column in (column + len("if "), column + len("for "))
    return op.span.column == column
