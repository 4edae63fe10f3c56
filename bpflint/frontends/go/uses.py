"""Which Go type meets which map? Map operations, decoded events and hand-made offsets, also through one helper."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from bpflint.analysis.walk import Origin, strip
from bpflint.frontends.go.calls import BY_METHOD, DECODERS, ITERATE, MAP_CALLS, MapCall, codec_of, order_of
from bpflint.frontends.go.provenance import EBPF, LIBBPFGO, Fact, Provenance
from bpflint.frontends.go.streams import sample_offset, shifted
from bpflint.frontends.go.walked import Walks
from bpflint.model.data import dataclass
from bpflint.model.flow import (
    AddressOf,
    Aggregate,
    CallExpr,
    Cast,
    Constant,
    Deref,
    Expr,
    Function,
    Index,
    Name,
    Op,
    Select,
)  # fmt: skip
from bpflint.model.layout import Array, Bits, Codec, Opaque, Pointer, RecordDecl, Scalar, Type
from bpflint.model.source import Span
from bpflint.model.unit import Role, Use

UNSAFE = "unsafe.Pointer"
_VIA = ("unsafe.Slice", "unsafe.SliceData")


@dataclass(frozen=True, slots=True)
class Passed:
    """What an argument hands over: its type, how it gets there, and its size in bytes where only that is known."""

    type: Type | None
    unsafe: bool = False
    several: bool = False
    """A slice: one value a CPU, or a batch."""
    parameter: int | None = None
    """The parameter of the enclosing function that it is, where its type says nothing."""


@dataclass(frozen=True, slots=True)
class _Operation:
    """One map operation of a function whose map, key or value may be the function's own parameters."""

    call: MapCall
    callee: str
    map: str
    map_parameter: int | None
    key: Passed | None
    value: Passed | None
    next: Passed | None
    span: Span
    spelling: str = ""
    """The variable or field that holds the map, where nobody knows which it is."""


