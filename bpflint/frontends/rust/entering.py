"""What happens when a function of the project is called? It is entered where an argument is worth following."""

from __future__ import annotations

from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING

from tree_sitter import Node

from bpflint.frontends.rust.impls import Function
from bpflint.frontends.rust.patterns import bind
from bpflint.frontends.rust.rtypes import (
    UNKNOWN,
    Adt,
    Arg,
    Made,
    RType,
    is_bytes,
    is_known,
    peel,
    substitute,
    unify,
    unwrapped,
)  # fmt: skip
from bpflint.frontends.rust.scopes import Item
from bpflint.frontends.rust.sink import Sink
from bpflint.frontends.rust.skeletons import part_of
from bpflint.frontends.rust.syntax import text_of
from bpflint.frontends.rust.values import NOTHING, Code, Frame, FromMap, Loaded, OfMap, Value, Words, best, interesting

if TYPE_CHECKING:
    from bpflint.frontends.rust.evaluate import Evaluator

_DEEPEST = 5
"""How many calls are entered one in the other."""


class Functions:
    """Enters functions and closures, and remembers what the fields of types were made of."""

    def __init__(self, evaluator: Evaluator, sink: Sink) -> None:
        self._ev = evaluator
        self._sink = sink
        self._fields: dict[tuple[Item, str], Value | None] = {}
        self._entered: set[tuple[object, ...]] = set()
        self._searched: set[Item] = set()

    def enter_root(self, function: Function) -> None:
        """Read a function for itself: nothing is known of its arguments but their types."""
        key = (function.item, "root")
        if key in self._entered or function.body is None:
            return
        self._entered.add(key)
        returns = self._ev.reader.read(function.item.node.child_by_field_name("return_type"), function.where)
        frame = Frame(function.where, function.name, expected=returns)
        for pattern, type_ in self.parameters(function):
            value = Value(type_, part_of(peel(type_)))
            if pattern is None:
                frame.bind("self", value)
            else:
                bind(self._ev, pattern, value, frame)
        self._finish(function, frame)

    def _finish(self, function: Function, frame: Frame) -> Value:
        if function.body is not None:
            frame.results.append(self._ev.value(function.body, frame, frame.expected))
        self._settle(frame)
        return best(frame.results)

    def _settle(self, frame: Frame) -> None:
        """Bytes that came from nowhere known, in a function that opens one event map, are that map's."""
        opened = {item.name: item for item in frame.readers}
        if len(opened) == 1:
            for type_, node, how in frame.loose:
                self._sink.use(next(iter(opened.values())), "event", "decode", type_, node, frame, how=how)
        frame.loose.clear()

    def parameters(self, function: Function) -> list[tuple[Node | None, RType]]:
        """Return (pattern, type) of each parameter as it is declared; None for `self`'s pattern."""
        listed = function.item.node.child_by_field_name("parameters")
        found: list[tuple[Node | None, RType]] = []
        for item in listed.named_children if listed is not None else ():
            if item.type == "self_parameter":
                found.append((None, function.where.self_type or UNKNOWN))
            elif item.type == "parameter":
                type_ = self._ev.reader.read(item.child_by_field_name("type"), function.where)
                found.append((item.child_by_field_name("pattern"), type_))
        return found

    def enter(
        self, function: Function, given: list[Value], node: Node, frame: Frame, expected: RType,
        turbofish: tuple[RType, ...] = (), owner: RType = UNKNOWN,
    ) -> Value:  # fmt: skip
        """Return what a function of the project gives; its body is read where an argument is worth following."""
        parameters = self.parameters(function)
        binding: dict[str, Arg] = dict(zip(function.generics, turbofish, strict=False))
        if owner != UNKNOWN and function.where.self_type is not None:
            unify(function.where.self_type, owner, binding)
        for (_, type_), value in zip(parameters, given, strict=False):
            unify(type_, value.type, binding)
        declared = self._ev.reader.read(function.item.node.child_by_field_name("return_type"), function.where)
        unify(unwrapped(declared), unwrapped(expected), binding)
        binding = {name: item for name, item in binding.items() if is_known(item)}
        returns = substitute(declared, binding)
        if not self._worth(function, parameters, given, returns, frame):
            return Value(returns, part_of(peel(returns)))
        # by value: the text of a declaration is that of its whole crate
        key = (function.item, tuple(given), tuple(sorted(binding.items(), key=itemgetter(0))))
        seen = key in self._entered
        if seen and not is_bytes(returns):
            return Value(returns, part_of(peel(returns)))
        self._entered.add(key)
        span = self._sink.span(node, frame)
        inner = Frame(function.where, function.name, binding, returns, (*frame.via, span))
        for (pattern, type_), value in zip(parameters, given, strict=False):
            seen_as = substitute(type_, binding)
            value = value.typed(seen_as if is_known(seen_as) or value.type == UNKNOWN else value.type)
            if pattern is None:
                inner.bind("self", value)
            else:
                bind(self._ev, pattern, value, inner)
        found = self._finish(function, inner)
        return Value(returns if returns != UNKNOWN else found.type, found.origin or part_of(peel(returns)))

    def _worth(
        self, function: Function, parameters: list[tuple[Node | None, RType]], given: list[Value], returns: RType,
        frame: Frame,
    ) -> bool:  # fmt: skip
        body = function.body
        if body is None or frame.depth >= _DEEPEST:
            return False
        if any(interesting(item) for item in given):
            return True
        if any(isinstance(item.origin, Words) for item in given) and b"map" in (body.text or b""):
            return True
        return is_bytes(returns) and bool(parameters) and any(isinstance(peel(item.type), Adt | Made) for item in given)

    def run(self, code: Code, given: list[Value], frame: Frame, node: Node) -> Value:
        """Call a closure or a function that was passed as a value."""
        if code.item is not None:
            return self.enter(self._ev.impls.free(code.item), given, node, frame, UNKNOWN)
        if code.closure is None or code.frame is None or frame.depth >= _DEEPEST:
            return NOTHING
        inner = code.frame.inner()
        inner.via = frame.via
        listed = code.closure.child_by_field_name("parameters")
        for item, value in zip(listed.named_children if listed is not None else (), given, strict=False):
            if item.type == "parameter":
                type_ = self._ev.read(item.child_by_field_name("type"), inner)
                bind(self._ev, item.child_by_field_name("pattern"), value.typed(type_), inner)
            else:
                bind(self._ev, item, value, inner)
        return self._ev.value(code.closure.child_by_field_name("body"), inner)

    def constructed(self, owner: Adt, field: str, value: Value, frame: Frame, node: Node) -> None:
        """Note what a field is made of; two different origins are none."""
        declared = self._ev.field_type(owner, field)
        if isinstance(value.origin, OfMap):
            value = replace(value, origin=self._ev.calls.maps.typed(value.origin, declared, node, frame))
        if not isinstance(value.origin, OfMap | Loaded | FromMap):
            return
        key = (owner.item, field)
        known = self._fields.get(key, value)
        self._fields[key] = value if known is not None and known.origin == value.origin else None

    def field(self, owner: Adt, name: str) -> Value | None:
        """Return what a field was made of, wherever the type is built."""
        if owner.item not in self._searched:
            self._searched.add(owner.item)
            self._search(owner.item)
        return self._fields.get((owner.item, name))

    def _search(self, item: Item) -> None:
        """Read the functions of a type's own file that build it, for what its fields are made of."""
        pattern = (item.name + " {", item.name + "(", "Self {", "Self(")
        for function in self._ev.impls.methods(item):
            body = function.body
            if body is None or not any(word in text_of(body) for word in pattern):
                continue
            self.enter_root(function)
