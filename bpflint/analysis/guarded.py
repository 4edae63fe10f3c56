"""Which code runs on every kernel? Blocks that do not depend on what the running kernel answers when it is asked.

A program asks by `bpf_core_field_exists()` and its like, by `LINUX_KERNEL_VERSION` and other `__kconfig` variables, or
by constants that its loader sets before the verifier looks (`const volatile`): code behind such a test may be dead.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from bpflint.analysis.walk import calls, contents, operands, operations, origins, strip, walk
from bpflint.model.data import dataclass
from bpflint.model.flow import (
    Assign,
    Binary,
    Block,
    Call,
    CallExpr,
    Conditional,
    Constant,
    Edge,
    Evaluate,
    Expr,
    Function,
    Name,
    Op,
    Return,
    Unary,
)  # fmt: skip
from bpflint.model.unit import Unit

_EXISTS = {
    "__builtin_preserve_field_info": (2,),
    "__builtin_preserve_type_info": (0, 1, 2),
    "__builtin_preserve_enum_value": (0,),
}
"""clang's builtins and the kinds of information that are questions (bpf_core_read.h): field, type and enumerator exist,
type matches."""


_SIZES = {"__builtin_preserve_field_info": 1, "__builtin_preserve_type_info": 1}
"""Sizes: whoever asks for one reads accordingly."""


def is_question(expr: Expr) -> bool:
    """Return whether an expression itself asks the running kernel what it has."""
    if not isinstance(expr, CallExpr) or expr.callee not in _EXISTS or not expr.args:
        return False
    last = expr.args[-1]
    return isinstance(last, Constant) and last.value in _EXISTS[expr.callee]


def _asks_size(expr: CallExpr) -> bool:
    """Whoever asks for the size of a field reads accordingly; the macros for bitfields do so for each."""
    last = expr.args[-1] if expr.callee == "__builtin_preserve_field_info" and expr.args else None
    return isinstance(last, Constant) and last.value == 1 and "_BITFIELD" not in expr.macro


@dataclass(frozen=True, slots=True)
class Certain:
    """A function's blocks that are not behind a question; `asks` that a question steers it some other way."""

    blocks: frozenset[int]
    asks: bool


def loader_settings(unit: Unit) -> frozenset[str]:
    """Return the globals that a loader sets before the verifier looks: `const volatile`."""
    return frozenset(item.name for item in unit.maps if item.kind.startswith(".rodata") and item.volatile)


def guards_of(unit: Unit) -> Guards:
    """Return what tells the questions of a unit's functions apart from other tests."""
    return Guards(unit.functions, loader_settings(unit))


class Guards:
    """Tells questions to the kernel apart from other tests, in the functions of one unit."""

    def __init__(self, functions: Iterable[Function], constants: Collection[str]) -> None:
        self._constants = constants
        self._asking = {item.name for item in functions if _answers(item)}

    def certain(self, function: Function, decides: Callable[[Expr], bool] | None = None) -> Certain:
        """Return which blocks of a function run on every kernel, whatever the tests that `decides` names answer too."""
        could = self._could_ask(function)
        known = self._locals(function) if could else frozenset[int]()
        asks = could and (bool(known) or any(self._is_answer(item, known) for item in contents(function)))
        asking = {
            number for number, block in enumerate(function.blocks)
            if (could or self._constants) and self._steers(block.edges, known)
        }  # fmt: skip
        steering = {
            number for number, block in enumerate(function.blocks)
            if decides is not None and any(decides(test) for test in _tests(block.edges))
        }  # fmt: skip
        elsewhere = asks and any(
            self._asks(expr, known) for number, block in enumerate(function.blocks) for op in block.ops
            if not _is_test(op, number in asking, known) for expr in operands(op)
        )  # fmt: skip
        return Certain(_unavoidable(function.blocks, asking | steering), elsewhere)

    def _could_ask(self, function: Function) -> bool:
        """Whether there is an answer in a function at all: most have none, and need no closer look."""
        if any(self._is_answering(call) for call, _ in calls(function)):
            return True
        inside = {id(item): item for item in contents(function)}
        tests = [test for block in function.blocks for test in _tests(block.edges) if id(test) not in inside]
        none = frozenset[int]()
        names = [item for item in inside.values() if item.__class__ is Name]
        return any(self._is_answer(item, none) for item in names) or any(self._asks(test, none) for test in tests)

    def _locals(self, function: Function) -> frozenset[int]:
        """The locals that hold an answer; what an answer chooses between is no answer itself."""
        none: frozenset[int] = frozenset()
        return frozenset(
            decl for decl, one in origins(function).items()
            if any(self._asks(value, none) and not _chooses(value) for value in one.values)
        )  # fmt: skip

    def _steers(self, edges: tuple[Edge, ...], known: frozenset[int]) -> bool:
        return any(self._asks(item, known) or self._is_setting(item) for item in _tests(edges))

    def _is_setting(self, test: Expr) -> bool:
        """`if (new_kernel)`; a comparison with what is found at run time is no choice of the loader's."""
        match strip(test):
            case Name(name=name, decl=0):
                return name in self._constants
            case Binary(left=left, right=right):
                return isinstance(strip(right), Constant) and self._is_setting(left)
            case Unary(value=value):
                return self._is_setting(value)
        return False

    def _asks(self, expr: Expr, known: frozenset[int]) -> bool:
        return any(self._is_answer(item, known) for item in walk(expr))

    def _is_answer(self, expr: Expr, known: frozenset[int]) -> bool:
        match expr:
            case Name(decl=decl) if decl:
                return decl in known
            case Name(name=name):
                return name == "LINUX_KERNEL_VERSION"
            case CallExpr():
                return self._is_answering(expr)
        return False

    def _is_answering(self, call: CallExpr) -> bool:
        named = call.callee in self._asking or call.callee == "bpf_ksym_exists"
        return named or is_question(call) or _asks_size(call)


