"""Along which paths does a state last? A forward walk over one body, from an operation until something ends the state.

The walk knows nothing of resources: `step` says which operation ends a path, and how. It is sensitive to tests: of a
value that is tested twice it remembers what the first test told, so paths that contradict themselves are not walked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field

from bpflint.analysis.graph import outcomes
from bpflint.analysis.walk import show, strip, walk
from bpflint.model.data import dataclass
from bpflint.model.flow import (
    AddressOf,
    Aggregate,
    Assign,
    Binary,
    Call,
    CallExpr,
    Cast,
    Constant,
    Declare,
    Deref,
    Edge,
    Evaluate,
    Expr,
    Function,
    Index,
    Name,
    Op,
    Return,
    Select,
    Test,
    Unary,
    Update,
)  # fmt: skip
from bpflint.model.layout import Opaque
from bpflint.model.source import Span

Place = tuple[int | str, ...]
"""Where a value is kept: a declaration's number (a global's name), then field names; `[]` for any element."""

Signs = int
"""A set of signs a value may have: an or of NEGATIVE, ZERO and POSITIVE; a pointer is ZERO or not."""
NEGATIVE, ZERO, POSITIVE = 1, 2, 4
ANY = NEGATIVE | ZERO | POSITIVE
_MOST_STATES = 6_000
_MOST_FACTS = 8


@dataclass(frozen=True, slots=True)
class Way:
    """What one path knows: the signs of places, and when the state does not exist (place, signs)."""

    facts: frozenset[tuple[Place, Signs]] = frozenset()
    absent: tuple[tuple[Place, Signs], ...] = ()

    def asked(self, place: Place) -> bool:
        """Return whether the path knows anything of a place."""
        return any(item[0] == place for item in (*self.facts, *self.absent))


@dataclass(frozen=True, slots=True)
class End:
    """One way in which a path ends: what `step` called it, `left` where the body ends; the tests on the way there."""

    how: str
    span: Span
    path: tuple[Span, ...] = ()
    op: Op | None = None
    way: Way = field(default_factory=Way, compare=False)
    """What was known when the path ended."""


@dataclass(slots=True)
class Body:
    """A function and the places whose tests are worth remembering."""

    function: Function
    tell: Callable[[Test], tuple[Place, Signs] | None] | None = None
    """What a test means, where there is more to know than `meaning` does."""
    watched: frozenset[Place] = field(init=False)

    def __post_init__(self) -> None:
        self.watched = _watched(self)

    def told(self, test: Test | None) -> tuple[Place, Signs] | None:
        """Return what the outcome of a test tells of a place."""
        if test is None:
            return None
        found = self.tell(test) if self.tell is not None else None
        return found or meaning(test)


def place_of(expr: Expr) -> Place | None:
    """Return the place an expression stands for; the address of a place and what a pointer points to are the same."""
    fields: list[str] = []
    while True:
        match expr:
            case Name(name=name, decl=decl):
                return None if name == "_" else (decl or name, *reversed(fields))
            case Select(base=base, field=named):
                fields.append(named)
                expr = base
            case Index(base=base):
                fields.append("[]")
                expr = base
            case Deref(pointer=inner) | AddressOf(place=inner) | Cast(value=inner):
                expr = inner
            case _:
                return None


def follow(
    body: Body, block: int, index: int, step: Callable[[Op], str | None], absent: Sequence[tuple[Place, Signs]] = ()
) -> tuple[End, ...]:
    """Return every end of the paths that start at an operation of a block, in the order they are met.

    Paths on which a place of `absent` is known to have no other sign than those given never had the state: they
    give no end. Where the body is too large to walk, the only end is `unknown`.
    """
    ends: dict[tuple[str, Span], End] = {}
    way = Way(_known_at(body, block, index).facts, tuple(absent))
    stack: list[tuple[int, int, Way, tuple[Span, ...]]] = [(block, index, way, ())]
    seen: set[tuple[int, Way]] = set()
    blocks = body.function.blocks
    while stack:
        number, start, way, path = stack.pop()
        if len(seen) > _MOST_STATES:
            return (End("unknown", body.function.span),)
        end, way, last = _through(blocks[number].ops[start:], step, way, body)
        edges = blocks[number].edges
        if end is None and not edges and _ends(blocks[number].ops):
            end = End("left", last or body.function.span)
        if end is not None:
            ends.setdefault((end.how, end.span), End(end.how, end.span, path, end.op, way))
            continue
        for edge in reversed(edges):
            taken = _along(edge, way, body)
            if taken is not None and (edge.to, taken) not in seen:
                seen.add((edge.to, taken))
                stack.append((edge.to, 0, taken, path + _shown(edge)))
    return tuple(ends.values())


def _known_at(body: Body, block: int, index: int) -> Way:
    """What the tests told that every path to an operation passes, of places that nothing writes behind them."""
    way = Way()
    for number, source in enumerate(body.function.blocks):
        for edge in source.edges:
            told = body.told(edge.test)
            if told is None or told[0] not in body.watched or _reaches(body, 0, block, (number, edge)):
                continue
            behind = (op for reached in _from(body, edge.to, None) for op in body.function.blocks[reached].ops)
            if not any(_touched(told[0], place) for op in behind for place in _writes(op)):
                way = _along(edge, way, body) or way
    for op in body.function.blocks[block].ops[:index]:
        way = _after(op, way, body)
    return way


def _reaches(body: Body, start: int, goal: int, without: tuple[int, Edge]) -> bool:
    return goal in _from(body, start, without)


def _from(body: Body, start: int, without: tuple[int, Edge] | None) -> set[int]:
    """The blocks reached from one, itself too, without an edge."""
    seen, pending = {start}, [start]
    while pending:
        number = pending.pop()
        for edge in body.function.blocks[number].edges:
            if edge.to not in seen and (without is None or number != without[0] or edge is not without[1]):
                seen.add(edge.to)
                pending.append(edge.to)
    return seen


def _writes(op: Op) -> Iterator[Place]:
    target = op.target if isinstance(op, Assign | Update) else op.result if isinstance(op, Call) else None
    for item in targets(target) if target is not None else ():
        place = place_of(item)
        if place is not None:
            yield place


def _ends(ops: Sequence[Op]) -> bool:
    """A block without edges ends the body, unless it only raises: Python's `raise` evaluates what it raises."""
    return not (ops and isinstance(ops[-1], Evaluate))


