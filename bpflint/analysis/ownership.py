"""Who holds a resource? Where a body opens one, and what becomes of it on every path: closed, kept by another, left.

What a call does with a resource comes from the table of resources; what a function of the project does with one that
it is given, and whether it returns one that it opened, from its body (a summary, a few calls deep). Whatever is not
known ends a path as `unknown`: nothing is said of what comes after.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from fnmatch import translate
from functools import cache
from typing import Literal

from bpflint.analysis.typestate import (
    NEGATIVE,
    POSITIVE,
    ZERO,
    Body,
    End,
    Place,
    Signs,
    follow,
    place_of,
    signs_of,
    targets,
)  # fmt: skip
from bpflint.analysis.walk import contents, operands, operations, parts, strip, walk
from bpflint.model.data import dataclass
from bpflint.model.flow import (
    UNSEEN,
    AddressOf,
    Aggregate,
    Assign,
    Binary,
    Call,
    CallExpr,
    Conditional,
    Constant,
    Defer,
    Evaluate,
    Expr,
    Function,
    Go,
    Index,
    Name,
    Op,
    Return,
    Select,
    Test,
    Unknown,
    Update,
)  # fmt: skip
from bpflint.model.layout import Language, Pointer, RecordDecl, Type
from bpflint.model.patterns import pattern
from bpflint.model.resource import RECEIVER, Conduct, Resource
from bpflint.model.source import Span

Effect = Literal["close", "keep", "unknown", "borrow"]
_DEEPEST = 3
"""How many calls a summary looks into."""
RELEASES = pattern(r"(?i)close|destroy|free|release|clean_?up|dispose|shutdown|tear_?down|unload|detach|stop")
_UNLOCKS = pattern(r"(?i)unlock|release")
_COUNTS = ("strconv.", "range", "chan.receive", "map.", "fmt.")
"""Calls of Go that give a number and more, and open nothing."""
_ASKS = ("libbpf_get_error", "libxdp_get_error", "IS_ERR", "IS_ERR_OR_NULL", "PTR_ERR_OR_ZERO")
"""Non-zero where the pointer holds no resource (libbpf_legacy.h, libxdp.h, linux/err.h)."""
_TELLS_ERRORS = ("errors.Is", "errors.As", "os.IsNotExist", "os.IsExist", "os.IsPermission")
"""Go: true only of an error that is not nil."""


@dataclass(frozen=True, slots=True)
class Held:
    """A resource that a body opens into a place, and every end of the paths from there.

    Ends are `close`, `keep`, `unknown`, `lost` (another value is written over it), `exit` (the process ends) and
    `left` (the function is left with it open).
    """

    function: Function
    call: CallExpr
    resource: Resource
    place: Place
    name: str
    type: Type | None
    local: bool
    opened: Span
    ends: tuple[End, ...]
    block: int
    index: int

    def end(self, *hows: str) -> End | None:
        """Return the first end of one of some kinds."""
        return next((item for item in self.ends if item.how in hows), None)


class Ownership:
    """Answers for one language and side, over the functions of a project."""

    def __init__(
        self, language: Language, side: str, resources: Iterable[Resource], conducts: Iterable[Conduct],
        functions: Mapping[str, Function],
    ) -> None:  # fmt: skip
        self.language = language
        self.resources = tuple(item for item in resources if item.language == language and item.side == side)
        conduct = next((item for item in conducts if item.language == language), Conduct(language=language))
        self._borrows, self._exits = _pattern(conduct.borrows), _pattern(conduct.exits)
        self._lends = _pattern(conduct.lends)
        self._pins, self._minds_pins = _pattern(conduct.pins), _pattern((*conduct.unpins, *conduct.reopens))
        self._closes_number = _pattern(tuple(name for item in self.resources if item.number for name in item.closes))
        self._opens = [(_pattern(item.opens), _pattern(item.not_opens), item) for item in self.resources]
        self._releases = {item.kind: (_pattern(item.closes), _pattern(item.keeps)) for item in self.resources}
        self._functions = functions
        self.touches = ("bpf_", "ring_buffer__", "perf_buffer__", "btf__", "github.com/cilium/ebpf")
        """Calls by which a closed resource given as an argument is really used."""
        self._fresh: dict[str, Resource | None] = {}
        self._summaries: dict[tuple[str, int, Place, str], Effect] = {}
        self._openers: dict[str, Resource | None] = {}

    # -- calls ----------------------------------------------------------------------------------------------

    def opens(self, call: CallExpr, depth: int = 0) -> Resource | None:
        """Return what a call opens: by the table, or because the function returns what it opened itself."""
        if call.callee not in self._openers:
            self._openers[call.callee] = next(
                (item for opens, but, item in self._opens if opens(call.callee) and not but(call.callee)), None
            )
        found = self._openers[call.callee]
        if found is not None:
            return found
        return self.fresh(call.callee, depth) if call.callee in self._functions else None

    def closes(self, call: CallExpr) -> bool:
        """Return whether a call closes something, by the table or by its name."""
        name = _last(call.callee)
        known = any(closes(call.callee) or closes(name) for closes, _ in self._releases.values())
        return known or RELEASES.search(name) is not None

    def lends(self, expr: Expr) -> bool:
        """Return whether an expression is a descriptor that whoever gives it keeps."""
        inner = strip(expr)
        return isinstance(inner, CallExpr) and self._lends(inner.callee)

    def pinned_by(self, call: CallExpr) -> Expr | None:
        """Return the object that a call gives a name in the BPF file system."""
        if not self._pins(call.callee):
            return None
        return call.receiver if call.receiver is not None else next(iter(call.args), None)

    def minds_pins(self, call: CallExpr) -> bool:
        """Return whether a call takes such a name away, or opens what has one: its pins are looked after."""
        return self._minds_pins(call.callee) or self._minds_pins(_last(call.callee))

    def closes_number(self, call: CallExpr) -> bool:
        """Return whether a call closes a plain descriptor."""
        return self._closes_number(call.callee)

    def taken(self, call: CallExpr, position: int) -> Literal["close"] | tuple[str, str] | None:
        """Return what a known function does with a descriptor: closes it, or the (type, field) it goes into."""
        function = self._functions.get(call.callee)
        number = next((item for item in self.resources if item.number), None)
        shift = 1 if function is not None and function.method_of else 0
        if function is None or number is None or not 0 <= position + shift < len(function.params):
            return None
        if self._summary(function, position, number, (), 0) == "close":
            return "close"
        decl = function.params[position + shift].decl
        for op in operations(function):
            match op:
                case Assign(target=target, value=value) if isinstance(v := strip(value), Name) and v.decl == decl:
                    if (found := field_of(target)) is not None:
                        return found
        return None

    def ends_process(self, call: CallExpr) -> bool:
        """Return whether a call does not come back."""
        return self._exits(call.callee)

    def effect(self, call: CallExpr, position: int, resource: Resource, rest: Place = (), depth: int = 0) -> Effect:
        """Return what a call does with a resource in one of its arguments, or with the place `rest` inside it."""
        name = _last(call.callee)
        closes, keeps = self._releases[resource.kind]
        if not rest and (closes(call.callee) or closes(name)):
            return "close"
        if not rest and (keeps(call.callee) or keeps(name)):
            return "keep"
        function = self._functions.get(call.callee)
        if function is not None and 0 <= position + bool(function.method_of) < len(function.params):
            return self._summary(function, position, resource, rest, depth)
        if self._borrows(call.callee):
            return "borrow"
        if (_UNLOCKS if resource.guard else RELEASES).search(name):
            return "close"
        if resource.guard or (position == RECEIVER and not rest):
            return "borrow"
        return "unknown"

    # -- summaries ------------------------------------------------------------------------------------------

    def _summary(self, function: Function, position: int, resource: Resource, rest: Place, depth: int) -> Effect:
        """What a function does with a parameter anywhere in its body; what it does on one path counts as done."""
        number = position + (1 if function.method_of else 0)
        if depth >= _DEEPEST or not 0 <= number < len(function.params) or not function.params[number].decl:
            return "unknown"
        place: Place = (function.params[number].decl, *rest)
        key = (function.name, number, place, resource.kind)
        if key not in self._summaries:
            self._summaries[key] = "borrow"  # a call of itself changes nothing
            self._summaries[key] = self._everywhere(function, place, resource, depth + 1)
        return self._summaries[key]

    def _everywhere(self, function: Function, place: Place, resource: Resource, depth: int) -> Effect:
        watch = Watch(self, function, place, resource, depth)
        found = {how for op in operations(function) if (how := watch.event(op)) is not None}
        for effect in ("close", "keep", "unknown"):
            if effect in found:
                return effect
        return "borrow"

    def closures(self, function: Function) -> Iterator[Function]:
        """Yield the closures of a function that were lowered beside it."""
        number = 1
        while (name := f"{function.name}.func{number}") in self._functions:
            yield self._functions[name]
            number += 1

    def captured(self, name: str, place: Place, resource: Resource, depth: int) -> Effect | None:
        """Return what a closure does with a variable of the function around it, None where it does not mention it."""
        function = self._functions.get(name)
        if function is None or depth > _DEEPEST:
            return None
        mentioned = any(
            isinstance(item, Name) and item.decl == place[0] and item.decl
            for op in operations(function) for operand in operands(op) for item in walk(operand)
        )  # fmt: skip
        found = self._everywhere(function, place, resource, depth + 1)
        return found if mentioned or found != "borrow" else None

    def captures(self, name: str, decls: frozenset[int]) -> bool:
        """Return whether a closure mentions any of some variables of the function around it."""
        function = self._functions.get(name)
        return function is not None and any(
            isinstance(item, Name) and item.decl in decls
            for op in operations(function) for operand in operands(op) for item in walk(operand)
        )  # fmt: skip

    def fresh(self, name: str, depth: int = 0) -> Resource | None:
        """Return what a function opens and hands to its caller as its first result, None where it does not."""
        if name not in self._fresh:
            self._fresh[name] = None
            function = self._functions[name]
            if depth < _DEEPEST:
                self._fresh[name] = self._returned(function, depth + 1)
        return self._fresh[name]

    def _returned(self, function: Function, depth: int) -> Resource | None:
        for op in operations(function):
            if isinstance(op, Return) and op.value is not None:
                call = strip(op.value)
                if isinstance(call, CallExpr):
                    found = self.opens(call, depth)
                    if found is not None and found.argument is None:
                        return found
        for held in self.held(function, depth):
            kept = [item.op for item in held.ends if item.how == "keep"]
            given = [place_of(_first(op.value)) for op in kept if isinstance(op, Return) and op.value is not None]
            if kept and held.resource.argument is None and given == [held.place] * len(kept):
                return held.resource
        return None

    # -- bodies ---------------------------------------------------------------------------------------------

    def held(self, function: Function, depth: int = 0) -> Iterator[Held]:
        """Yield every resource that a body opens into a place, with the ends of its paths."""
        body: Body | None = None
        closed = self._closed_numbers(function)
        for number, block in enumerate(function.blocks):
            for index, op in enumerate(block.ops):
                if not isinstance(op, Call):
                    continue
                known = self.opens(op.call, depth)
                resource = known or (self._number_from(op) if closed else None)
                place = None if resource is None else opened_place(op, resource)
                if resource is None or place is None or "[]" in place[1:] or (known is None and place[0] not in closed):
                    continue
                body = body or Body(function, tell)
                held = self._trace(body, op, resource, place, (number, index), depth)
                if held is not None and (known is not None or _left_with_errors_only(held)):
                    yield held

    def _closed_numbers(self, function: Function) -> frozenset[int]:
        """Go: the locals that a body itself closes as plain descriptors. Who closes one on some path owns it."""
        if self.language != "go":
            return frozenset()
        given = (
            strip(item) for call in contents(function) if isinstance(call, CallExpr) and self.closes_number(call)
            for item in call.args[:1]
        )  # fmt: skip
        return frozenset(item.decl for item in given if isinstance(item, Name) and item.storage == "local")

    def _number_from(self, op: Call) -> Resource | None:
        """What a call gives that is not known but gives a number and an error, where its caller closes the number."""
        several = isinstance(op.result, Aggregate) and len(op.result.items) > 1
        if not several or self.lends(op.call) or op.call.callee.startswith(_COUNTS):
            return None
        return next((item for item in self.resources if item.number), None)

    def _trace(
        self, body: Body, op: Call, resource: Resource, place: Place, at: tuple[int, int], depth: int
    ) -> Held | None:
        function, root = body.function, _root(op, resource)
        watch = Watch(self, function, place, resource, depth)
        if root is None or (not resource.guard and watch.deferred_before(op.span)):
            return None
        absent = _absent(op, resource, place)
        body.watched |= {item for item, _ in absent}
        ends = watch.without_empty_loops(follow(body, at[0], at[1] + 1, watch.event, absent))
        name = ".".join((root.name.rpartition(".")[2], *(str(item) for item in place[1:])))
        local = root.storage == "local" and len(place) == 1
        return Held(function, op.call, resource, place, name, _type(op, resource), local, op.span, ends, *at)


@dataclass(slots=True)
class Watch:
    """What each operation of a body does to the resource in one place."""

    owner: Ownership
    function: Function
    place: Place
    resource: Resource
    depth: int = 0
    _aliases: frozenset[int] = field(default=frozenset(), init=False)
    """Locals that the body puts the resource into, alone or in a list: whoever uses one may close it."""
    _closed_each: frozenset[int] = field(default=frozenset(), init=False)
    """Loop variables over the members of a collection that the loop closes one by one."""

    def __post_init__(self) -> None:
        values = ((op.target, op.value) for op in operations(self.function) if isinstance(op, Assign))
        named = ((target, value) for target, value in values if isinstance(target, Name) and target.decl)
        self._aliases = frozenset(
            target.decl for target, value in named
            if target.storage == "local" and target.decl != self.place[0] and self._hands_over(value, whole=True)
        )  # fmt: skip

        self._closed_each = self._closed_members() if self.resource.parts else frozenset()

    def _closed_members(self) -> frozenset[int]:
        closes, _ = self.owner._releases[self.resource.kind]
        closed = {
            place[0] for op in operations(self.function) for operand in operands(op) for call in walk(operand)
            if isinstance(call, CallExpr) and call.receiver is not None and closes(_last(call.callee))
            and (place := place_of(call.receiver)) is not None and len(place) == 1
        }  # fmt: skip
        return frozenset(decl for decl in closed if isinstance(decl, int))

    def _closes_each(self, op: Op) -> bool:
        """Whether a loop begins that closes what it takes from the collection."""
        if not isinstance(op, Call) or op.call.callee != "range" or not isinstance(op.result, Name):
            return False
        place = place_of(op.call.args[0])
        return op.result.decl in self._closed_each and place is not None and place[: len(self.place)] == self.place

    def without_empty_loops(self, ends: Sequence[End]) -> tuple[End, ...]:
        """Leave out paths past a loop that closes each member: where it takes no turn, there was none."""
        loops = [op.span for op in operations(self.function) if self._closes_each(op)] if self._closed_each else []
        return tuple(item for item in ends if item.how != "left" or not any(loop < item.span for loop in loops))

    def event(self, op: Op) -> str | None:
        """Return how an operation ends the path of the resource, None where it stays as it was."""
        found = self._event(op)
        if found is None and self._aliases and self._uses_alias(op):
            return None if self.resource.guard else "unknown"
        return None if self.resource.guard and found in ("keep", "unknown", "lost") else found

    def _event(self, op: Op) -> str | None:
        if isinstance(op, Go):
            return "keep" if self._mentions(op.call) else None
        if isinstance(op, Evaluate | Assign) and isinstance(op.value, Select) and self._is_closer(op.value):
            return "keep" if isinstance(op, Assign) and place_of(op.target) is not None else None  # `_ = x.Close`
        if self._closes_each(op):
            return "keep"
        for number, operand in enumerate(operands(op)):
            written = number == 0 and isinstance(op, Assign | Call | Update) and place_of(operand) is not None
            found = None if written else self._evaluated(operand)
            if found is not None:
                return found
        if isinstance(op, Call | Evaluate) and self._leaves(op):
            return "exit"
        match op:
            case Assign(target=target, value=value):
                found = self._stored(target, value) or self._overwritten(target)
                return "unknown" if found == "lost" and signs_of(value) == ZERO else found
            case Call(result=result) if result is not None:
                return self._overwritten(result)
            case Return() if self.returned(op):
                return "keep"
        return None

    def _uses_alias(self, op: Op) -> bool:
        if isinstance(op, Assign) and self._hands_over(op.value, whole=True):
            return False  # where it becomes one
        names = [item for operand in operands(op) for item in self._mentioned(operand)]
        if any(isinstance(item, Name) and item.decl in self._aliases for item in names):
            return True
        called = [item.callee if isinstance(item, CallExpr) else item.name for item in names]
        return any(self.owner.captures(name, self._aliases) for name in called if ".func" in name)

    def _mentioned(self, expr: Expr) -> Iterator[Name | CallExpr]:
        """The names and calls of an expression; a descriptor's number in a record that a call only reads is none."""
        if isinstance(expr, Name | CallExpr):
            yield expr
        if not (self.resource.number and isinstance(expr, CallExpr) and self.owner._borrows(expr.callee)):
            yield from (item for part in parts(expr) for item in self._mentioned(part))

    def _leaves(self, op: Call | Evaluate) -> bool:
        value = op.call if isinstance(op, Call) else op.value
        return isinstance(value, CallExpr) and self.owner.ends_process(value)

    def afterwards(self, op: Op) -> str | None:
        """Return what an operation does to a resource that is closed: a second `close`, or the end of it."""
        found = self.event(op)
        return "unknown" if found == "close" and isinstance(op, Defer) else found

    def used_afterwards(self, op: Op) -> str | None:
        """As `afterwards`, with `use` where an operation uses what is closed."""
        found = self.afterwards(op)
        return "use" if found is None and self.uses(op) else found

    def uses(self, op: Op) -> bool:
        """Return whether a call borrows the resource or a part of it: nothing that only prints or compares it."""
        for call in (item for operand in operands(op) for item in walk(operand) if isinstance(item, CallExpr)):
            given = ((RECEIVER, call.receiver), *enumerate(call.args))
            for position, item in given:
                place = None if item is None else place_of(item)
                if place is not None and place[: len(self.place)] == self.place and not self._idle(call, position):
                    return True
        return False

    def returned(self, op: Op) -> bool:
        """Return whether an operation gives the resource to the caller, or a part by which it is held."""
        return isinstance(op, Return) and op.value is not None and self._hands_over(op.value)

    def _idle(self, call: CallExpr, position: int) -> bool:
        return position != RECEIVER and not call.callee.startswith(self.owner.touches)

    def deferred_before(self, opened: Span) -> bool:
        """Return whether a deferred call that releases the place stands before the opener."""
        return any(
            isinstance(op, Defer) and (op.span.line, op.span.column) < (opened.line, opened.column)
            and self.event(op) is not None
            for op in operations(self.function)
        )  # fmt: skip

    # -- expressions ----------------------------------------------------------------------------------------

    def _evaluated(self, expr: Expr) -> str | None:
        """What evaluating an expression does: the calls in it, and closures that take the place along."""
        if isinstance(expr, CallExpr):
            found = self._called(expr)
            if found is not None:
                return found
        elif isinstance(expr, Name) and expr.storage == "function":
            return None if self._captured(expr.name) is None else "keep"
        elif isinstance(expr, Select) and self._is_closer(expr):
            return "keep"  # the method itself is handed on: t.Cleanup(x.Close)
        elif isinstance(expr, Binary) and self.resource.number and expr.op in ("==", "!=") and self._is_other(expr):
            return "unknown"  # the same number as one that a field holds
        elif isinstance(expr, Unknown) and expr.text == UNSEEN:
            return "unknown" if any(place_of(item) == self.place[:1] for item in expr.parts) else None
        for item in parts(expr):
            found = self._evaluated(item)
            if found is not None:
                return found
        return None

    def _is_closer(self, expr: Select) -> bool:
        closes, _ = self.owner._releases[self.resource.kind]
        return closes(expr.field) and place_of(expr.base) == self.place

    def _is_other(self, test: Binary) -> bool:
        """Whether the resource is compared with a field or element, which may hold it already."""
        sides = [place_of(test.left), place_of(test.right)]
        return self.place in sides and any(side is not None and len(side) > 1 for side in sides)

    def _called(self, call: CallExpr) -> str | None:
        if self._hoarded(call):
            return "left"
        captured = self._captured(call.callee)
        if captured is not None:
            return None if captured == "borrow" else captured
        given = list(enumerate(call.args))
        if call.receiver is not None:
            given.insert(0, (RECEIVER, call.receiver))
        for position, item in given:
            effect = self._given(call, position, item)
            if effect is not None and effect != "borrow":
                return effect
        return None

    def _hoarded(self, call: CallExpr) -> bool:
        """Whether the resource goes into a list of the body's own that nothing ever closes or hands on."""
        into = call.args[0] if call.callee == "append" and len(call.args) > 1 else None
        if not isinstance(into, Name) or into.storage != "local" or not into.decl or self.depth:
            return False
        if not any(place_of(item) == self.place for item in call.args[1:]):
            return False
        return all(
            self._only_looks(item, into.decl) for item in (self.function, *self.owner.closures(self.function))
        )  # fmt: skip

    def _only_looks(self, function: Function, listed: int) -> bool:
        """Whether a body fills a list, counts it, and borrows what it holds."""
        for op in operations(function):
            if not any(isinstance(item, Name) and item.decl == listed for part in operands(op) for item in walk(part)):
                continue
            match op:
                case Assign(target=Name(decl=decl), value=value) if decl == listed and not _inner_names(value):
                    continue
                case Call(call=CallExpr(callee="append"), result=Name(decl=decl)) if decl == listed:
                    continue
                case Call(call=CallExpr(callee="range"), result=result) if result is not None:
                    taken = [item for item in targets(result) if isinstance(item, Name)]
                    if not all(self._only_borrows(function, item) for item in taken):
                        return False
                case Evaluate(value=Name()):  # what a loop goes over
                    continue
                case _ if not all(_counts(item, listed) for item in operands(op)):
                    return False
        return True

    def _only_borrows(self, function: Function, element: Name) -> bool:
        watch = Watch(self.owner, function, (element.decl or element.name,), self.resource, 1)
        return all(watch.event(op) in (None, "lost") for op in operations(function))

    def _given(self, call: CallExpr, position: int, item: Expr) -> Effect | None:
        inner = strip(item)
        if isinstance(inner, AddressOf) and isinstance(inner.place, Aggregate):
            inner = inner.place
        if isinstance(inner, Aggregate):
            effects = [self._given(call, position, value) for _, value in inner.items]
            found = next((effect for effect in effects if effect is not None), None)
            return "unknown" if found in ("close", "keep") else found
        place = place_of(inner)
        if place is None:  # `CHECK(!obj)` of a macro that was not seen: nobody knows which way is the failure
            asked = not isinstance(inner, CallExpr) and any(place_of(part) == self.place for part in walk(inner))
            effect = self.owner.effect(call, position, self.resource, (), self.depth) if asked else None
            return "unknown" if effect == "unknown" else None
        size = len(self.place)
        if place == self.place:
            return self.owner.effect(call, position, self.resource, (), self.depth)
        if place[:size] == self.place:  # a part of it
            if isinstance(inner, Select) and self._is_closer(inner):
                return "keep"
            effect = self.owner.effect(call, position, self.resource, (), self.depth)
            return effect if self.resource.parts and effect in ("close", "keep") else None
        if self.place[: len(place)] == place:  # what it is a part of
            return self.owner.effect(call, position, self.resource, self.place[len(place) :], self.depth)
        return None

    def _captured(self, name: str) -> Effect | None:
        if not name.startswith(self.function.name.split(".func")[0] + ".func") or isinstance(self.place[0], str):
            return None
        return self.owner.captured(name, self.place, self.resource, self.depth)

    def _mentions(self, call: CallExpr) -> bool:
        if self._captured(call.callee) is not None:
            return True
        return any(
            (place := place_of(item)) is not None and place[: len(self.place)] == self.place for item in walk(call)
        )

    # -- stores ---------------------------------------------------------------------------------------------

    def _stored(self, target: Expr, value: Expr) -> str | None:
        """Where another place takes the resource over."""
        if isinstance(target, Name) and target.name == "_":
            return None
        if place_of(target) == self.place or not self._hands_over(value, whole=isinstance(target, Name)):
            return None
        return None if isinstance(target, Name) and target.storage == "local" else "keep"

    def _overwritten(self, target: Expr) -> str | None:
        for item in targets(target):
            place = place_of(item)
            if place is not None and place == self.place:
                return "lost"
            if place is not None and self.place[: len(place)] == place:
                return "unknown"  # what it was a part of is another one now
        return None

    def _hands_over(self, value: Expr, *, whole: bool = False) -> bool:
        """Whether the resource, or a part by which it is held, is what is stored or returned."""
        inner = strip(value)
        match inner:
            case Aggregate(items=items):
                return any(self._hands_over(item) for _, item in items)
            case Conditional(then=then, other=other):
                return self._hands_over(then, whole=whole) or self._hands_over(other, whole=whole)
            case AddressOf(place=Aggregate() as made):
                return self._hands_over(made)
        place = place_of(inner)
        if place is None:
            return False
        if place == self.place or (self.place[: len(place)] == place and len(place) < len(self.place)):
            return True
        return self.resource.parts and not whole and place[: len(self.place)] == self.place


