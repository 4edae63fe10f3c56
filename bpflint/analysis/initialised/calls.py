"""What does a call do to the bytes that are followed? Helpers by their table, own functions by their summary."""

from __future__ import annotations

from bpflint.analysis.initialised.callees import summary_of, through
from bpflint.analysis.initialised.frame import Frame, parameter_of
from bpflint.analysis.initialised.sinks import hand_out
from bpflint.analysis.path_state import State
from bpflint.analysis.regions import UNBOUNDED, Kind, Region, mask
from bpflint.analysis.summaries import Sink
from bpflint.analysis.walk import strip, walk
from bpflint.analysis.written import Written
from bpflint.model.flow import CallExpr, Expr, Function, Name, Op
from bpflint.model.layout import RecordDecl
from bpflint.model.memory import Touch

_PER_CPU = "percpu_array"


def inner_calls(frame: Frame, op: Op, state: State) -> list[State]:
    """Run the calls that stand inside an operation, innermost first."""
    states = [state]
    for call in frame.unit.calls_in(op):
        states = [after for item in states for after in called(frame, call, None, item, inner=False)]
    return states


def called(frame: Frame, call: CallExpr, result: Expr | None, state: State, *, inner: bool = True) -> list[State]:
    """Return the states after a call; `inner` runs the calls among its arguments before."""
    if inner:
        states = [state]
        for item in frame.unit.calls_within(call):
            states = [after for one in states for after in called(frame, item, None, one, inner=False)]
    else:
        states = [state]
    return [done for item in states for done in _effect(frame, call, result, item)]


def _effect(frame: Frame, call: CallExpr, result: Expr | None, state: State) -> list[State]:
    if result is not None and (place := frame.known(state).place(result)) is not None:
        before = state.bytes.get(place.object)
        if before is not None:
            state.bytes[place.object] = before.wrote(place.mask) if place.exact else before.maybe(place.mask)
    touches = frame.unit.touches(call)
    own = frame.unit.functions.get(call.callee) if call.receiver is None and not touches else None
    if frame.unit.is_fresh(call) and _fresh(frame, call, result, state):
        return [state]
    for name in frame.unit.rewrites(call):
        if name.decl not in state.bytes:  # `void *p = 0`: the bytes of pointers are not followed
            state.forget(name)
    if own is not None:
        summary = summary_of(frame, own, call, state)
        if summary is not None:
            return through(frame, own, summary, call, result, state)
    frame.bind(call, None, result, state)
    if touches:
        return _touched(frame, call, touches, result, state)
    if call.callee not in frame.unit.calls.harmless:
        for item in call.args:
            _given_away(frame, item, state)
    return [state]


def _given_away(frame: Frame, expr: Expr, state: State) -> None:
    known = frame.known(state)
    for item in walk(expr):
        region = known.address(item)
        if region is not None and region.object in state.bytes:
            state.bytes[region.object] = state.bytes[region.object].maybe(region.mask)
            frame.changed(region, state)
            return


def _fresh(frame: Frame, call: CallExpr, result: Expr | None, state: State) -> bool:
    """Follow memory that is handed out as it was: a reservation, or the value of a per-CPU scratch map."""
    made = made_by(frame, call, state)
    if made is None:
        return False
    frame.bind(call, None, result, state)
    inner = None if result is None else strip(result)
    if isinstance(inner, Name) and inner.decl:
        frame.hold(made, inner, state)
    return True


def made_by(frame: Frame, call: CallExpr, state: State) -> tuple[Kind, int | None] | None:
    """Return the kind and size in bits of the memory that a call hands out as it was, None for any other call."""
    position = frame.unit.calls.fresh.get(call.callee)
    if position is not None:
        number = frame.known(state).number(call.args[position]) if position < len(call.args) else None
        return "reserved", None if number is None else number * 8
    map_ = frame.unit.map_of(call)
    if map_ is None or map_.kind != _PER_CPU:
        return None
    for touch in frame.unit.touches(call):
        _touch(frame, call, touch, state)
    return "scratch", None if not map_.value_size else map_.value_size * 8


