"""What does one walk over a body know of its function? The objects that are followed, and who holds them."""

from __future__ import annotations

from bpflint.analysis.certain import certain_pointers
from bpflint.analysis.initialised.unit import Functions, Given
from bpflint.analysis.path_state import State, Told, facts_of
from bpflint.analysis.regions import UNBOUNDED, Kind, Known, Object, Region, object_key, substituted
from bpflint.analysis.summaries import Summary
from bpflint.analysis.walk import strip
from bpflint.analysis.written import Written
from bpflint.model.flow import CallExpr, Expr, Function, Name
from bpflint.model.layout import Array, Pointer, RecordDecl, Scalar

LARGEST = UNBOUNDED
"""Bits of an object that is followed: larger ones are buffers whose length is sent along."""


class Frame:
    """One walk over one body: its function, what its callers know, and what it found."""

    def __init__(self, unit: Functions, function: Function, given: Given, told: frozenset[Told]) -> None:
        self.unit, self.function, self.given, self.told = unit, function, given, told
        self.layouts = unit.layouts
        self.objects: dict[int, Object] = {}
        self.result = Summary()
        self.relevant = unit.relevant(function)
        self.asked = unit.asked(function)
        self.certain = certain_pointers(function, unit.calls.never_null)
        self.steps = 0
        self._callers: dict[object, bool] = {}
        self._inner = function.static and not function.section
        self._params: dict[object, object] = {("name", item.decl): ("name", item.decl) for item in function.params}

    def forget_dead(self, block: int, state: State) -> None:
        """Drop what is known of values that nothing reads on any way from a block on."""
        live = self.unit.live(self.function)[block]
        for facts in (state.values, state.signs):
            for key in [key for key in facts if key not in live.keys and not self.is_callers(key)]:
                del facts[key]
        for numbers in (state.numbers, state.most):
            for decl in [decl for decl in numbers if decl not in live.names]:
                del numbers[decl]

    def callers_facts(self, state: State) -> frozenset[Told]:
        """What is known of values that a caller may know too."""
        return frozenset(item for item in facts_of(state) if self.is_callers(item[0]))

    def is_callers(self, subject: object) -> bool:
        """Whether a value is the caller's, who may test it too."""
        if subject not in self._callers:
            self._callers[subject] = self._inner and substituted(subject, self._params) is not None
        return self._callers[subject]

    def known(self, state: State) -> Known:
        """Return what a state says of expressions."""
        return Known(self.objects, state.pointers, state.numbers, state.values, self.layouts, self.unit.key)

    def is_own(self, region: Region) -> bool:
        """A parameter's bytes are the caller's, a map's value is what programs left there: set when they are read."""
        return self.objects[region.object].kind not in ("parameter", "scratch")

    def changed(self, region: Region, state: State) -> None:
        """A call writes through an address: a number that was known of the variable is known no more."""
        object_ = self.objects[region.object]
        if object_.kind == "local" and not isinstance(object_.type, RecordDecl):
            state.forget(object_.name)

    def bind(
        self, call: CallExpr, number: int | None, result: Expr | None, state: State, sign: str = ""
    ) -> None:  # fmt: skip
        """Give the variable, or the expression, that holds a call's result its value."""
        inner = None if result is None else strip(result)
        if isinstance(inner, Name) and inner.decl:
            state.forget(inner)
            if number is not None:
                state.numbers[inner.decl] = number
        key = self.unit.key(call)
        state.values.pop(key, None)
        state.signs.pop(key, None)
        if number is not None and key is not None:
            state.values[key] = number
        for name in (key, None if inner is None else self.unit.key(inner)) if sign else ():
            state.signs[name] = sign

    def hold(
        self, made: tuple[Kind, int | None], name: Name, state: State, filled: Written | None = None
    ) -> None:  # fmt: skip
        """Follow what a pointer is given: a new object of a kind, with its size in bits and what is written of it."""
        kind, size = made
        type_ = name.type.pointee if isinstance(name.type, Pointer) else None
        typed = self.layouts.size(type_)
        if isinstance(type_, Scalar) and size and typed and size > typed and not size % typed:
            type_ = Array(type_, size // typed)  # `u8 *buffer`
            typed = size
        size = min(size, typed) if size and typed else size or typed
        if not size or size > LARGEST or (isinstance(type_, RecordDecl) and self.layouts.record(type_).opaque):
            return
        key = object_key(kind, name.decl)
        self.objects[key] = Object(kind, name, type_, size, name.span)
        state.pointers[name.decl] = Region(key, 0, size)
        state.bytes[key] = filled or Written()


def parameter_of(function: Function, expr: Expr) -> int | None:
    """Return which parameter of a function an expression is."""
    inner = strip(expr)
    decl = inner.decl if isinstance(inner, Name) and inner.storage == "parameter" else 0
    return next((n for n, item in enumerate(function.params) if item.decl == decl), None)