def _inner_names(value: Expr) -> bool:
    return any(isinstance(item, Name) for item in walk(value))


def _counts(expr: Expr, listed: int) -> bool:
    """Whether a list stands in an expression as `len(iters)` only, if at all."""
    if isinstance(expr, CallExpr) and expr.callee in ("len", "cap"):
        return True
    if isinstance(expr, Name):
        return expr.decl != listed
    return all(_counts(item, listed) for item in parts(expr))


def field_of(expr: Expr) -> tuple[str, str] | None:
    """Return the type and field of `t.link`, `t.links[i]`, `g_state.fds[i]`; None where the type is not known."""
    inner = strip(expr)
    while isinstance(inner, Index | AddressOf):
        inner = strip(inner.base if isinstance(inner, Index) else inner.place)
    if not isinstance(inner, Select):
        return None
    owner = inner.owner or _record(inner.base)
    return (owner.rpartition(".")[2], inner.field) if owner else None


def _record(expr: Expr) -> str:
    type_ = expr.type.pointee if isinstance(expr.type, Pointer) else expr.type
    return type_.name if isinstance(type_, RecordDecl) else ""


# -- openings ---------------------------------------------------------------------------------------------------


def opened_place(op: Call, resource: Resource) -> Place | None:
    """Return the place a call opens its resource into, None where the result is dropped or stored elsewhere."""
    holder = _holder(op, resource)
    return None if holder is None else place_of(holder)