def _answers(function: Function) -> bool:
    """Whether a function hands on an answer: `static bool has_state(void) { return bpf_core_field_exists(…); }`, or
    one that is asked in an `if` and told as true or false."""
    if not any(is_question(call) for call, _ in calls(function)):
        return False
    returned = [strip(op.value) for op in operations(function) if isinstance(op, Return) and op.value is not None]
    asked = [_has_question(value) for value in returned]
    constant = [isinstance(value, Constant) for value in returned]
    return bool(returned) and all(one or other for one, other in zip(asked, constant, strict=True))


def _chooses(value: Expr) -> bool:
    """Whether an answer decides within a value what else is evaluated: `has ? a : b`, `has && a`."""
    for item in walk(value):
        match item:
            case Conditional():
                return True
            case Binary(op="&&" | "||", left=left, right=right) if not (_has_question(left) and _has_question(right)):
                return True
    return False


def _has_question(expr: Expr) -> bool:
    return any(is_question(item) for item in walk(expr))


def _is_test(op: Op, steering: bool, known: frozenset[int]) -> bool:
    """Whether an operation only evaluates the test at the block's end, or keeps an answer in a local."""
    match op:
        case Evaluate():
            return steering
        case Assign(target=Name(decl=decl)) | Call(result=Name(decl=decl)):
            return decl in known
        case Return(value=value):
            return value is None or not _chooses(value)
    return False


def _tests(edges: tuple[Edge, ...]) -> list[Expr]:
    """What a block's end tests before it goes one of several ways."""
    return [item.test.value for item in edges if item.test is not None] if len(edges) > 1 else []


def _unavoidable(blocks: tuple[Block, ...], steering: Collection[int]) -> frozenset[int]:
    """The blocks that control may come to whatever the tests at the end of those of `steering` answer, and for all of
    their answers together: `if (a) { if (b) return; } here();` is not one, though neither test alone keeps it away."""
    ways = [frozenset(edge.to for edge in block.edges) for block in blocks]
    reach = _reach(ways)
    every = [number for number in range(len(blocks)) if reach[0] >> number & 1] if blocks else [0]
    if not steering:
        return frozenset(every)
    back: list[set[int]] = [set() for _ in blocks]
    for number, outs in enumerate(ways):
        for to in outs:
            back[to].add(number)
    return frozenset(item for item in every if 0 not in _kept_away(item, ways, back, reach, steering))


def _kept_away(
    target: int, ways: Sequence[Collection[int]], back: Sequence[Collection[int]], reach: Sequence[int],
    steering: Collection[int],
) -> set[int]:  # fmt: skip
    """The blocks from where some answers of the steering tests keep control away from a target."""
    away = {number for number, reached in enumerate(reach) if not reached >> target & 1}
    waiting = [before for number in away for before in back[number]]
    while waiting:
        number = waiting.pop()
        if number in away or number == target:
            continue
        if number in steering or all(to in away for to in ways[number]):
            away.add(number)
            waiting.extend(back[number])
    return away


def _reach(ways: Sequence[Collection[int]]) -> list[int]:
    """The blocks that each block leads to, step by step, itself among them: bit n for the n-th."""
    reach = [1 << number for number in range(len(ways))]
    before: list[int] = []
    while before != reach:
        before = reach.copy()
        for number in range(len(ways) - 1, -1, -1):
            for to in ways[number]:
                reach[number] |= reach[to]
    return reach
