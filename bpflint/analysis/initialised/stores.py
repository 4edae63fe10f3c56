"""What does an assignment do to the bytes and locals that are followed?"""

from __future__ import annotations

from bpflint.analysis.initialised.frame import Frame
from bpflint.analysis.initialisers import clang_clears, is_constant_list, members, set_bits
from bpflint.analysis.path_state import State, most_of
from bpflint.analysis.regions import Region, mask
from bpflint.analysis.walk import strip, walk
from bpflint.analysis.written import Written
from bpflint.model.flow import Aggregate, Binary, Expr, Name, Unknown
from bpflint.model.layout import Type


def assign(frame: Frame, target: Expr, value: Expr, state: State, *, declares: bool) -> None:
    """Store a value at a place, and give a local its new value."""
    known = frame.known(state)
    place = known.place(target)
    source = known.address(value)
    number = known.number(value)
    written = None if place is None else _stored(frame, state, place, target, value)
    inner = strip(target)
    if isinstance(inner, Name) and inner.decl:
        state.forget(inner)
        if source is not None:
            state.pointers[inner.decl] = source
        if number is not None:
            state.numbers[inner.decl] = number
        elif (most := most_of(known, value)) is not None:
            state.most[inner.decl] = most
    elif source is not None or isinstance(strip(value), Aggregate):
        escape(frame, value, state)
    if place is not None and written is not None:
        if isinstance(strip(value), Aggregate) and not declares:
            # clang builds the literal elsewhere and copies its members: padding may stay behind
            padding = place.mask & ~(members(target.type, frame.layouts) << place.start)
            written = written.unsure(padding)
        state.bytes[place.object] = written


def _stored(frame: Frame, state: State, place: Region, target: Expr, value: Expr) -> Written | None:
    """The object after a value is stored at a place of it."""
    before = state.bytes.get(place.object)
    if before is None:
        return None
    size = place.end - place.start
    inner = strip(value)
    if not place.exact:
        return before.maybe(place.mask)
    if isinstance(inner, Aggregate):
        return _listed(frame, state, before, place, target, inner)
    source = frame.known(state).place(inner)
    if source is not None and source.exact and frame.is_own(source) and source.object in state.bytes:
        if source.end - source.start == size:
            part = state.bytes[source.object].part(source.start, mask(0, size))
            return before.with_part(place.start, mask(0, size), part)
        if not state.bytes[source.object].perhaps & source.mask:
            return before.without(place.mask)
        return before.maybe(place.mask)
    return before.wrote(place.mask)


def _listed(frame: Frame, state: State, before: Written, place: Region, target: Expr, value: Aggregate) -> Written:
    type_ = target.type
    size = place.end - place.start
    bits = set_bits(value, type_, frame.layouts, lambda item, width: _source(frame, state, item, width))
    if bits is None:
        return before.maybe(place.mask)
    whole = mask(0, size)
    now = before.without(place.mask).wrote(bits << place.start)
    rest = whole & ~bits
    if rest and clang_clears(value, type_, frame.layouts):
        return now.maybe((rest & ~_garbage(frame, value, type_, bits)) << place.start)
    # what is no member is padding; of a union the list sets the member it names, and clang writes no more where it
    # has to put the value together
    owned = 0 if is_constant_list(value) else members(type_, frame.layouts)
    return now._replace(loose=now.loose | (rest & ~owned) << place.start)


def _garbage(frame: Frame, value: Aggregate, type_: Type | None, bits: int) -> int:
    """Members that a list sets to a local which is not set itself."""
    owned = set_bits(value, type_, frame.layouts, lambda _, width: mask(0, width)) or 0
    return owned & ~bits


def _source(frame: Frame, state: State, value: Expr, width: int) -> int:
    """Which of the first bits of a value are set: all, but for a local that is not."""
    region = frame.known(state).place(strip(value))
    if region is None or not region.exact or not frame.is_own(region) or region.object not in state.bytes:
        return mask(0, width)
    part = state.bytes[region.object].part(region.start, mask(0, region.end - region.start))
    return part.perhaps if region.end - region.start >= width else mask(0, width) if part.perhaps else 0


def update(frame: Frame, target: Expr, word: str, value: Expr, state: State) -> None:
    """Change a local by `+=`, `++` and their like."""
    inner = strip(target)
    if not isinstance(inner, Name) or not inner.decl:
        return
    op = {"++": "+", "--": "-"}.get(word, word.removesuffix("="))
    changed = Binary(op, inner, value, inner.type)
    known = frame.known(state)
    number, region = known.number(changed), known.address(changed)
    if inner.decl in state.pointers and region is None:
        region = state.pointers[inner.decl].somewhere()
    state.forget(inner)
    if number is not None:
        state.numbers[inner.decl] = number
    if region is not None:
        state.pointers[inner.decl] = region


def escape(frame: Frame, expr: Expr, state: State) -> None:
    """Somebody else may write to whatever an expression hands out."""
    known = frame.known(state)
    for item in walk(expr):
        region = known.address(item) or (known.place(item) if isinstance(expr, Unknown) else None)
        if region is not None and region.object in state.bytes:
            whole = mask(0, frame.objects[region.object].size)
            state.bytes[region.object] = state.bytes[region.object].maybe(whole)
