"""Which type does user-side C read an event as? Callbacks of ring and perf buffers, and the casts of their data."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bpflint.analysis.abi import abi
from bpflint.analysis.layout import size_of_type
from bpflint.analysis.walk import expressions, strip
from bpflint.frontends.c.values import DEPTH, Frame, Values, places
from bpflint.model.flow import AddressOf, Assign, CallExpr, Cast, Constant, Expr, Function, Name, SizeOf
from bpflint.model.layout import Codec, Pointer, RecordDecl, Scalar, Type
from bpflint.model.unit import Use

_COPIES = frozenset(("memcpy", "__builtin_memcpy", "memmove", "__builtin_memmove"))
_RESERVES = frozenset(("user_ring_buffer__reserve", "user_ring_buffer__reserve_blocking"))
_TARGET = abi("x86_64")
MapOf = Callable[[Expr, Frame], str]


class Events:
    """The event callbacks of one file. `map_of` names the map of a descriptor or handle."""

    def __init__(self, values: Values, map_of: MapOf) -> None:
        self._values, self._map_of = values, map_of

    def of_call(self, call: CallExpr, at: Frame) -> Iterator[Use]:
        """Yield the decodes of each callback that a call hands over together with a map or what was made of one."""
        if not call.args or call.receiver is not None:
            return
        if call.callee in _RESERVES:
            yield from self._reserved(call, at)
            return
        handed = [item for item in call.args if _may_be_callback(item, call.callee)]
        for frame in self._values.frames(at) if handed else ():
            callbacks = dict.fromkeys(name for item in handed for name in self._callbacks(item, frame))
            map_ = self._carried(call, frame, 0) if callbacks else ""
            for name in callbacks if map_ else ():
                function = self._values.functions[name]
                yield from self._decoded(function, data_parameter(function), map_, 0)
            if map_ and frame is at:
                return

    def _callbacks(self, expr: Expr, frame: Frame) -> Iterator[str]:
        """The functions with a callback's shape that an argument stands for, also in libbpf's options of old."""
        for item in self._values.of(expr, frame):
            value = strip(item.expr)
            if isinstance(value, AddressOf):
                value = strip(value.place)
                if isinstance(value, Name) and value.storage != "function":
                    yield from self._callbacks_of_options(value, item.frame)
            if isinstance(value, Name) and value.storage == "function":
                function = self._values.functions.get(value.name)
                if function is not None and data_parameter(function) is not None:
                    yield function.name

    def _callbacks_of_options(self, options: Name, frame: Frame) -> Iterator[str]:
        """`opts.sample_cb = f`, or `{ .sample_cb = f }` (libbpf before 0.7)."""
        for _, op in places(frame.function):
            if not isinstance(op, Assign) or not _belongs(op.target, options):
                continue
            for item in expressions(op):
                if isinstance(item, Name) and item.storage == "function":
                    function = self._values.functions.get(item.name)
                    if function is not None and data_parameter(function) is not None:
                        yield function.name

    def _carried(self, call: CallExpr, frame: Frame, depth: int) -> str:
        """The first map among the arguments of a call, or of the call that made one of them."""
        for item in call.args:
            map_ = self._map_of(item, frame)
            if map_:
                return map_
        if depth >= DEPTH:
            return ""
        made = [value for item in call.args for value in self._values.of(item, frame)]
        found = {self._carried(inner, value.frame, depth + 1) for value in made
                 if isinstance(inner := strip(value.expr), CallExpr)}  # fmt: skip
        found.discard("")
        return found.pop() if len(found) == 1 else ""

    def _reserved(self, call: CallExpr, at: Frame) -> Iterator[Use]:
        size = strip(call.args[1]) if len(call.args) > 1 else None
        if not isinstance(size, SizeOf) or not isinstance(size.operand, RecordDecl):
            return
        for frame in self._values.frames(at):
            map_ = self._carried(call, frame, 0)
            if map_:
                yield Use(map_, "event", "output", size.operand, call.span or at.function.span, Codec.C,
                          at.function.name, how=call.callee)  # fmt: skip

    # -- what the callback makes of its data -------------------------------------------------------------------

    def _decoded(self, function: Function, position: int | None, map_: str, depth: int) -> Iterator[Use]:
        if position is None or position >= len(function.params):
            return
        data = function.params[position]
        if isinstance(data.type, Pointer) and isinstance(data.type.pointee, RecordDecl):
            yield self._use(map_, data.type.pointee, data, function, "parameter")
            return
        aliases = {data.decl}
        for _, op in places(function):
            if isinstance(op, Assign) and isinstance(op.target, Name) and _is_alias(op.value, aliases):
                aliases.add(op.target.decl)
            for expr in expressions(op):
                match expr:
                    case Cast(type=Pointer(pointee=RecordDecl() as found), value=value) if _is_alias(value, aliases):
                        yield self._use(map_, found, expr, function, "cast")
                    case CallExpr(callee=callee, args=(to, source, *rest)) if callee in _COPIES:
                        if _is_alias(source, aliases) and (copied := _pointed(to)) is not None:
                            yield self._use(map_, copied, to, function, "memcpy", _size(rest))
                    case CallExpr(callee=callee, args=args) if callee in self._values.functions and depth < DEPTH:
                        inner = self._values.functions[callee]
                        for index, item in enumerate(args):
                            if _is_alias(item, aliases) and inner is not function and _is_bytes(inner, index):
                                yield from self._decoded(inner, index, map_, depth + 1)

    def _use(
        self, map_: str, type_: Type, expr: Expr, function: Function, how: str, size: int | None = None
    ) -> Use:
        return Use(map_, "event", "decode", type_, expr.span or function.span, Codec.C, function.name, size, how=how)


def data_parameter(function: Function) -> int | None:
    """Return which parameter of an event callback is the data, None where a function has no callback's shape.

    `(ctx, data, size)` of a ring buffer, `(ctx, cpu, data, size)` of a perf buffer (libbpf.h).
    """
    match [item.type for item in function.params]:
        case [Pointer(), Pointer(), Scalar(kind="int")]:
            return 1
        case [Pointer(), Scalar(kind="int"), Pointer(), Scalar(kind="int")]:
            return 2
    return None


def size_parameter(function: Function) -> int | None:
    """Return which parameter is the size of the data."""
    data = data_parameter(function)
    return None if data is None else data + 1


def _may_be_callback(expr: Expr, callee: str) -> bool:
    """A function, something that has a function pointer's type, or the options that hold one."""
    value = strip(expr)
    if isinstance(value, AddressOf):
        value = strip(value.place)
        if isinstance(value, Name) and value.storage != "function":
            return callee.startswith("perf_buffer__new")
    pointer = isinstance(value.type, Pointer) and value.type.pointee is None
    return pointer or (isinstance(value, Name) and value.storage == "function")


