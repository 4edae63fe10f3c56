"""Which map does a Go value stand for? Facts that flow through variables, fields, parameters, results and channels.

The analysis knows no order and no paths: a place holds every fact that any statement of the package stores there. A map
is named by `coll.Maps["x"]`, an `ebpf:"x"` tag, a pin's path or a lookup by name; readers, records, samples and streams
are facts about the map they come from. More than one map at one place means that nobody knows which.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from functools import lru_cache, partial
from typing import Literal

from bpflint.frontends.go.walked import Walked, Walks
from bpflint.model.data import dataclass
from bpflint.model.flow import (
    AddressOf,
    Aggregate,
    Assign,
    Call,
    CallExpr,
    Cast,
    Constant,
    Deref,
    Expr,
    Function,
    Index,
    Name,
    Op,
    Return,
    Select,
)  # fmt: skip
from bpflint.model.layout import Opaque, Pointer, RecordDecl, Type

Kind = Literal["map", "reader", "record", "sample", "stream", "iterator", "variable", "text", "function"]
Place = tuple[object, ...]
_ROUNDS = 8
_MOST = 12
"""A place with more facts than this is a dispatcher: nothing can be told of it."""
_CLOSURE = re.compile(r"(?:\.func\d+)+$")

EBPF = "github.com/cilium/ebpf"
LIBBPFGO = "github.com/aquasecurity/libbpfgo"
MANAGER = "github.com/DataDog/ebpf-manager"
_MAPS_BY_NAME = frozenset((
    f"{LIBBPFGO}.Module.GetMap", f"{MANAGER}.Manager.GetMap", "github.com/iovisor/gobpf/elf.Module.Map",
))  # fmt: skip
_PINS = frozenset((f"{EBPF}.LoadPinnedMap",))
_MADE = frozenset(f"{EBPF}.{name}" for name in ("NewMap", "NewMapWithOptions"))
_SPEC = f"{EBPF}.MapSpec"
_READERS = frozenset(f"{EBPF}/{package}.NewReader{tail}" for package in ("ringbuf", "perf")
                     for tail in ("", "WithOptions"))  # fmt: skip
_RECORDS = frozenset(f"{EBPF}/{package}.Reader.Read" for package in ("ringbuf", "perf"))
_INTO = frozenset(f"{item}Into" for item in _RECORDS)
_STREAMS = frozenset(("bytes.NewReader", "bytes.NewBuffer", "bytes.NewBufferString", "bufio.NewReader"))
_CHANNELS = frozenset(f"{LIBBPFGO}.Module.Init{name}Buf" for name in ("Perf", "Ring"))
_VALUES = frozenset((
    f"{EBPF}.Map.LookupBytes", *(f"{LIBBPFGO}.BPFMap.{name}" for name in ("GetValue", "GetValueFlags")),
    f"{LIBBPFGO}.BPFMapLow.GetValue",
))  # fmt: skip
_KEYS = frozenset((f"{EBPF}.Map.NextKeyBytes", f"{LIBBPFGO}.BPFMapIterator.Key"))
_ITERATORS = frozenset((f"{EBPF}.Map.Iterate", f"{LIBBPFGO}.BPFMap.Iterator"))
_SAME = frozenset((
    "slice", "append", "range", "chan.receive", f"{EBPF}.Map.Clone", "bytes.Clone", "slices.Clone", "unsafe.SliceData",
    "bytes.TrimRight", "bytes.Buffer.Bytes", "bytes.Buffer.Next",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """What a value is. `name` is the map's ("" where nobody knows it), the variable's, the text or the function's."""

    kind: Kind
    name: str
    role: Literal["", "key", "value", "event"] = ""


Facts = frozenset[Fact]
NOTHING: Facts = frozenset()


