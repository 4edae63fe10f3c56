"""Which paths lead where in a body? Equal places, reachable blocks, held locks, and who calls whom."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import TypeVar

from bpflint.api import (
    UNSEEN,
    AddressOf,
    Aggregate,
    Assign,
    Binary,
    Call,
    CallExpr,
    Conditional,
    Constant,
    Deref,
    Expr,
    Function,
    Index,
    Name,
    Op,
    Program,
    Select,
    Span,
    Test,
    Unary,
    Unit,
    Unknown,
    blocks_behind,
    calls,
    contents,
    dataclass,
    expressions,
    parts,
    strip,
    walk,
)  # fmt: skip

S = TypeVar("S", bound=Hashable)
LOCKS = ("bpf_spin_lock", "bpf_res_spin_lock")
UNLOCKS = ("bpf_spin_unlock", "bpf_res_spin_unlock")


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a body: block and index of the operation."""

    block: int
    index: int


@dataclass(frozen=True, slots=True)
class Site:
    """A call at its place in a function; `result` is the variable that takes its value."""

    function: Function
    at: Place
    call: CallExpr
    result: Expr | None

    @property
    def span(self) -> Span:
        """Where the call stands."""
        return self.call.span or self.function.span


def sites(function: Function) -> Iterator[Site]:
    """Yield every call that a body comes to, with its place: not what stands behind a plain `return`."""
    for number in sorted(plainly_reached(function, lambda _test: False)) if function.blocks else ():
        for index, op in enumerate(function.blocks[number].ops):
            result = op.result if isinstance(op, Call) else None
            for expr in expressions(op):
                if isinstance(expr, CallExpr):
                    own = isinstance(op, Call) and expr is op.call
                    yield Site(function, Place(number, index), expr, result if own else None)


def same(left: Expr | None, right: Expr | None) -> bool:
    """Return whether two expressions are written alike, conversions and places in the file aside."""
    if left is None or right is None:
        return left is right
    left, right = strip(left), strip(right)
    match left, right:
        case Name(), Name():
            return left.name == right.name and left.decl == right.decl
        case Constant(), Constant():
            return left.value is not None and left.value == right.value
        case Select(), Select():
            return left.field == right.field and same(left.base, right.base)
        case Index(), Index():
            return same(left.base, right.base) and same(left.index, right.index)
        case Deref(), Deref():
            return same(left.pointer, right.pointer)
        case AddressOf(), AddressOf():
            return same(left.place, right.place)
        case Unary(), Unary():
            return left.op == right.op and same(left.value, right.value)
        case Binary(), Binary():
            return left.op == right.op and same(left.left, right.left) and same(left.right, right.right)
        case CallExpr(), CallExpr():
            return left.callee == right.callee and len(left.args) == len(right.args) and all(
                same(one, other) for one, other in zip(left.args, right.args, strict=True)
            )  # fmt: skip
    return False


def mentions(expr: Expr, decl: int) -> bool:
    """Return whether an expression reads the local with this number."""
    return any(isinstance(item, Name) and item.decl == decl for item in walk(expr))


def written_local(op: Op) -> int:
    """Return which local an operation gives a new value, 0 for none."""
    target = op.target if isinstance(op, Assign) else op.result if isinstance(op, Call) else None
    inner = strip(target) if target is not None else None
    return inner.decl if isinstance(inner, Name) else 0


def is_tested(function: Function, expr: Expr) -> bool:
    """Return whether some test of a body looks at an expression itself: alone, negated, or compared."""
    tests = (edge.test for block in function.blocks for edge in block.edges if edge.test is not None)
    return any(_looks_at(test.value, expr) for test in tests)


def _looks_at(value: Expr, expr: Expr) -> bool:
    inner = strip(value)
    match inner:
        case Unary(value=part):
            return _looks_at(part, expr)
        case Binary(left=left, right=right):
            return _looks_at(left, expr) or _looks_at(right, expr)
    return same(inner, expr)


def followed(expr: Expr) -> Iterator[tuple[Expr, Select | Deref | Index]]:
    """Yield each pointer that evaluating an expression follows, with the access; what a test inside guards is left out.

    What `__builtin_preserve_access_index` and its like are given is an address, or not evaluated at all.
    """
    match expr:
        case AddressOf(place=place):
            yield from _below(place)
            return
        case Conditional(test=test):
            yield from followed(test)
            return
        case Binary(op="&&" | "||", left=left):
            yield from followed(left)
            return
        case CallExpr(callee=callee) if callee.startswith("__builtin_preserve_"):
            return
        case Unknown(parts=(place,), text=text) if text == UNSEEN:
            yield from _below(place)
            return
        case Select(base=base, arrow=True) | Deref(pointer=base) | Index(base=base):
            yield base, expr
    for part in parts(expr):
        yield from followed(part)