def is_dropped(op: Call, resource: Resource) -> bool:
    """Return whether a call's resource goes nowhere: no result, or Go's `_`."""
    holder = _holder(op, resource)
    return resource.argument is None and (holder is None or (isinstance(holder, Name) and holder.name == "_"))


def _holder(op: Call, resource: Resource) -> Expr | None:
    if resource.argument == RECEIVER:
        return op.call.receiver
    if resource.argument is not None:
        return op.call.args[resource.argument] if resource.argument < len(op.call.args) else None
    return None if op.result is None else _first(op.result)


def _left_with_errors_only(held: Held) -> bool:
    """Whether each path that leaves a resource open returns an error, and one closes it: no other owner may exist."""
    returned = [item.op.value for item in held.ends if item.how == "left" and isinstance(item.op, Return)]
    last = [_last_of(item) for item in returned if item is not None]
    failing = len(last) == len(returned) and not any(isinstance(item, Constant) for item in last)
    return failing and held.end("close") is not None and all(
        isinstance(item.op, Return) for item in held.ends if item.how == "left"
    )  # fmt: skip


def _last_of(value: Expr) -> Expr:
    inner = strip(value)
    return strip(inner.items[-1][1]) if isinstance(inner, Aggregate) and inner.items else inner


def _first(value: Expr) -> Expr:
    inner = strip(value)
    return inner.items[0][1] if isinstance(inner, Aggregate) and inner.items else inner