@dataclass(slots=True)
class Provenance:
    """The facts of one package. `tags` gives the `ebpf:"name"` tag of (owner, field)."""

    walks: Walks
    owners: Mapping[int, str]
    tags: Mapping[tuple[str, str], Fact]
    globals: Mapping[str, Expr] = field(default_factory=dict)
    """The initialisers of package variables."""
    package: str = ""
    """The path of the package."""
    _facts: dict[Place, set[Fact]] = field(default_factory=dict)
    _by_name: dict[str, Function] = field(default_factory=dict)
    _changed: dict[Place, int] = field(default_factory=dict)
    """When a place was last given a fact: the number of the body that did it."""
    _seen: set[Place] = field(default_factory=set)
    """The places that the current body asked about."""
    _time: int = 0

    def solve(self) -> None:
        """Let facts flow until nothing changes."""
        self._by_name = {item.name: item for item in self.walks.functions}
        works: list[Callable[[], None]] = [partial(self._global, *item) for item in self.globals.items()]
        works += [partial(self._function, *_body(self.walks.of(item))) for item in self.walks.functions]
        asked: list[tuple[int, set[Place]] | None] = [None] * len(works)
        for _ in range(_ROUNDS):
            before = self._time
            for number, work in enumerate(works):
                last = asked[number]
                if last is None or any(self._changed.get(place, 0) >= last[0] for place in last[1]):
                    self._time += 1
                    self._seen = set()
                    asked[number] = self._time, self._seen
                    work()
            if before == self._time:
                return

    def _global(self, name: str, value: Expr) -> None:
        self._put_at(("global", name), self.of(value, name))
        self._inside(value, name)

    # -- flow in -------------------------------------------------------------------------------------------

    def _function(self, name: str, ops: Sequence[Op], exprs: Sequence[Expr]) -> None:
        for expr in exprs:
            self._effects(expr, name)
        for op in ops:
            match op:
                case Assign(target=target, value=value):
                    self._put(target, self.of(value, name), name)
                case Call(call=call, result=Aggregate(items=items)):
                    for number, (_, target) in enumerate(items):
                        self._put(target, self._result(call, number, name), name)
                case Call(call=call, result=result) if result is not None:
                    self._put(result, self.of(call, name), name)
                case Return(value=Aggregate(items=items)) if items and items[0][0] == "0":
                    for number, (_, value) in enumerate(items):
                        self._put_at(("result", name, number), self.of(value, name))
                case Return(value=value) if value is not None:
                    self._put_at(("result", name, 0), self.of(value, name))

    def _inside(self, value: Expr, name: str) -> None:
        from bpflint.analysis.walk import walk

        for expr in walk(value):
            self._effects(expr, name)

    def _effects(self, expr: Expr, name: str) -> None:
        match expr:
            case Aggregate(items=items, type=RecordDecl() as decl) if id(decl) in self.owners:
                for item, value in items:
                    self._put_at(("field", self.owners[id(decl)], item), self.of(value, name))
            case CallExpr():
                self._call(expr, name)

    def _call(self, call: CallExpr, name: str) -> None:
        args = call.args
        if (call.callee == "chan.send" and len(args) == 2) or (call.callee == "copy" and len(args) == 2):
            self._put(args[0], self.of(args[1], name), name)
        elif call.callee in _CHANNELS and len(args) > 1:
            for text in self._texts(args[0], name):
                self._put(args[1], frozenset((Fact("sample", text, "event"),)), name)
        elif call.callee in _INTO and args and call.receiver is not None:
            self._put(args[0], _turned(self.of(call.receiver, name), "reader", "record"), name)
        elif call.callee == f"{LIBBPFGO}.BPFMap.GetValueReadInto" and len(args) > 1 and call.receiver is not None:
            maps = _turned(self.of(call.receiver, name), "map", "sample", "value")
            self._put(args[1], maps, name)
        elif call.callee in ("bytes.Buffer.Write", "bytes.Reader.Reset") and args and call.receiver is not None:
            self._put(call.receiver, _turned(self.of(args[0], name), "sample", "stream"), name)
        for function in self.targets(call, name):
            given = args if call.receiver is None or not function.method_of else (call.receiver, *args)
            for param, value in zip(function.params, given, strict=False):
                self._put_at(("local", _root(function.name), param.decl), self.of(value, name))

    def targets(self, call: CallExpr, name: str) -> list[Function]:
        """Return the functions of the package that a call may run."""
        if call.callee in self._by_name:
            return [self._by_name[call.callee]]
        if call.receiver is None:
            return []
        held = self.of(call.receiver, name)
        return [self._by_name[item.name] for item in held if item.kind == "function" and item.name in self._by_name]

    def _put(self, target: Expr, facts: Facts, name: str) -> None:
        if facts:
            place = self._place(target, name)
            if place is not None:
                self._put_at(place, facts)

    def _put_at(self, place: Place, facts: Facts) -> None:
        if not facts:
            return
        known = self._facts.setdefault(place, set())
        if not facts <= known and len(known) <= _MOST:
            known |= facts
            self._changed[place] = self._time

    def _place(self, expr: Expr, name: str) -> Place | None:
        match expr:
            case Name(storage="global", name=full):
                return ("global", full)
            case Name(decl=decl) if decl:
                return ("local", _root(name), decl)
            case Select(owner=owner, field=item) if owner:
                return ("field", owner, item)
            case Index(base=base, index=Constant(value=str(key))):
                place = self._place(base, name)
                return None if place is None else ("entry", place, key)
            case Index(base=inner) | Deref(pointer=inner) | AddressOf(place=inner) | Cast(value=inner):
                return self._place(inner, name)
            case CallExpr(callee="slice", args=(inner, *_)):
                return self._place(inner, name)
        return None

    # -- flow out ------------------------------------------------------------------------------------------

    def of(self, expr: Expr, name: str, depth: int = 0) -> Facts:
        """Return what is known of an expression in the function `name`."""
        if depth > 24:
            return NOTHING
        match expr:
            case CallExpr():
                return self._result(expr, 0, name, depth)
            case Constant(value=str(text)):
                return frozenset((Fact("text", text),))
            case Name(storage="function", name=full):
                return frozenset((Fact("function", full),))
            case Name() as item:
                place = self._place(item, name)
                return (NOTHING if place is None else self._at(place)) or _by_type(item.type)
            case Select():
                return self._select(expr, name, depth)
            case Index(base=Select(field=held), index=index) if held in ("Maps", "Variables"):
                kind: Kind = "map" if held == "Maps" else "variable"
                return frozenset(Fact(kind, text) for text in self._texts(index, name))
            case Index(base=base, index=Constant(value=str(key))):
                place = self._place(base, name)
                entry = NOTHING if place is None else self._at(("entry", place, key))
                return entry or self.of(base, name, depth + 1)
            case Index(base=inner) | Deref(pointer=inner) | AddressOf(place=inner) | Cast(value=inner):
                return self.of(inner, name, depth + 1)
            case Aggregate(items=items) if (made := _spec_name(items)) and self.owners.get(id(expr.type)) == _SPEC:
                return frozenset((Fact("map", made),))
            case Aggregate(items=items, type=type_) if not isinstance(type_, RecordDecl):
                return _few(fact for _, value in items for fact in self.of(value, name, depth + 1))
        return NOTHING

    def _at(self, place: Place) -> Facts:
        self._seen.add(place)
        found = self._facts.get(place)
        return NOTHING if found is None or len(found) > _MOST else frozenset(found)

    def _select(self, expr: Select, name: str, depth: int) -> Facts:
        tag = self.tags.get((expr.owner, expr.field))
        if tag is not None:
            return frozenset((tag,))
        if expr.field == "RawSample":
            found = _turned(self.of(expr.base, name, depth + 1), "record", "sample", "event")
            if found:
                return found
        own = expr.owner.rpartition(".")[0] == self.package  # others hold their own maps in the same field
        return (self._at(("field", expr.owner, expr.field)) if own else NOTHING) or _by_type(expr.type)

    def _result(self, call: CallExpr, number: int, name: str, depth: int = 0) -> Facts:
        if call.callee in self._by_name:
            return self._at(("result", call.callee, number))
        if number:
            return NOTHING
        args, receiver = call.args, call.receiver
        first = self.of(args[0], name, depth + 1) if args else NOTHING
        own = self.of(receiver, name, depth + 1) if receiver is not None else NOTHING
        callee = call.callee
        if callee in _MADE:
            return frozenset(item for item in first if item.kind == "map")
        if callee in _MAPS_BY_NAME or callee in _PINS:
            texts = self._texts(args[0], name) if args else []
            return frozenset(Fact("map", text.rsplit("/", 1)[-1]) for text in texts)
        if callee in _READERS:
            return _turned(first, "map", "reader") or frozenset((Fact("reader", ""),))
        if callee in _RECORDS:
            return _turned(own, "reader", "record")
        if callee in _STREAMS:
            return _turned(first, "sample", "stream")
        if callee in _ITERATORS:
            return _turned(own, "map", "iterator")
        if callee in _VALUES:
            return _turned(own, "map", "sample", "value")
        if callee in _KEYS:
            return _turned(own, "map", "sample", "key") | _turned(own, "iterator", "sample", "key")
        if callee in _SAME:
            return first | own
        if callee == "path/filepath.Join" or callee == "path.Join":
            return self.of(args[-1], name, depth + 1) if args else NOTHING
        if callee == "fmt.Sprintf" or not callee:
            return NOTHING
        return NOTHING

    def _texts(self, expr: Expr, name: str) -> list[str]:
        return sorted(item.name for item in self.of(expr, name) if item.kind == "text")

    def maps(self, expr: Expr, name: str, kind: Kind = "map") -> list[Fact]:
        """Return the facts of one kind that an expression holds; more than one: it is not known which."""
        return sorted((item for item in self.of(expr, name) if item.kind == kind), key=lambda item: item.name)