class Uses:
    """Finds the uses in the functions of one package."""

    def __init__(
        self, walks: Walks, provenance: Provenance,
        place: Callable[[CallExpr, Type, Function], Type | None],
    ) -> None:  # fmt: skip
        """`place` moves the type of a sequential read to where it stands in the event; None: nobody knows."""
        self._walks, self._provenance, self._place = walks, provenance, place
        self._functions = walks.functions
        self._wrappers: dict[str, list[_Operation]] = {}
        self._origins: dict[str, Mapping[int, Origin]] = {}
        self._calls: dict[str, Sequence[tuple[CallExpr, Op]]] = {}
        self._casts: dict[str, list[Cast]] = {}
        self._by_name = {item.name: item for item in walks.functions}

    def all(self) -> Iterator[Use]:
        """Yield every use; those of wrappers at their callers."""
        direct: list[tuple[Function, _Operation]] = []
        for function in self._functions:
            self._read(function)
            for call, _ in self._calls[function.name]:
                operation = self._operation(call, function)
                if operation is None:
                    continue
                direct.append((function, operation))
                if _open(operation):
                    self._wrappers.setdefault(function.name, []).append(operation)
        for function, operation in direct:
            yield from _shown(operation, function, ())
        for function in self._functions:
            yield from self._through_wrappers(function)
            yield from self._decodes(function)
            yield from self._globals(function)

    # -- map operations ------------------------------------------------------------------------------------

    def _operation(self, call: CallExpr, function: Function) -> _Operation | None:
        found = MAP_CALLS.get(call.callee)
        if found is None and call.callee == ITERATE:
            found = MapCall("iterate", 0, 1)
        holder = call.receiver if found is None or found.map is None else _argument(call, found.map)
        if holder is None:
            return None
        if found is None:
            found = BY_METHOD.get(call.callee.rsplit(".", 1)[-1])
            if found is None or not self._provenance.maps(holder, function.name):
                return None
        facts = self._provenance.maps(holder, function.name, "iterator" if call.callee == ITERATE else "map")
        name = facts[0].name if len(facts) == 1 else ""
        parameter = _parameter(holder, function) if len(facts) != 1 else None
        return _Operation(
            found, call.callee, name, parameter, self._passed(_argument(call, found.key), function),
            self._passed(_argument(call, found.value), function), self._passed(_argument(call, found.next), function),
            call.span or function.span, "" if name else self._held_in(holder, function),
        )  # fmt: skip

    def _read(self, function: Function) -> None:
        """Every later question is about the calls, casts and origins of a body."""
        walked, name = self._walks.of(function), function.name
        self._origins[name], self._calls[name] = walked.origins, walked.calls
        self._casts[name] = [expr for expr in walked.expressions() if isinstance(expr, Cast)]

    def _through_wrappers(self, function: Function) -> Iterator[Use]:
        for call, _ in self._calls[function.name]:
            target = self._by_name.get(call.callee)
            for operation in self._wrappers.get(call.callee, ()):
                assert target is not None  # wrappers are functions of the package
                given = call.args if call.receiver is None or not target.method_of else (call.receiver, *call.args)
                yield from _shown(self._bound(operation, given, function), function, (operation.span,),
                                  call.span or function.span)  # fmt: skip

    def _bound(self, operation: _Operation, given: Sequence[Expr], function: Function) -> _Operation:
        """The operation of a wrapper with the caller's arguments in place of the parameters."""

        def chosen(item: Passed | None) -> Passed | None:
            if item is None or item.parameter is None:
                return None  # the wrapper itself shows it
            found = self._passed(given[item.parameter] if item.parameter < len(given) else None, function)
            return replace(found, unsafe=found.unsafe or item.unsafe) if found is not None else None

        name = operation.map
        if operation.map_parameter is not None and operation.map_parameter < len(given):
            facts = self._provenance.maps(given[operation.map_parameter], function.name)
            name = facts[0].name if len(facts) == 1 else ""
            keep = operation.key, operation.value, operation.next
            shown = tuple(chosen(item) if item is not None and item.parameter is not None else item for item in keep)
            return replace(operation, map=name, map_parameter=None, key=shown[0], value=shown[1], next=shown[2])
        return replace(operation, map=name, key=chosen(operation.key), value=chosen(operation.value),
                       next=chosen(operation.next))  # fmt: skip

    def _passed(self, expr: Expr | None, function: Function, depth: int = 0) -> Passed | None:
        if expr is None:
            return None
        inner = expr
        if isinstance(inner, Cast) and _is_unsafe(inner.type):
            found = self._passed(inner.value, function, depth + 1)
            return None if found is None else replace(found, unsafe=True)
        if isinstance(inner, AddressOf):
            place = inner.place
            if isinstance(place, Index) and isinstance(place.base.type, Array) and _is_byte(place.base.type.element):
                return Passed(self._buffer(place.base, function))
            return Passed(place.type)
        if isinstance(inner, Name) and inner.decl and _says_nothing(inner.type):
            origin = self._origins.get(function.name, {}).get(inner.decl)
            if origin is not None and origin.only is not None and depth < 4:
                return self._passed(origin.only, function, depth + 1)
            return Passed(None, parameter=_parameter(inner, function))
        type_ = inner.type
        if isinstance(type_, Pointer) and not _is_unsafe(type_):
            type_ = type_.pointee
        if isinstance(type_, Array) and type_.length is None:
            if _is_byte(type_.element):
                return Passed(self._buffer(inner, function), parameter=_parameter(inner, function))
            return Passed(type_.element, several=True)
        return Passed(type_, parameter=_parameter(inner, function) if type_ is None else None)

    def _buffer(self, expr: Expr, function: Function) -> Type | None:
        """A byte buffer as an array of its length, where `make([]byte, 16)` or a literal shows it."""
        base = strip(expr)
        if isinstance(base, CallExpr) and base.callee == "slice" and len(base.args) == 2:
            base = strip(base.args[0])
        if isinstance(base, Name) and base.decl:
            origin = self._origins.get(function.name, {}).get(base.decl)
            base = origin.only if origin is not None and origin.only is not None else base
        if isinstance(base, CallExpr) and base.callee == "make" and base.args:
            length = base.args[0]
            if isinstance(length, Constant) and isinstance(length.value, int) and 0 < length.value < 1 << 20:
                return Array(Scalar(("byte",), Bits(8)), length.value)
        return base.type if isinstance(base.type, Array) and base.type.length is not None else None

    def _held_in(self, expr: Expr, function: Function) -> str:
        """The field or variable a map is held in; of an iterator, that of the map it goes over."""
        inner = strip(expr)
        while isinstance(inner, Deref | AddressOf):
            inner = strip(inner.pointer if isinstance(inner, Deref) else inner.place)
        if isinstance(inner, Name) and inner.decl:
            origin = self._origins[function.name].get(inner.decl)
            only = strip(origin.only) if origin is not None and origin.only is not None else None
            if isinstance(only, CallExpr) and only.callee.endswith(".Iterate") and only.receiver is not None:
                inner = strip(only.receiver)
        return inner.field if isinstance(inner, Select) else inner.name if isinstance(inner, Name) else ""

    # -- decoded bytes -------------------------------------------------------------------------------------

    def _decodes(self, function: Function) -> Iterator[Use]:
        for call, _ in self._calls[function.name]:
            if call.callee in DECODERS:
                yield from self._decoded(call, function)
            elif call.callee == "unsafe.Slice" and call.args:
                yield from self._viewed(call, function)
        for cast in self._casts[function.name]:
            yield from self._cast(cast, function)

    def _decoded(self, call: CallExpr, function: Function) -> Iterator[Use]:
        source, order, target = (_argument(call, position) for position in DECODERS[call.callee])
        if source is None or target is None:
            return
        passed = self._passed(target, function)
        if passed is None or passed.type is None:
            return
        named = order.name if isinstance(order, Name) else ""
        facts = self._sources(source, function)
        placed = self._place(call, Array(passed.type, None) if passed.several else passed.type, function)
        if placed is None:
            return
        for fact in facts or [Fact("stream", "", "event")]:
            role: Role = fact.role or "event"
            yield Use(
                fact.name, role, "decode", placed, call.span or function.span, Codec.GO_PACKED, function.name,
                how=call.callee, order=order_of(named),
            )  # fmt: skip

    def _sources(self, expr: Expr, function: Function) -> list[Fact]:
        found = [item for item in self._provenance.of(expr, function.name) if item.kind in ("sample", "stream")]
        return found if len({(item.name, item.role) for item in found}) == 1 else []

    def _cast(self, cast: Cast, function: Function) -> Iterator[Use]:
        """`(*T)(unsafe.Pointer(&sample[0]))` and `(*T)(unsafe.Pointer(unsafe.SliceData(sample)))`."""
        target, inner = cast.type, cast.value
        if not isinstance(target, Pointer) or target.pointee is None or _is_unsafe(target):
            return
        if not isinstance(inner, Cast) or not _is_unsafe(inner.type):
            return
        place = inner.value
        facts = self._sources(place, function)
        at = sample_offset(place, self._origins[function.name])
        if len(facts) != 1 or at is None:
            return
        yield Use(
            facts[0].name, facts[0].role or "event", "decode", shifted(target.pointee, at),
            cast.span or function.span, Codec.GO, function.name, how=UNSAFE,
        )  # fmt: skip

    def _viewed(self, call: CallExpr, function: Function) -> Iterator[Use]:
        found = call.args[0].type
        if isinstance(found, Pointer) and found.pointee is not None:
            facts = self._sources(call.args[0], function)
            if len(facts) == 1 and not _is_byte(found.pointee):
                yield Use(
                    facts[0].name, facts[0].role or "event", "decode", Array(found.pointee, None),
                    call.span or function.span, Codec.GO, function.name, how="unsafe.Slice",
                )  # fmt: skip

    # -- globals -------------------------------------------------------------------------------------------

    def _globals(self, function: Function) -> Iterator[Use]:
        for call, op in self._calls[function.name]:
            if call.callee == f"{EBPF}.CollectionSpec.RewriteConstants" and call.args:
                given = self._origin(call.args[0], function)
                for name, value in given.items if isinstance(given, Aggregate) else ():
                    yield from self._set(name, value, call, op.span, function)
            elif call.callee == f"{LIBBPFGO}.Module.InitGlobalVariable" and len(call.args) > 1:
                for fact in self._provenance.of(call.args[0], function.name):
                    if fact.kind == "text":
                        yield from self._set(fact.name, call.args[1], call, op.span, function)
            elif call.callee in (f"{EBPF}.VariableSpec.Set", f"{EBPF}.Variable.Set", f"{EBPF}.Variable.Get") and (
                call.receiver is not None and call.args
            ):
                facts = self._provenance.maps(call.receiver, function.name, "variable")
                if len(facts) == 1:
                    yield from self._set(facts[0].name, call.args[0], call, op.span, function)

    def _origin(self, expr: Expr, function: Function) -> Expr:
        inner = strip(expr)
        if isinstance(inner, Name) and inner.decl:
            origin = self._origins.get(function.name, {}).get(inner.decl)
            return origin.only if origin is not None and origin.only is not None else inner
        return inner

    def _set(self, name: str, value: Expr, call: CallExpr, span: Span, function: Function) -> Iterator[Use]:
        passed = self._passed(value, function)
        if name and passed is not None and passed.type is not None and not passed.several:
            codec = codec_of(call.callee)
            yield Use(name, "global", "set", passed.type, value.span or span, codec, function.name, how=call.callee)


