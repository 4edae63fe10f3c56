"""Who touches the memory that programs share, and how? Every write and change of map values and globals in a unit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal
from weakref import WeakKeyDictionary

from bpflint.api import (
    AddressOf,
    Array,
    Assign,
    Binary,
    Call,
    Context,
    Deref,
    Expr,
    Function,
    Index,
    MapDef,
    Name,
    Op,
    Program,
    RecordDecl,
    Select,
    Severity,
    Span,
    Unit,
    Update,
    base_of,
    dataclass,
    strip,
    walk,
)  # fmt: skip
from bpflint_rules._flow import LOCKS, UNLOCKS, Place, locked, same
from bpflint_rules._maps import MapCall, Maps, is_shared, maps_of, whose_key
from bpflint_rules._values import Value, held_at, is_contended, pointer_of, values

ARITHMETIC = frozenset(("+", "-", "*", "/", "|", "&", "^", "<<", ">>"))
_FIXTURES = re.compile(r"(?:^|/)(?:testdata|tests?|testing|selftests?|fixtures?|e2e|benchmarks?)/")
"""Programs of these folders are loaded by a test alone, or to be refused, or to be measured: races are told as info."""

_ALONE = ("iter", "syscall")
"""Programs that user space runs one at a time, on its own request."""


@dataclass(frozen=True, slots=True)
class Touch:
    """One write to shared memory. `owner` names the map or global, `path` the dotted field below it.

    `kind` is `change` for a read-modify-write and `store` for a plain write. `value` is the lookup behind the pointer,
    None for a global. `contended` tells whether another CPU may touch the same bytes at the same time.
    """

    function: Function
    at: Place
    place: Expr
    span: Span
    owner: str
    path: str
    kind: Literal["change", "store"]
    atomic: bool
    locked: bool
    contended: bool
    value: Value | None = None

    @property
    def map(self) -> MapDef | None:
        """The map that holds the bytes."""
        return None if self.value is None else self.value.call.map


_MADE: WeakKeyDictionary[Context, dict[int, tuple[Unit, tuple[Touch, ...]]]] = WeakKeyDictionary()


def touches(unit: Unit, ctx: Context) -> tuple[Touch, ...]:
    """Return every write to shared memory in the live functions of a unit, made once a run."""
    made = _MADE.setdefault(ctx, {})
    if id(unit) not in made:
        maps = maps_of(unit, ctx)
        live = filter(maps.is_live, unit.functions)
        made[id(unit)] = (unit, tuple(item for function in live for item in _of(function, maps)))
    return made[id(unit)][1]


def atomic_places(unit: Unit, ctx: Context) -> frozenset[tuple[str, str]]:
    """Return the (owner, path) that some code of the unit changes with an atomic operation."""
    return frozenset((item.owner, item.path) for item in touches(unit, ctx) if item.atomic)


def guarded_places(unit: Unit, ctx: Context) -> frozenset[tuple[str, str]]:
    """Return the (owner, path) in values with a BPF spin lock that some code of the unit writes under it."""
    return frozenset(
        (item.owner, item.path) for item in touches(unit, ctx)
        if item.locked and item.map is not None and lock_member(item.map)
    )  # fmt: skip


def _of(function: Function, maps: Maps) -> Iterator[Touch]:
    held: Mapping[int, list[bool]] | None = None
    always = callers_hold(function, maps) or _gives_back_only(function, maps)
    for number, block in enumerate(function.blocks):
        for index, op in enumerate(block.ops):
            written = _written(op)
            if written is None:
                continue
            held = locked(function) if held is None else held
            under = always or (number in held and held[number][index])
            place, kind, atomic = written
            yield from _touch((_direct(place), kind, atomic), op, function, Place(number, index), under, maps)


def callers_hold(function: Function, maps: Maps) -> bool:
    """Whether every call of a function of the unit's own stands under a BPF spin lock."""
    sites = [site for site in maps.callers.get(function.name, ()) if maps.is_live(site.function)]
    return function.static and bool(sites) and all(held_at(site) for site in sites)


def _gives_back_only(function: Function, maps: Maps) -> bool:
    """Whether a body unlocks what it does not lock itself: what it calls, or who calls it, has taken the lock."""
    called = {site.call.callee for site in maps.sites(function)}
    return not called.isdisjoint(UNLOCKS) and called.isdisjoint(LOCKS)


def run_alone(function: Function, maps: Maps) -> bool:
    """Return whether one CPU at a time runs a body: user space starts its programs, or they set a scheduler up."""
    programs = maps.running.get(function.name, ())
    return bool(programs) and all(map(_is_alone, programs))


