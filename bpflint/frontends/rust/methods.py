"""What does a method call give? Methods of the project's types, of maps, and of `core` where bytes pass through."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tree_sitter import Node

from bpflint.frontends.rust.evaluate import element_of
from bpflint.frontends.rust.knowledge import AYA_MAPS, FROM_POINTER, NUMBER_TO, SAME_TYPE, UNWRAPPING
from bpflint.frontends.rust.rtypes import (
    BYTES,
    U8,
    UNKNOWN,
    Adt,
    ArrayOf,
    Ext,
    Prim,
    Ptr,
    RType,
    SliceOf,
    at,
    is_bytes,
    peel,
    pointee,
    type_argument,
    unwrapped,
)  # fmt: skip
from bpflint.frontends.rust.skeletons import part_of
from bpflint.frontends.rust.syntax import text_of
from bpflint.frontends.rust.values import KERNEL, NOTHING, BytesOf, Code, Frame, FromMap, Loaded, OfMap, Value, Words

if TYPE_CHECKING:
    from bpflint.frontends.rust.entering import Functions
    from bpflint.frontends.rust.evaluate import Evaluator
    from bpflint.frontends.rust.maps import Maps
    from bpflint.frontends.rust.outside import Outside


class Methods:
    """Reads method calls."""

    def __init__(self, evaluator: Evaluator, functions: Functions, maps: Maps, outside: Outside) -> None:
        self._ev = evaluator
        self._functions = functions
        self._maps = maps
        self._outside = outside

    def call(
        self, node: Node, function: Node, args: list[Node], turbofish: tuple[RType, ...], frame: Frame, expected: RType
    ) -> Value:
        """Return what a method call gives."""
        name = text_of(function.child_by_field_name("field")).removeprefix("r#")
        receiver_node = function.child_by_field_name("value")
        passes_on = name in UNWRAPPING or name in ("clone", "cloned", "copied", "into", "await")
        receiver = self._ev.value(receiver_node, frame, expected if passes_on else UNKNOWN)
        base = peel(receiver.type)
        if isinstance(base, Adt) and (method := self._ev.impls.method(base.item, name)) is not None:
            wanted = [type_ for _, type_ in self._functions.parameters(method)]
            given = [self._ev.value(item, frame, at(wanted, index + 1)) for index, item in enumerate(args)]
            skeleton = self._maps.part(receiver, name, node, frame) if part_of(base) is not None else None
            if skeleton is not None:
                return skeleton
            return self._functions.enter(method, [receiver, *given], node, frame, expected, turbofish, base)
        loaded = receiver.origin if isinstance(receiver.origin, Loaded) else part_of(base)
        if (found := self._maps.of_object(loaded, name, args, node, frame)) is not None:
            return found
        if isinstance(receiver.origin, OfMap):
            if receiver.origin.kind == KERNEL:
                return self._maps.kernel_method(receiver.origin, name, args, turbofish, node, frame)
            got = self._maps.of_map(receiver, receiver.origin, name, args, node, frame)
            if got is not None:
                return got
        if name in ("try_into", "into") and isinstance(receiver.origin, OfMap):
            declared = peel(expected)
            if isinstance(declared, Ext) and declared.last in AYA_MAPS:
                return self._maps.aya_map(receiver, declared.last, declared, node, frame)
        return self._plain_method(name, receiver, base, args, turbofish, node, frame, expected)

    def _plain_method(
        self, name: str, receiver: Value, base: RType, args: list[Node], turbofish: tuple[RType, ...], node: Node,
        frame: Frame, expected: RType,
    ) -> Value:  # fmt: skip
        """Methods of `core`, and of what is not known: bytes stay the bytes they were."""
        if isinstance(base, Ptr) and name in (*FROM_POINTER, "as_ref", "as_mut"):
            self._outside.from_pointer(base.inner, receiver.typed(base), node, frame, f"ptr::{name}")
            return Value(base.inner)
        if name == "cast" and isinstance(base, Ptr):
            target = turbofish[0] if turbofish else pointee(expected)
            lost = BytesOf(base.inner, "cast") if receiver.origin is None and is_bytes(Ptr(target)) else None
            return Value(Ptr(target), receiver.origin or lost)
        if name in ("keys", "values") and isinstance(base, Ext) and base.path.startswith("std::collections"):
            return Value(Ext("Keys", (type_argument(base.args, name == "values"),)))
        if name in ("as_ptr", "as_mut_ptr"):
            return self._pointer_to(receiver, base)
        if name in NUMBER_TO and isinstance(base, Prim):
            count = self._ev.world.layouts.size_of(base)
            return Value(ArrayOf(U8, count), BytesOf(base, f"{base.name}::{name}", NUMBER_TO[name]))
        if name in ("as_bytes", "as_bytes_mut", "as_mut_bytes") and isinstance(base, Adt) and not args:
            return Value(BYTES, BytesOf(base, "zerocopy::IntoBytes::as_bytes"))
        if name == "copy_from_bytes" and args and isinstance(base, Adt):
            source = self._ev.value(args[0], frame)
            self._maps.decode(base, source, node, frame, "plain::Plain::copy_from_bytes")
            return NOTHING
        given = [self._ev.value(item, frame) for item in args]
        if name == "read_events" and isinstance(receiver.origin, FromMap) and args:
            self._filled(args[0], receiver.origin, frame)
        if name == "add" and len(given) > 1 and isinstance(given[0].origin, OfMap):
            self._maps.call_back(given[1], given[0].origin, frame, node, None)
            return receiver
        if name == "add" and isinstance(receiver.origin, FromMap):
            return Value(receiver.type, replace(receiver.origin, whole=False))
        for value in given:
            self._closure_argument(value, receiver, frame, node)
        if name in UNWRAPPING:
            return receiver.typed(unwrapped(_unlocked(receiver.type)))
        if name in SAME_TYPE or name in ("to_vec", "as_slice", "as_mut_slice", "to_bytes", "as_mut_slice"):
            return receiver
        if name in ("first", "last", "get", "next", "pop", "chunks_exact", "nth"):
            return element_of(receiver)
        return Value(UNKNOWN, receiver.origin if not isinstance(receiver.origin, Code | Words) else None)

    def _closure_argument(self, value: Value, receiver: Value, frame: Frame, node: Node) -> None:
        """`x.map(|v| …)`: the closure sees what the receiver holds."""
        if isinstance(value.origin, Code) and value.origin.closure is not None:
            self._functions.run(value.origin, [element_of(receiver.typed(unwrapped(receiver.type)))], frame, node)

    @staticmethod
    def _pointer_to(receiver: Value, base: RType) -> Value:
        match base:
            case Ext(args=(first, *_)) if base.last == "MaybeUninit" and not isinstance(first, int):
                return Value(Ptr(first))
            case ArrayOf(element=element) | SliceOf(element=element):
                return Value(Ptr(element), receiver.origin)
            case Ext(args=(first, *_)) if base.last == "Vec" and not isinstance(first, int):
                return Value(Ptr(first), receiver.origin)
        return Value(Ptr(U8), receiver.origin)

    def _filled(self, arg: Node, origin: FromMap, frame: Frame) -> None:
        """`read_events(&mut buffers)` leaves samples in the buffers."""
        inner = arg.child_by_field_name("value") if arg.type == "reference_expression" else arg
        if inner is not None and inner.type == "identifier":
            known = frame.find(text_of(inner)) or NOTHING
            frame.assign(text_of(inner), Value(known.type, origin))


def _unlocked(type_: RType) -> RType:
    if isinstance(type_, Ext) and type_.last in ("Mutex", "RwLock"):
        return type_argument(type_.args, 0)
    return type_
