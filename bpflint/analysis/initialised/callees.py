"""What does a call of the unit's own function do to the caller's objects?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bpflint.analysis.initialised.frame import Frame, parameter_of
from bpflint.analysis.initialised.sinks import hand_out
from bpflint.analysis.path_state import State, base_of_key, facts_of, tell
from bpflint.analysis.regions import Region
from bpflint.analysis.summaries import End, Sink, Summary, joined_ends
from bpflint.analysis.walk import strip
from bpflint.analysis.written import Written
from bpflint.model.flow import CallExpr, Expr, Function, Name


def summary_of(frame: Frame, own: Function, call: CallExpr, state: State) -> Summary | None:
    """Return what a call of a function of the unit does, given what is known here; None where it is not followed."""
    known = frame.known(state)
    pointers = any(known.address(item) is not None for item in call.args)
    if own.name not in frame.unit.followed and not pointers:
        return None
    given = tuple(known.number(item) for item in call.args[: len(own.params)])
    asked = frame.unit.asked(own)
    there = frame.unit.renamed(own, call)[1]
    told = frozenset(
        (key, what) for mine, what in facts_of(state)
        if (key := there(mine)) is not None and (key in asked or base_of_key(key) in asked)
    )  # fmt: skip
    return frame.unit.summary(own, given if any(item is not None for item in given) else (), told)


def through(
    frame: Frame, own: Function, summary: Summary, call: CallExpr, result: Expr | None, state: State
) -> list[State]:  # fmt: skip
    """Return the states after a call, one for each way out of the callee that can be."""
    known = frame.known(state)
    regions = {n: region for n, item in enumerate(call.args) if (region := known.address(item)) is not None}
    for sink in summary.sinks.values():
        region = regions.get(sink.parameter)
        if region is not None and region.object in state.bytes and region.exact:
            seen = state.copy()
            seen.path = state.path + sink.path
            seen.bytes[region.object] = _after(region, sink.written, state.bytes[region.object])
            moved = _moved(frame, sink, region.start, call)
            hand_out(frame, Region(region.object, moved.start, region.end), moved, seen, sink.within)
    ends = joined_ends([_as_seen(frame, end, own, call) for end in summary.ends])
    found = []
    for end in ends:
        after = state.copy()
        if tell(after, end.told):
            found.append(_ended(frame, own, end, summary.some, regions, call, result, after))
    return found or [state]


def _as_seen(frame: Frame, end: End, own: Function, call: CallExpr) -> End:
    """A callee's way out, with what it knows of values that this body tests."""
    if not end.told:
        return end
    here = frame.unit.renamed(own, call)[0]
    told = ((here(key), what) for key, what in end.told)
    known = frozenset((key, what) for key, what in told if key is not None and base_of_key(key) in frame.asked)
    return replace(end, told=known)


def _moved(frame: Frame, sink: Sink, by: int, call: CallExpr) -> Sink:
    """A sink of a callee as one of this body: offsets in the caller's object, and the map it passed."""
    end = None if sink.end is None else by + sink.end
    moved = replace(sink, start=by + sink.start, end=end, outer=call)
    if sink.map_parameter is None or sink.map_parameter >= len(call.args):
        return moved
    given = call.args[sink.map_parameter]
    map_ = frame.unit.map_named(given)
    if map_ is None:
        return replace(moved, map_parameter=parameter_of(frame.function, given))
    size = map_.key_size if sink.role == "key" else map_.value_size
    if sink.role in ("key", "value") and size:
        moved = replace(moved, end=moved.start + size * 8)
    return replace(moved, map=map_.name, map_parameter=None)


def _ended(
    frame: Frame, own: Function, end: End, some: Mapping[int, int], regions: Mapping[int, Region], call: CallExpr,
    result: Expr | None, state: State,
) -> State:  # fmt: skip
    for position, written in end.written:
        region = regions.get(position)
        if region is not None and region.object in state.bytes:
            state.bytes[region.object] = _after(region, written, state.bytes[region.object])
            if written.perhaps:
                frame.changed(region, state)
            bits = (some.get(position, 0) << region.start) & region.mask
            if bits or written.perhaps or written.text:
                state.partial |= {(region.object, own.name, bits, region.mask)}
    frame.bind(call, end.value if isinstance(end.value, int) else None, result, state, end.sign)
    inner = None if result is None else strip(result)
    if isinstance(inner, Name) and inner.decl:
        if end.fresh is not None:
            frame.hold((end.fresh.kind, end.fresh.size), inner, state, end.filled)
        elif isinstance(end.value, Region) and end.value.object in regions:
            passed = regions[end.value.object]
            state.pointers[inner.decl] = Region(passed.object, passed.start + end.value.start, passed.end, False)
    return state


def _after(region: Region, written: Written, before: Written) -> Written:
    if not region.exact:
        return before.maybe(region.mask) if written.perhaps else before
    return before.then(Written(*(((item << region.start) & region.mask) for item in written)))
