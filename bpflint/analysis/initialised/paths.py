"""Which ways lead through a body, and what is known on each? Blocks, edges and what their tests tell."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

from bpflint.analysis.initialised.calls import called, inner_calls, made_by
from bpflint.analysis.initialised.frame import LARGEST, Frame
from bpflint.analysis.initialised.stores import assign, escape, update
from bpflint.analysis.initialised.unit import Functions, Given, Tested
from bpflint.analysis.path_state import (
    EXCLUDE,
    OPPOSITE,
    SIGN,
    State,
    Told,
    bounded,
    compatible,
    holds,
    tell,
)  # fmt: skip
from bpflint.analysis.regions import UNBOUNDED, Object, Region, mask, object_key
from bpflint.analysis.summaries import End, Summary, joined_ends, uneven
from bpflint.analysis.walk import strip
from bpflint.analysis.written import Written
from bpflint.model.flow import (
    Assign,
    Binary,
    Block,
    Call,
    CallExpr,
    Declare,
    Edge,
    Evaluate,
    Expr,
    Function,
    Name,
    Op,
    Return,
    Test,
    Unknown,
    Update,
)  # fmt: skip
from bpflint.model.layout import Pointer, RecordDecl
from bpflint.model.source import Span

_MOST_STATES = 8
"""Different states of one block before those are joined that agree on the numbers of locals."""
_MOST_COUNTS = 80
"""Different numbers of locals in one block, as a loop counts them, before all its states are joined."""
_MOST_STEPS = 1_000
"""Operations walked in one body before all states of a block are joined."""
_FEW_STEPS = 60
"""Operations walked in one body before what no way from a block reads is forgotten there: states meet sooner."""
_MOST_FORKS = 6
"""Different states that calls in one block lead to before they are joined."""


def walked(unit: Functions, function: Function, given: Given, told: frozenset[Told]) -> Summary:
    """Return what one walk over a body found, given the constant arguments and facts of its caller."""
    frame = Frame(unit, function, given, told)
    if function.blocks:
        _walk(frame, _entry(frame))
    result = frame.result
    result.some = uneven(result.ends)
    result.ends = joined_ends(result.ends)
    return result


def _entry(frame: Frame) -> State:
    state = State()
    tell(state, frame.told)
    for position, item in enumerate(frame.function.params):
        if position < len(frame.given) and (number := frame.given[position]) is not None:
            state.numbers[item.decl] = number
        if isinstance(item.type, Pointer):
            record = isinstance(item.type.pointee, RecordDecl)
            size = (frame.layouts.size(item.type.pointee) if record else None) or UNBOUNDED
            if size > LARGEST:
                continue
            key = object_key("parameter", item.decl)
            frame.objects[key] = Object("parameter", item, item.type.pointee, size, item.span)
            state.pointers[item.decl] = Region(key, 0, size)
            state.bytes[key] = Written()
    return state


def _walk(frame: Frame, start: State) -> None:
    seen: dict[int, set[object]] = {}
    counts: dict[int, set[object]] = {}
    merged: dict[tuple[int, object], State] = {}
    work: list[tuple[int, State]] = [(0, start)]
    while work:
        number, state = work.pop()
        if frame.steps > _FEW_STEPS:
            frame.forget_dead(number, state)
        states = seen.setdefault(number, set())
        spent = frame.steps > _MOST_STEPS or frame.unit.steps > frame.unit.each
        if spent:
            frame.unit.unfinished[frame.function.name] = frame.function
        if spent or len(states) > _MOST_STATES:
            known = counts.setdefault(number, set())
            known.add(frozenset(state.numbers.items()))
            place = (number, frozenset(state.numbers.items()) if len(known) <= _MOST_COUNTS and not spent else None)
            before = merged.get(place)
            state = state if before is None else before.joined(state)
            if before is not None and before.key() == state.key():
                continue
            merged[place] = state.copy()
        else:
            key = state.key()
            if key in states:
                continue
            states.add(key)
        for ended in _block(frame, frame.function.blocks[number], state):
            work.extend(_out(frame, frame.function.blocks[number], ended))


def _block(frame: Frame, block: Block, state: State) -> list[State]:
    """Run the operations of a block; the states that leave it by its edges."""
    states = [state]
    for op in block.ops:
        frame.steps += len(states)
        frame.unit.steps += len(states)
        if isinstance(op, Return):
            for item in states:
                for ended in inner_calls(frame, op, item):
                    _return(frame, op.value, ended)
            return []
        states = _told_apart([after for item in states for after in _step(frame, op, item)], frame.steps)
    if not block.edges:
        for item in states:
            _return(frame, None, item)
        return []
    return states


def _out(frame: Frame, block: Block, state: State) -> Iterator[tuple[int, State]]:
    for edge in reversed(block.edges):
        after = state.copy() if len(block.edges) > 1 else state
        if _take(frame, after, edge, block):
            yield edge.to, after


def _take(frame: Frame, state: State, edge: Edge, block: Block) -> bool:
    if edge.test is None:
        others = [item.test for item in block.edges if item.test is not None]
        return all(_learn(frame, state, Test(item.value, OPPOSITE[item.outcome])) for item in others)
    if len(block.edges) > 1 and edge.test.value.span is not None:
        state.path = (*state.path[-11:], edge.test.value.span)
    return _learn(frame, state, edge.test)


def _learn(frame: Frame, state: State, test: Test) -> bool:
    """Add what a test tells; False where the path cannot be."""
    asked = frame.unit.tested(test.value)
    value = asked.value
    known = frame.known(state)
    number = known.number(value)
    if number is None:
        number = bounded(known, value, test, state.most)
    if number is not None:
        return holds(number, test.outcome)
    zero = test.outcome in ("null", "false")
    if zero and isinstance(value, Name) and value.decl in frame.certain:
        return False
    if asked.core:
        state.missing += zero
        state.exists = not zero
    region = known.address(value)
    if region is not None and zero:
        return _is_null(frame, state, asked, region, test.outcome)
    for name in asked.names:  # a counter whose bound is not known counts no further
        state.numbers.pop(name, None)
    return _agree(frame, state, asked, test.outcome)


def _is_null(frame: Frame, state: State, asked: Tested, region: Region, outcome: str) -> bool:
    """Forget what a pointer leads to; False where it cannot be null: of a parameter the caller may know."""
    kind = frame.objects[region.object].kind
    if kind == "local" or (kind == "parameter" and not _agree(frame, state, asked, outcome)):
        return False
    if kind != "parameter":
        state.bytes.pop(region.object, None)
    if isinstance(asked.value, Name):
        state.pointers.pop(asked.value.decl, None)
    return True


def _agree(frame: Frame, state: State, asked: Tested, outcome: str) -> bool:
    value, subject = asked.value, asked.subject
    if subject is None or (frame.asked[subject] < 2 and not frame.is_callers(subject)):
        return True
    if isinstance(value, Binary) and value.op in ("==", "!="):
        right = frame.known(state).number(value.right)
        if right is not None and (value.op == "==") == (outcome == "true"):
            sign = state.signs.get(subject)
            state.values[subject] = right
            return sign is None or compatible(sign, right)
    key, sign = asked.key, SIGN[outcome]
    before = state.signs.get(key)
    if before is not None and (before, sign) in EXCLUDE:
        return False
    if before is None or sign in ("zero", "negative"):
        state.signs[key] = sign
    if sign == "zero":
        state.values[key] = 0
    return True


def _step(frame: Frame, op: Op, state: State) -> list[State]:
    match op:
        case Declare(name=name):
            _declare(frame, name, state, op.span)
            return [state]
        case Call(call=call, result=result):
            return called(frame, call, result, state)
    states = inner_calls(frame, op, state)
    for item in states:
        match op:
            case Assign(target=target, value=value, declares=declares):
                assign(frame, target, value, item, declares=declares)
            case Update(target=target, op=word, value=value):
                update(frame, target, word, value, item)
            case Evaluate(value=Unknown() as unknown):
                escape(frame, unknown, item)
    return states


def _return(frame: Frame, value: Expr | None, state: State) -> None:
    if state.is_unlikely():
        return
    known = frame.known(state)
    region = None if value is None else known.address(value)
    number = None if value is None else known.number(value)
    fresh = None
    if value is not None and isinstance(call := strip(value), CallExpr) and frame.unit.is_fresh(call):
        made = made_by(frame, call, state)
        if made is not None:
            fresh = Object(made[0], Name(call.callee), None, made[1] or UNBOUNDED, call.span)
    written: list[tuple[int, Written]] = []
    for position, item in enumerate(frame.function.params):
        key = object_key("parameter", item.decl)
        if key in state.bytes:
            written.append((position, state.bytes[key]))
    out: int | Region | None = number
    filled = Written()
    if region is not None:
        object_ = frame.objects[region.object]
        if object_.kind in ("reserved", "scratch"):
            fresh, filled = object_, _filled(state, region)
        elif object_.kind == "parameter":
            position = next(n for n, item in enumerate(frame.function.params) if item.decl == object_.name.decl)
            out = region._replace(object=position)
    sign = state.signs.get(frame.unit.key(value), "") if value is not None else ""
    end = End(out, fresh, tuple(written), sign, frame.callers_facts(state), filled)
    if end not in frame.result.ends:
        frame.result.ends.append(end)


def _filled(state: State, region: Region) -> Written:
    """What is written of fresh memory from where the returned pointer points to."""
    known = state.bytes.get(region.object, Written())
    if not region.exact:
        return known.maybe(mask(0, UNBOUNDED))
    return known.part(region.start, mask(0, UNBOUNDED))


def _declare(frame: Frame, name: Name, state: State, span: Span) -> None:
    state.forget(name)
    size = frame.layouts.size(name.type)
    if name.decl in frame.relevant and size and not isinstance(name.type, Pointer):
        frame.objects.setdefault(name.decl, Object("local", name, name.type, size, span))
        state.bytes[name.decl] = Written()


def _told_apart(states: list[State], steps: int) -> list[State]:
    """States that one operation led to, each once; joined where they are too many."""
    if len(states) < 2:
        return states
    states = list({item.key(): item for item in states}.values())
    if len(states) <= _MOST_FORKS and steps <= _MOST_STEPS:
        return states
    return [reduce(State.joined, states)]
