"""Which entries do tracing programs leave in a hash? What each program of the project does with each map."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from typing import NamedTuple

from bpflint.api import (
    AddressOf,
    Binary,
    CallExpr,
    Conditional,
    Context,
    Evaluate,
    Expr,
    Function,
    Name,
    Opaque,
    Pointer,
    Program,
    RecordDecl,
    Span,
    Unary,
    Unit,
    contents,
    dataclass,
    expressions,
    parts,
    strip,
    walk,
)  # fmt: skip
from bpflint_rules._flow import programs_reaching
from bpflint_rules._maps import MapCall, Maps, maps_of, whose_key
from bpflint_rules._per_run import per_run

_KEPT = ("hash", "percpu_hash")
_ENTRY = re.compile(r"^(?:[ku]probe(?:\.multi)?|ksyscall|fentry)(?:\.s)?(?:/(?P<at>.+))?$")
_EXIT = re.compile(r"^(?:[ku]retprobe(?:\.multi)?|kretsyscall|fexit)(?:\.s)?(?:/(?P<at>.+))?$")
_SYSCALL = re.compile(
    r"^(?:tracepoint|tp|raw_tracepoint|raw_tp|tp_btf)/(?:(?:raw_)?syscalls/)?sys_(?P<way>enter|exit)(?P<at>\w*)$"
)
_GENERATED = re.compile(r"_bpf(?:el|eb)?\.go$")
_EACH_CALL = frozenset((
    "bpf_get_current_pid_tgid", "bpf_get_current_task", "bpf_get_current_task_btf", "bpf_get_socket_cookie",
))  # fmt: skip


class Step(NamedTuple):
    """A call that a program makes of a map: its place, the function that holds it, the program and its section."""

    span: Span
    function: str
    program: str
    section: str
    object: bool = False
    """The key is the address of an object of the kernel's."""


@dataclass(slots=True)
class Entries:
    """What all programs together do with one map: inserts and lookups by program, or something else too."""

    name: str
    span: Span
    inserts: list[Step] = field(default_factory=list)
    lookups: list[Step] = field(default_factory=list)
    other: bool = False
    """Something deletes from it, or what is done with it is not known."""


def entries(ctx: Context) -> Iterator[Entries]:
    """Yield what becomes of each hash that is not LRU and that user space does not touch."""
    found: dict[Span, Entries] = {}
    for unit in ctx.project.bpf_units():
        for name, span, inserts, lookups, other in ctx.gathered(entries_of, unit):
            entry = found.setdefault(span, Entries(name, span))
            entry.inserts.extend(Step(*item) for item in inserts)
            entry.lookups.extend(Step(*item) for item in lookups)
            entry.other |= other
    touched = touched_by_user(ctx)
    yield from (item for item in found.values() if not item.other and plain_name(item.name) not in touched)


_Steps = tuple[Step, ...]


def entries_of(unit: Unit, ctx: Context) -> tuple[tuple[str, Span, _Steps, _Steps, bool], ...]:
    """Gather what a unit does with each hash that is not LRU: the fields of `Entries`."""
    if unit.side != "bpf":
        return ()
    maps, reaching = maps_of(unit, ctx), programs_reaching(unit)
    kept = {item.name: item for item in maps.known.values() if item.kind in _KEPT}
    unseen = unexplained(frozenset(kept), unit, maps) if kept else ()
    found: dict[Span, Entries] = {}
    for map_ in kept.values():
        entry = found.setdefault(map_.span, Entries(map_.name, map_.span))
        entry.other |= map_.pinning or map_.external or map_.name in unseen
    for function in filter(maps.is_live, unit.functions if kept else ()):
        for call in maps.calls(function):
            if call.map is not None and call.map.span in found:
                _sort(call, found[call.map.span], reaching.get(function.name, ()), function, maps)
    return tuple(
        (item.name, item.span, tuple(item.inserts), tuple(item.lookups), item.other)
        for item in found.values()
    )


def _sort(call: MapCall, entry: Entries, programs: tuple[Program, ...], function: Function, maps: Maps) -> None:
    object_ = _is_address(call.key, function, maps)
    steps = (Step(call.site.span, call.site.function.name, item.name, item.section, object_) for item in programs)
    match call.op:
        case "update" | "insert" | "init":
            if _new_each_time(call.key, function, maps):
                entry.inserts.extend(steps)
        case "lookup":
            entry.lookups.extend(steps)
        case _:
            entry.other = True