def _below(place: Expr) -> Iterator[tuple[Expr, Select | Deref | Index]]:
    """`&v->field` computes an address; it follows only the pointers inside `v`."""
    match strip(place):
        case Select(base=base, arrow=False):
            yield from _below(base)
        case Select(base=base) | Deref(pointer=base):
            yield from followed(base)
        case Index(base=base, index=index):
            yield from _below(base)
            yield from followed(index)


def explore(
    function: Function, start: Place, state: S,
    step: Callable[[S, Op], S | None], edge: Callable[[S, Test | None], S | None],
) -> None:  # fmt: skip
    """Follow every path from `start`; a step or an edge that returns None ends its path. Each state is seen once."""
    seen: set[tuple[int, S]] = set()
    work: list[tuple[int, int, S]] = [(start.block, start.index, state)]
    while work:
        number, index, now = work.pop()
        for op in function.blocks[number].ops[index:]:
            stepped = step(now, op)
            if stepped is None:
                break
            now = stepped
        else:
            for out in function.blocks[number].edges:
                after = edge(now, out.test)
                if after is not None and (out.to, after) not in seen:
                    seen.add((out.to, after))
                    work.append((out.to, 0, after))


def reaches(function: Function, first: Place, second: Place) -> bool:
    """Return whether control can come from one place to another."""
    if first.block == second.block and first.index < second.index:
        return True
    return second.block in blocks_behind(function, first.block)


def plainly_reached(function: Function, guard: Callable[[Test], bool]) -> set[int]:
    """Return the blocks that control reaches without passing a test for which `guard` holds."""
    seen = {0}
    work = [0]
    while work:
        for edge in function.blocks[work.pop()].edges:
            if edge.to not in seen and not (edge.test is not None and guard(edge.test)):
                seen.add(edge.to)
                work.append(edge.to)
    return seen


def locked(function: Function) -> Mapping[int, list[bool]]:
    """Return, for each block, whether a BPF spin lock is held before each of its operations on every path."""
    before: dict[int, bool] = {0: False}
    work = [0]
    found: dict[int, list[bool]] = {}
    while work:
        number = work.pop()
        held = before[number]
        rows: list[bool] = []
        for op in function.blocks[number].ops:
            rows.append(held)
            for expr in expressions(op):
                if isinstance(expr, CallExpr) and expr.callee in LOCKS:
                    held = True
                elif isinstance(expr, CallExpr) and expr.callee in UNLOCKS:
                    held = False
        found[number] = rows
        for edge in function.blocks[number].edges:
            known = before.get(edge.to)
            if known is None or (known and not held):
                before[edge.to] = held
                work.append(edge.to)
    return found


def programs_reaching(unit: Unit) -> Mapping[str, tuple[Program, ...]]:
    """Return, for each function, the programs that run it: itself, or through calls."""
    known = {function.name: function for function in unit.functions}
    called = {
        name: {call.callee for call, _ in calls(function) if call.callee in known} for name, function in known.items()
    }
    found: dict[str, list[Program]] = {}
    for program in unit.programs:
        seen: set[str] = set()
        work = [program.name]
        while work:
            name = work.pop()
            if name in seen or name not in known:
                continue
            seen.add(name)
            found.setdefault(name, []).append(program)
            work.extend(called[name])
    return {name: tuple(items) for name, items in found.items()}


def live_functions(unit: Unit) -> frozenset[str]:
    """Return the functions that something can run: the programs, and what they call or refer to.

    libbpf loads no other function, whatever its linkage; a unit without programs is taken for a part of one.
    """
    known = {function.name: function for function in unit.functions}
    work = [function.name for function in unit.functions if function.section or not (function.static or unit.programs)]
    work += [program.name for program in unit.programs]
    found: set[str] = set()
    while work:
        name = work.pop()
        if name in found or name not in known:
            continue
        found.add(name)
        for expr in contents(known[name]):
            if isinstance(expr, CallExpr):
                work.append(expr.callee)
            elif isinstance(expr, Name) and expr.name in known:
                work.append(expr.name)
    return frozenset(found)


def error_of(op: Call) -> Name | None:
    """Return the variable that takes a call's error in Go: the only or the last result; None where it is dropped."""
    result: Expr | None = op.result
    if isinstance(result, Aggregate):
        result = result.items[-1][1] if result.items else None
    return result if isinstance(result, Name) and result.decl else None


def argument(call: CallExpr, position: int | None) -> Expr | None:
    """Return an argument by position, None where there is none."""
    return call.args[position] if position is not None and 0 <= position < len(call.args) else None


def parameter_index(function: Function, expr: Expr | None) -> int | None:
    """Return which parameter of a function an expression is, None for anything else."""
    inner = strip(expr) if expr is not None else None
    if isinstance(inner, Name) and inner.storage == "parameter":
        return next((n for n, item in enumerate(function.params) if item.decl == inner.decl), None)
    return None
