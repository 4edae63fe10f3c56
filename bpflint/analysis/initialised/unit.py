"""Which functions of a unit are walked, how often, and within which budget?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from bpflint.analysis.initialised.reach import Reach
from bpflint.analysis.path_state import Told, plain, subject_of, tested_in
from bpflint.analysis.regions import Layouts, key_of, substituted
from bpflint.analysis.summaries import Summary
from bpflint.analysis.walk import calls, contents, expressions, operations, strip, walk
from bpflint.model.flow import AddressOf, Assign, Block, CallExpr, Expr, Function, Name, Op
from bpflint.model.layout import Abi, Array
from bpflint.model.memory import Calls, Touch
from bpflint.model.unit import MapDef

_MOST_WALKS = 4
"""Walks of one function, each for what another caller knows, before one stands for all."""
_STEPS_EACH = 8
"""Operations walked in a unit for each that it has, before calls and paths are no longer told apart; as many again,
and calls are not followed any more: what they are given counts as perhaps written.
"""
_DEPTH = 5
"""Calls inside each other that are followed."""
_LOOKUPS = ("bpf_map_lookup_elem", "lookup")

Given = tuple[int | None, ...]
"""The arguments of a call that are known numbers."""
Walk = Callable[["Functions", Function, Given, frozenset[Told]], Summary]
Renamed = Callable[[object], object]
"""Gives a value's key in another function, None for one that has none there."""
_EXISTS = ("__builtin_preserve_field_info", "__builtin_preserve_type_info", "__builtin_preserve_enum_value")


class Tested(NamedTuple):
    """A test: its value without disguise, the keys of what it is about and of itself, whether it asks for a kernel's
    types, and the variables it reads."""

    value: Expr
    subject: object
    key: object
    core: bool
    names: tuple[int, ...]


class Live(NamedTuple):
    """What is read on the ways from a block on: the keys of expressions, and variables."""

    keys: set[object]
    names: set[int]