def _is_alone(program: Program) -> bool:
    kind = program.section.split("/")[0].removesuffix(".s")
    return kind in _ALONE or (kind == "struct_ops" and program.name.endswith("_init"))  # sched_ext's init


def mildly(place: Span) -> Severity | None:
    """Return the severity of a race in a folder of tests, None elsewhere: that of the rule."""
    return Severity.INFO if _FIXTURES.search(place.path) else None


def shared_updates(unit: Unit, ctx: Context) -> Iterator[MapCall]:
    """Yield each update of a map that several CPUs share, in bodies that they may run at the same time."""
    if unit.side != "bpf":
        return
    maps = maps_of(unit, ctx)
    for function in filter(maps.is_live, unit.functions):
        for call in maps.direct(function) if not run_alone(function, maps) else ():
            if call.op == "update" and call.map is not None and is_shared(call.map):
                yield call


def _direct(place: Expr) -> Expr:
    """`v->n` of `*&v->n`, as atomics take it."""
    inner = strip(place)
    if isinstance(inner, Deref) and isinstance(address := strip(inner.pointer), AddressOf):
        return strip(address.place)
    return inner


def _written(op: Op) -> tuple[Expr, Literal["change", "store"], bool] | None:
    """The place an operation writes, how, and whether atomically."""
    match op:
        case Update(target=target, atomic=atomic):
            return target, "change", atomic
        case Assign(target=target, value=value) if not _is_local(target):
            return target, "change" if reads_itself(target, value) else "store", False
        case Call(result=result) if result is not None and not isinstance(strip(result), Name):
            return result, "store", False
    return None


def _is_local(target: Expr) -> bool:
    inner = strip(target)
    return isinstance(inner, Name) and inner.decl != 0


def reads_itself(target: Expr, value: Expr) -> bool:
    """Return whether `target = value` is a read-modify-write: arithmetic on the old value."""
    inner = strip(value)
    if not isinstance(inner, Binary) or inner.op not in ARITHMETIC:
        return False
    return any(same(item, target) for item in walk(inner))


def _touch(
    written: tuple[Expr, Literal["change", "store"], bool], op: Op, function: Function, at: Place, under: bool,
    maps: Maps,
) -> Iterator[Touch]:  # fmt: skip
    place, kind, atomic = written
    private = per_cpu_slot(place, function, maps)
    pointer = pointer_of(place)
    if pointer is None:
        name = global_of(place, maps)
        if name is not None:
            yield Touch(function, at, place, op.span, name, path_of(place), kind, atomic, under, not private)
        return
    for value in values(pointer, function, maps):
        if value.call.map is None:
            continue
        held = under or (value.caller is not None and held_at(value.caller))
        contended = not private and is_contended(value, maps)
        yield Touch(
            function, at, place, op.span, value.call.map.name, path_of(place), kind, atomic, held, contended, value
        )


def global_of(place: Expr, maps: Maps) -> str | None:
    """Return the writable global that a place lies in, None for anything else."""
    item: Expr = strip(place)
    while isinstance(item, Select | Index):
        if isinstance(item, Select) and item.arrow:
            return None
        item = strip(item.base)
    if not isinstance(item, Name) or item.decl or item.name not in maps.globals:
        return None
    return item.name if maps.globals[item.name].kind.startswith((".data", ".bss")) else None


def path_of(place: Expr) -> str:
    """Return the dotted fields of a place below its pointer or variable; an element is its array."""
    names: list[str] = []
    item = strip(place)
    while isinstance(item, Select | Index | Deref):
        if isinstance(item, Select):
            names.append(item.field)
        if isinstance(item, Deref) or (isinstance(item, Select) and item.arrow):
            break
        item = strip(item.base)
        if isinstance(item, Index) and not isinstance(strip(item.base).type, Array):
            break
    return ".".join(reversed(names))


def per_cpu_slot(place: Expr, function: Function, maps: Maps) -> bool:
    """Return whether a place is an array element chosen by the CPU number or the thread."""
    return any(
        isinstance(item, Index) and not isinstance(base_of(item.index), Index)
        and whose_key(item.index, function, maps) != "" for item in walk(place)
    )  # fmt: skip


def lock_member(map_: MapDef) -> str:
    """Return the name of the BPF spin lock in a map's value, "" where it has none."""
    if not isinstance(map_.value, RecordDecl):
        return ""
    return next(
        (
            member.name for member in map_.value.members
            if getattr(member.type, "name", "") in ("bpf_spin_lock", "bpf_res_spin_lock")
        ),
        "",
    )  # fmt: skip