def _type(op: Call, resource: Resource) -> Type | None:
    holder = _holder(op, resource)
    return None if holder is None else holder.type


def _root(op: Call, resource: Resource) -> Name | None:
    expr = _holder(op, resource)
    while expr is not None and not isinstance(expr, Name):
        inner = parts(expr)
        expr = inner[0] if inner else None
    return expr


def _absent(op: Call, resource: Resource, place: Place) -> tuple[tuple[Place, Signs], ...]:
    """When there is nothing to close: the signs that the place or the error beside it then has."""
    match resource.failure:
        case "never":
            return ()
        case "negative":
            return ((place, NEGATIVE | ZERO),)
        case "null":
            return ((place, ZERO),)
        case "error":
            error = _error_of(op, resource)
            failed = () if error is None else ((error, NEGATIVE | POSITIVE),)
            nothing = NEGATIVE | ZERO if resource.number else ZERO
            return (*failed, (place, nothing)) if resource.argument is None else failed


def _error_of(op: Call, resource: Resource) -> Place | None:
    result = op.result
    if isinstance(result, Aggregate) and result.items:
        return place_of(result.items[-1][1])
    return place_of(result) if result is not None and resource.argument is not None else None


def tell(test: Test) -> tuple[Place, Signs] | None:
    """Return what asking a function tells: `IS_ERR(p)` that p is nothing, `errors.Is(err, …)` that err is not nil."""
    value = strip(test.value)
    if not isinstance(value, CallExpr) or not value.args or (place := place_of(value.args[0])) is None:
        return None
    if value.callee in _ASKS:
        return place, ZERO if test.outcome in ("true", "error", "nonnull") else NEGATIVE | POSITIVE
    if value.callee in _TELLS_ERRORS and test.outcome == "true":
        return place, NEGATIVE | POSITIVE
    return None


def _last(callee: str) -> str:
    return re.split(r"[./:]", callee)[-1]


@cache
def _pattern(names: tuple[str, ...]) -> Callable[[str], bool]:
    """A test for names in which `*` is any run of characters."""
    plain = frozenset(item for item in names if "*" not in item)
    starred = [translate(item) for item in names if "*" in item]
    compiled = re.compile("|".join(starred)) if starred else None
    return lambda name: name in plain or (compiled is not None and compiled.match(name) is not None)
