"""What does a path know? The bytes written, where pointers lead, and the outcomes of tests that may come again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Literal, TypeVar

from bpflint.analysis.regions import UNBOUNDED, Known, Region, key_of, mask, names_in
from bpflint.analysis.walk import operations, strip
from bpflint.analysis.written import Written
from bpflint.model.data import dataclass
from bpflint.model.flow import Binary, Constant, Expr, Function, Name, Return, Test
from bpflint.model.layout import Scalar
from bpflint.model.source import Span

Outcome = Literal["null", "nonnull", "error", "ok", "true", "false"]
K = TypeVar("K")
V = TypeVar("V")


@dataclass(slots=True)
class State:
    """What holds at one point of one path."""

    bytes: dict[int, Written] = field(default_factory=dict)
    pointers: dict[int, Region] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)
    most: dict[int, int] = field(default_factory=dict)
    """The most an integer local can be, which is not negative: `x & 7`."""
    values: dict[object, int] = field(default_factory=dict)
    signs: dict[object, str] = field(default_factory=dict)
    exists: bool = False
    """The last CO-RE test held."""
    missing: int = 0
    """How many CO-RE tests did not hold."""
    path: tuple[Span, ...] = ()
    partial: frozenset[tuple[int, str, int, int]] = frozenset()
    """Objects, the functions that wrote to them, the bits they do so on some paths only, and those they were given."""

    def copy(self) -> State:
        """Return a state that may change by itself."""
        return State(
            dict(self.bytes), dict(self.pointers), dict(self.numbers), dict(self.most), dict(self.values),
            dict(self.signs), self.exists, self.missing, self.path, self.partial,
        )  # fmt: skip

    def key(self) -> object:
        """Return what makes two states of a block the same."""
        tables = (self.bytes, self.pointers, self.numbers, self.most, self.values, self.signs)
        return *[frozenset(item.items()) if item else None for item in tables], self.exists, min(self.missing, 2)

    def joined(self, other: State) -> State:
        """Return what holds in both; an object that only one knows is dropped.

        Where a number that both know is lost it may count what is written: `for (i = 0; i < 99; i++) k.a[i] = 0`. What
        neither has written of an object that they disagree on counts as perhaps written then.
        """
        both = {key: item.joined(other.bytes[key]) for key, item in self.bytes.items() if key in other.bytes}
        if any(other.numbers.get(key, number) != number for key, number in self.numbers.items()):
            counted = [key for key in both if self.bytes[key] != other.bytes[key]]
            both |= {key: both[key].maybe(mask(0, UNBOUNDED)) for key in counted}
        mixed = self.path if len(self.path) <= len(other.path) else other.path
        return State(
            both, _common(self.pointers, other.pointers), _common(self.numbers, other.numbers),
            _common(self.most, other.most), _common(self.values, other.values),
            _common(self.signs, other.signs), path=mixed, partial=self.partial | other.partial,
        )  # fmt: skip

    def forget(self, name: Name) -> None:
        """Drop what was known of a local, and of values that are read through it."""
        self.numbers.pop(name.decl, None)
        self.most.pop(name.decl, None)
        self.pointers.pop(name.decl, None)
        mine = ("name", name.decl)
        for table in (self.values, self.signs):
            for key in [item for item in table if mine in names_in(item)]:
                del table[key]

    def is_unlikely(self) -> bool:
        """A ladder of CO-RE variants of which none exists on this kernel."""
        return self.missing >= 2 and not self.exists


def _common(left: dict[K, V], right: dict[K, V]) -> dict[K, V]:
    return {key: value for key, value in left.items() if right.get(key) == value}


Told = tuple[object, str | int]
"""The key of a value, and its sign or what it is."""


def facts_of(state: State) -> Iterator[Told]:
    """Yield what is known of values that are no local's number."""
    yield from state.values.items()
    yield from state.signs.items()