def _touched(
    frame: Frame, call: CallExpr, touches: tuple[Touch, ...], result: Expr | None, state: State
) -> list[State]:  # fmt: skip
    copied: Written | None = None
    for touch in touches:
        if touch.does == "copies-from":
            copied = _copied(frame, call, touch, state)
    failed: State | None = None
    for touch in touches:
        if touch.does == "writes-on-success" and failed is None:
            failed = state.copy()
            frame.bind(call, -1, result, failed)
        _touch(frame, call, touch, state, copied)
    if failed is None:
        return [state]
    frame.bind(call, 0, result, state)
    return [state, failed]


def _copied(frame: Frame, call: CallExpr, touch: Touch, state: State) -> Written | None:
    """What is known of the bytes that a memcpy reads."""
    known = frame.known(state)
    region = known.address(call.args[touch.argument]) if touch.argument < len(call.args) else None
    if region is None or not region.exact or not frame.is_own(region) or region.object not in state.bytes:
        return None
    return state.bytes[region.object].part(region.start, mask(0, UNBOUNDED))


def _touch(frame: Frame, call: CallExpr, touch: Touch, state: State, copied: Written | None = None) -> None:
    if touch.argument >= len(call.args) or touch.does == "copies-from":
        return
    known = frame.known(state)
    given = call.args[touch.argument]
    region = known.place(strip(given)) if touch.by_value else known.address(given)
    if region is None or region.object not in state.bytes:
        return
    size = None
    if touch.size is not None and touch.size < len(call.args):
        number = known.number(call.args[touch.size])
        size = None if number is None else number * 8
    if touch.does == "reads":
        _read(frame, call, touch, region, size, state)
    else:
        state.bytes[region.object] = _write(touch, region, size, state.bytes[region.object], copied)
        frame.changed(region, state)


def _write(
    touch: Touch, region: Region, size: int | None, before: Written, copied: Written | None
) -> Written:  # fmt: skip
    if not region.exact or (touch.size is not None and size is None):
        return before.maybe(mask(region.start, region.end))
    size = region.end - region.start if size is None else size
    bits = mask(region.start, min(region.start + size, UNBOUNDED * 8))
    if touch.does == "writes-text":
        first = mask(region.start, region.start + 8)
        new = bits & ~before.perhaps & ~first
        return before.wrote(first)._replace(text=before.text | new)
    if copied is not None:
        return before.with_part(region.start, mask(0, size), copied)
    return before.wrote(bits)


def _read(frame: Frame, call: CallExpr, touch: Touch, region: Region, size: int | None, state: State) -> None:
    map_ = frame.unit.map_of(call)
    end: int | None = region.end
    if touch.size is not None:
        if size is None:
            return  # a length that is put together at run time
        end = region.start + size
    elif map_ is not None and (known := map_.key_size if touch.role == "key" else map_.value_size):
        end = region.start + known * 8
    elif _is_untyped(frame, region):
        end = None
    if region.exact and touch.role is not None:
        name = map_.name if map_ else ""
        outer = None if map_ else _map_parameter(frame.function, call)
        sink = Sink(0, region.start, end, Written(), touch.role, name, outer, call, call, frame.function, ())
        hand_out(frame, region, sink, state, frame.function)
    if touch.role == "input":
        state.bytes[region.object] = state.bytes[region.object].maybe(region.mask)


def _is_untyped(frame: Frame, region: Region) -> bool:
    """Behind a `void *` parameter stands whatever the caller passes."""
    object_ = frame.objects[region.object]
    return object_.kind == "parameter" and not isinstance(object_.type, RecordDecl)


def _map_parameter(function: Function, call: CallExpr) -> int | None:
    """Which parameter of a function a call takes as its map: the first pointer it is given."""
    for item in call.args[:2]:
        found = parameter_of(function, item)
        if found is not None and call.callee.startswith("bpf_") and (item is call.args[0] or "output" in call.callee):
            return found
    return None
