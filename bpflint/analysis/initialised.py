"""Which bytes are written when an object's address goes to a helper, a map or user space? Padding counts.

A forward walk over the paths of a body: loops with constant bounds are run, tests of the same value agree with each
other, calls are followed into the functions of the unit. Each bit of an object is written, perhaps written or not
written on a path; what the walk does not understand makes bits "perhaps", and those are neither claimed to be set
nor reported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce

from bpflint.analysis.certain import certain_pointers
from bpflint.analysis.initialisers import clang_clears, members, set_bits
from bpflint.analysis.path_state import (
    EXCLUDE,
    OPPOSITE,
    SIGN,
    State,
    Told,
    base_of_key,
    bounded,
    compatible,
    facts_of,
    holds,
    most_of,
    plain,
    subject_of,
    tested_in,
)  # fmt: skip
from bpflint.analysis.regions import (
    UNBOUNDED,
    Kind,
    Known,
    Layouts,
    Object,
    Region,
    key_of,
    mask,
    mentions_key,
    object_key,
    substituted,
)  # fmt: skip
from bpflint.analysis.summaries import End, Sink, Summary, joined_ends, uneven
from bpflint.analysis.walk import calls, expressions, operations, strip, walk
from bpflint.analysis.written import Written
from bpflint.model.flow import (
    AddressOf,
    Aggregate,
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
from bpflint.model.layout import Abi, Array, Pointer, RecordDecl, Type
from bpflint.model.memory import Calls, Role, Touch
from bpflint.model.source import Span
from bpflint.model.unit import MapDef

_MOST_STATES = 8
"""Different states of one block before they are joined."""
_MOST_STEPS = 1_000
"""Operations walked in one body before all states of a block are joined."""
_MOST_FORKS = 6
"""Different states that calls in one block lead to before they are joined."""
_LARGEST = UNBOUNDED
"""Bits of an object that is followed: larger ones are buffers whose length is sent along."""
_MOST_WALKS = 4
"""Walks of one function, each for what another caller knows, before one stands for all."""
_STEPS_EACH = 8
"""Operations walked in a unit for each that it has, before calls and paths are no longer told apart; as many again,
and calls are not followed any more: what they are given counts as perhaps written.
"""
_DEPTH = 5
_EXISTS = ("__builtin_preserve_field_info", "__builtin_preserve_type_info", "__builtin_preserve_enum_value")
_PER_CPU = "percpu_array"
_LOOKUPS = ("bpf_map_lookup_elem", "lookup")


@dataclass(frozen=True, slots=True)
class Reach:
    """An object's bytes reach a helper. Masks are over the object's bits, cut to what is read.

    `never` bits are written on no path that leads here, `sometimes` bits (which include them) not on every one;
    `certain` bits are written on all. `loose` and `text` say why: see `Written`.
    """

    function: Function
    object: Object
    role: Role
    map: str
    call: CallExpr
    """The call in this function that is given the address."""
    reader: CallExpr
    """The helper's call: the same one, or one further in."""
    within: Function
    """The function whose body holds that."""
    start: int
    end: int
    never: int
    sometimes: int
    certain: int
    loose: int
    text: int
    path: tuple[Span, ...]
    """The tests on the way, of the first path that leaves bytes unwritten."""
    partial: frozenset[tuple[Function, int, int]]
    """Functions that wrote to it: the missing bits they write on some paths only, and those they were given."""


def all_reaches(functions: Iterable[Function], maps: Iterable[MapDef], calls_: Calls, abi: Abi) -> tuple[Reach, ...]:
    """Return every place in a unit where a followed object's bytes are read by a helper or handed out."""
    return tuple(_Unit(functions, maps, calls_, abi).reaches())