OPPOSITE: Mapping[str, Outcome] = {
    "null": "nonnull", "nonnull": "null", "true": "false", "false": "true", "error": "ok", "ok": "error",
}  # fmt: skip
SIGN = {
    "null": "zero", "false": "zero", "nonnull": "nonzero", "true": "nonzero", "error": "negative", "ok": "nonneg",
}  # fmt: skip
EXCLUDE = frozenset((
    ("zero", "nonzero"), ("nonzero", "zero"), ("zero", "negative"), ("negative", "zero"), ("negative", "nonneg"),
    ("nonneg", "negative"),
))  # fmt: skip


def holds(number: int, outcome: str) -> bool:
    """Return whether a number passes a test."""
    match outcome:
        case "null" | "false":
            return number == 0
        case "nonnull" | "true":
            return number != 0
        case "error":
            return number < 0
        case _:
            return number >= 0


def compatible(sign: str, number: int) -> bool:
    """Return whether a number may have a sign; anything may have the sign "" (not known)."""
    held = {"zero": number == 0, "nonzero": number != 0, "negative": number < 0, "nonneg": number >= 0}
    return held.get(sign, True)


def tell(state: State, told: frozenset[Told]) -> bool:
    """Add what another body knows to a state; return False where it cannot be here."""
    for key, what in told:
        if isinstance(what, int):
            if state.values.get(key, what) != what or not compatible(state.signs.get(key, ""), what):
                return False
            state.values[key] = what
        else:
            if (state.signs.get(key), what) in EXCLUDE:
                return False
            if key in state.values and not compatible(what, state.values[key]):
                return False
            state.signs.setdefault(key, what)
    return True


def tested_in(function: Function) -> Counter[object]:
    """Return how often each value is tested, or returned, in a body."""
    found: Counter[object] = Counter()
    for block in function.blocks:
        keys = {subject_of(edge.test.value) for edge in block.edges if edge.test is not None}
        found.update(keys - {None})
    for op in operations(function):
        if isinstance(op, Return) and op.value is not None:
            found[key_of(op.value)] += 1
    return found


def plain(value: Expr) -> Expr:
    """Return a test without its disguise: `x > 0` of an unsigned x asks whether it is not zero."""
    inner = strip(value)
    if isinstance(inner, Binary) and inner.op == ">" and _is_unsigned(strip(inner.left)):
        right = strip(inner.right)
        if isinstance(right, Constant) and right.value == 0:
            return strip(inner.left)
    return inner


def subject_of(value: Expr) -> object:
    """What a test is about: the left side of a comparison with a constant, else the whole."""
    inner = plain(value)
    if isinstance(inner, Binary) and isinstance(strip(inner.right), Constant):
        return key_of(inner.left)
    return key_of(inner)


def base_of_key(key: object) -> object:
    """Return the subject of a test by its key: see `subject_of`."""
    match key:
        case ("binary", _, left, ("constant", _)):
            return left
        case _:
            return key


def most_of(known: Known, value: Expr) -> int | None:
    """The most that `x & mask` or `x % n` can be."""
    inner = strip(value)
    if not isinstance(inner, Binary) or inner.op not in ("&", "%"):
        return None
    number = known.number(inner.right)
    return None if number is None or number < 0 else number if inner.op == "&" else number - 1


def bounded(known: Known, value: Expr, test: Test, most: Mapping[int, int]) -> int | None:
    """The outcome of comparing a local with a bound that it cannot pass, as programs do to convince the verifier."""
    if not isinstance(value, Binary):
        named = value.decl if isinstance(value, Name) else 0
        return 0 if test.outcome in ("ok", "error") and (named in most or _is_unsigned(value)) else None
    left, limit = strip(value.left), known.number(value.right)
    if not isinstance(left, Name) or limit is None:
        return None
    top = most.get(left.decl)
    at_least_zero = top is not None or _is_unsigned(left)
    match value.op:
        case "<" | ">=" if at_least_zero and limit <= 0:
            return int(value.op == ">=")
        case "<" | ">=" if top is not None and limit > top:
            return int(value.op == "<")
        case "<=" | ">" if top is not None and limit >= top:
            return int(value.op == "<=")
    return None


def _is_unsigned(expr: Expr) -> bool:
    return isinstance(expr.type, Scalar) and expr.type.kind in ("int", "char") and expr.type.signed is False
