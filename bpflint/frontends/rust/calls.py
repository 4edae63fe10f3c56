"""Where does a call lead? To the project's own functions, a type's associated ones, or another crate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from bpflint.frontends.rust.entering import Functions
from bpflint.frontends.rust.knowledge import AYA_MAPS, FROM_PIN, NUMBER_FROM, TRAIT_FROM_BYTES
from bpflint.frontends.rust.maps import Maps
from bpflint.frontends.rust.methods import Methods
from bpflint.frontends.rust.outside import Outside
from bpflint.frontends.rust.reprs import derived
from bpflint.frontends.rust.rtypes import (
    UNKNOWN,
    Adt,
    Ext,
    Prim,
    RType,
    Unknown,
    arguments_of,
    at,
    is_bytes,
    peel,
    type_argument,
    unwrapped,
)  # fmt: skip
from bpflint.frontends.rust.scopes import External, Generated, Item, segments
from bpflint.frontends.rust.sink import Sink
from bpflint.frontends.rust.skeletons import part_of
from bpflint.frontends.rust.syntax import name_of
from bpflint.frontends.rust.values import NOTHING, Code, Frame, FromMap, Value, Words

if TYPE_CHECKING:
    from bpflint.frontends.rust.evaluate import Evaluator


class Calls:
    """Reads the calls of one file."""

    def __init__(self, evaluator: Evaluator, sink: Sink) -> None:
        self._ev = evaluator
        self._sink = sink
        evaluator.calls = self
        self.functions = Functions(evaluator, sink)
        self.maps = Maps(evaluator, sink, self.functions)
        self._outside = Outside(evaluator, self.functions, self.maps)
        self._methods = Methods(evaluator, self.functions, self.maps, self._outside)

    def call(self, node: Node, frame: Frame, expected: RType) -> Value:
        """Return what a call gives."""
        function = node.child_by_field_name("function")
        if function is None:
            return NOTHING
        turbofish: tuple[RType, ...] = ()
        if function.type == "generic_function":
            turbofish = self._turbofish(function, frame)
            function = function.child_by_field_name("function") or function
        args = self._ev.arguments(node)
        if function.type == "field_expression":
            return self._methods.call(node, function, args, turbofish, frame, expected)
        if function.type in ("identifier", "scoped_identifier"):
            return self._path(node, function, args, turbofish, frame, expected)
        found = self._ev.value(function, frame)
        if isinstance(found.origin, Code):
            return self.functions.run(found.origin, [self._ev.value(item, frame) for item in args], frame, node)
        for item in args:
            self._ev.value(item, frame)
        return NOTHING

    def _turbofish(self, function: Node, frame: Frame) -> tuple[RType, ...]:
        listed = function.child_by_field_name("type_arguments")
        return tuple(
            self._ev.read(item, frame) for item in (listed.named_children if listed is not None else ())
            if item.type != "lifetime"
        )  # fmt: skip

    def _path(
        self, node: Node, function: Node, args: list[Node], turbofish: tuple[RType, ...], frame: Frame, expected: RType
    ) -> Value:
        path = segments(function)
        local = frame.find(path[0]) if len(path) == 1 else None
        if local is not None:
            given = [self._ev.value(item, frame) for item in args]
            return self.functions.run(local.origin, given, frame, node) if isinstance(local.origin, Code) else NOTHING
        if len(path) == 1 and path[0] in ("Some", "Ok", "Box"):
            return self._ev.value(args[0], frame, unwrapped(expected)) if args else NOTHING
        if function.type == "scoped_identifier":
            owner = self._ev.read(function.child_by_field_name("path"), frame)
            found_here = self._associated(node, owner, name_of(function), args, turbofish, frame, expected)
            if found_here is not None:
                return found_here
        resolved = self._ev.world.names.resolve(frame.where.scope, path, "value") if path else None
        if isinstance(resolved, Item) and resolved.kind == "fn":
            target = self._ev.impls.free(resolved)
            wanted = [type_ for _, type_ in self.functions.parameters(target)]
            given = [self._ev.value(item, frame, at(wanted, index)) for index, item in enumerate(args)]
            return self.functions.enter(target, given, node, frame, expected, turbofish)
        if isinstance(resolved, Item) and resolved.kind in ("struct", "enum"):
            return self._tuple_struct(resolved, args, frame, expected, node)
        name = resolved.path if isinstance(resolved, External) else "::".join(path)
        if isinstance(resolved, Generated):
            name = resolved.rest[-1]
        return self._outside.call(node, name, args, turbofish, frame, expected)

    def _tuple_struct(self, item: Item, args: list[Node], frame: Frame, expected: RType, node: Node) -> Value:
        wanted = peel(expected)
        made = wanted if isinstance(wanted, Adt) and wanted.item is item else Adt(item)
        for index, arg in enumerate(args):
            declared = self._ev.field_type(made, str(index))
            found = self._ev.value(arg, frame, declared)
            if item.kind == "struct":
                self.functions.constructed(made, str(index), found, frame, node)
        return Value(made)

    def _associated(
        self, node: Node, owner: RType, name: str, args: list[Node], turbofish: tuple[RType, ...], frame: Frame,
        expected: RType,
    ) -> Value | None:  # fmt: skip
        """`Type::function(…)`; None where the path's first part is no type."""
        match owner:
            case Adt(item=item):
                return self._of_type(node, owner, item, name, args, turbofish, frame, expected)
            case Prim():
                return self._number(node, owner, name, args, frame)
            case Ext():
                if owner.last in AYA_MAPS and owner.crate == "aya" and name in ("try_from", "new"):
                    found = self._ev.value(args[0], frame) if args else NOTHING
                    wanted = owner if owner.args else peel(expected)
                    return self.maps.aya_map(found, owner.last, wanted, node, frame)
                if f"{owner.last}::{name}" in FROM_PIN:
                    return self.maps.pinned(self._ev.value(args[0], frame) if args else NOTHING, owner)
                if owner.last == "Map" and owner.crate == "aya" and name in AYA_MAPS and args:
                    return self._ev.value(args[0], frame)  # `Map::HashMap(data)`
                if owner.last == "Ref" and owner.crate == "zerocopy" and owner.args:
                    source = self._ev.value(args[0], frame) if args else NOTHING
                    self.maps.decode(type_argument(owner.args, -1), source, node, frame, f"zerocopy::Ref::{name}")
                    return Value(type_argument(owner.args, -1))
                if owner.last == "MaybeUninit":
                    inner = type_argument(owner.args, 0) if owner.args else type_argument(arguments_of(expected), 0)
                    return Value(Ext("std::mem::MaybeUninit", (inner,)))
                part = part_of(owner)
                if part is not None:
                    given = [self._ev.value(item, frame) for item in args]
                    self._sink.loads(node, [item for item in given if isinstance(item.origin, Words)], frame)
                    return Value(owner, part)
                return None
        part = part_of(owner)
        if part is not None:
            for item_node in args:
                self._ev.value(item_node, frame)
            return Value(owner, part)
        if isinstance(owner, Unknown):
            return None
        if name in TRAIT_FROM_BYTES:
            return self._trait_decode(node, owner, name, args, frame)
        return Value(owner) if name in ("default", "zeroed", "new_zeroed") else None

    def _of_type(
        self, node: Node, owner: Adt, item: Item, name: str, args: list[Node], turbofish: tuple[RType, ...],
        frame: Frame, expected: RType,
    ) -> Value:  # fmt: skip
        method = self._ev.impls.method(item, name)
        if method is None:
            part = part_of(owner)
            if name in TRAIT_FROM_BYTES and part is None:
                return self._trait_decode(node, owner, name, args, frame)
            for arg in args:
                self._ev.value(arg, frame)
            own = name in ("default", "zeroed", "new_zeroed") or (name == "parse" and "Parser" in derived(item.prelude))
            return Value(owner if own or part is not None else UNKNOWN, part)
        wanted = [type_ for _, type_ in self.functions.parameters(method)]
        given = [self._ev.value(arg, frame, at(wanted, index)) for index, arg in enumerate(args)]
        return self.functions.enter(method, given, node, frame, expected, turbofish, owner if owner.args else UNKNOWN)

    def _trait_decode(self, node: Node, owner: RType, name: str, args: list[Node], frame: Frame) -> Value:
        source = self._ev.value(args[0], frame) if args else NOTHING
        for item in args[1:]:
            self._ev.value(item, frame)
        if isinstance(source.origin, FromMap) or is_bytes(source.type):
            self.maps.decode(owner, source, node, frame, f"T::{name}")
        return Value(owner)

    def _number(self, node: Node, owner: Prim, name: str, args: list[Node], frame: Frame) -> Value:
        """`u32::from_ne_bytes(bytes)`."""
        source = self._ev.value(args[0], frame) if args else NOTHING
        if name in NUMBER_FROM and isinstance(source.origin, FromMap) and source.origin.whole:
            order = NUMBER_FROM[name]
            op = source.origin
            self._sink.use(
                op.map, op.role, "decode", owner, node, frame, how=f"{owner.name}::{name}", order=order,
                per_cpu=op.per_cpu,
            )  # fmt: skip
        return Value(owner)
