"""Which type meets which map? Helper calls in lowered bodies, also through one level of wrappers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bpflint.analysis.abi import abi
from bpflint.analysis.layout import size_of_type
from bpflint.analysis.walk import Origin, calls, origins, strip
from bpflint.model.data import dataclass
from bpflint.model.flow import AddressOf, Call, CallExpr, Cast, Constant, Expr, Function, Index, Name, SizeOf
from bpflint.model.layout import Array, Codec, Opaque, Pointer, Type
from bpflint.model.source import Span
from bpflint.model.unit import MapDef, Use


@dataclass(frozen=True, slots=True)
class Signature:
    """Which arguments of a callee are the map, its key, its value, event bytes, and their size."""

    op: str
    map: int
    key: int | None = None
    value: int | None = None
    event: int | None = None
    size: int | None = None


# Argument positions by bpf_helper_defs (linux/bpf.h, "DESCRIPTION" of each helper).
HELPERS: Mapping[str, Signature] = {
    "bpf_map_lookup_elem": Signature("lookup", 0, key=1),
    "bpf_map_lookup_percpu_elem": Signature("lookup", 0, key=1),
    "bpf_map_update_elem": Signature("update", 0, key=1, value=2),
    "bpf_map_delete_elem": Signature("delete", 0, key=1),
    "bpf_map_push_elem": Signature("update", 0, value=1),
    "bpf_map_pop_elem": Signature("lookup", 0, value=1),
    "bpf_map_peek_elem": Signature("lookup", 0, value=1),
    "bpf_sk_storage_get": Signature("storage", 0, value=2),
    "bpf_task_storage_get": Signature("storage", 0, value=2),
    "bpf_inode_storage_get": Signature("storage", 0, value=2),
    "bpf_cgrp_storage_get": Signature("storage", 0, value=2),
    "bpf_perf_event_output": Signature("output", 1, event=3, size=4),
    "bpf_skb_output": Signature("output", 1, event=3, size=4),
    "bpf_xdp_output": Signature("output", 1, event=3, size=4),
    "bpf_ringbuf_output": Signature("output", 0, event=1, size=2),
    "bpf_ringbuf_reserve": Signature("reserve", 0, size=1),
}

# bcc's methods; the map is the receiver, so `map` is -1 (bcc reference guide, "Maps").
METHODS: Mapping[str, Signature] = {
    "lookup": Signature("lookup", -1, key=0),
    "lookup_or_init": Signature("lookup", -1, key=0, value=1),
    "lookup_or_try_init": Signature("lookup", -1, key=0, value=1),
    "update": Signature("update", -1, key=0, value=1),
    "insert": Signature("update", -1, key=0, value=1),
    "delete": Signature("delete", -1, key=0),
    "push": Signature("update", -1, value=0),
    "pop": Signature("lookup", -1, value=0),
    "peek": Signature("lookup", -1, value=0),
    "perf_submit": Signature("output", -1, event=1, size=2),
    "ringbuf_output": Signature("output", -1, event=0, size=1),
    "ringbuf_reserve": Signature("reserve", -1, size=0),
}
# `m.increment(key)` and `m.atomic_increment(key)` take the key itself, not its address.
BY_VALUE: Mapping[str, Signature] = {
    "increment": Signature("update", -1, key=0),
    "atomic_increment": Signature("update", -1, key=0),
}


def uses_of(functions: Sequence[Function], maps: Sequence[MapDef], codec: Codec = Codec.C) -> Iterator[Use]:
    """Yield every use of a map in `functions`, wrappers of one level resolved at their callers."""
    known = {item.name: item for item in maps}
    wrappers = {item.name: found for item in functions if (found := _wrapper(item, known))}
    for function in functions:
        names = origins(function)
        for call, op in calls(function):
            result = op.result if isinstance(op, Call) and op.call is call else None
            yield from _uses(call, result, function, known, names, codec)
            for signature, via, fixed in wrappers.get(call.callee, ()):
                yield from _from_signature(call, signature, None, function, known, names, codec, (via,), fixed)


def _uses(
    call: CallExpr, result: Expr | None, function: Function, known: Mapping[str, MapDef],
    names: Mapping[int, Origin], codec: Codec,
) -> Iterator[Use]:  # fmt: skip
    if call.receiver is not None:
        signature = METHODS.get(call.callee) or BY_VALUE.get(call.callee)
    else:
        signature = HELPERS.get(call.callee)
    if signature is not None:
        yield from _from_signature(call, signature, result, function, known, names, codec)


def _from_signature(
    call: CallExpr, signature: Signature, result: Expr | None, function: Function, known: Mapping[str, MapDef],
    names: Mapping[int, Origin], codec: Codec, via: tuple[Span, ...] = (), fixed: MapDef | None = None,
) -> Iterator[Use]:  # fmt: skip
    target = call.receiver if signature.map < 0 else _argument(call, signature.map)
    map_ = fixed or map_named(target, names, known)
    if map_ is None:
        return
    size = _size(_argument(call, signature.size))
    for role, position in (("key", signature.key), ("value", signature.value), ("event", signature.event)):
        value = _argument(call, position)
        if value is None:
            continue
        type_ = value.type if call.callee in BY_VALUE and call.receiver is not None else pointed_type(value, names)
        yield Use(
            map_.name, role, signature.op, type_, value.span or call.span or function.span, codec,  # type: ignore[arg-type]
            function.name, size if role == "event" else None, via=via, program=function.section, map_span=map_.span,
        )  # fmt: skip
    if signature.op == "reserve":
        yield Use(
            map_.name, "event", "reserve", _reserved(result, _argument(call, signature.size)),
            call.span or function.span, codec, function.name, size, via=via, program=function.section,
            map_span=map_.span,
        )  # fmt: skip
    if signature.op in ("lookup", "storage") and result is not None and isinstance(result.type, Pointer):
        found = result.type.pointee
        if found is not None and not isinstance(found, Opaque):
            yield Use(
                map_.name, "value", "lookup", found, call.span or function.span, codec, function.name, via=via,
                program=function.section, map_span=map_.span,
            )  # fmt: skip


def _argument(call: CallExpr, position: int | None) -> Expr | None:
    return call.args[position] if position is not None and 0 <= position < len(call.args) else None


def _size(expr: Expr | None) -> int | None:
    expr = None if expr is None else strip(expr)
    if isinstance(expr, SizeOf) and expr.operand is not None:
        bits = size_of_type(expr.operand, abi("bpfel"))
        return None if bits is None else bits // 8
    return expr.value if isinstance(expr, Constant) and isinstance(expr.value, int) else None


def _reserved(result: Expr | None, size: Expr | None) -> Type | None:
    """What `e = bpf_ringbuf_reserve(&rb, sizeof(*e), 0)` reserves: the pointee, or the type that was measured."""
    if result is not None and isinstance(result.type, Pointer) and not isinstance(result.type.pointee, Opaque):
        return result.type.pointee
    size = None if size is None else strip(size)
    return size.operand if isinstance(size, SizeOf) else None


def map_named(expr: Expr | None, names: Mapping[int, Origin], known: Mapping[str, MapDef]) -> MapDef | None:
    """Return the map that `&events`, `events` or a local pointer to it stands for."""
    for _ in range(8):
        match expr:
            case Cast(value=value):
                expr = value
            case AddressOf(place=place):
                expr = place
            case Index(base=base):
                expr = base
            case Name(decl=decl) if decl and (origin := names.get(decl)) and origin.only is not None:
                expr = origin.only
            case Name(name=name):
                return known.get(name)
            case _:
                return None
    return None


def pointed_type(expr: Expr, names: Mapping[int, Origin]) -> Type | None:
    """Return the type of what a pointer argument points to, seen through casts to `void *`."""
    seen: Type | None = None
    for _ in range(8):
        match expr:
            case AddressOf(place=place):
                return place.type
            case Cast(value=value, type=type_, implicit=implicit):
                if not implicit and isinstance(type_, Pointer) and not _untyped(type_.pointee) and seen is None:
                    seen = type_.pointee
                expr = value
            case Name(decl=decl, type=Pointer(pointee=pointee)) if _untyped(pointee):
                origin = names.get(decl)
                if origin is None or origin.only is None:
                    return seen
                expr = origin.only
            case _:
                break
    type_ = expr.type
    if isinstance(type_, Pointer):
        return type_.pointee if not _untyped(type_.pointee) else seen
    return type_ if isinstance(type_, Array) else seen


def _untyped(type_: Type | None) -> bool:
    return type_ is None or isinstance(type_, Opaque)


def _wrapper(function: Function, known: Mapping[str, MapDef]) -> tuple[tuple[Signature, Span, MapDef | None], ...]:
    """The helper calls of a function that leaves the map, or what a map of its own takes, to its caller.

    Each is a signature of the function itself, with the map where the function names it.
    """
    params = {item.decl: index for index, item in enumerate(function.params)}
    untyped = {item.decl: index for index, item in enumerate(function.params)
               if isinstance(item.type, Pointer) and _untyped(item.type.pointee)}  # fmt: skip
    found: list[tuple[Signature, Span, MapDef | None]] = []
    for call, _ in calls(function):
        signature = HELPERS.get(call.callee) if call.receiver is None else None
        if signature is None:
            continue
        target = _parameter(_argument(call, signature.map), params)
        fixed = map_named(_argument(call, signature.map), {}, known) if target is None else None
        if target is None and fixed is None:
            continue
        left = params if fixed is None else untyped
        key, value, event = (_parameter(_argument(call, position), left)
                             for position in (signature.key, signature.value, signature.event))  # fmt: skip
        size = _parameter(_argument(call, signature.size), params)
        own = Signature(signature.op, -1 if target is None else target, key, value, event, size)
        if fixed is None or not (key is value is event is None):
            found.append((own, call.span or function.span, fixed))
    return tuple(found)


def _parameter(expr: Expr | None, params: Mapping[int, int]) -> int | None:
    expr = None if expr is None else strip(expr)
    return params.get(expr.decl) if isinstance(expr, Name) and expr.storage == "parameter" else None


