"""Which helpers do the programs of a unit call whatever is decided when they are compiled or loaded?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from weakref import WeakKeyDictionary

from bpflint.api import (
    Assign,
    Binary,
    Call,
    CallExpr,
    Conditional,
    Constant,
    Context,
    Expr,
    Function,
    Kernel,
    Name,
    Op,
    Program,
    Return,
    Span,
    Unit,
    calls,
    contents,
    dataclass,
    facts,
    guards_of,
    operands,
    strip,
    walk,
)  # fmt: skip
from bpflint_rules._flow import Site, programs_reaching, same
from bpflint_rules._kernels import offered
from bpflint_rules._maps import Maps, maps_of


@dataclass(slots=True)
class HelperCall:
    """A call of a helper, and the programs that may come to it."""

    helper: facts.Helper
    site: Site
    function: Function
    programs: tuple[Program, ...]
    _reach: _Reach

    def is_certain_for(self, program: Program) -> bool:
        """Return whether a program comes here unless it ends before, outside of what a switch may compile away."""
        own = any(item.name == self.function.name for item in self.programs)
        if not own and len(self.programs) > 1 and not self._reach.calls(program, self.function):
            return False
        return self.site.at.block in self._reach.plain(self.function) and not self._reach.is_choice(self.site)


def helper_calls(unit: Unit, ctx: Context) -> Iterator[HelperCall]:
    """Yield each call of a helper that some program of the unit may come to."""
    maps = maps_of(unit, ctx)
    reach = _Reach(unit, maps)
    running = programs_reaching(unit)
    for function in unit.functions:
        programs = running.get(function.name, ())
        for site in maps.sites(function) if programs else ():
            helper = facts.helpers().get(site.call.callee)
            if helper is not None and site.call.receiver is None and site.call.callee not in maps.functions:
                yield HelperCall(helper, site, function, programs, reach)


def asked_helpers(unit: Unit) -> Mapping[str, tuple[str, Span]]:
    """Return the helpers that some function calls and tests for, with what the first such test names: the helper's
    number (`bpf_core_enum_value_exists`), or a variable that is called after it (`has_get_func_ip`)."""
    found: dict[str, tuple[str, Span]] = {}
    for function in unit.functions:
        called = {call.callee for call, _ in calls(function)} & facts.helpers().keys()
        for test in _tests(function) if called else ():
            for item in walk(test):
                text = item.name if isinstance(item, Name) else item.spelling if isinstance(item, Constant) else ""
                place = item.span or test.span
                for helper in called:
                    if place is not None and text and helper not in found and _names(text, helper):
                        found[helper] = (text, place)
    return found


Gap = tuple[str, Span, str, str, tuple[Kernel, ...], dict[Kernel, bool], tuple[str, Span] | None]
"""Program, place, function, helper, kernels that lack it, which have it, and what asks for it elsewhere."""


def helper_gaps(unit: Unit, ctx: Context) -> tuple[tuple[Gap, ...], ...]:
    """Gather for each call of a helper the programs that come to it for certain and that some kernel lacks it for."""
    if unit.side != "bpf" or unit.problems:
        return ()
    asked = asked_helpers(unit)
    calls = (tuple(_gaps(call, asked.get(call.helper.name), ctx)) for call in helper_calls(unit, ctx))
    return tuple(filter(None, calls))


def _gaps(call: HelperCall, question: tuple[str, Span] | None, ctx: Context) -> Iterator[Gap]:
    for program in call.programs:
        has = _offered(call.helper, program, ctx)
        lacking = tuple(kernel for kernel in ctx.kernels if has.get(kernel) is False
                        and (ctx.chosen or question is not None or _is_trap(call.helper, kernel)))  # fmt: skip
        if lacking and call.is_certain_for(program):
            place = call.site.span
            yield program.name, place, call.function.name, call.helper.name, lacking, dict(has), question


def _is_trap(helper: facts.Helper, kernel: Kernel) -> bool:
    """Whether a kernel is as new as the helper: its documentation says that it is there, for other programs it is."""
    return bool(helper.since) and facts.release(kernel.release)[:2] >= helper.since[:2]


def _offered(helper: facts.Helper, program: Program, ctx: Context) -> Mapping[Kernel, bool]:
    """Which kernels offer a helper to a program, as measured on them; nothing where no kernel ever does (BPF502)."""
    section = facts.section_of(program.section) if program.section else None
    if section is None or helper.allowed_in(section.type) is False:
        return {}
    kind = _kind(section, program)
    known = _OFFERED.setdefault(ctx, {})
    if (helper.id, kind) not in known:
        known[helper.id, kind] = offered(ctx, lambda table: table.has_helper(helper.id, kind))
    return known[helper.id, kind]


_OFFERED: WeakKeyDictionary[Context, dict[tuple[int, str], Mapping[Kernel, bool]]] = WeakKeyDictionary()
"""By the helper's number and the kind of program: a unit calls few helpers, and each of them often."""


