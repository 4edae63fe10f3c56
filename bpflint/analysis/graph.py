"""How is a control-flow graph put together? Blocks, jumps, loops and labels while one body is lowered."""

from __future__ import annotations

from dataclasses import field

from bpflint.analysis.walk import strip
from bpflint.model.data import dataclass
from bpflint.model.flow import AddressOf, Binary, Block, Constant, Edge, Expr, Op, Test, Unary
from bpflint.model.layout import Array, Opaque, Pointer


@dataclass(slots=True)
class _Draft:
    ops: list[Op] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)


class Graph:
    """Blocks under construction. `current` None: the code that follows cannot be reached."""

    def __init__(self) -> None:
        self._drafts = [_Draft()]
        self.current: int | None = 0
        self._labels: dict[str, int] = {}
        self.loops: list[tuple[int | None, int]] = []
        """(continue target, break target) of each enclosing loop or switch; None: a switch."""

    def emit(self, op: Op) -> None:
        """Append an operation to the current block; what cannot be reached is kept in a block of its own."""
        if self.current is None:
            self.current = self.block()
        self._drafts[self.current].ops.append(op)

    def block(self) -> int:
        """Open a new block and return its index."""
        self._drafts.append(_Draft())
        return len(self._drafts) - 1

    def jump(self, to: int, test: Test | None = None) -> None:
        """Add an edge from the current block."""
        if self.current is not None:
            self._drafts[self.current].edges.append(Edge(to, test))

    def go(self, to: int) -> None:
        """Jump to `to` and continue there."""
        self.jump(to)
        self.current = to

    def leave(self) -> None:
        """End the current block: nothing follows it."""
        self.current = None

    def label(self, name: str) -> int:
        """Return the block of a label, opened at its first mention."""
        if name not in self._labels:
            self._labels[name] = self.block()
        return self._labels[name]

    def branch(self, condition: Expr, then: int, other: int) -> None:
        """Leave the current block by a test; `while (true)` leaves it one way only."""
        yes, no = outcomes(condition)
        fixed = strip(condition)
        value = fixed.value if isinstance(fixed, Constant) and isinstance(fixed.value, int) else None
        if value is None or value:
            self.jump(then, yes)
        if not value:
            self.jump(other, no)
        self.leave()

    def continue_target(self) -> int | None:
        """Return where `continue` goes."""
        return next((target for target, _ in reversed(self.loops) if target is not None), None)

    def finish(self) -> tuple[Block, ...]:
        """Return the blocks."""
        return tuple(Block(tuple(draft.ops), tuple(draft.edges)) for draft in self._drafts)


def is_zero(expr: Expr) -> bool:
    """Return whether an expression is the constant 0 or a null pointer."""
    inner = strip(expr)
    return isinstance(inner, Constant) and inner.value == 0


def is_pointer(expr: Expr) -> bool:
    """Return whether an expression has a pointer type, as far as the front end knew it."""
    return isinstance(expr, AddressOf) or isinstance(expr.type, Pointer | Array)


def outcomes(condition: Expr) -> tuple[Test, Test]:
    """Return what the true edge and the false edge of a condition know."""
    inner = strip(condition)
    match inner:
        case Unary(op="!", value=value):
            yes, no = outcomes(value)
            return no, yes
        case Binary(op="==", left=left, right=right) if is_zero(right):
            yes, no = outcomes(left)
            return no, yes
        case Binary(op="!=", left=left, right=right) if is_zero(right):
            return outcomes(left)
        case Binary(op="<", left=left, right=right) if is_zero(right):
            return Test(strip(left), "error"), Test(strip(left), "ok")
        case Binary(op=">=", left=left, right=right) if is_zero(right):
            return Test(strip(left), "ok"), Test(strip(left), "error")
    if isinstance(inner.type, Opaque) and inner.type.spelling == "error":  # Go: nil is success
        return Test(inner, "error"), Test(inner, "ok")
    if is_pointer(inner):
        return Test(inner, "nonnull"), Test(inner, "null")
    return Test(inner, "true"), Test(inner, "false")
