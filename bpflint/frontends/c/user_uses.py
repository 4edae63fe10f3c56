"""Which map does user-side C touch, with which types? libbpf's calls, their file descriptors followed to a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from bpflint.analysis.abi import abi
from bpflint.analysis.layout import size_of_type
from bpflint.analysis.walk import operations, strip, walk
from bpflint.frontends.c.events import Events
from bpflint.frontends.c.opened import Opened
from bpflint.frontends.c.values import DEPTH, Frame, Value, Values, outermost
from bpflint.model.data import dataclass
from bpflint.model.flow import (
    AddressOf,
    Assign,
    Call,
    CallExpr,
    Cast,
    Constant,
    Expr,
    Function,
    Index,
    Name,
    Op,
    Select,
    SizeOf,
)  # fmt: skip
from bpflint.model.layout import Array, Codec, Opaque, Pointer, Scalar, Type
from bpflint.model.patterns import pattern
from bpflint.model.source import Span
from bpflint.model.unit import Reference, Role, Use

_TARGET = abi("x86_64")
"""What user-side C is parsed for."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Which arguments of a call are the map (a descriptor or a handle), its keys, its value and the value's size."""

    op: str
    keys: tuple[int, ...] = ()
    value: int | None = None
    size: int | None = None
    map: int = 0
    many: bool = False
    """Keys and values are arrays, one element an entry."""


def _with_flags(name: str, signature: Signature) -> dict[str, Signature]:
    return {name: signature, f"{name}_flags": signature}


# Argument positions by libbpf's bpf.h and libbpf.h (1.x); the last four are bcc's C library (libbpf.h of bcc).
CALLS: Mapping[str, Signature] = {
    **_with_flags("bpf_map_lookup_elem", Signature("lookup", (1,), 2)),
    **_with_flags("bpf_map_lookup_and_delete_elem", Signature("lookup", (1,), 2)),
    **_with_flags("bpf_map_delete_elem", Signature("delete", (1,))),
    "bpf_map_update_elem": Signature("update", (1,), 2),
    "bpf_map_get_next_key": Signature("iterate", (1, 2)),
    "bpf_map_lookup_batch": Signature("lookup", (3,), 4, many=True),
    "bpf_map_lookup_and_delete_batch": Signature("lookup", (3,), 4, many=True),
    "bpf_map_update_batch": Signature("update", (1,), 2, many=True),
    "bpf_map_delete_batch": Signature("delete", (1,), many=True),
    "bpf_map__lookup_elem": Signature("lookup", (1,), 3, 4),
    "bpf_map__lookup_and_delete_elem": Signature("lookup", (1,), 3, 4),
    "bpf_map__update_elem": Signature("update", (1,), 3, 4),
    "bpf_map__delete_elem": Signature("delete", (1,)),
    "bpf_map__get_next_key": Signature("iterate", (1, 2)),
    "bpf_map__set_initial_value": Signature("update", (), 1, 2),
    "bpf_lookup_elem": Signature("lookup", (1,), 2),
    "bpf_update_elem": Signature("update", (1,), 2),
    "bpf_delete_elem": Signature("delete", (1,)),
    "bpf_get_next_key": Signature("iterate", (1, 2)),
}
_BY_NAME: Mapping[str, Literal["map", "program"]] = {
    "bpf_object__find_map_by_name": "map", "bpf_object__find_map_fd_by_name": "map",
    "bpf_object__find_program_by_name": "program",
}  # fmt: skip
_PINNED = ("bpf_obj_get", "bpf_obj_get_opts")
_SAME = ("bpf_map__fd", "dup")
_OPENER = pattern(r"map.*fd|fd.*map|(?:open|find|get)\w*map|map\w*(?:open|find|get)", re.I)
"""A helper of another file that turns a name into a map says so in its own name."""
_WRITES = pattern(r"^(?:__builtin_)?(?:mem(?:cpy|move|set)|str(?:n|l)?cpy|snprintf|sprintf)$")
_CPUS = pattern(r"cpu|nprocs|sysconf", re.I)
_MOST_HANDLES = 8
"""Steps from a descriptor to a handle and back: fields that are set from each other would go round for ever."""
_EXTENT = "how much it points to is not known"
_IDENTIFIER = pattern(r"^[A-Za-z_][\w.]*$")