def _body(walked: Walked) -> tuple[str, Sequence[Op], Sequence[Expr]]:
    """A function's name, the operations that store something, and the expressions that may hand something on."""
    ops = [op for op, _ in walked.parts if isinstance(op, Assign | Call | Return)]
    exprs = [expr for expr in walked.expressions() if isinstance(expr, CallExpr | Aggregate)]
    return walked.function.name, ops, exprs


def _by_type(type_: Type | None) -> Facts:
    """A reader or record that comes from nowhere we see: of some map."""
    bare = type_.pointee if isinstance(type_, Pointer) else type_
    return _TYPES.get(bare.spelling, NOTHING) if isinstance(bare, Opaque) else NOTHING


def _spec_name(items: Sequence[tuple[str, Expr]]) -> str:
    """The constant `Name` of a MapSpec literal."""
    found = next((value for name, value in items if name == "Name"), None)
    return found.value if isinstance(found, Constant) and isinstance(found.value, str) else ""


_ANY: Mapping[str, Fact] = {"Reader": Fact("reader", ""), "Record": Fact("record", "")}
_TYPES: Mapping[str, Facts] = {
    f"{EBPF}/{package}.{name}": frozenset((fact,)) for package in ("ringbuf", "perf") for name, fact in _ANY.items()
}


def _turned(facts: Facts, before: Kind, after: Kind, role: Literal["", "key", "value", "event"] = "") -> Facts:
    return frozenset(replace(item, kind=after, role=role or item.role) for item in facts if item.kind == before)


def _few(facts: Iterable[Fact]) -> Facts:
    found = frozenset(facts)
    return found if len(found) <= _MOST else NOTHING


@lru_cache(maxsize=1024)
def _root(name: str) -> str:
    """The declared function whose numbering a closure shares."""
    return _CLOSURE.sub("", name)