def _open(operation: _Operation) -> bool:
    """Whether a caller must be asked for the map, the key or the value."""
    parts = (operation.key, operation.value, operation.next)
    return operation.map_parameter is not None or any(item is not None and item.parameter is not None for item in parts)


def _shown(
    operation: _Operation, function: Function, via: tuple[Span, ...], span: Span | None = None
) -> Iterator[Use]:
    call = operation.call
    if operation.map_parameter is not None and not operation.map:
        return  # the callers say which map
    roles: tuple[tuple[Role, Passed | None], ...] = (
        ("key", operation.key), ("key", operation.next), ("value", operation.value)
    )  # fmt: skip
    for role, passed in roles:
        if passed is None or (passed.type is None and passed.parameter is not None):
            continue
        if passed.several and not call.batch and role == "key":
            continue
        type_ = passed.type
        if not operation.map and not isinstance(type_, RecordDecl):
            continue
        if type_ is None and not passed.unsafe:
            continue
        codec = Codec.GO if passed.unsafe else codec_of(operation.callee)
        yield Use(
            operation.map, role, call.op, type_, span or operation.span, codec, function.name,
            how=operation.callee, per_cpu=passed.several and not call.batch,
            via=via, expression=operation.spelling,
        )  # fmt: skip


def _argument(call: CallExpr, position: int | None) -> Expr | None:
    return call.args[position] if position is not None and position < len(call.args) else None


def _parameter(expr: Expr, function: Function) -> int | None:
    inner = strip(expr)
    while isinstance(inner, Deref | AddressOf):
        inner = strip(inner.pointer if isinstance(inner, Deref) else inner.place)
    if not isinstance(inner, Name) or inner.storage != "parameter":
        return None
    return next((index for index, item in enumerate(function.params) if item.decl == inner.decl), None)


def _is_unsafe(type_: Type | None) -> bool:
    return isinstance(type_, Pointer) and type_.spelling == UNSAFE


def _is_byte(type_: Type | None) -> bool:
    return isinstance(type_, Scalar) and type_.width == 8 and type_.kind == "int"


def _says_nothing(type_: Type | None) -> bool:
    """An interface or an untyped pointer: the value behind it decides."""
    return type_ is None or _is_unsafe(type_) or (isinstance(type_, Opaque) and type_.reason == "an interface")