def _belongs(target: Expr, options: Name) -> bool:
    """Whether an assignment writes the options or one of their fields."""
    inner = strip(target)
    while not isinstance(inner, Name) and (base := getattr(inner, "base", None)) is not None:
        inner = strip(base)
    return isinstance(inner, Name) and inner.decl == options.decl and inner.name == options.name


def _is_alias(expr: Expr, aliases: set[int]) -> bool:
    inner = strip(expr)
    return isinstance(inner, Name) and inner.decl in aliases and inner.decl != 0


def _is_bytes(function: Function, index: int) -> bool:
    """Whether a parameter takes the data as it is: a typed one is seen by the cast that the call makes."""
    type_ = function.params[index].type if index < len(function.params) else None
    return isinstance(type_, Pointer) and not isinstance(type_.pointee, RecordDecl)


def _pointed(expr: Expr) -> Type | None:
    match strip(expr):
        case AddressOf(place=place) if isinstance(place.type, RecordDecl):
            return place.type
        case inner if isinstance(inner.type, Pointer) and isinstance(inner.type.pointee, RecordDecl):
            return inner.type.pointee
    return None


def _size(rest: list[Expr]) -> int | None:
    match strip(rest[0]) if rest else None:
        case SizeOf(operand=operand) if operand is not None:
            bits = size_of_type(operand, _TARGET)
            return None if bits is None else bits // 8
        case Constant(value=int() as value):
            return value
    return None
