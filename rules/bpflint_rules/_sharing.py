"""Who touches the memory that programs share, and how? Every read, write and change of map values and globals."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
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
    Evaluate,
    Expr,
    Function,
    Index,
    MapDef,
    Name,
    Op,
    RecordDecl,
    Select,
    Span,
    Unit,
    Update,
    base_of,
    dataclass,
    operands,
    parts,
    strip,
    walk,
)  # fmt: skip
from bpflint_rules._flow import LOCKS, UNLOCKS, Place, locked, same
from bpflint_rules._maps import Maps, maps_of, whose_key
from bpflint_rules._values import Value, held_at, is_contended, pointer_of, values

ARITHMETIC = frozenset(("+", "-", "*", "/", "|", "&", "^", "<<", ">>"))
Kind = Literal["change", "store", "read"]


@dataclass(frozen=True, slots=True)
class Touch:
    """One access to shared memory. `owner` names the map or global, `path` the dotted field below it.

    `kind` is `change` for a read-modify-write, `store` for a plain write and `read` for what only looks. `value` is the
    lookup behind the pointer, None for a global. `contended` tells whether another CPU may touch the same bytes at the
    same time.
    """

    function: Function
    at: Place
    place: Expr
    span: Span
    owner: str
    path: str
    kind: Kind
    atomic: bool
    locked: bool
    contended: bool
    value: Value | None = None

    @property
    def map(self) -> MapDef | None:
        """The map that holds the bytes."""
        return None if self.value is None else self.value.call.map

    @property
    def subject(self) -> str:
        """Function, map or global, and field: what a finding is about."""
        return f"{self.function.name}:{self.owner}:{self.path}"

    @property
    def bare(self) -> bool:
        """Whether another CPU may come in between: no lock is held, and the operation is not atomic."""
        return self.contended and not self.atomic and not self.locked


_MADE: WeakKeyDictionary[Context, dict[int, tuple[Unit, tuple[Touch, ...]]]] = WeakKeyDictionary()


def touches(unit: Unit, ctx: Context) -> tuple[Touch, ...]:
    """Return every write to shared memory in the live functions of a unit, made once a run."""
    made = _MADE.setdefault(ctx, {})
    if id(unit) not in made:
        maps = maps_of(unit, ctx)
        live = filter(maps.is_live, unit.functions)
        made[id(unit)] = (unit, tuple(item for function in live for item in _of(function, maps)))
    return made[id(unit)][1]


def reads(owners: Collection[str], unit: Unit, ctx: Context) -> Iterator[Touch]:
    """Yield each read of some maps' values and globals in the live functions of a unit; what a change reads is none."""
    maps = maps_of(unit, ctx)
    of_maps = any(owner in maps.known for owner in owners)
    for function in filter(maps.is_live, unit.functions) if owners else ():
        for number, index, op, under in _steps(function, maps):
            before = function.blocks[number].ops[index - 1] if index else None
            places = (item for operand in _read(op, before) for item in _places(operand))
            for place in (item for item in places if of_maps or isinstance(item, Name)):
                at, span = Place(number, index), place.span or op.span
                found = _touch((place, "read", False), span, function, at, under, maps)
                yield from (item for item in found if item.owner in owners)


def by_field(found: Iterable[Touch]) -> Iterator[Sequence[Touch]]:
    """Yield the accesses of each function and field, by their names."""
    return _grouped(found, lambda item: (item.function.name, item.owner, item.path))


def by_owner(found: Iterable[Touch]) -> Iterator[Sequence[Touch]]:
    """Yield the accesses of each function and map or global, by their names."""
    return _grouped(found, lambda item: (item.function.name, item.owner))


def _grouped(found: Iterable[Touch], key: Callable[[Touch], tuple[str, ...]]) -> Iterator[Sequence[Touch]]:
    for _, group in groupby(sorted(found, key=key), key=key):
        yield tuple(group)


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
    for number, index, op, under in _steps(function, maps):
        written = _written(op)
        if written is not None:
            place, kind, atomic = written
            yield from _touch((_direct(place), kind, atomic), op.span, function, Place(number, index), under, maps)


def _steps(function: Function, maps: Maps) -> Iterator[tuple[int, int, Op, bool]]:
    """Each operation with its block, its index there, and whether a BPF spin lock is held."""
    always = _callers_hold(function, maps) or _gives_back_only(function, maps)
    takes = any(site.call.callee in LOCKS for site in maps.sites(function))
    held: Mapping[int, list[bool]] = locked(function) if takes else {}
    for number, block in enumerate(function.blocks):
        rows = held.get(number)
        for index, op in enumerate(block.ops):
            yield number, index, op, always or (rows is not None and rows[index])


