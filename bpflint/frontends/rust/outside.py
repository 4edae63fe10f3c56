"""What do functions of other crates do with bytes? `plain`, `bytemuck`, `std::ptr`, `std::mem`, libbpf's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from bpflint.frontends.rust.knowledge import CALLBACKS, COPIES, FROM_BYTES, FROM_POINTER, INTO_BYTES, RAW_CALLS
from bpflint.frontends.rust.rtypes import (
    BYTES,
    UNKNOWN,
    ArrayOf,
    Prim,
    Ptr,
    Ref,
    RType,
    SliceOf,
    is_bytes,
    peel,
    pointee,
    unwrapped,
)  # fmt: skip
from bpflint.frontends.rust.values import NOTHING, BytesOf, Code, Frame, FromMap, Loaded, OfMap, Value

if TYPE_CHECKING:
    from bpflint.frontends.rust.entering import Functions
    from bpflint.frontends.rust.evaluate import Evaluator
    from bpflint.frontends.rust.maps import Maps


class Outside:
    """Reads calls that leave the project."""

    def __init__(self, evaluator: Evaluator, functions: Functions, maps: Maps) -> None:
        self._ev = evaluator
        self._functions = functions
        self._maps = maps

    def call(
        self, node: Node, path: str, args: list[Node], turbofish: tuple[RType, ...], frame: Frame, expected: RType
    ) -> Value:
        """Return what a function of another crate gives, by its path."""
        home, _, last = path.rpartition("::")
        if path in FROM_BYTES:
            return self._from_bytes(node, path, args, turbofish, frame, expected)
        if path in COPIES:
            return self._copy(node, path, args, frame)
        if home == "std::ptr" and last in FROM_POINTER:
            source = self._ev.value(args[0], frame, Ptr(expected)) if args else NOTHING
            target = turbofish[0] if turbofish else pointee(source.type)
            self.from_pointer(target, source, node, frame, f"ptr::{last}")
            return Value(target)
        if last in ("transmute", "transmute_copy"):
            source = self._ev.value(args[0], frame) if args else NOTHING
            target = turbofish[-1] if turbofish else expected
            if isinstance(source.origin, FromMap):
                self._maps.decode(target, source, node, frame, f"mem::{last}")
            return Value(target)
        given = [self._ev.value(item, frame) for item in args]
        if path in INTO_BYTES and given:
            return self._into_bytes(path, given[0], turbofish, node, frame, expected)
        if last in ("from_raw_parts", "from_raw_parts_mut") and given:
            element = pointee(given[0].type)
            if isinstance(given[0].origin, FromMap) and not is_bytes(given[0].type):
                self._maps.decode(element, given[0], node, frame, f"slice::{last}")
            return Value(Ref(SliceOf(element)), given[0].origin)
        if last in ("zeroed", "size_of", "size_of_val", "align_of"):
            found = turbofish[0] if turbofish else expected
            return Value(found if last == "zeroed" else Prim("usize"))
        if last in RAW_CALLS:
            self._maps.touch(RAW_CALLS[last], given[:1][0] if given else NOTHING, args, given, node, frame, last)
            return NOTHING
        if last in CALLBACKS:
            self._maps.raw_reader(CALLBACKS[last], given, frame, node)
            return NOTHING
        for item in given:  # `thread::spawn(move || …)`
            if isinstance(item.origin, Code) and item.origin.closure is not None:
                self._functions.run(item.origin, [], frame, node)
        part = next((item for item in given if isinstance(item.origin, OfMap | Loaded | FromMap)), None)
        return Value(UNKNOWN, part.origin) if part is not None else NOTHING

    def _from_bytes(
        self, node: Node, path: str, args: list[Node], turbofish: tuple[RType, ...], frame: Frame, expected: RType
    ) -> Value:
        source = self._ev.value(args[FROM_BYTES[path]], frame) if args else NOTHING
        target = turbofish[0] if turbofish else pointee(unwrapped(expected))
        self._maps.decode(target, source, node, frame, path)
        reads = path.endswith("unaligned")
        return Value(target if reads or target == UNKNOWN else Ref(target))

    def _copy(self, node: Node, path: str, args: list[Node], frame: Frame) -> Value:
        to, given = COPIES[path]
        values = [self._ev.value(item, frame) for item in args]
        if max(to, given) >= len(values):
            return NOTHING
        target, source = values[to], values[given]
        made = target.origin.type if isinstance(target.origin, BytesOf) else pointee(target.type)
        if isinstance(source.origin, FromMap):
            self._maps.decode(made, source, node, frame, path.removeprefix("std::"))
        elif isinstance(source.origin, BytesOf) and isinstance(target.origin, FromMap):
            self._maps.decode(source.origin.type, target, node, frame, path.removeprefix("std::"))
        return NOTHING

    def from_pointer(self, target: RType, source: Value, node: Node, frame: Frame, how: str) -> None:
        """Note a read through a pointer: of a map's bytes, or of bytes from nowhere known."""
        if isinstance(source.origin, FromMap) or (isinstance(source.type, Ptr) and source.origin is None):
            self._maps.decode(target, source, node, frame, how)

    def _into_bytes(
        self, path: str, given: Value, turbofish: tuple[RType, ...], node: Node, frame: Frame, expected: RType
    ) -> Value:
        if isinstance(given.origin, FromMap):  # cast_slice of a sample is a decode
            target = turbofish[-1] if turbofish else peel(expected)
            self._maps.decode(target.element if isinstance(target, SliceOf) else target, given, node, frame, path)
            return Value(Ref(SliceOf(target)))
        source = peel(given.type)
        element = source.element if path.endswith("cast_slice") and isinstance(source, SliceOf | ArrayOf) else source
        return Value(BYTES, BytesOf(element, path))