def _kind(section: facts.Section, program: Program) -> str:
    """The kind of program that helpers are offered to: a program type, or a hook of tracing and LSM."""
    if section.type not in ("tracing", "lsm"):
        return section.type
    name = program.section.removeprefix("?").partition("/")[0]
    return {"fmod_ret": "fentry"}.get(name, name)


def _tests(function: Function) -> Iterator[Expr]:
    for block in function.blocks:
        yield from (edge.test.value for edge in block.edges if edge.test is not None)
    yield from (item.test for item in contents(function) if isinstance(item, Conditional))


def _names(text: str, helper: str) -> bool:
    """Whether a constant is a helper's number, or a variable's name says that the helper is there."""
    short = helper.removeprefix("bpf_")
    return short in text and (text == f"BPF_FUNC_{short}" or bool(re.fullmatch(
        rf"(?:\w+_)?(?:has|have|supports?|can_use|use)_(?:bpf_)?{short}|(?:\w+_)?(?:bpf_)?{short}_"
        r"(?:exists|supported|available|enabled)", text,
    )))  # fmt: skip


class _Reach:
    """Blocks that control may come to whatever the switches say, by function, each found once."""

    def __init__(self, unit: Unit, maps: Maps) -> None:
        self._maps = maps
        self._guards = guards_of(unit)
        self._plain: dict[str, frozenset[int]] = {}
        self._open: dict[str, bool] = {}

    def plain(self, function: Function) -> frozenset[int]:
        if function.name not in self._plain:
            certain = self._guards.certain(function, self._is_switch)
            self._plain[function.name] = frozenset() if certain.asks else certain.blocks
        return self._plain[function.name]

    def calls(self, program: Program, function: Function) -> bool:
        """Whether the program calls the function itself, outside of what a switch may compile away."""
        for site in self._maps.callers.get(function.name, ()):
            if site.function.name == program.name:
                return site.at.block in self.plain(site.function)
        return False

    def is_choice(self, site: Site) -> bool:
        """Whether a call is one of two values that a switch or the loader chooses from: `has ? call() : other`."""
        op = site.function.blocks[site.at.block].ops[site.at.index]
        for item in (item for operand in operands(op) for item in walk(operand)):
            match item:
                case Conditional(test=test, then=then, other=other):
                    branches = [then, other]
                case Binary(op="&&" | "||", left=test, right=right):
                    branches = [right]
                case _:
                    continue
            if any(inner is site.call for branch in branches for inner in walk(branch)) and self._is_set(test):
                return True
        return False

    def _is_set(self, value: Expr, ops: Sequence[Op] = (), depth: int = 2) -> bool:
        """Whether the compiler or the loader may decide about a value, or about a local that it is made of."""
        locals_ = [item for item in walk(value) if isinstance(item, Name) and item.storage == "local"] if depth else []
        return (
            self._is_switch(value)
            or any(isinstance(item, Name) and item.name in self._maps.globals for item in walk(value))
            or any(self._is_set(given, ops, depth - 1) for item in locals_ for given in _given(item, ops))
        )

    def _is_switch(self, test: Expr) -> bool:
        """Whether a test may be decided when the program is compiled: by an argument, or what a function answers."""
        for item in walk(test):
            match item:
                case Name(storage="parameter", type=kind) if not hasattr(kind, "pointee"):
                    return True
                case CallExpr(callee=callee) if callee in self._maps.functions and not self._is_open(callee):
                    return True
        return False

    def _is_open(self, name: str) -> bool:
        """Whether a function may say yes and may say no when it runs, whatever the switches in it say."""
        if name not in self._open:
            self._open[name] = False  # what calls itself cannot be told
            function = self._maps.functions[name]
            ops = [op for number in self.plain(function) for op in function.blocks[number].ops]
            returned = [op.value for op in ops if isinstance(op, Return) and op.value is not None]
            self._open[name] = frozenset().union(*(self._answers(value, ops) for value in returned)) == {True, False}
        return self._open[name]

    def _answers(self, value: Expr, ops: Sequence[Op], depth: int = 4) -> frozenset[bool]:
        """What a value may be when the program runs; nothing where a switch or the loader may decide it."""
        inner = strip(value)
        if isinstance(inner, Constant):
            return frozenset([bool(inner.value)])
        if isinstance(inner, Name) and inner.storage == "local":
            given = _given(inner, ops) if depth else ()
            return frozenset().union(*(self._answers(item, ops, depth - 1) for item in given))
        return frozenset() if self._is_set(inner, ops) else frozenset([True, False])


def _given(local: Name, ops: Sequence[Op]) -> list[Expr]:
    """What some operations give a local, itself apart."""
    given = [op.value for op in ops if isinstance(op, Assign) and same(op.target, local)]
    given += [op.call for op in ops if isinstance(op, Call) and same(op.result, local)]
    return [item for item in given if not same(item, local)]