def _callers_hold(function: Function, maps: Maps) -> bool:
    """Whether every call of a function of the unit's own stands under a BPF spin lock."""
    sites = [site for site in maps.callers.get(function.name, ()) if maps.is_live(site.function)]
    return function.static and bool(sites) and all(held_at(site) for site in sites)


def _gives_back_only(function: Function, maps: Maps) -> bool:
    """Whether a body unlocks what it does not lock itself: what it calls, or who calls it, has taken the lock."""
    called = {site.call.callee for site in maps.sites(function)}
    return not called.isdisjoint(UNLOCKS) and called.isdisjoint(LOCKS)


def _direct(place: Expr) -> Expr:
    """`v->n` of `*&v->n`, as atomics take it."""
    inner = strip(place)
    if isinstance(inner, Deref) and isinstance(address := strip(inner.pointer), AddressOf):
        return strip(address.place)
    return inner


def _written(op: Op) -> tuple[Expr, Kind, bool] | None:
    """The place an operation writes, how, and whether atomically."""
    match op:
        case Update(target=target, atomic=atomic):
            return target, "change", atomic
        case Assign(target=target, value=value) if not _is_local(target):
            return target, "change" if _reads_itself(target, value) else "store", False
        case Call(result=result) if result is not None and not isinstance(strip(result), Name):
            return result, "store", False
    return None


def _read(op: Op, before: Op | None) -> tuple[Expr, ...]:
    """What an operation reads, apart from the place that it changes."""
    match op:
        case Evaluate(span=span) if before is not None and before.span == span:
            return ()  # the value of the statement itself, for nothing
        case Assign(target=target, value=value):
            return () if _reads_itself(target, value) else (value,)
        case Update(value=value) | Call(call=value):
            return (value,)
    return operands(op)


def _places(expr: Expr) -> Iterator[Expr]:
    """Each member read through a pointer, and each variable; of what has its address taken, the variables alone."""
    if isinstance(expr, AddressOf):
        yield from (item for item in walk(expr) if isinstance(item, Name))
        return
    if isinstance(expr, Name) or (isinstance(expr, Select) and expr.arrow):
        yield expr
    for part in parts(expr):
        yield from _places(part)


def _is_local(target: Expr) -> bool:
    inner = strip(target)
    return isinstance(inner, Name) and inner.decl != 0


def _reads_itself(target: Expr, value: Expr) -> bool:
    """Whether `target = value` is a read-modify-write: arithmetic on the old value."""
    inner = strip(value)
    if not isinstance(inner, Binary) or inner.op not in ARITHMETIC:
        return False
    return any(same(item, target) for item in walk(inner))


def _touch(
    found: tuple[Expr, Kind, bool], span: Span, function: Function, at: Place, under: bool, maps: Maps
) -> Iterator[Touch]:
    place, kind, atomic = found
    private = _per_cpu_slot(place, function, maps)
    pointer = pointer_of(place)
    if pointer is None:
        name = _global_of(place, maps)
        if name is not None:
            yield Touch(function, at, place, span, name, _path_of(place), kind, atomic, under, not private)
        return
    for value in values(pointer, function, maps):
        if value.call.map is None:
            continue
        held = under or (value.caller is not None and held_at(value.caller))
        contended = not private and is_contended(value, maps)
        yield Touch(
            function, at, place, span, value.call.map.name, _path_of(place), kind, atomic, held, contended, value
        )


def _global_of(place: Expr, maps: Maps) -> str | None:
    """The writable global that a place lies in, None for anything else."""
    item: Expr = strip(place)
    while isinstance(item, Select | Index):
        if isinstance(item, Select) and item.arrow:
            return None
        item = strip(item.base)
    if not isinstance(item, Name) or item.decl or item.name not in maps.globals:
        return None
    return item.name if maps.globals[item.name].kind.startswith((".data", ".bss")) else None


def _path_of(place: Expr) -> str:
    """The dotted fields of a place below its pointer or variable; an element is its array."""
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


def _per_cpu_slot(place: Expr, function: Function, maps: Maps) -> bool:
    """Whether a place is an array element chosen by the CPU number or the thread."""
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