class _Unit:
    """The functions of one unit, each walked once for each set of constant arguments."""

    def __init__(self, functions: Iterable[Function], maps: Iterable[MapDef], calls_: Calls, abi: Abi) -> None:
        known = list(functions)
        # a body with errors in it may lack the very statements that write: what it is given counts as written
        self.functions = {item.name: item for item in known if not item.incomplete}
        self.broken = [item for item in known if item.incomplete]
        self.maps = {item.name: item for item in maps}
        self.calls = calls_
        self.layouts = Layouts(abi)
        self.found: dict[object, Reach] = {}
        self.summaries: dict[object, Summary] = {}
        self.walks: Counter[str] = Counter()
        self.open: list[object] = []
        self.each = 2_000 + _STEPS_EACH * sum(len(block.ops) for item in known for block in item.blocks)
        self.steps = 0
        self.followed = self._with_reads()
        self._relevant: dict[str, frozenset[int]] = {}
        self._asked: dict[str, Counter[object]] = {}

    def _with_reads(self) -> frozenset[str]:
        """The functions that, themselves or through calls, hand memory to a helper or return some that is not set."""
        called = {name: {call.callee for call, _ in calls(item)} for name, item in self.functions.items()}
        found = {
            name for name, item in self.functions.items()
            if any(self.touches(call) or self.is_fresh(call) for call, _ in calls(item))
        }  # fmt: skip
        while True:
            more = {name for name, inner in called.items() if name not in found and not found.isdisjoint(inner)}
            if not more:
                return frozenset(found)
            found |= more

    def reaches(self) -> list[Reach]:
        inner = {call.callee for item in self.functions.values() for call, _ in calls(item)}
        for name, item in self.functions.items():
            if name in self.followed and (name not in inner or not item.static):
                self.summary(item, ())
        for item in self.broken:
            self.summary(item, ())
        for name, item in self.functions.items():  # what only a cycle of calls reaches
            if name in self.followed and not item.static and (name, (), frozenset()) not in self.summaries:
                self.summary(item, ())
        return sorted(self.found.values(), key=lambda item: item.call.span or item.function.span)

    def touches(self, call: CallExpr) -> tuple[Touch, ...]:
        if call.receiver is not None:
            return self.calls.methods.get(call.callee, ())
        return self.calls.functions.get(call.callee, ())

    def is_fresh(self, call: CallExpr) -> bool:
        return call.callee in self.calls.fresh or call.callee in _LOOKUPS

    def summary(
        self, function: Function, given: tuple[int | None, ...], told: frozenset[Told] = frozenset()
    ) -> Summary | None:
        """Return what a call of a function does, None for one that is being walked already or would take too long."""
        key = (function.name, given, told)
        if key not in self.summaries and (self.walks[function.name] >= _MOST_WALKS or self.steps > self.each):
            given, told = (), frozenset()
            key = (function.name, given, told)
        if key not in self.summaries:
            self.walks[function.name] += 1
            if key in self.open or len(self.open) > _DEPTH or self.steps > (2 if self.open else 3) * self.each:
                return None
            self.open.append(key)
            self.summaries[key] = _Body(self, function, given, told).run()
            self.open.pop()
        return self.summaries[key]

    def relevant(self, function: Function) -> frozenset[int]:
        """The locals whose address is used, and those whose value is copied into them."""
        if function.name not in self._relevant:
            self._relevant[function.name] = _relevant(function)
        return self._relevant[function.name]

    def asked(self, function: Function) -> Counter[object]:
        """How often each value is tested in a body, and by the functions it calls."""
        if function.name not in self._asked:
            self._asked[function.name] = found = tested_in(function)
            for call, _ in calls(function):
                inner = self.functions.get(call.callee)
                if inner is not None and inner is not function:
                    names = _names(inner, call)
                    found.update(key for item in tested_in(inner) if (key := substituted(item, names)) is not None)
        return self._asked[function.name]

    def map_of(self, call: CallExpr) -> MapDef | None:
        """The map that a call names."""
        for item in (call.receiver,) if call.receiver is not None else call.args[:2]:
            found = self.map_named(item)
            if found is not None:
                return found
        return None

    def map_named(self, expr: Expr) -> MapDef | None:
        """The map that an expression is the address of."""
        inner = strip(expr)
        place = strip(inner.place) if isinstance(inner, AddressOf) else inner
        return self.maps.get(place.name) if isinstance(place, Name) and not place.decl else None


def _parameter(function: Function, expr: Expr) -> int | None:
    """Which parameter of a function an expression is."""
    inner = strip(expr)
    decl = inner.decl if isinstance(inner, Name) and inner.storage == "parameter" else 0
    return next((n for n, item in enumerate(function.params) if item.decl == decl), None)


def _relevant(function: Function) -> frozenset[int]:
    found: set[int] = set()
    for op in operations(function):
        for expr in expressions(op):
            if isinstance(expr, AddressOf):
                found.update(_root(expr.place))
            elif isinstance(expr, Name) and isinstance(expr.type, Array):
                found.add(expr.decl)
            elif isinstance(expr, CallExpr) and expr.receiver is not None:
                found.update(decl for item in expr.args for decl in _root(item))
    while True:
        more = {
            item.decl
            for op in operations(function)
            if isinstance(op, Assign) and not found.isdisjoint(_root(op.target))
            for item in walk(op.value) if isinstance(item, Name) and item.storage == "local"
        } - found  # fmt: skip
        if not more:
            return frozenset(found - {0})
        found |= more


def _root(place: Expr) -> tuple[int, ...]:
    """The local that a place belongs to."""
    inner = strip(place)
    while not isinstance(inner, Name):
        base = getattr(inner, "base", None)
        if base is None:
            return ()
        inner = strip(base)
    return (inner.decl,) if inner.storage == "local" else ()


