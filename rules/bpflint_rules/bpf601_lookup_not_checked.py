"""BPF601: is the result of a lookup used before it was tested?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    AddressOf,
    Assign,
    Binary,
    Call,
    CallExpr,
    Conditional,
    Constant,
    Context,
    Expr,
    Finding,
    Function,
    LoadClaim,
    Name,
    Op,
    Related,
    Return,
    Rule,
    RuleMeta,
    Severity,
    Span,
    Test,
    Unary,
    Unit,
    facts,
    operands,
    operations,
    strip,
)  # fmt: skip
from bpflint_rules._claims import program_names
from bpflint_rules._flow import Place, Site, explore, followed, mentions
from bpflint_rules._maps import MapCall, Maps, maps_of

_RESULTS = frozenset(("lookup", "storage"))
_ACCEPTED = (6, 18)
"""Kernel from which a lookup with a constant in-bounds key of an array needs no test (BPF601's issue)."""
_REFUSAL = (
    r"invalid mem access '(map_value_or_null|mem_or_null|ptr_or_null\w*|scalar)'|"
    r"R\d+ pointer arithmetic on \w+_or_null"
)
"""check_mem_access and adjust_ptr_min_max_vals of kernel/bpf/verifier.c"""

Tracked = frozenset[int]
"""The locals that hold the untested pointer."""


class LookupNotChecked(Rule):
    """The result of a map lookup is dereferenced on a path that did not test it for NULL.

    ## What it does
    Follows every path from a lookup, its result's copies and the inline functions that return one, to the first use
    that no test of the pointer precedes.

    ## Why is this bad
    The verifier refuses to load the program (`R0 invalid mem access 'map_value_or_null'`), often only in the
    configuration that compiles this path.

    ## Example
    ```c
    struct state *state = bpf_map_lookup_elem(&states, &key);
    state->packets = 0;
    ```

    ## Use instead
    ```c
    if (!state)
        return 0;
    state->packets = 0;
    ```

    ## Known limits
    A file with parse errors is not judged. Once a test speaks of the pointer in a way that is not followed (through a
    flag or a function), it counts as tested.
    Kernels from 6.18 on accept a constant key within the bounds of an array without a test.
    """

    meta = RuleMeta(
        code="BPF601", name="lookup-not-checked", summary="the result of a lookup is used without a test for NULL",
        severity=Severity.ERROR, references=("https://docs.kernel.org/bpf/maps.html",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report the first untested use of each lookup."""
        if unit.side != "bpf" or unit.problems:
            return  # a test that did not parse is a test that is not seen
        maps = maps_of(unit, ctx)
        for function in filter(maps.is_live, unit.functions):
            for site, call in _nullable(function, maps):
                yield from self._follow(site, call, maps, ctx)

    def _follow(self, site: Site, call: MapCall, maps: Maps, ctx: Context) -> Iterator[Finding]:
        target = strip(site.result) if site.result is not None else None
        where = _used_untested(site, target)
        if where is None:
            return
        constant = call.op == "lookup" and _constant_array_key(call, maps)
        if constant and ctx.settings.min_kernel and facts.release(ctx.settings.min_kernel) >= _ACCEPTED:
            return
        name = target.name if isinstance(target, Name) else f"{site.call.callee}()"
        map_ = f" in `{call.map.name}`" if call.map is not None else ""
        more = "; kernels from 6.18 on accept it for this constant array key" if constant else ""
        related = [Related(site.span, "lookup", "the lookup")]
        if call.site.call is not site.call:
            related.append(Related(call.site.span, "call", f"`{site.call.callee}()` returns the result of this lookup"))
        yield self.finding(
            where, f"`{name}` may be NULL here: the result of the lookup{map_} was not tested on this path{more}",
            subject=f"{site.function.name}:{call.map.name if call.map is not None else '?'}:{name}", related=related,
            claim=LoadClaim(maps.unit.path, program_names(site.function, maps.unit), _REFUSAL),
        )  # fmt: skip


def _nullable(function: Function, maps: Maps) -> Iterator[tuple[Site, MapCall]]:
    """The calls of a body whose result is a lookup's: the helper itself, or an inline function that returns one."""
    direct = {id(call.site.call): call for call in maps.direct(function) if call.op in _RESULTS}
    for site in maps.sites(function):
        if id(site.call) in direct:
            yield site, direct[id(site.call)]
        elif (inner := maps.functions.get(site.call.callee)) is not None and inner is not function:
            found = _hands_out(inner, maps)
            if found is not None:
                yield site, found


def _hands_out(function: Function, maps: Maps) -> MapCall | None:
    """The lookup whose result a function returns untested."""
    known = maps.origins(function)
    direct = {id(call.site.call): call for call in maps.direct(function) if call.op in _RESULTS}
    for op in operations(function):
        if isinstance(op, Return) and op.value is not None:
            value = strip(op.value)
            if isinstance(value, Name) and (origin := known.get(value.decl)) and origin.only is not None:
                if any(_tests(edge.test, value.decl) for block in function.blocks for edge in block.edges):
                    continue  # tested inside: what it returns is its own matter
                value = strip(origin.only)
            if isinstance(value, CallExpr) and id(value) in direct:
                return direct[id(value)]
    return None


def _tests(test: Test | None, decl: int) -> bool:
    return test is not None and mentions(test.value, decl)


def _used_untested(site: Site, target: Expr | None) -> Span | None:
    """Where the pointer is followed first without a test, None where that never happens."""
    function = site.function
    op = function.blocks[site.at.block].ops[site.at.index]
    for operand in operands(op):
        for place, _ in followed(operand):
            if strip(place) is site.call:
                return site.span
    if not isinstance(target, Name) or not target.decl or target.storage not in ("local", "parameter"):
        return None
    found: list[Span] = []

    def step(state: Tracked, op: Op) -> Tracked | None:
        for operand in operands(op):
            for pointer, _ in followed(operand):
                inner = strip(pointer)
                if isinstance(inner, Name) and inner.decl in state:
                    found.append(inner.span or op.span)
                    return None
        return _after(state, op)

    def edge(state: Tracked, test: Test | None) -> Tracked | None:
        return None if test is not None and any(mentions(test.value, decl) for decl in state) else state

    explore(function, Place(site.at.block, site.at.index + 1), frozenset((target.decl,)), step, edge)
    return min(found, default=None)


def _after(state: Tracked, op: Op) -> Tracked | None:
    """Who holds the pointer after an operation; None where nobody does, or something else may know of it."""
    target = op.target if isinstance(op, Assign) else op.result if isinstance(op, Call) else None
    value = op.value if isinstance(op, Assign) else op.call if isinstance(op, Call) else None
    inner = strip(value) if value is not None else None
    copied = isinstance(op, Assign) and isinstance(inner, Name) and inner.decl in state
    if not copied and isinstance(inner, Binary | Unary | Conditional) and any(mentions(inner, decl) for decl in state):
        return None  # `bool found = v != NULL` and the like
    place = strip(target) if target is not None else None
    if isinstance(place, Name) and place.decl:
        state = state | {place.decl} if copied else state - {place.decl}
    return state or None


def _constant_array_key(call: MapCall, maps: Maps) -> bool:
    if call.map is None or call.map.kind not in ("array", "percpu_array"):
        return False
    key = strip(call.key) if call.key is not None else None
    place = strip(key.place) if isinstance(key, AddressOf) else None
    if not isinstance(place, Name):
        return False
    origin = maps.origins(call.owner or call.site.function).get(place.decl)
    value = strip(origin.only) if origin is not None and origin.only is not None else None
    limit = call.map.max_entries
    return (
        isinstance(value, Constant) and isinstance(value.value, int) and limit is not None and 0 <= value.value < limit
    )