def user_uses(
    functions: Sequence[Function], strings: Mapping[str, str], path: str, skeletons: Mapping[str, str]
) -> tuple[tuple[Use, ...], tuple[Reference, ...]]:
    """Return every use of a map and every map or program named by a string in user-side C.

    `path` is the file itself, `skeletons` the names of its skeletons' structs with the links they stand for.
    """
    values = Values(functions, strings)
    work = _UserUses(values, Opened(values, functions, path, skeletons))
    uses = dict.fromkeys(use for function in functions for use in work.uses(function))
    references = dict.fromkeys(item for function in functions for item in work.references(function))
    return tuple(uses), tuple(references)


class _UserUses:
    """Follows the maps of one file."""

    def __init__(self, values: Values, opened: Opened) -> None:
        self._values = values
        self._opened_in = opened
        self._events = Events(values, self.map_of)
        self._nested = 0

    def uses(self, function: Function) -> Iterator[Use]:
        for call, _, at in self._values.calls(function):
            signature = CALLS.get(call.callee) if call.receiver is None else None
            if signature is not None and len(call.args) > max(*signature.keys, signature.value or 0, signature.map):
                yield from self._call(call, signature, at)
            yield from self._events.of_call(call, at)

    def _call(self, call: CallExpr, signature: Signature, at: Frame) -> Iterator[Use]:
        wanted: list[tuple[Role, int]] = [("key", position) for position in signature.keys]
        if signature.value is not None:
            wanted.append(("value", signature.value))
        for frame in self._values.frames(at):
            map_ = self.map_of(call.args[signature.map], frame)
            if not map_:
                continue
            for role, position in wanted:
                yield from self._argument(call, signature, role, position, frame, map_)
            if frame is at and not any(self._object(call.args[position], frame).parameter for _, position in wanted):
                return  # callers have nothing to add

    def _argument(
        self, call: CallExpr, signature: Signature, role: Role, position: int, frame: Frame, map_: str
    ) -> Iterator[Use]:
        found = self._object(call.args[position], frame)
        if found.absent or found.parameter:
            return
        type_, size = found.type, found.size
        per_cpu = found.many and not signature.many
        if isinstance(type_, Array) and signature.many and found.whole:
            type_ = type_.element
        if isinstance(type_, Array) and type_.length is None:
            type_, per_cpu = type_.element, True
        elif isinstance(type_, Scalar) and size is None and (
            type_.width == 8 or not (per_cpu or signature.many or found.many or found.one)  # a byte may be anything's
        ):
            type_ = Opaque(f"{type_.name} *", _EXTENT)
        if role == "value" and signature.size is not None and size is None:
            size = _constant_size(call.args[signature.size])
        yield Use(
            map_, role, signature.op, type_, found.span or call.span or frame.function.span, Codec.C,
            outermost(frame).function.name, size if role == "value" else None, via=_via(frame, call),
            per_cpu=role == "value" and per_cpu, how=call.callee,
        )  # fmt: skip

    # -- which map ---------------------------------------------------------------------------------------------

    def map_of(self, expr: Expr, frame: Frame) -> str:
        """Return the name of the one map that a descriptor or handle stands for, "" where it cannot be told."""
        if self._nested > _MOST_HANDLES:
            return ""
        self._nested += 1
        try:
            found = {self._map(item) for item in self._values.of(expr, frame)} - {""}
        finally:
            self._nested -= 1
        return found.pop() if len(found) == 1 and "?" not in found else ""

    def _map(self, value: Value) -> str:
        """The map of one value, "" for a constant, "?" where it is unknown."""
        match strip(value.expr):
            case Constant():
                return ""
            case CallExpr(callee=callee, args=(handle, *_)) if callee in _SAME:
                return self.map_of(handle, value.frame) or "?"
            case CallExpr(callee=callee, args=(_, name, *_)) if _BY_NAME.get(callee) == "map":
                return self._values.text(name, value.frame) or "?"
            case CallExpr(callee=callee, args=(path, *_)) if callee in _PINNED:
                return _last_part(self._values.text(path, value.frame)) or "?"
            case CallExpr() as call:
                return self._opened(call, value.frame) or "?"
            case Select(base=Select(field="maps"), field=name, type=type_) if _is_map(type_):
                return name
            case Select(base=Select(base=Select(field="maps"), field=name), field="map_fd"):
                return name
            case Select(base=Index()) as element:
                return self._values.label(element, value.frame) or "?"
        return "?"

    def _opened(self, call: CallExpr, frame: Frame) -> str:
        """A helper of another file that is given one name."""
        if call.callee in self._values.functions or not _OPENER.search(call.callee) or call.callee in CALLS:
            return ""
        texts = {text for item in call.args if (text := self._values.text(item, frame)) and _IDENTIFIER.match(text)}
        return texts.pop() if len(texts) == 1 else ""

    # -- what is passed ----------------------------------------------------------------------------------------

    def _object(self, expr: Expr, frame: Frame, depth: int = 0) -> _Passed:
        """What a pointer argument points to: the first type that its value, or what it was given, shows."""
        if (seen := _cast_type(expr)) is not None:
            return _Passed(seen, None, expr.span)
        value = strip(expr)
        match value:
            case Constant():
                return _Passed(None, None, expr.span, absent=True)
            case AddressOf(place=Index(base=base, index=index)) if _is_zero(index) and isinstance(base.type, Array):
                return _Passed(base.type, _size_of(base.type), value.span, base.type.length is None, whole=True)
            case AddressOf(place=Index(base=base, index=index) as place) if isinstance(base.type, Pointer):
                one = _size_of(place.type) != 1  # of bytes it is the place of something else
                if _is_zero(index):
                    return replace(self._object(base, frame, depth), one=one)
                return _Passed(place.type, None, value.span, one=one)
            case AddressOf(place=place):
                return _Passed(place.type, _size_of(place.type), value.span, whole=isinstance(place.type, Array))
        type_ = value.type
        if isinstance(type_, Array):
            return _Passed(type_, _size_of(type_), expr.span, type_.length is None, whole=True)
        given = self._values.step(value, frame) if depth < DEPTH else ()
        inner = [self._object(item.expr, item.frame, depth + 1) for item in given]
        told = [item for item in inner if not item.absent]
        if isinstance(type_, Pointer) and type_.pointee is not None and not _is_void(type_.pointee):
            same = told[0] if len(told) == 1 and told[0].type == type_.pointee else None
            many = any(self._is_per_cpu(item) for item in given)
            return same or _Passed(type_.pointee, None, expr.span, many)
        if told:
            return told[0]
        return _Passed(None, None, expr.span, absent=bool(inner),
                       parameter=isinstance(value, Name) and value.storage == "parameter")  # fmt: skip

    def _is_per_cpu(self, given: Value) -> bool:
        """Whether memory was allocated for as many elements as there are CPUs."""
        call = strip(given.expr)
        if not isinstance(call, CallExpr) or call.callee not in ("calloc", "reallocarray", "malloc"):
            return False
        counts = [value for item in call.args for part in walk(item) for value in self._values.of(part, given.frame)]
        return any(isinstance(item := strip(value.expr), CallExpr) and _CPUS.search(item.callee) for value in counts)

    # -- names -------------------------------------------------------------------------------------------------

    def references(self, function: Function) -> Iterator[Reference]:
        """Yield the maps and programs that calls of a body name by a string, and the constants it sets."""
        yield from _constants_set(function)
        for call, op, at in self._values.calls(function):
            kind = _BY_NAME.get(call.callee)
            if kind is None or len(call.args) < 2:
                continue
            for (name, span), frames in self._named(call, op, at).items():
                loader = self._opened_in.object_of(call.args[0], frames)
                yield Reference(kind, name, span, loader)

    def _named(self, call: CallExpr, op: Op, at: Frame) -> Mapping[tuple[str, Span], Sequence[Frame]]:
        """The names that a call asks for, with the frames that pass each."""
        found: dict[tuple[str, Span], list[Frame]] = {}
        for frame in self._values.frames(at):
            for value in self._values.of(call.args[1], frame):
                name = strip(value.expr)
                if isinstance(name, Constant) and isinstance(name.value, str):
                    found.setdefault((name.value, name.span or op.span), []).append(frame)
        return found