def _map_parameter(function: Function, call: CallExpr) -> int | None:
    """Which parameter of a function a call takes as its map: the first pointer it is given."""
    for item in call.args[:2]:
        found = _parameter(function, item)
        if found is not None and call.callee.startswith("bpf_") and (item is call.args[0] or "output" in call.callee):
            return found
    return None


def _names(function: Function, call: CallExpr) -> dict[object, object]:
    """The keys of a function's parameters, each with that of what a call passes."""
    pairs = zip(function.params, call.args, strict=False)
    return {("name", item.decl): key for item, given in pairs if (key := key_of(given)) is not None}


class _Body:
    """One walk over one body."""

    def __init__(
        self, unit: _Unit, function: Function, given: tuple[int | None, ...], told: frozenset[Told]
    ) -> None:
        self.unit, self.function, self.given, self.told = unit, function, given, told
        self.layouts = unit.layouts
        self.objects: dict[int, Object] = {}
        self.result = Summary()
        self.relevant = unit.relevant(function)
        self.asked = unit.asked(function)
        self.certain = certain_pointers(function, unit.calls.never_null)
        self.steps = 0

    def run(self) -> Summary:
        if self.function.blocks:
            self._walk(self._entry())
        self.result.some = uneven(self.result.ends)
        self.result.ends = joined_ends(self.result.ends)
        return self.result

    def _entry(self) -> State:
        state = State()
        self._tell(state, self.told)
        for position, item in enumerate(self.function.params):
            if position < len(self.given) and (number := self.given[position]) is not None:
                state.numbers[item.decl] = number
            if isinstance(item.type, Pointer):
                record = isinstance(item.type.pointee, RecordDecl)
                size = (self.layouts.size(item.type.pointee) if record else None) or UNBOUNDED
                if size > _LARGEST:
                    continue
                key = object_key("parameter", item.decl)
                self.objects[key] = Object("parameter", item, item.type.pointee, size, item.span)
                state.pointers[item.decl] = Region(key, 0, size)
                state.bytes[key] = Written()
        return state

    @staticmethod
    def _tell(state: State, told: frozenset[Told]) -> bool:
        """Add what another body knows; False where it cannot be here."""
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

    def _walk(self, start: State) -> None:
        seen: dict[int, set[object]] = {}
        merged: dict[int, State] = {}
        work: list[tuple[int, State]] = [(0, start)]
        while work:
            number, state = work.pop()
            states = seen.setdefault(number, set())
            many = len(states) > _MOST_STATES or self.steps > _MOST_STEPS or self.unit.steps > self.unit.each
            if number in merged or many:
                before = merged.get(number)
                state = state if before is None else before.joined(state)
                if before is not None and before.key() == state.key():
                    continue
                merged[number] = state.copy()
            else:
                key = state.key()
                if key in states:
                    continue
                states.add(key)
            for ended in self._block(self.function.blocks[number], state):
                work.extend(self._out(self.function.blocks[number], ended))

    def _block(self, block: Block, state: State) -> list[State]:
        """Run the operations of a block; the states that leave it by its edges."""
        states = [state]
        for op in block.ops:
            self.steps += len(states)
            self.unit.steps += len(states)
            if isinstance(op, Return):
                for item in states:
                    for ended in self._calls(op, item):
                        self._return(op.value, ended)
                return []
            states = _told_apart([after for item in states for after in self._step(op, item)], self.steps)
        if not block.edges:
            for item in states:
                self._return(None, item)
            return []
        return states

    def _out(self, block: Block, state: State) -> Iterator[tuple[int, State]]:
        for edge in reversed(block.edges):
            after = state.copy() if len(block.edges) > 1 else state
            if self._take(after, edge, block):
                yield edge.to, after

    # -- tests -------------------------------------------------------------------------------------------------

    def _take(self, state: State, edge: Edge, block: Block) -> bool:
        if edge.test is None:
            others = [item.test for item in block.edges if item.test is not None]
            return all(self._learn(state, Test(item.value, OPPOSITE[item.outcome])) for item in others)
        if len(block.edges) > 1 and edge.test.value.span is not None:
            state.path = (*state.path[-11:], edge.test.value.span)
        return self._learn(state, edge.test)

    def _learn(self, state: State, test: Test) -> bool:
        """Add what a test tells; False where the path cannot be."""
        value = plain(test.value)
        known = self._known(state)
        number = known.number(value)
        if number is None:
            number = bounded(known, value, test, state.most)
        if number is not None:
            return holds(number, test.outcome)
        zero = test.outcome in ("null", "false")
        if zero and isinstance(value, Name) and value.decl in self.certain:
            return False
        if any(isinstance(item, CallExpr) and item.callee in _EXISTS for item in walk(value)):
            state.missing += zero
            state.exists = not zero
        region = known.address(value)
        if region is not None and zero:
            return self._is_null(state, value, region)
        for item in walk(value):  # a counter whose bound is not known counts no further
            if isinstance(item, Name):
                state.numbers.pop(item.decl, None)
        return self._agree(state, value, test.outcome)

    def _is_null(self, state: State, value: Expr, region: Region) -> bool:
        kind = self.objects[region.object].kind
        if kind == "local":
            return False
        if kind != "parameter":
            state.bytes.pop(region.object, None)
        if isinstance(value, Name):
            state.pointers.pop(value.decl, None)
        return True

    def _agree(self, state: State, value: Expr, outcome: str) -> bool:
        subject = subject_of(value)
        if subject is None or (self.asked[subject] < 2 and not self._is_callers(subject)):
            return True
        if isinstance(value, Binary) and value.op in ("==", "!="):
            right = self._known(state).number(value.right)
            if right is not None and (value.op == "==") == (outcome == "true"):
                sign = state.signs.get(subject)
                state.values[subject] = right
                return sign is None or compatible(sign, right)
        key = key_of(value)
        sign = SIGN[outcome]
        before = state.signs.get(key)
        if before is not None and (before, sign) in EXCLUDE:
            return False
        if before is None or sign in ("zero", "negative"):
            state.signs[key] = sign
        if sign == "zero":
            state.values[key] = 0
        return True

    def _callers_facts(self, state: State) -> frozenset[Told]:
        """What is known of values that a caller may know too."""
        return frozenset(item for item in facts_of(state) if self._is_callers(item[0]))

    def _is_callers(self, subject: object) -> bool:
        """Whether a value is the caller's, who may test it too."""
        own: dict[object, object] = {("name", item.decl): ("name", item.decl) for item in self.function.params}
        return self.function.static and not self.function.section and substituted(subject, own) is not None

    # -- operations --------------------------------------------------------------------------------------------

    def _known(self, state: State) -> Known:
        return Known(self.objects, state.pointers, state.numbers, state.values, self.layouts)

    def _step(self, op: Op, state: State) -> list[State]:
        match op:
            case Declare(name=name):
                self._declare(name, state, op.span)
                return [state]
            case Call(call=call, result=result):
                return self._called(call, result, state)
        states = self._calls(op, state)
        for item in states:
            match op:
                case Assign(target=target, value=value, declares=declares):
                    self._assign(target, value, item, declares=declares)
                case Update(target=target, op=word, value=value):
                    self._update(target, word, value, item)
                case Evaluate(value=Unknown() as unknown):
                    self._escape(unknown, item)
        return states

    def _declare(self, name: Name, state: State, span: Span) -> None:
        self._forget(name, state)
        size = self.layouts.size(name.type)
        if name.decl in self.relevant and size and not isinstance(name.type, Pointer):
            self.objects.setdefault(name.decl, Object("local", name, name.type, size, span))
            state.bytes[name.decl] = Written()

    def _forget(self, name: Name, state: State) -> None:
        state.numbers.pop(name.decl, None)
        state.most.pop(name.decl, None)
        state.pointers.pop(name.decl, None)
        mine = ("name", name.decl)
        for table in (state.values, state.signs):
            for key in [item for item in table if mentions_key(item, mine)]:
                del table[key]

    def _assign(self, target: Expr, value: Expr, state: State, *, declares: bool) -> None:
        known = self._known(state)
        place = known.place(target)
        source = known.address(value)
        number = known.number(value)
        written = None if place is None else self._stored(state, place, target, value)
        inner = strip(target)
        if isinstance(inner, Name) and inner.decl:
            self._forget(inner, state)
            if source is not None:
                state.pointers[inner.decl] = source
            if number is not None:
                state.numbers[inner.decl] = number
            elif (most := most_of(known, value)) is not None:
                state.most[inner.decl] = most
        elif source is not None or isinstance(strip(value), Aggregate):
            self._escape(value, state)
        if place is not None and written is not None:
            if isinstance(strip(value), Aggregate) and not declares:
                # clang builds the literal elsewhere and copies its members: padding may stay behind
                padding = place.mask & ~(members(target.type, self.layouts) << place.start)
                written = written.unsure(padding)
            state.bytes[place.object] = written

    def _stored(self, state: State, place: Region, target: Expr, value: Expr) -> Written | None:
        """The object after a value is stored at a place of it."""
        before = state.bytes.get(place.object)
        if before is None:
            return None
        size = place.end - place.start
        inner = strip(value)
        if not place.exact:
            return before.maybe(place.mask)
        if isinstance(inner, Aggregate):
            return self._listed(state, before, place, target, inner)
        source = self._known(state).place(inner)
        if source is not None and source.exact and self._is_own(source) and source.object in state.bytes:
            if source.end - source.start == size:
                part = state.bytes[source.object].part(source.start, mask(0, size))
                return before.with_part(place.start, mask(0, size), part)
            if not state.bytes[source.object].perhaps & source.mask:
                return before.without(place.mask)
            return before.maybe(place.mask)
        return before.wrote(place.mask)

    def _is_own(self, region: Region) -> bool:
        """What lies behind a parameter is the caller's: it counts as set when it is read."""
        return self.objects[region.object].kind != "parameter"

    def _listed(self, state: State, before: Written, place: Region, target: Expr, value: Aggregate) -> Written:
        type_ = target.type
        size = place.end - place.start
        bits = set_bits(value, type_, self.layouts, lambda item, width: self._source(state, item, width))
        if bits is None:
            return before.maybe(place.mask)
        whole = mask(0, size)
        now = before.without(place.mask).wrote(bits << place.start)
        rest = whole & ~bits
        if rest and clang_clears(value, type_, self.layouts):
            return now.maybe((rest & ~self._garbage(value, type_, bits)) << place.start)
        # what is no member is padding; of a union the list sets the member it names, and clang writes no more
        return now._replace(loose=now.loose | (rest & ~members(type_, self.layouts)) << place.start)

    def _garbage(self, value: Aggregate, type_: Type | None, bits: int) -> int:
        """Members that a list sets to a local which is not set itself."""
        owned = set_bits(value, type_, self.layouts, lambda _, width: mask(0, width)) or 0
        return owned & ~bits

    def _source(self, state: State, value: Expr, width: int) -> int:
        """Which of the first bits of a value are set: all, but for a local that is not."""
        region = self._known(state).place(strip(value))
        if region is None or not region.exact or not self._is_own(region) or region.object not in state.bytes:
            return mask(0, width)
        part = state.bytes[region.object].part(region.start, mask(0, region.end - region.start))
        return part.perhaps if region.end - region.start >= width else mask(0, width) if part.perhaps else 0

    def _update(self, target: Expr, word: str, value: Expr, state: State) -> None:
        inner = strip(target)
        if not isinstance(inner, Name) or not inner.decl:
            return
        op = {"++": "+", "--": "-"}.get(word, word.removesuffix("="))
        changed = Binary(op, inner, value, inner.type)
        known = self._known(state)
        number, region = known.number(changed), known.address(changed)
        if inner.decl in state.pointers and region is None:
            region = replace(state.pointers[inner.decl], exact=False)
        self._forget(inner, state)
        if number is not None:
            state.numbers[inner.decl] = number
        if region is not None:
            state.pointers[inner.decl] = region

    def _escape(self, expr: Expr, state: State) -> None:
        """Somebody else may write to whatever an expression hands out."""
        known = self._known(state)
        for item in walk(expr):
            region = known.address(item) or (known.place(item) if isinstance(expr, Unknown) else None)
            if region is not None and region.object in state.bytes:
                whole = mask(0, self.objects[region.object].size)
                state.bytes[region.object] = state.bytes[region.object].maybe(whole)

    # -- calls -------------------------------------------------------------------------------------------------

    def _calls(self, op: Op, state: State) -> list[State]:
        """Run the calls that stand inside an operation, innermost first."""
        found = [item for item in expressions(op) if isinstance(item, CallExpr)]
        states = [state]
        for call in reversed(found):
            states = [after for item in states for after in self._called(call, None, item, inner=False)]
        return states

    def _called(self, call: CallExpr, result: Expr | None, state: State, *, inner: bool = True) -> list[State]:
        if inner:
            nested = [item for arg in call.args for item in walk(arg) if isinstance(item, CallExpr)]
            states = [state]
            for item in reversed(nested):
                states = [after for one in states for after in self._called(item, None, one, inner=False)]
        else:
            states = [state]
        return [done for item in states for done in self._effect(call, result, item)]

    def _effect(self, call: CallExpr, result: Expr | None, state: State) -> list[State]:
        if result is not None and (place := self._known(state).place(result)) is not None:
            before = state.bytes.get(place.object)
            if before is not None:
                state.bytes[place.object] = before.wrote(place.mask) if place.exact else before.maybe(place.mask)
        touches = self.unit.touches(call)
        own = self.unit.functions.get(call.callee) if call.receiver is None and not touches else None
        if self.unit.is_fresh(call) and self._fresh(call, result, state):
            return [state]
        if own is not None:
            summary = self._summary(own, call, state)
            if summary is not None:
                return self._through(own, summary, call, result, state)
        self._bind(call, None, result, state)
        if touches:
            return self._touched(call, touches, result, state)
        if call.callee not in self.unit.calls.harmless:
            for item in call.args:
                self._given_away(item, state)
        return [state]

    def _given_away(self, expr: Expr, state: State) -> None:
        known = self._known(state)
        for item in walk(expr):
            region = known.address(item)
            if region is not None and region.object in state.bytes:
                state.bytes[region.object] = state.bytes[region.object].maybe(region.mask)
                return

    def _bind(
        self, call: CallExpr, number: int | None, result: Expr | None, state: State, sign: str = ""
    ) -> None:  # fmt: skip
        """Give the variable, or the expression, that holds a call's result its value."""
        inner = None if result is None else strip(result)
        if isinstance(inner, Name) and inner.decl:
            self._forget(inner, state)
            if number is not None:
                state.numbers[inner.decl] = number
        key = key_of(call)
        state.values.pop(key, None)
        state.signs.pop(key, None)
        if number is not None and key is not None:
            state.values[key] = number
        for name in (key, None if inner is None else key_of(inner)) if sign else ():
            state.signs[name] = sign

    def _fresh(self, call: CallExpr, result: Expr | None, state: State) -> bool:
        """Follow memory that is handed out as it was: a reservation, or the value of a per-CPU scratch map."""
        made = self._made(call, state)
        if made is None:
            return False
        self._bind(call, None, result, state)
        inner = None if result is None else strip(result)
        if isinstance(inner, Name) and inner.decl:
            self._hold(made, inner, state)
        return True

    def _made(self, call: CallExpr, state: State) -> tuple[Kind, int | None] | None:
        position = self.unit.calls.fresh.get(call.callee)
        if position is not None:
            number = self._known(state).number(call.args[position]) if position < len(call.args) else None
            return "reserved", None if number is None else number * 8
        map_ = self.unit.map_of(call)
        if map_ is None or map_.kind != _PER_CPU:
            return None
        for touch in self.unit.touches(call):
            self._touch(call, touch, state)
        return "scratch", None if not map_.value_size else map_.value_size * 8

    def _hold(self, made: tuple[Kind, int | None], name: Name, state: State) -> None:
        kind, size = made
        type_ = name.type.pointee if isinstance(name.type, Pointer) else None
        typed = self.layouts.size(type_)
        size = min(size, typed) if size and typed else size or typed
        if not size or size > _LARGEST or (isinstance(type_, RecordDecl) and self.layouts.record(type_).opaque):
            return
        key = object_key(kind, name.decl)
        self.objects[key] = Object(kind, name, type_, size, name.span)
        state.pointers[name.decl] = Region(key, 0, size)
        state.bytes[key] = Written()

    def _touched(
        self, call: CallExpr, touches: tuple[Touch, ...], result: Expr | None, state: State
    ) -> list[State]:  # fmt: skip
        copied: Written | None = None
        for touch in touches:
            if touch.does == "copies-from":
                copied = self._copied(call, touch, state)
        failed: State | None = None
        for touch in touches:
            if touch.does == "writes-on-success" and failed is None:
                failed = state.copy()
                self._bind(call, -1, result, failed)
            self._touch(call, touch, state, copied)
        if failed is None:
            return [state]
        self._bind(call, 0, result, state)
        return [state, failed]

    def _copied(self, call: CallExpr, touch: Touch, state: State) -> Written | None:
        """What is known of the bytes that a memcpy reads."""
        known = self._known(state)
        region = known.address(call.args[touch.argument]) if touch.argument < len(call.args) else None
        if region is None or not region.exact or not self._is_own(region) or region.object not in state.bytes:
            return None
        return state.bytes[region.object].part(region.start, mask(0, UNBOUNDED))

    def _touch(self, call: CallExpr, touch: Touch, state: State, copied: Written | None = None) -> None:
        if touch.argument >= len(call.args) or touch.does == "copies-from":
            return
        known = self._known(state)
        given = call.args[touch.argument]
        region = known.place(strip(given)) if touch.by_value else known.address(given)
        if region is None or region.object not in state.bytes:
            return
        size = None
        if touch.size is not None and touch.size < len(call.args):
            number = known.number(call.args[touch.size])
            size = None if number is None else number * 8
        if touch.does == "reads":
            self._read(call, touch, region, size, state)
        else:
            state.bytes[region.object] = self._write(touch, region, size, state.bytes[region.object], copied)

    @staticmethod
    def _write(
        touch: Touch, region: Region, size: int | None, before: Written, copied: Written | None
    ) -> Written:  # fmt: skip
        if not region.exact or (touch.size is not None and size is None):
            return before.maybe(mask(region.start, region.end))
        size = region.end - region.start if size is None else size
        bits = mask(region.start, min(region.start + size, UNBOUNDED * 8))
        if touch.does == "writes-text":
            first = mask(region.start, region.start + 8)
            new = bits & ~before.perhaps & ~first
            return before.wrote(first)._replace(text=before.text | new)
        if copied is not None:
            return before.with_part(region.start, mask(0, size), copied)
        return before.wrote(bits)

    def _read(self, call: CallExpr, touch: Touch, region: Region, size: int | None, state: State) -> None:
        map_ = self.unit.map_of(call)
        end: int | None = region.end
        if touch.size is not None:
            if size is None:
                return  # a length that is put together at run time
            end = region.start + size
        elif map_ is not None and (known := map_.key_size if touch.role == "key" else map_.value_size):
            end = region.start + known * 8
        elif self._is_untyped(region):
            end = None
        if region.exact and touch.role is not None:
            name = map_.name if map_ else ""
            outer = None if map_ else _map_parameter(self.function, call)
            sink = Sink(0, region.start, end, Written(), touch.role, name, outer, call, call, self.function, ())
            self._sink(region, sink, state, self.function)
        if touch.role == "input":
            state.bytes[region.object] = state.bytes[region.object].maybe(region.mask)

    def _is_untyped(self, region: Region) -> bool:
        """Behind a `void *` parameter stands whatever the caller passes."""
        object_ = self.objects[region.object]
        return object_.kind == "parameter" and not isinstance(object_.type, RecordDecl)

    def _sink(self, region: Region, sink: Sink, state: State, within: Function) -> None:
        """An object's bytes are read: report it for an own object, pass it on for a parameter's."""
        object_ = self.objects[region.object]
        now = state.bytes[region.object]
        start, end = sink.start, sink.end
        if object_.kind == "parameter":
            position = next(n for n, item in enumerate(self.function.params) if item.decl == object_.name.decl)
            made = replace(sink, parameter=position, written=now, path=state.path + sink.path)
            self.result.sinks.setdefault((position, start, end, sink.call.span, sink.role, now), made)
            return
        if state.is_unlikely():
            return
        if self.function.incomplete:  # its fields may be written where the errors are
            now = now.maybe(members(object_.type, self.layouts))
        end = object_.size if end is None else min(end, object_.size)
        read = mask(start, end)
        missing = read & ~now.perhaps
        reach = Reach(
            self.function, object_, sink.role, sink.map, sink.outer, sink.call, within, start, end, missing, missing,
            read & now.certain, missing & now.loose, missing & now.text, state.path if missing else (),
            frozenset(
                (item, bits & missing, given & missing) for key, item, bits, given in state.partial
                if key == region.object and given & missing
            ),
        )  # fmt: skip
        key = (self.function.name, region.object, sink.outer.span, sink.call.span, sink.role, start)
        before = self.unit.found.get(key)
        self.unit.found[key] = reach if before is None else _merged(before, reach)

    # -- calls of the unit's own functions ---------------------------------------------------------------------

    def _summary(self, own: Function, call: CallExpr, state: State) -> Summary | None:
        known = self._known(state)
        pointers = any(known.address(item) is not None for item in call.args)
        if own.name not in self.unit.followed and not pointers:
            return None
        given = tuple(known.number(item) for item in call.args[: len(own.params)])
        asked = self.unit.asked(own)
        there = {item: key for key, item in _names(own, call).items()}
        told = frozenset(
            (key, what) for mine, what in facts_of(state)
            if (key := substituted(mine, there)) is not None and (key in asked or base_of_key(key) in asked)
        )  # fmt: skip
        return self.unit.summary(own, given if any(item is not None for item in given) else (), told)

    def _through(
        self, own: Function, summary: Summary, call: CallExpr, result: Expr | None, state: State
    ) -> list[State]:  # fmt: skip
        known = self._known(state)
        regions = {n: region for n, item in enumerate(call.args) if (region := known.address(item)) is not None}
        for sink in summary.sinks.values():
            region = regions.get(sink.parameter)
            if region is not None and region.object in state.bytes and region.exact:
                seen = state.copy()
                seen.path = state.path + sink.path
                seen.bytes[region.object] = self._after(region, sink.written, state.bytes[region.object])
                moved = self._moved(sink, region.start, call)
                self._sink(Region(region.object, moved.start, region.end), moved, seen, sink.within)
        ends = joined_ends([replace(end, told=self._told_here(end, own, call)) for end in summary.ends])
        found = []
        for end in ends:
            after = state.copy()
            if self._tell(after, end.told):
                found.append(self._ended(own, end, summary.some, regions, call, result, after))
        return found or [state]

    def _told_here(self, end: End, own: Function, call: CallExpr) -> frozenset[Told]:
        """What a callee's way out knows of values that this body tests."""
        here = _names(own, call)
        told = ((substituted(key, here), what) for key, what in end.told)
        return frozenset((key, what) for key, what in told if key is not None and base_of_key(key) in self.asked)

    def _moved(self, sink: Sink, by: int, call: CallExpr) -> Sink:
        """A sink of a callee as one of this body: offsets in the caller's object, and the map it passed."""
        end = None if sink.end is None else by + sink.end
        moved = replace(sink, start=by + sink.start, end=end, outer=call)
        if sink.map_parameter is None or sink.map_parameter >= len(call.args):
            return moved
        given = call.args[sink.map_parameter]
        map_ = self.unit.map_named(given)
        if map_ is None:
            return replace(moved, map_parameter=_parameter(self.function, given))
        size = map_.key_size if sink.role == "key" else map_.value_size
        if sink.role in ("key", "value") and size:
            moved = replace(moved, end=moved.start + size * 8)
        return replace(moved, map=map_.name, map_parameter=None)

    def _ended(
        self, own: Function, end: End, some: Mapping[int, int], regions: Mapping[int, Region], call: CallExpr,
        result: Expr | None, state: State,
    ) -> State:  # fmt: skip
        for position, written in end.written:
            region = regions.get(position)
            if region is not None and region.object in state.bytes:
                state.bytes[region.object] = self._after(region, written, state.bytes[region.object])
                bits = (some.get(position, 0) << region.start) & region.mask
                if bits or written.perhaps or written.text:
                    state.partial |= {(region.object, own, bits, region.mask)}
        self._bind(call, end.value if isinstance(end.value, int) else None, result, state, end.sign)
        inner = None if result is None else strip(result)
        if isinstance(inner, Name) and inner.decl:
            if end.fresh is not None:
                self._hold((end.fresh.kind, end.fresh.size), inner, state)
            elif isinstance(end.value, Region) and end.value.object in regions:
                passed = regions[end.value.object]
                state.pointers[inner.decl] = replace(passed, start=passed.start + end.value.start, exact=False)
        return state

    @staticmethod
    def _after(region: Region, written: Written, before: Written) -> Written:
        if not region.exact:
            return before.maybe(region.mask) if written.perhaps else before
        return before.then(Written(*(((item << region.start) & region.mask) for item in written)))

    def _return(self, value: Expr | None, state: State) -> None:
        if state.is_unlikely():
            return
        known = self._known(state)
        region = None if value is None else known.address(value)
        number = None if value is None else known.number(value)
        fresh = None
        if value is not None and isinstance(call := strip(value), CallExpr) and self.unit.is_fresh(call):
            made = self._made(call, state)
            if made is not None:
                fresh = Object(made[0], Name(call.callee), None, made[1] or UNBOUNDED, call.span)
        written: list[tuple[int, Written]] = []
        for position, item in enumerate(self.function.params):
            key = object_key("parameter", item.decl)
            if key in state.bytes:
                written.append((position, state.bytes[key]))
        out: int | Region | None = number
        if region is not None:
            object_ = self.objects[region.object]
            if object_.kind in ("reserved", "scratch"):
                fresh = object_
            elif object_.kind == "parameter":
                position = next(n for n, item in enumerate(self.function.params) if item.decl == object_.name.decl)
                out = replace(region, object=position)
        sign = state.signs.get(key_of(value), "") if value is not None else ""
        end = End(out, fresh, tuple(written), sign, self._callers_facts(state))
        if end not in self.result.ends:
            self.result.ends.append(end)


def _told_apart(states: list[State], steps: int) -> list[State]:
    """States that one operation led to, each once; joined where they are too many."""
    if len(states) < 2:
        return states
    states = list({item.key(): item for item in states}.values())
    if len(states) <= _MOST_FORKS and steps <= _MOST_STEPS:
        return states
    return [reduce(State.joined, states)]


def _merged(one: Reach, two: Reach) -> Reach:
    first = one if one.sometimes else two
    plain = (one.sometimes & ~one.loose & ~one.text) | (two.sometimes & ~two.loose & ~two.text)
    mixed = (one.text ^ two.text) | (one.loose ^ two.loose)
    return replace(
        first, never=one.never & two.never & ~mixed, sometimes=one.sometimes | two.sometimes,
        certain=one.certain & two.certain, loose=(one.loose | two.loose) & ~plain, text=(one.text | two.text) & ~plain,
        partial=one.partial | two.partial,
    )  # fmt: skip


