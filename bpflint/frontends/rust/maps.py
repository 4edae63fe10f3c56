"""What do the calls of aya and libbpf-rs do with maps? Handles, keys, values, readers and their callbacks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tree_sitter import Node

from bpflint.frontends.rust.knowledge import (
    AYA_MAPS,
    AYA_METHODS,
    INDEXED,
    LIBBPF_METHODS,
    MAP_GETTERS,
    PER_CPU,
    PROGRAM_GETTERS,
    RAW_CALLS,
    READERS,
    SAME_TYPE,
    UNWRAPPING,
    Touch,
)  # fmt: skip
from bpflint.frontends.rust.rtypes import (
    BYTES,
    U8,
    UNKNOWN,
    ArrayOf,
    Ext,
    Prim,
    Ptr,
    Ref,
    RType,
    Tup,
    Unknown,
    is_bytes,
    is_known,
    peel,
    pointee,
    type_argument,
    unwrapped,
)  # fmt: skip
from bpflint.frontends.rust.sink import Kind, Sink
from bpflint.frontends.rust.skeletons import GLOBALS, part_of
from bpflint.frontends.rust.syntax import string_of, text_of
from bpflint.frontends.rust.values import NOTHING, BytesOf, Code, Frame, FromMap, Loaded, OfMap, Value, Words
from bpflint.model.unit import Role

if TYPE_CHECKING:
    from bpflint.frontends.rust.entering import Functions
    from bpflint.frontends.rust.evaluate import Evaluator

_VEC_U8 = Ext("std::vec::Vec", (U8,))


class Maps:
    """Reads what is done with loaded objects and maps."""

    def __init__(self, evaluator: Evaluator, sink: Sink, functions: Functions) -> None:
        self._ev = evaluator
        self._sink = sink
        self._functions = functions

    def decode(self, type_: RType, source: Value, node: Node, frame: Frame, how: str) -> None:
        """Note that bytes become a value of a type."""
        origin = source.origin
        target = unwrapped(pointee(unwrapped(type_)))
        if isinstance(origin, FromMap):
            if origin.whole and not origin.pairs:
                op = "output" if origin.sent else "decode"
                self._sink.use(origin.map, origin.role, op, target, node, frame, how=how, per_cpu=origin.per_cpu)
        elif origin is None and is_known(target):
            frame.loose.append((target, node, how))

    def part(self, owner: Value, name: str, node: Node, frame: Frame) -> Value | None:
        """Return a member of a loaded object or skeleton."""
        loaded = owner.origin if isinstance(owner.origin, Loaded) else part_of(peel(owner.type))
        if loaded is None:
            return None
        plain = name.removesuffix("_mut")
        match loaded.part:
            case "object":
                if plain == "maps":
                    return Value(origin=replace(loaded, part="maps"))
                if plain in ("progs", "programs"):
                    return Value(origin=replace(loaded, part="programs"))
                return None
            case "maps":
                if GLOBALS.match(plain):
                    return Value(origin=replace(loaded, part="globals"))
                self._sink.reference("map", name, node, loaded.loader, frame)
                return Value(origin=OfMap(name, loaded.loader))
            case "programs":
                self._sink.reference("program", name, node, loaded.loader, frame)
                return NOTHING
            case "globals":
                self._sink.reference("variable", name, node, loaded.loader, frame)
                return NOTHING

    def of_object(
        self, loaded: Loaded | None, name: str, args: list[Node], node: Node, frame: Frame
    ) -> Value | None:  # fmt: skip
        """A map, program or part of a loaded object."""
        first = self._ev.value(args[0], frame) if args and name in MAP_GETTERS | PROGRAM_GETTERS else NOTHING
        words = first.origin if isinstance(first.origin, Words) else None
        if words is not None and (loaded is not None or string_of(args[0]) is not None):
            if name in MAP_GETTERS:
                self._sink.reference("map", words.text, args[0], loaded.loader if loaded else "", frame)
                return Value(origin=OfMap(words.text, loaded.loader if loaded else ""))
            if name in PROGRAM_GETTERS:
                self._sink.reference("program", words.text, args[0], loaded.loader if loaded else "", frame)
                return NOTHING
        if loaded is None:
            return None
        if not args and (loaded.part == "globals" or name in SAME_TYPE or name in UNWRAPPING):
            return Value(origin=loaded)
        if not args and (part := self.part(Value(origin=loaded), name, node, frame)) is not None:
            return part
        if name == "find" and args and (wanted := _compared_name(args[0])) is not None:
            kind: Kind = "map" if loaded.part == "maps" else "program"
            self._sink.reference(kind, wanted[0], wanted[1], loaded.loader, frame)
            return Value(origin=OfMap(wanted[0], loaded.loader)) if kind == "map" else NOTHING
        if name == "set_global" and len(args) >= 2:
            self._set_global(args, node, frame)
            return Value(origin=loaded)
        if name in ("load", "load_file", "open_file", "open_memory", "open", "load_memory"):
            given = [self._ev.value(item, frame) for item in args]
            self._sink.loads(node, [item for item in given if isinstance(item.origin, Words)], frame)
            return Value(origin=loaded)
        return None

    def _set_global(self, args: list[Node], node: Node, frame: Frame) -> None:
        name, value = self._ev.value(args[0], frame), self._ev.value(args[1], frame)
        if isinstance(name.origin, Words):
            self._sink.reference("variable", name.origin.text, args[0], "", frame)
            type_ = peel(value.type)
            if is_known(type_):
                map_ = OfMap(name.origin.text)
                self._sink.use(map_, "global", "update", type_, node, frame, how="aya::EbpfLoader::set_global")

    def of_map(
        self, receiver: Value, map_: OfMap, name: str, args: list[Node], node: Node, frame: Frame
    ) -> Value | None:  # fmt: skip
        """What a method of a map or of its reader gives; None for any other method."""
        if map_.kind in READERS or map_.kind == "":
            if name in ("open", "next") and (map_.kind in READERS):
                for item in args:
                    self._ev.value(item, frame)
                frame.readers.append(map_)
                return Value(UNKNOWN, FromMap(map_, "event"))
            if name == "sample_cb" and args:
                self.call_back(self._ev.value(args[0], frame), map_, frame, node, None)
                return receiver
        if map_.kind:
            touch = AYA_METHODS.get(name)
            if touch is not None and map_.kind not in READERS:
                return self._aya_method(touch, map_, args, node, frame, name)
        elif name in LIBBPF_METHODS:
            given = [self._ev.value(item, frame) for item in args]
            return self.touch(LIBBPF_METHODS[name], Value(origin=map_), args, given, node, frame, name)
        elif name == "reserve":
            return Value(BYTES, FromMap(map_, "event", sent=True))
        return None

    def touch(
        self, touch: Touch, handle: Value, args: list[Node], given: list[Value], node: Node, frame: Frame, name: str
    ) -> Value:
        """A call of libbpf's or libbpf-rs' that takes keys and values as bytes."""
        map_ = handle.origin
        if not isinstance(map_, OfMap):
            return NOTHING
        roles: tuple[tuple[Role, int | None], ...] = (("key", touch.key), ("value", touch.value))
        for role, at in roles:
            if at is None or at >= len(given):
                continue
            if touch.op == "lookup" and role == "value" and name in RAW_CALLS:
                role_op = "lookup"
            else:
                role_op = touch.op
            self._passed(map_, role, role_op, given[at], args[at], node, frame, name, touch.per_cpu)
        if touch.gives:
            role = "key" if touch.gives == "key" else "value"
            origin = FromMap(map_, role, per_cpu=touch.per_cpu, pairs=touch.gives == "pairs")
            type_: RType = _VEC_U8 if touch.gives != "pairs" else UNKNOWN
            if touch.per_cpu or touch.gives == "key":
                type_ = Ext("std::vec::Vec", (type_,))
            return Value(type_, origin)
        return Value(Prim("()"))

    def _passed(
        self, map_: OfMap, role: Role, op: str, value: Value, arg: Node, node: Node, frame: Frame, name: str,
        per_cpu: bool,
    ) -> None:  # fmt: skip
        """Bytes that are given to the kernel."""
        per_cpu = per_cpu and role == "value"
        match value.origin:
            case BytesOf(type=type_, how=how, order=order):
                self._sink.use(
                    map_, role, op, type_, node, frame, how=how, order=order, per_cpu=per_cpu, expression=arg
                )
            case FromMap():
                return  # handed back as it came
            case _:
                given = peel(value.type)
                pointed = pointee(given)
                if isinstance(given, Ptr) and is_known(pointed) and not is_bytes(given):
                    self._sink.use(map_, role, op, pointed, node, frame, how=name, per_cpu=per_cpu, expression=arg)
                elif isinstance(given, ArrayOf) and is_known(given):
                    self._sink.use(map_, role, op, given, node, frame, how=name, per_cpu=per_cpu, expression=arg)
                else:
                    unknown = Unknown(text_of(arg)[:60], "where its bytes come from is not followed")
                    self._sink.use(map_, role, op, unknown, node, frame, how=name, per_cpu=per_cpu, expression=arg)

    def pinned(self, path: Value, made: RType) -> Value:
        """`MapData::from_pin(path)`: loaders pin a map by its name (LIBBPF_PIN_BY_NAME, aya's `map_pin_path`)."""
        name = path.origin.text.rpartition("/")[2] if isinstance(path.origin, Words) else ""
        return Value(made, OfMap(name) if name.isidentifier() else None)

    def aya_map(self, found: Value, kind: str, wanted: RType, node: Node, frame: Frame) -> Value:
        """`HashMap::try_from(handle)`: the handle becomes a typed map."""
        if not isinstance(found.origin, OfMap):
            return Value(wanted)
        made = self.typed(replace(found.origin, kind=kind), wanted, node, frame)
        if kind in READERS:
            frame.readers.append(made)
        return Value(wanted if isinstance(wanted, Ext) else UNKNOWN, made)

    def typed(self, map_: OfMap, declared: RType, node: Node, frame: Frame) -> OfMap:
        """The handle with key and value as a declared type says them; they are noted where they are new."""
        base = peel(declared)
        if not isinstance(base, Ext) or base.last not in AYA_MAPS or base.crate != "aya":
            return map_
        key_at, value_at = AYA_MAPS[base.last]
        key = type_argument(base.args, key_at) if key_at > 0 else UNKNOWN
        value = type_argument(base.args, value_at) if value_at > 0 else UNKNOWN
        if base.last == "LpmTrie" and is_known(key):
            key = Ext("aya::maps::lpm_trie::Key", (key,))
        made = replace(
            map_, kind=base.last, key=key if is_known(key) else map_.key, value=value if is_known(value) else map_.value
        )
        roles: tuple[tuple[Role, RType, RType], ...] = (("key", made.key, map_.key), ("value", made.value, map_.value))
        for role, now, before in roles:
            if is_known(now) and now != before:
                per_cpu = base.last in PER_CPU and role == "value"
                self._sink.use(made, role, "open", now, node, frame, how=f"aya::maps::{base.last}", per_cpu=per_cpu)
        return made

    def _aya_method(self, touch: Touch, map_: OfMap, args: list[Node], node: Node, frame: Frame, name: str) -> Value:
        given = [self._ev.value(item, frame) for item in args]
        per_cpu = map_.kind in PER_CPU
        how = f"aya::maps::{map_.kind}::{name}"
        roles: list[tuple[Role, int | None, RType]] = [("key", touch.key, map_.key), ("value", touch.value, map_.value)]
        for role, at, declared in roles:
            if at is None or at >= len(given) or (role == "key" and map_.kind in INDEXED):
                continue
            found = declared if is_known(declared) else peel(given[at].type)
            if is_known(found):
                here = per_cpu and role == "value"
                self._sink.use(map_, role, touch.op, found, node, frame, how=how, per_cpu=here, expression=args[at])
        if touch.gives in ("value", "pairs") and is_known(map_.value):
            self._sink.use(map_, "value", touch.op, map_.value, node, frame, how=how, per_cpu=per_cpu)
        if touch.gives in ("key", "pairs") and is_known(map_.key):
            self._sink.use(map_, "key", touch.op, map_.key, node, frame, how=how)
        match touch.gives:
            case "value":
                return Value(map_.value)
            case "key":
                return Value(map_.key)
            case "pairs":
                return Value(Tup((map_.key, map_.value)))
        return Value(Prim("()"))

    def kernel_method(
        self, map_: OfMap, name: str, args: list[Node], turbofish: tuple[RType, ...], node: Node, frame: Frame
    ) -> Value:  # fmt: skip
        """A method of aya-ebpf's maps; only what carries events says more than the map's own type."""
        given = [self._ev.value(item, frame) for item in args]
        if name == "reserve" and turbofish:
            self._sink.use(map_, "event", "reserve", turbofish[0], node, frame, how="aya_ebpf::maps::RingBuf::reserve")
        elif name == "output":
            sent = next((peel(item.type) for item in given if isinstance(item.type, Ref)), UNKNOWN)
            if is_known(sent) and not is_bytes(sent):
                self._sink.use(map_, "event", "output", sent, node, frame, how="aya_ebpf::maps::output")
        return NOTHING

    def raw_reader(self, places: tuple[int, int, int], given: list[Value], frame: Frame, node: Node) -> None:
        """`ring_buffer__new(fd, Some(callback), …)`: the callback sees samples of the map."""
        at, callback, sample = places
        if callback < len(given) and at < len(given) and isinstance(given[at].origin, OfMap):
            self.call_back(given[callback], given[at].origin, frame, node, sample)

    def call_back(self, code: Value, map_: object, frame: Frame, node: Node, sample: int | None) -> None:
        """Run a reader's callback with the sample at an argument; None: its last one."""
        if not isinstance(code.origin, Code) or not isinstance(map_, OfMap):
            return
        data = Value(BYTES if sample is None else Ptr(Prim("()")), FromMap(map_, "event"))
        count = _arity(code.origin)
        given = [NOTHING] * (count if sample is None else max(count, sample + 1))
        if given:
            given[-1 if sample is None else sample] = data
            self._functions.run(code.origin, given, frame, node)


def _arity(code: Code) -> int:
    """How many parameters a closure or function has."""
    if code.closure is not None:
        listed = code.closure.child_by_field_name("parameters")
    else:
        listed = code.item.node.child_by_field_name("parameters") if code.item is not None else None
    found = listed.named_children if listed is not None else ()
    return len([item for item in found if not item.type.endswith("comment")])


def _compared_name(closure: Node) -> tuple[str, Node] | None:
    """The string of `|m| m.name() == "events"`."""
    body = closure.child_by_field_name("body") if closure.type == "closure_expression" else None
    if body is None or body.type != "binary_expression" or text_of(body.child_by_field_name("operator")) != "==":
        return None
    for side in ("left", "right"):
        node = body.child_by_field_name(side)
        if node is not None and (found := string_of(node)) is not None:
            return found, node
    return None