def _constants_set(function: Function) -> Iterator[Reference]:
    """`skel->rodata->pid = 7`, `strcpy(skel->rodata->comm, …)`: what the program reads as constants."""
    for op in operations(function):
        places: list[Expr] = []
        match op:
            case Assign(target=target):
                places.append(target)
            case Call(call=CallExpr(callee=callee, args=(target, *_)), result=result):
                places.extend(item for item in (result, target if _WRITES.match(callee) else None) if item is not None)
        for place in places:
            found = _constant(place)
            if found is not None:
                yield Reference("variable", found.field, found.span or op.span, found.owner)


def _constant(place: Expr) -> Select | None:
    """The member of a skeleton's `rodata` that a place is, or lies in."""
    while True:
        match strip(place):
            case Select(base=base, field=field, arrow=True) as member if field:
                holder = strip(base)
                if isinstance(holder, Select) and holder.field.startswith("rodata"):
                    return member
                place = base
            case Select(base=inner) | Index(base=inner) | AddressOf(place=inner):
                place = inner
            case _:
                return None


@dataclass(frozen=True, slots=True)
class _Passed:
    """What a pointer argument points to: its type, the whole buffer's bytes where known."""

    type: Type | None
    size: int | None
    span: Span | None
    many: bool = False
    """One element for each of a number that only the run tells."""
    absent: bool = False
    parameter: bool = False
    whole: bool = False
    """The type is the whole array, not what a pointer to one element says."""
    one: bool = False
    """An element of memory whose end is not known."""