def _new_each_time(key: Expr | None, function: Function, maps: Maps, depth: int = 4) -> bool:
    """Whether a key names a thread, a process or an object: there is no end of them."""
    whose = whose_key(key, function, maps)
    if key is None or depth == 0 or whose:
        return whose == "task"
    inner = strip(key)
    if isinstance(inner, AddressOf):
        inner = strip(inner.place)
        if _is_object(inner):
            return True
    if any(isinstance(item, CallExpr) and item.callee in _EACH_CALL for item in walk(inner)):
        return True
    origin = maps.origins(function).get(inner.decl) if isinstance(inner, Name) else None
    values = () if origin is None else origin.values
    if not isinstance(inner.type, Pointer) and any(_is_object(strip(item)) for item in values):
        return True  # of a pointer, what it points to is the key
    return any(_new_each_time(item, function, maps, depth - 1) for item in values)


def _is_address(key: Expr | None, function: Function, maps: Maps) -> bool:
    """Whether a key is a pointer to a kernel struct, or a number made of one alone: `u64 key = (u64)sk`."""
    inner = strip(key) if key is not None else None
    place = strip(inner.place) if isinstance(inner, AddressOf) else None
    if not isinstance(place, Name):
        return False
    origin = maps.origins(function).get(place.decl)
    values = () if origin is None else origin.values
    return _is_object(place) or (bool(values) and all(_is_object(strip(item)) for item in values))


def _is_object(expr: Expr) -> bool:
    """A pointer to a kernel struct, in a variable of its own: `u64 key = (u64)sk`."""
    pointee = expr.type.pointee if isinstance(expr, Name) and isinstance(expr.type, Pointer) else None
    return isinstance(pointee, RecordDecl) or (isinstance(pointee, Opaque) and pointee.spelling.startswith("struct "))


def unexplained(names: frozenset[str], unit: Unit, maps: Maps) -> frozenset[str]:
    """The maps that a unit mentions outside of calls whose meaning is known; all where it was not read in full."""
    if any(item.incomplete for item in unit.functions):
        return names
    known = {id(name) for item in unit.functions for call in maps.calls(item) for name in walk(call.site.call)}
    return frozenset(
        item.name for function in unit.functions for item in contents(function)
        if isinstance(item, Name) and not item.decl and item.name in names and id(item) not in known
    )  # fmt: skip


def is_set(name: str, ctx: Context) -> bool:
    """Return whether BPF programs only ask whether a map has an entry, and nobody reads its value."""
    asked = False
    for unit in (item for item in ctx.project.bpf_units() if item.functions):
        maps = maps_of(unit, ctx)
        if name not in maps.known:
            continue
        if name in unexplained(frozenset((name,)), unit, maps):
            return False
        for function in unit.functions:
            for call in (item for item in maps.calls(function) if item.map is not None and item.map.name == name):
                if call.op != "delete" and not (call.op == "lookup" and _is_asked(call)):
                    return False
                asked = True
    return asked


def _is_asked(call: MapCall) -> bool:
    """Whether what a call gives is a condition and nothing else."""
    op = call.site.function.blocks[call.site.at.block].ops[call.site.at.index]
    tests = [op.value] if isinstance(op, Evaluate) else []
    tests += [item.test for item in expressions(op) if isinstance(item, Conditional)]
    return any(item is call.site.call for test in tests for item in _conditions(test))


def _conditions(test: Expr) -> Iterator[Expr]:
    inner = strip(test)
    if isinstance(inner, Unary | Binary) and inner.op in ("!", "&&", "||", "==", "!="):
        for part in parts(inner):
            yield from _conditions(part)
    else:
        yield inner


@per_run
def touched_by_user(ctx: Context) -> frozenset[str]:
    """The maps that user space works on, by plain names: it may delete what it finds."""
    uses = (name for unit in ctx.project.user_units() for use in unit.uses for name in (use.map, use.expression))
    named = (
        item.name for unit in ctx.project.user_units() if not _GENERATED.search(unit.path)
        for item in unit.references if item.kind == "map"
    )  # fmt: skip
    return frozenset(plain_name(re.split(r"[.>]", name)[-1]) for name in (*uses, *named) if name)


def plain_name(name: str) -> str:
    """A name as C and Go spell it: `start_times`, `StartTimes`."""
    return name.replace("_", "").lower()


def answers(entry: Step, exit_: Step) -> str | None:
    """Return what both programs watch, where one runs when it begins and the other when it ends; None otherwise."""
    first, last = _ENTRY.match(entry.section), _EXIT.match(exit_.section)
    if first is not None and last is not None and first["at"] == last["at"]:
        return first["at"] or entry.program
    first, last = _SYSCALL.match(entry.section), _SYSCALL.match(exit_.section)
    if first is None or last is None or (first["way"], last["way"]) != ("enter", "exit") or first["at"] != last["at"]:
        return None
    return first["at"].lstrip("_") or "system calls"