class Functions:
    """The functions of one unit, each walked once for each set of constant arguments."""

    def __init__(
        self, functions: Iterable[Function], maps: Iterable[MapDef], calls_: Calls, abi: Abi, walk: Walk
    ) -> None:
        """`walk` walks one body; it is given, for it needs the functions again."""
        known = list(functions)
        # a body with errors in it may lack the very statements that write: what it is given counts as written
        self.functions = {item.name: item for item in known if not item.incomplete}
        self.broken = [item for item in known if item.incomplete]
        self.maps = {item.name: item for item in maps}
        self.calls, self.walk = calls_, walk
        self.layouts = Layouts(abi)
        self.found: dict[object, Reach] = {}
        self.summaries: dict[object, Summary] = {}
        self.walks: Counter[str] = Counter()
        self.open: list[object] = []
        self.each = 2_000 + _STEPS_EACH * sum(len(block.ops) for item in known for block in item.blocks)
        self.steps = 0
        self.unfinished: dict[str, Function] = {}
        """Functions that no walk went through path by path, or that a call was not followed into."""
        self.followed = self._with_reads()
        self._relevant: dict[str, frozenset[int]] = {}
        self._asked: dict[str, Counter[object]] = {}
        self._live: dict[str, list[Live]] = {}
        self._renamed: dict[tuple[str, int], tuple[CallExpr, tuple[Renamed, Renamed]]] = {}
        # by id, each with what has it: its id stays taken
        self._keys: dict[int, tuple[Expr, object]] = {}
        self._calls: dict[int, tuple[Op | CallExpr, tuple[CallExpr, ...]]] = {}
        self._tested: dict[int, tuple[Expr, Tested]] = {}
        self._rewrites: dict[int, tuple[CallExpr, tuple[Name, ...]]] = {}

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
        """Return what reaches a helper, in order of place."""
        named = {expr.name for item in self.functions.values() for expr in contents(item) if isinstance(expr, Name)}
        for name, item in self.functions.items():
            # no program holds a static function that nobody calls; a helper calls one that it is given
            if name in self.followed and (item.section or not item.static or name in named):
                self.summary(item, ())
        for item in self.broken:
            self.summary(item, ())
        for name, item in self.functions.items():  # what only a cycle of calls reaches
            if name in self.followed and not item.static and (name, (), frozenset()) not in self.summaries:
                self.summary(item, ())
        return sorted(self.found.values(), key=lambda item: item.call.span or item.function.span)

    def touches(self, call: CallExpr) -> tuple[Touch, ...]:
        """Return what a call of a helper does with its arguments."""
        if call.receiver is not None:
            return self.calls.methods.get(call.callee, ())
        return self.calls.functions.get(call.callee, ())

    def rewrites(self, call: CallExpr) -> tuple[Name, ...]:
        """Return the locals to whose addresses a call may write."""
        if id(call) not in self._rewrites:
            self._rewrites[id(call)] = call, tuple(self._rewritten(call))
        return self._rewrites[id(call)][1]

    def _rewritten(self, call: CallExpr) -> Iterator[Name]:
        touches = self.touches(call)
        reads = {item.argument for item in touches if item.does in ("reads", "copies-from")}
        writes = {item.argument for item in touches} - reads
        for number, given in enumerate(call.args):
            inner = strip(given)
            place = strip(inner.place) if isinstance(inner, AddressOf) else None
            written = number in writes if touches else call.callee not in self.calls.harmless
            if written and isinstance(place, Name) and place.decl:
                yield place

    def is_fresh(self, call: CallExpr) -> bool:
        """Return whether a call hands out memory that may hold anything."""
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
            if key in self.open:
                return None
            if len(self.open) > _DEPTH or self.steps > (2 if self.open else 3) * self.each:
                self.unfinished[function.name] = function
                return None
            self.open.append(key)
            self.summaries[key] = self.walk(self, function, given, told)
            self.open.pop()
        return self.summaries[key]

    def relevant(self, function: Function) -> frozenset[int]:
        """The locals whose address is used, and those whose value is copied into them."""
        if function.name not in self._relevant:
            self._relevant[function.name] = _relevant(function)
        return self._relevant[function.name]

    def live(self, function: Function) -> Sequence[Live]:
        """Return what is read from each block of a function on."""
        if function.name not in self._live:
            self._live[function.name] = self._read_from(function)
        return self._live[function.name]

    def _read_from(self, function: Function) -> list[Live]:
        found = [self._read_in(block) for block in function.blocks]
        changed = True
        while changed:
            changed = False
            for block, live in reversed(list(zip(function.blocks, found, strict=True))):
                before = len(live.keys) + len(live.names)
                for edge in block.edges:
                    live.keys.update(found[edge.to].keys)
                    live.names.update(found[edge.to].names)
                changed |= before != len(live.keys) + len(live.names)
        return found

    def _read_in(self, block: Block) -> Live:
        tests = [item for edge in block.edges if edge.test is not None for item in walk(edge.test.value)]
        read = [*(item for op in block.ops for item in expressions(op)), *tests]
        return Live({self.key(item) for item in read}, {item.decl for item in read if isinstance(item, Name)})

    def asked(self, function: Function) -> Counter[object]:
        """How often each value is tested in a body, and by the functions it calls."""
        if function.name not in self._asked:
            self._asked[function.name] = found = tested_in(function)
            for call, _ in calls(function):
                inner = self.functions.get(call.callee)
                if inner is not None and inner is not function:
                    here, _ = self.renamed(inner, call)
                    found.update(key for item in tested_in(inner) if (key := here(item)) is not None)
        return self._asked[function.name]

    def renamed(self, function: Function, call: CallExpr) -> tuple[Renamed, Renamed]:
        """Return how the keys of values of a called function are spelled here, and those of here there."""
        place = (function.name, id(call))
        if place not in self._renamed:
            names = _names_of(function, call)
            both = _renaming(names), _renaming({item: key for key, item in names.items()})
            self._renamed[place] = call, both
        return self._renamed[place][1]

    def key(self, expr: Expr) -> object:
        """Return `key_of` an expression."""
        found = self._keys.get(id(expr))
        if found is None:
            found = self._keys[id(expr)] = expr, key_of(expr)
        return found[1]

    def calls_in(self, op: Op) -> tuple[CallExpr, ...]:
        """Return the calls that stand inside an operation, innermost first."""
        if id(op) not in self._calls:
            found = [item for item in expressions(op) if isinstance(item, CallExpr)]
            self._calls[id(op)] = op, tuple(reversed(found))
        return self._calls[id(op)][1]

    def calls_within(self, call: CallExpr) -> tuple[CallExpr, ...]:
        """Return the calls among a call's arguments, innermost first."""
        if id(call) not in self._calls:
            found = [item for arg in call.args for item in walk(arg) if isinstance(item, CallExpr)]
            self._calls[id(call)] = call, tuple(reversed(found))
        return self._calls[id(call)][1]

    def tested(self, value: Expr) -> Tested:
        """Return what a test asks."""
        if id(value) not in self._tested:
            inside = plain(value)
            parts = list(walk(inside))
            core = any(isinstance(item, CallExpr) and item.callee in _EXISTS for item in parts)
            names = tuple(item.decl for item in parts if isinstance(item, Name))
            self._tested[id(value)] = value, Tested(inside, subject_of(inside), self.key(inside), core, names)
        return self._tested[id(value)][1]

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


def _relevant(function: Function) -> frozenset[int]:
    found: set[int] = set()
    for expr in contents(function):
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


def _renaming(names: Mapping[object, object]) -> Renamed:
    return cache(lambda key: substituted(key, names))


def _names_of(function: Function, call: CallExpr) -> dict[object, object]:
    pairs = zip(function.params, call.args, strict=False)
    return {("name", item.decl): key for item, given in pairs if (key := key_of(given)) is not None}