def _is_map(type_: Type | None) -> bool:
    return isinstance(type_, Pointer) and "bpf_map" in type_.spelling


def _is_zero(expr: Expr) -> bool:
    value = strip(expr)
    return isinstance(value, Constant) and value.value == 0


def _is_void(type_: Type) -> bool:
    return isinstance(type_, Opaque) and type_.reason == "void"




def _last_part(path: str | None) -> str:
    part = (path or "").rstrip("/").rsplit("/", 1)[-1]
    return part if _IDENTIFIER.match(part) else ""


def _cast_type(expr: Expr) -> Type | None:
    """What an explicit cast says a pointer points to."""
    while isinstance(expr, Cast):
        if not expr.implicit and isinstance(expr.type, Pointer) and not isinstance(expr.type.pointee, Opaque | None):
            return expr.type.pointee
        expr = expr.value
    return None


def _size_of(type_: Type | None) -> int | None:
    if type_ is None or (isinstance(type_, Array) and type_.length is None):
        return None
    bits = size_of_type(type_, _TARGET)
    return None if bits is None else bits // 8


def _constant_size(expr: Expr) -> int | None:
    match strip(expr):
        case Constant(value=int() as value):
            return value
        case SizeOf(operand=operand) if operand is not None:
            return _size_of(operand)
    return None


def _via(frame: Frame, call: CallExpr) -> tuple[Span, ...]:
    """The helper's own call where a wrapper stands between, outermost first."""
    spans: list[Span] = []
    while frame.caller is not None:
        spans.append((frame.call.span if frame.call is not None else None) or frame.function.span)
        frame = frame.caller
    return (*reversed(spans), call.span) if spans and call.span is not None else ()