def _shown(edge: Edge) -> tuple[Span, ...]:
    span = edge.test.value.span if edge.test is not None else None
    return () if span is None else (span,)


def _through(
    ops: Sequence[Op], step: Callable[[Op], str | None], way: Way, body: Body
) -> tuple[End | None, Way, Span | None]:
    last: Span | None = None
    for op in ops:
        last = op.span
        how = step(op)
        if how is None and isinstance(op, Return):
            how = "left"
        if how is not None:
            return End(how, op.span, op=op), way, last
        way = _after(op, way, body)
    return None, way, last


def _after(op: Op, way: Way, body: Body) -> Way:
    """What is known after an operation: what it writes is forgotten, a constant or a test of the state remembered."""
    signs, held = ANY, _NOTHING
    match op:
        case Assign(target=target, value=value):
            signs, held = signs_of(value), outcomes(value)
        case Call(call=call, result=result) if result is not None:
            target, held = result, (Test(call, "true"), Test(call, "false"))
        case Update(target=target) | Declare(name=target):
            pass
        case _:
            return way
    if not (way.facts or way.absent or signs != ANY):
        return way
    found = way
    for item in targets(target):
        place = place_of(item)
        if place is not None:
            found = _written(found, place, signs, body.watched)
            found = Way(found.facts, found.absent + tuple(_derived(place, held, way, body)))
    return found


_NOTHING: tuple[Test, ...] = ()


def _derived(place: Place, held: Sequence[Test], way: Way, body: Body) -> Iterator[tuple[Place, Signs]]:
    """`failed = !obj`: when the variable has the signs of a test, the state does not exist either."""
    for test, signs in zip(held, (NEGATIVE | POSITIVE, ZERO), strict=False):
        told = body.told(test)
        if told is not None and any(item[0] == told[0] and not told[1] & ~item[1] for item in way.absent):
            yield place, signs


def targets(target: Expr) -> Iterator[Expr]:
    """Yield what an assignment writes: each of several."""
    if isinstance(target, Aggregate):
        for _, item in target.items:
            yield item
    else:
        yield target


def _written(way: Way, place: Place, signs: Signs, watched: frozenset[Place]) -> Way:
    facts = frozenset(item for item in way.facts if not _touched(item[0], place))
    absent = tuple(item for item in way.absent if item[0][: len(place)] != place)
    if signs != ANY and place in watched:
        facts |= {(place, signs)}
    return Way(facts, absent)


def _touched(known: Place, written: Place) -> bool:
    """Whether writing to a place makes what is known of another one old."""
    return known[: len(written)] == written or (known[0] == "?" and written[0] in known[2:])


