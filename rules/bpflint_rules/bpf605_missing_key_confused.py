"""BPF605: is every failed lookup taken for a key that is not there?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bpflint.api import (
    Aggregate,
    Call,
    CallExpr,
    Constant,
    Context,
    Evaluate,
    Expr,
    Finding,
    Function,
    Name,
    Op,
    Related,
    Return,
    Rule,
    RuleMeta,
    Severity,
    Span,
    Unit,
    expressions,
    show,
    strip,
)  # fmt: skip
from bpflint_rules._flow import error_of

_LOOKUPS = tuple(f"github.com/cilium/ebpf.Map.{name}" for name in ("Lookup", "LookupAndDelete", "LookupBytes"))
_WRITES = tuple(f"github.com/cilium/ebpf.Map.{name}" for name in ("Put", "Update"))


class MissingKeyConfused(Rule):
    """A Go function treats any error of a map lookup as a missing key.

    ## What it does
    Follows the error of `Map.Lookup`: where it is not nil and nobody looks at it, the function writes the key anew, or
    returns without an error.

    ## Why is this bad
    A lookup also fails because a type has the wrong size, the map was closed, or a permission is missing. Such bugs
    then look like an empty map for ever, or overwrite what is there.

    ## Example
    ```go
    if err := m.Lookup(key, &value); err != nil {
        return m.Put(key, newValue)
    }
    ```

    ## Use instead
    ```go
    if err := m.Lookup(key, &value); errors.Is(err, ebpf.ErrKeyNotExist) {
        return m.Put(key, newValue)
    } else if err != nil {
        return err
    }
    ```

    ## Known limits
    A function that logs the error, or returns a plain bool, is left alone.
    """

    meta = RuleMeta(
        code="BPF605", name="missing-key-confused", summary="any lookup error is taken for a missing key",
        severity=Severity.WARNING,
        references=("https://pkg.go.dev/github.com/cilium/ebpf#Map.Lookup",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Look at each lookup of a Go unit."""
        if unit.language != "go":
            return
        for function in unit.functions:
            for number, block in enumerate(function.blocks):
                for index, op in enumerate(block.ops):
                    if isinstance(op, Call) and op.call.callee in _LOOKUPS:
                        yield from self._lookup(function, number, index, op)

    def _lookup(self, function: Function, number: int, index: int, op: Call) -> Iterator[Finding]:
        error = error_of(op)
        if error is None:
            return
        path = _error_path(function, number, index, error)
        if path is None or any(_mentions(item, error) for item in path):
            return
        write = next((item for item in path if _writes(item, op.call)), None)
        last = path[-1] if path else None
        if write is not None:
            yield self._finding(op, function, write.span, "the key is written anew", "written here")
        elif isinstance(last, Return) and _says_success(last):
            yield self._finding(op, function, last.span, "the function reports success", "returned here")

    def _finding(self, op: Call, function: Function, place: Span, what: str, role: str) -> Finding:
        name = op.call.callee.rpartition(".")[2]
        return self.finding(
            op.span,
            f"every error of this {name} is taken for a missing key: {what}; ask errors.Is(err, ebpf.ErrKeyNotExist)",
            subject=f"{function.name}:{show(op.call)}", related=[Related(place, "then", role)],
        )  # fmt: skip


def _error_path(function: Function, number: int, index: int, error: Name) -> list[Op] | None:
    """The operations of the branch that is taken where the error is not nil, up to its end; None: not tested next."""
    block = function.blocks[number]
    while True:
        if any(_mentions(item, error) and not _is_test(item, error) for item in block.ops[index + 1 :]):
            return None
        tests = [edge for edge in block.edges if edge.test is not None]
        if tests:
            break
        if len(block.edges) != 1:
            return None
        block, index = function.blocks[block.edges[0].to], -1
    start = next((edge.to for edge in tests if edge.test is not None and edge.test.outcome == "error"
                  and _is(edge.test.value, error)), None)  # fmt: skip
    others = {edge.to for edge in block.edges if edge.to != start}
    if start is None or len(others) != 1:
        return None
    joined = _reachable(function, next(iter(others)))
    ops: list[Op] = []
    current: int | None = start
    seen: set[int] = set()
    while current is not None and current not in seen and current not in joined:
        seen.add(current)
        ops.extend(function.blocks[current].ops)
        edges = function.blocks[current].edges
        if len(edges) > 1:
            return None  # it looks further
        current = edges[0].to if edges else None
    return ops


def _reachable(function: Function, start: int) -> frozenset[int]:
    seen, waiting = {start}, [start]
    while waiting:
        for edge in function.blocks[waiting.pop()].edges:
            if edge.to not in seen:
                seen.add(edge.to)
                waiting.append(edge.to)
    return frozenset(seen)


def _is(expr: Expr, name: Name) -> bool:
    inner = strip(expr)
    return isinstance(inner, Name) and inner.decl == name.decl


def _mentions(op: Op, name: Name) -> bool:
    return any(isinstance(item, Name) and item.decl == name.decl for item in expressions(op))


def _is_test(op: Op, name: Name) -> bool:
    return isinstance(op, Evaluate) and _mentions(op, name)


def _writes(op: Op, lookup: CallExpr) -> bool:
    if lookup.receiver is None:
        return False
    return any(
        isinstance(item, CallExpr) and item.callee in _WRITES and item.receiver is not None
        and show(item.receiver) == show(lookup.receiver)
        for item in expressions(op)
    )  # fmt: skip


def _says_success(op: Return) -> bool:
    """`return x, nil`: the last of several results is the constant nil."""
    items: Sequence[tuple[str, Expr]] = op.value.items if isinstance(op.value, Aggregate) else ()
    last = strip(items[-1][1]) if len(items) > 1 else None
    return isinstance(last, Constant) and last.spelling == "nil"
