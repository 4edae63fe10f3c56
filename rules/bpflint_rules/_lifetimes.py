"""How is the life of a resource told? Findings of BPF301 and its kin: paths, severity where the process ends anyway."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import cast
from weakref import WeakKeyDictionary

from bpflint.api import (
    Aggregate,
    Body,
    Call,
    CallExpr,
    Confidence,
    Context,
    Defer,
    End,
    Finding,
    Fix,
    Function,
    Go,
    Held,
    Name,
    Op,
    Opaque,
    Ownership,
    Pointer,
    Related,
    Return,
    Rule,
    Severity,
    Span,
    Step,
    Unit,
    Watch,
    comes_back,
    dataclass,
    expressions,
    follow,
    place_of,
    strip,
    walk,
)  # fmt: skip

_EXAMPLES = re.compile(r"(?:^|/)(?:_?examples?|samples?|tests?|testdata|selftests|demos?|benchmarks?|tutorials?)/")


def held_by_user(unit: Unit, ctx: Context) -> Iterator[Held]:
    """Yield the resources that a user-side unit opens, locks apart; Rust closes what it drops."""
    if unit.side != "user" or unit.language == "rust":
        return
    for held in ctx.held(unit):
        if not held.resource.guard and not _misread(held, unit):
            yield held


def _misread(held: Held, unit: Unit) -> bool:
    """C: `x__open` of something else gives an error code, and a descriptor is no pointer."""
    if unit.language != "c":
        return False
    pointer = any(isinstance(item, Pointer) for item in (held.type, held.call.type))
    return pointer == held.resource.number


def leaks(unit: Unit, ctx: Context, *, elsewhere: bool) -> Iterator[tuple[Held, End]]:
    """Yield what a body opens into a local and leaves open; `elsewhere`: another path closes it or hands it on."""
    for held in held_by_user(unit, ctx):
        left = held.end("left")
        if left is None or not held.local or (unit.language == "python" and told_softly(held.function, unit.path)):
            continue
        if held.end("unknown") is not None and unit.language not in ("go", "c"):
            continue
        if (held.end("close", "keep", "unknown") is not None) == elsewhere:
            yield held, left


def written_over(held: Held, unit: Unit, ctx: Context) -> End | None:
    """Return where another resource of its kind is written over one that is still open."""
    lost = held.end("lost")
    again = ctx.ownership(unit).opens(lost.op.call) if lost is not None and isinstance(lost.op, Call) else None
    return lost if again is not None and again.kind == held.resource.kind and unit.language != "python" else None


def returned_with_error(unit: Unit, ctx: Context) -> Iterator[tuple[Held, End]]:
    """Yield what Go code returns beside an error of a later call, which its callers take for nothing."""
    for held in held_by_user(unit, ctx) if unit.language == "go" else ():
        for end in held.ends:
            value = end.op.value if end.how == "keep" and isinstance(end.op, Return) else None
            last = strip(value.items[-1][1]) if isinstance(value, Aggregate) and len(value.items) > 1 else None
            named = isinstance(last, Name) and isinstance(last.type, Opaque) and last.type.spelling == "error"
            place = place_of(last) if last is not None and named else None
            if place is not None and held.local and not end.way.asked(place) and not held.end("close"):
                yield held, end


def closer_of(held: Held) -> str:
    """Return the call that releases a resource, for a message."""
    return held.resource.close or f"{held.call.callee.rsplit('__', 1)[0]}__destroy"


def is_entry(function: Function) -> bool:
    """Return whether a function is where a process starts: what it leaves open ends with the process."""
    return function.name.rpartition(".")[2] in ("main", "<module>")


def told_softly(function: Function, path: str) -> bool:
    """Return whether the process ends soon after, or the code is there to show something."""
    return is_entry(function) or is_example(path)


def is_example(path: str) -> bool:
    """Return whether a file is there to show or to test something."""
    return _EXAMPLES.search(path) is not None


def steps(held: Held, end: End, last: str) -> list[Step]:
    """Return the path of a finding: opened, the tests on the way, the end."""
    found = [Step(held.opened, f"`{held.name}` is opened")]
    found.extend(Step(span, "then") for span in end.path[-8:])
    return [*found, Step(end.span, last)]


_CNI = re.compile(r"(?:^|\.)PluginMain\w*$")
"""containernetworking/cni pkg/skel: runs one of the functions it is given, and the process ends."""
_SITES: WeakKeyDictionary[Context, dict[str, dict[str, list[_Site]]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class _Site:
    """Where a body names a function; `direct`: it runs it itself there."""

    caller: Function
    block: int
    op: Op
    direct: bool


def runs_once(function: Function, unit: Unit, ctx: Context) -> bool:
    """Return whether straight calls from `main` alone lead to a function, none in a loop: the process ends soon."""
    return _runs_once(function.name, _sites(unit, ctx))


def _runs_once(name: str, known: Mapping[str, list[_Site]], above: frozenset[str] = frozenset()) -> bool:
    found = known.get(name, ()) if name not in above else ()
    return bool(found) and all(
        site.direct and not comes_back(site.caller, site.block)
        and (is_entry(site.caller) or _runs_once(site.caller.name, known, above | {name}))
        for site in found
    )  # fmt: skip


def ends_with_error(function: Function, unit: Unit, ctx: Context) -> bool:
    """Return whether each caller of a package's own function, tests apart, ends the process on its error (Go)."""
    if unit.language != "go" or not function.name.rpartition(".")[2][:1].islower():
        return False
    sites = _sites(unit, ctx).get(function.name, ())
    found = [site for site in sites if not site.caller.span.path.endswith("_test.go")]
    return bool(found) and all(site.direct and _gives_up(site, ctx.ownership(unit)) for site in found)


