"""An object's bytes are read: is that our own object, to be judged here, or the caller's?"""

from __future__ import annotations

from dataclasses import replace

from bpflint.analysis.initialised.frame import Frame
from bpflint.analysis.initialised.reach import Reach, merged
from bpflint.analysis.initialisers import members
from bpflint.analysis.path_state import State
from bpflint.analysis.regions import Region, mask
from bpflint.analysis.summaries import Sink
from bpflint.model.flow import Function


def hand_out(frame: Frame, region: Region, sink: Sink, state: State, within: Function) -> None:
    """An object's bytes are read: report it for an own object, pass it on for a parameter's."""
    object_ = frame.objects[region.object]
    now = state.bytes[region.object]
    start, end = sink.start, sink.end
    if object_.kind == "parameter":
        position = next(n for n, item in enumerate(frame.function.params) if item.decl == object_.name.decl)
        made = replace(sink, parameter=position, written=now, path=state.path + sink.path)
        frame.result.sinks.setdefault((position, start, end, sink.call.span, sink.role, now), made)
        return
    if state.is_unlikely():
        return
    if frame.function.incomplete:  # its fields may be written where the errors are
        now = now.maybe(members(object_.type, frame.layouts))
    end = object_.size if end is None else min(end, object_.size)
    read = mask(start, end)
    missing = read & ~now.perhaps
    reach = Reach(
        frame.function, object_, sink.role, sink.map, sink.outer, sink.call, within, start, end, missing, missing,
        read & now.certain, missing & now.loose, missing & now.text, state.path if missing else (),
        frozenset(
            (frame.unit.functions[name], bits & missing, given & missing) for key, name, bits, given in state.partial
            if key == region.object and given & missing
        ),
    )  # fmt: skip
    key = (frame.function.name, region.object, sink.outer.span, sink.call.span, sink.role, start)
    before = frame.unit.found.get(key)
    frame.unit.found[key] = reach if before is None else merged(before, reach)