def _along(edge: Edge, way: Way, body: Body) -> Way | None:
    """What is known behind an edge; None where it contradicts what was known, or the state does not exist there."""
    told = body.told(edge.test)
    if told is None:
        return way
    place, signs = told
    known = next((item for item in way.facts if item[0] == place), None)
    if known is not None:
        signs &= known[1]
    if not signs or any(item[0] == place and not signs & ~item[1] for item in way.absent):
        return None
    if place not in body.watched or (known is None and len(way.facts) >= _MOST_FACTS):
        return way
    return Way((way.facts - {known} if known else way.facts) | {(place, signs)}, way.absent)


# -- what a test tells -----------------------------------------------------------------------------------------


def signs_of(value: Expr) -> Signs:
    """Return the signs a constant expression may have, ANY for any other."""
    inner = strip(value)
    if isinstance(inner, Unary) and inner.op == "-":
        signs = signs_of(inner.value)
        return ANY if signs == ANY else (signs & ZERO) | (NEGATIVE if signs & POSITIVE else 0)
    if isinstance(inner, Constant) and isinstance(inner.value, int):
        return ZERO if inner.value == 0 else NEGATIVE if inner.value < 0 else POSITIVE
    return ANY


def meaning(test: Test) -> tuple[Place, Signs] | None:
    """Return the place a test asks about and the signs it leaves; None for a test of something else."""
    value = strip(test.value)
    if isinstance(value, Binary) and (found := _compared(value, test.outcome)) is not None:
        return found
    place = place_of(value) or _question(value)
    if place is None:
        return None
    match test.outcome:
        case "null" | "false":
            return place, ZERO
        case "nonnull" | "true":
            return place, NEGATIVE | POSITIVE
        case "error":
            return place, NEGATIVE | POSITIVE if _is_error(value) else NEGATIVE
        case _:
            return place, ZERO if _is_error(value) else ZERO | POSITIVE


def _question(value: Expr) -> Place | None:
    """A test of something else, `cfg.on()` or `a == b`: two of one wording have one answer until a part changes."""
    inside = [item for item in walk(value) if not isinstance(item, Constant | Cast)]
    if not isinstance(value, CallExpr | Binary) or not all(isinstance(i, _ASKABLE) for i in inside) or len(inside) > 12:
        return None
    words = (f"{show(item)}" for item in walk(value))
    return ("?", " ".join(words), *sorted({item.decl for item in inside if isinstance(item, Name)}))


_ASKABLE = (Name, Select, CallExpr, Binary, Deref, AddressOf, Unary, Index)


def _is_error(value: Expr) -> bool:
    """Go's `error`: nil or not, it has no sign."""
    return isinstance(value.type, Opaque) and value.type.spelling == "error"


def _compared(value: Binary, outcome: str) -> tuple[Place, Signs] | None:
    """`x > 0`, `fd == -1`: the signs of x for which the outcome is possible."""
    place, number = place_of(value.left), _number(value.right)
    if place is None or number is None or outcome not in ("true", "false"):
        return None
    holds = _COMPARE.get(value.op)
    if holds is None:
        return None
    tried = {-(1 << 40), -1, 0, 1, 1 << 40, number - 1, number, number + 1}
    signs = 0
    for item in tried:
        if holds(item, number) == (outcome == "true"):
            signs |= ZERO if item == 0 else NEGATIVE if item < 0 else POSITIVE
    return place, signs


def _number(expr: Expr) -> int | None:
    inner = strip(expr)
    if isinstance(inner, Unary) and inner.op == "-":
        value = _number(inner.value)
        return None if value is None else -value
    return inner.value if isinstance(inner, Constant) and isinstance(inner.value, int) else None


_COMPARE: Mapping[str, Callable[[int, int], bool]] = {
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip


# -- what a body is ---------------------------------------------------------------------------------------------


def _watched(body: Body) -> frozenset[Place]:
    """The places that two blocks test, or that are tested after a constant went into them."""
    tested: dict[Place, int] = {}
    constant: set[Place] = set()
    for block in body.function.blocks:
        here = {told[0] for edge in block.edges if (told := body.told(edge.test)) is not None}
        for place in here:
            tested[place] = tested.get(place, 0) + 1
        for op in block.ops:
            match op:
                case Assign(target=target, value=value) if signs_of(value) != ANY:
                    place_set = place_of(target)
                    if place_set is not None:
                        constant.add(place_set)
    return frozenset(place for place, count in tested.items() if count > 1 or place in constant)


def comes_back(function: Function, block: int) -> bool:
    """Return whether a block lies on a loop: it is reached from one of its own successors."""
    pending, seen = [edge.to for edge in function.blocks[block].edges], set[int]()
    while pending:
        item = pending.pop()
        if item == block:
            return True
        if item not in seen:
            seen.add(item)
            pending.extend(edge.to for edge in function.blocks[item].edges)
    return False