def _gives_up(site: _Site, owner: Ownership) -> bool:
    """Whether a call is followed by a test of its error that ends the process."""
    result = site.op.result if isinstance(site.op, Call) else None
    last = result.items[-1][1] if isinstance(result, Aggregate) and result.items else result
    error = place_of(last) if last is not None else None
    if error is None:
        return False
    return any(
        any(owner.ends_process(item) for op in site.caller.blocks[edge.to].ops for item in expressions(op)
            if isinstance(item, CallExpr))
        for edge in site.caller.blocks[site.block].edges
        if edge.test is not None and edge.test.outcome == "error" and place_of(edge.test.value) == error
    )  # fmt: skip


def _sites(unit: Unit, ctx: Context) -> Mapping[str, list[_Site]]:
    """Where the functions of a language are named: in Go the project over, else in the unit."""
    known = _SITES.setdefault(ctx, {})
    scope = unit.language if unit.language == "go" else unit.path
    if scope not in known:
        units = [unit] if scope == unit.path else [item for item in ctx.project.user_units() if item.language == scope]
        found = known.setdefault(scope, {})
        for function in (item for other in units for item in other.functions):
            for number, block in enumerate(function.blocks):
                for op in block.ops:
                    for name, direct in _named(op):
                        found.setdefault(name, []).append(_Site(function, number, op, direct))
    return known[scope]


def _named(op: Op) -> Iterator[tuple[str, bool]]:
    """The functions that an operation names, and whether it runs them itself."""
    given = set[str]()
    for item in expressions(op):
        if isinstance(item, CallExpr):
            yield item.callee, not isinstance(op, Go)
            if _CNI.search(item.callee):
                given = {name.name for argument in item.args for name in walk(argument) if isinstance(name, Name)}
        elif isinstance(item, Name) and item.storage == "function":
            yield item.name, item.name in given


def report(
    rule: Rule, held: Held, message: str, end: End, last: str, *, at: Span | None = None, others: Sequence[Held] = (),
    once: bool = False, fixes: Sequence[Fix] = (),
) -> Finding:  # fmt: skip
    """Return a finding with its path, said more softly where the process ends anyway; `others` share its end."""
    span = held.opened if at is None else at
    related = [] if end.span == span else [Related(end.span, "end", last.removeprefix("and "))]
    opened = ((item, short(item.call.callee)) for item in others)
    related.extend(Related(item.opened, "opened", f"`{item.name}` is opened by {call}()") for item, call in opened)
    soft = once or told_softly(held.function, span.path) or held.call.callee in ("bcc.BPF", "BPF")
    return rule.finding(
        span, message, subject=f"{held.function.name}:{held.name}:{held.call.callee}",
        severity=Severity.INFO if soft else None, confidence=Confidence.MEDIUM if soft else None,
        flow=steps(held, end, last), related=related, fixes=fixes,
    )  # fmt: skip


def short(callee: str) -> str:
    """Return a callee as it is written: `link.Kprobe` of its full name."""
    return callee.rpartition("/")[2].removeprefix(".")


def after_close(unit: Unit, ctx: Context, *, used: bool) -> Iterator[tuple[Held, End, End]]:
    """Yield what happens to a resource behind its closing: (resource, closing, its use or its second closing)."""
    owner = ctx.ownership(unit)
    for held in held_by_user(unit, ctx):
        for close in held.ends:
            if close.how == "close" and close.op is not None and not isinstance(close.op, Defer):
                watch = Watch(owner, held.function, held.place, held.resource)
                step = watch.used_afterwards if used else watch.afterwards
                found = follow_on(held.function, close.op, step)
                yield from ((held, close, end) for end in found if end.how == ("use" if used else "close"))


def returned_closed(unit: Unit, ctx: Context) -> Iterator[tuple[Held, End, End]]:
    """Yield what Go code returns of a resource that a deferred call has closed by then: (resource, closing, return)."""
    owner = ctx.ownership(unit)
    for held in held_by_user(unit, ctx) if unit.language == "go" else ():
        for close in held.ends if held.local else ():
            call = close.op.call if isinstance(close.op, Defer) else None
            if call is not None and call.receiver is not None and place_of(call.receiver) == held.place:
                watch = Watch(owner, held.function, held.place, held.resource)
                ends = follow_on(held.function, cast(Defer, close.op), partial(_given_back, watch))
                yield from ((held, close, end) for end in ends if end.how == "use")


def _given_back(watch: Watch, op: Op) -> str | None:
    """`use` where a body returns a resource or a part of it; `delete(coll.Maps, "m")` takes a part away from it."""
    if isinstance(op, Return):
        return "use" if watch.returned(op) else None
    takes = (item for item in expressions(op) if isinstance(item, CallExpr) and item.callee in ("delete", "clear"))
    if any((place := place_of(item)) and place[0] == watch.place[0] for call in takes for item in call.args[:1]):
        return "unknown"
    return watch.afterwards(op)


def follow_on(function: Function, op: Op, step: Callable[[Op], str | None]) -> tuple[End, ...]:
    """Return the ends of the paths behind an operation."""
    for number, block in enumerate(function.blocks):
        for index, item in enumerate(block.ops):
            if item is op:
                return follow(Body(function), number, index + 1, step)
    return ()


def packages(ctx: Context) -> Iterator[tuple[Unit, list[Function]]]:
    """Yield the functions of each folder, for one language."""
    folders: dict[tuple[str, str], tuple[Unit, dict[object, Function]]] = {}
    for unit in ctx.project.user_units():
        if unit.language in ("go", "c"):
            _, found = folders.setdefault((unit.language, unit.path.rpartition("/")[0]), (unit, {}))
            found.update((item.span, item) for item in unit.functions)
    for unit, functions in folders.values():
        yield unit, list(functions.values())
