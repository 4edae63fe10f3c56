"""Which map does a call touch, with which key and value? Helpers and bcc's methods, also through wrappers."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple
from weakref import WeakKeyDictionary

from bpflint.api import (
    AddressOf,
    Assign,
    Binary,
    Call,
    CallExpr,
    Cast,
    Constant,
    Context,
    Enum,
    Expr,
    Function,
    Index,
    MapDef,
    Name,
    Opaque,
    Origin,
    Place,
    Pointer,
    Program,
    RecordDecl,
    Return,
    Scalar,
    Select,
    Test,
    Type,
    Unit,
    Update,
    assignments_to,
    base_of,
    contents,
    dataclass,
    facts,
    operations,
    origins,
    place_of,
    strip,
    walk,
)  # fmt: skip
from bpflint_rules._flow import (
    Site,
    argument,
    live_functions,
    parameter_index,
    plainly_reached,
    programs_reaching,
    same,
    sites,
)  # fmt: skip


class Roles(NamedTuple):
    """What a callee does to a map, and the positions of its arguments; -1: the receiver is the map."""

    op: str
    map: int
    key: int | None = None
    value: int | None = None
    flags: int | None = None


# Positions as in facts/helpers.toml; the verb is ours.
_HELPERS = {
    "bpf_map_lookup_elem": Roles("lookup", 0, 1), "bpf_map_lookup_percpu_elem": Roles("lookup", 0, 1),
    "bpf_map_update_elem": Roles("update", 0, 1, 2, 3), "bpf_map_delete_elem": Roles("delete", 0, 1),
    "bpf_map_push_elem": Roles("push", 0, None, 1, 2), "bpf_map_pop_elem": Roles("pop", 0, None, 1),
    "bpf_map_peek_elem": Roles("peek", 0, None, 1),
    "bpf_sk_storage_get": Roles("storage", 0, None, 2), "bpf_task_storage_get": Roles("storage", 0, None, 2),
    "bpf_inode_storage_get": Roles("storage", 0, None, 2), "bpf_cgrp_storage_get": Roles("storage", 0, None, 2),
}  # fmt: skip
# bcc reference guide, "Maps"; `insert` passes BPF_NOEXIST.
_METHODS = {
    "lookup": Roles("lookup", -1, 0), "lookup_or_init": Roles("init", -1, 0, 1),
    "lookup_or_try_init": Roles("lookup", -1, 0, 1), "update": Roles("update", -1, 0, 1),
    "insert": Roles("insert", -1, 0, 1), "delete": Roles("delete", -1, 0),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MapCall:
    """One touch of a map, seen from the function that names the map and the key."""

    site: Site
    helper: str
    op: str
    map: MapDef | None
    key: Expr | None
    value: Expr | None
    flags: Expr | None
    result: Expr | None
    via: Site | None = None
    """The helper's own call where a wrapper stands between; then `site` is the wrapper's caller."""
    map_param: int | None = None
    """Which parameter of the function is the map, where it is one."""
    owner: Function | None = None
    """The function whose body the key is written in, where that is not the caller."""

    @property
    def name(self) -> str:
        """The map's name, "" where it is not known."""
        return self.map.name if self.map is not None else ""

    def same_entry(self, other: MapCall) -> bool:
        """Return whether two calls name one map and write its key alike, with nothing stored in the key in between."""
        if self.map is not other.map or not same(self.key, other.key):
            return False
        one, two = self.site, other.site
        return self.key is None or one.function is not two.function or self.owner is not other.owner or (
            _stored(self.key, one) == _stored(self.key, two)
        )  # fmt: skip


def _stored(key: Expr, site: Site) -> set[int]:
    """The assignments of the caller's body that the bytes of a key are made of at a call."""
    place, inner = place_of(key), strip(key)
    root = base_of(strip(inner.place)) if isinstance(inner, AddressOf) else inner
    if place is None or not isinstance(root, Name) or not root.decl:
        return set()
    made = assignments_to(root, site.function, site.at.block, site.at.index)
    return {id(item.op) for item in made if _overlap(place_of(item.target), place)}


def _overlap(one: Place | None, other: Place) -> bool:
    """Whether one of two places lies in the other."""
    return one is None or one[: len(other)] == other[: len(one)]


_MADE: WeakKeyDictionary[Context, dict[int, tuple[Unit, Maps]]] = WeakKeyDictionary()


def maps_of(unit: Unit, ctx: Context) -> Maps:
    """Return what is known of a unit's map calls, made once a run."""
    made = _MADE.setdefault(ctx, {})
    if id(unit) not in made:
        made[id(unit)] = (unit, Maps(unit))  # the unit is kept, so that its id stays taken
    return made[id(unit)][1]


class Maps:
    """The map calls of one unit by function; `maps_of` makes it."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.known = {item.name: item for item in unit.maps if item.style != "global"}
        self.globals = {item.name: item for item in unit.maps if item.style == "global"}
        self.functions = {item.name: item for item in unit.functions}
        self._origins: dict[str, Mapping[int, Origin]] = {}
        self._deep: dict[tuple[str, int], tuple[MapCall, ...]] = {}
        self._sites = {item.name: tuple(sites(item)) for item in unit.functions}
        self._direct = {item.name: tuple(self._of(item)) for item in unit.functions}
        self.callers: dict[str, list[Site]] = {}
        for items in self._sites.values():
            for site in items:
                self.callers.setdefault(site.call.callee, []).append(site)
        self._live = live_functions(unit)
        self.owners: dict[tuple[str, object, int], str] = {}
        """What `whose_key` answered, by function, variable or place, and depth."""

    def is_live(self, function: Function) -> bool:
        """Return whether anything can run this function: a static one that nobody calls is dropped by the compiler."""
        return function.name in self._live

    def origins(self, function: Function) -> Mapping[int, Origin]:
        """Return where the locals of a function come from."""
        if function.name not in self._origins:
            self._origins[function.name] = origins(function)
        return self._origins[function.name]

    def direct(self, function: Function) -> tuple[MapCall, ...]:
        """Return the calls whose helper stands in this very body."""
        return self._direct.get(function.name, ())

    def calls(self, function: Function) -> Iterator[MapCall]:
        """Yield the direct calls, then those of wrappers two levels deep whose map, key or value is a parameter."""
        yield from self._all(function, 2)

    def sites(self, function: Function) -> tuple[Site, ...]:
        """Return every call of a function."""
        return self._sites.get(function.name, ())

    @cached_property
    def running(self) -> Mapping[str, tuple[Program, ...]]:
        """The programs that run each function: itself, or through calls."""
        return programs_reaching(self.unit)

    def _all(self, function: Function, depth: int) -> tuple[MapCall, ...]:
        if (function.name, depth) not in self._deep:
            found = list(self.direct(function))
            for site in self.sites(function):
                found.extend(self._through(site, function, depth))
            self._deep[function.name, depth] = tuple(found)
        return self._deep[function.name, depth]

    def _through(self, site: Site, function: Function, depth: int) -> Iterator[MapCall]:
        inner = self.functions.get(site.call.callee)
        if inner is None or depth == 0 or inner is function or site.call.receiver is not None:
            return
        within = self._all(inner, depth - 1)
        reached = self.reached(inner, site.call) if within else ()
        for item in within:
            if item.site.at.block not in reached:
                continue
            given = [parameter_index(inner, part) for part in (item.key, item.value, item.flags)]
            if item.map_param is None and given[0] is None and given[1] is None:
                continue
            map_, param = item.map, None
            if item.map_param is not None:
                passed = argument(site.call, item.map_param)
                map_ = self.map_named(passed, function)
                param = parameter_index(function, _address(passed)) if map_ is None else None
                if map_ is None and param is None:
                    continue
            key, value, flags = (
                argument(site.call, position) if position is not None else part
                for position, part in zip(given, (item.key, item.value, item.flags), strict=True)
            )
            outer = replace(
                item, site=site, map=map_, key=key if given[0] is not None else None,
                value=value if given[1] is not None else None, flags=flags, result=None,
                via=item.via or item.site, map_param=param,
            )  # fmt: skip
            yield outer

    def reached(self, inner: Function, call: CallExpr) -> Collection[int]:
        """Return the blocks of a function that run for the constants of one call: `count(V4, &key)` counts no IPv6."""
        constants = {
            param.decl: given.value for param, given in zip(inner.params, map(strip, call.args), strict=False)
            if isinstance(given, Constant) and isinstance(given.value, int) and _holds(param.type, given.value)
        }  # fmt: skip
        for decl in _changed(inner) if constants else ():
            constants.pop(decl, None)
        if not constants:
            return range(len(inner.blocks))

        def excluded(test: Test) -> bool:
            match strip(test.value):
                case Binary(op=op, left=left, right=right) if op in _COMPARES:
                    one, other = (_number(side, constants) for side in (left, right))
                    if one is None or other is None:
                        return False
                    return _COMPARES[op](one, other) != (test.outcome == "true")
                case Name(decl=decl) if decl in constants:
                    return not _MEETS[test.outcome](constants[decl])
            return False

        return plainly_reached(inner, excluded)

    def _of(self, function: Function) -> Iterator[MapCall]:
        for site in self.sites(function):
            call = site.call
            roles = _METHODS.get(call.callee) if call.receiver is not None else _HELPERS.get(call.callee)
            if roles is None:
                continue
            target = call.receiver if roles.map < 0 else argument(call, roles.map)
            map_ = self.map_named(target, function)
            param = parameter_index(function, _address(target)) if map_ is None else None
            if call.receiver is not None and map_ is None:
                continue
            yield MapCall(
                site, call.callee, roles.op, map_, argument(call, roles.key), argument(call, roles.value),
                argument(call, roles.flags), site.result, None, param,
            )  # fmt: skip

    def map_named(self, expr: Expr | None, function: Function) -> MapDef | None:
        """Return the map that `&events`, `events` or a local pointer to it stands for."""
        known = self.origins(function)
        for _ in range(8):
            match expr:
                case Cast(value=inner) | AddressOf(place=inner):
                    expr = inner
                case Name(decl=decl) if decl and (origin := known.get(decl)) and origin.only is not None:
                    expr = origin.only
                case Name(decl=0, name=name):
                    return self.known.get(name)
                case _:
                    return None
        return None


def _number(expr: Expr, constants: Mapping[int, int]) -> int | None:
    """The number that a constant, or a parameter of a known call, is compared as; `-1 == 0xffffffff` is not told."""
    inner = strip(expr)
    number = constants.get(inner.decl) if isinstance(inner, Name) else getattr(inner, "value", None)
    return number if isinstance(number, int) and _holds(expr.type, number) else None


def _holds(type_: Type | None, number: int) -> bool:
    """Whether a type keeps a number as it is."""
    scalar = type_.scalar if isinstance(type_, Enum) else type_
    if not isinstance(scalar, Scalar) or not isinstance(scalar.width, int) or scalar.signed is None:
        return False
    bits = 1 if scalar.kind == "bool" else scalar.width - scalar.signed
    return -(1 << bits) * scalar.signed <= number < 1 << bits


def _changed(function: Function) -> Iterator[int]:
    """The variables that a body gives another value: itself, or by their address."""
    for op in operations(function):
        target = op.target if isinstance(op, Assign | Update) else op.result if isinstance(op, Call) else None
        if isinstance(target, Name):
            yield target.decl
    for item in contents(function):
        if isinstance(item, AddressOf) and isinstance(place := strip(item.place), Name):
            yield place.decl


def _address(expr: Expr | None) -> Expr | None:
    inner = strip(expr) if expr is not None else None
    return strip(inner.place) if isinstance(inner, AddressOf) else inner


def map_fact(map_: MapDef) -> facts.MapType | None:
    """Return what is known of a map's type, None for an unknown one."""
    return facts.map_types().get("BPF_MAP_TYPE_" + map_.kind.upper()) if map_.kind else None


def is_shared(map_: MapDef) -> bool:
    """Return whether several CPUs see the same value of this map, as far as its type tells."""
    known = map_fact(map_)
    return (
        known is not None and known.shared and not known.per_cpu and known.value == "any"
        and known.kind in ("hash", "array", "lpm")
    )  # fmt: skip


def is_map_of_maps(map_: MapDef) -> bool:
    """Return whether a lookup gives another map."""
    return map_.kind in ("array_of_maps", "hash_of_maps")


@dataclass(frozen=True, slots=True)
class Passed:
    """What a pointer argument points to. `place` is set where the code takes an address right there."""

    type: Type
    place: Expr | None = None


def passed(expr: Expr | None, known: Mapping[int, Origin]) -> Passed | None:
    """Return the object behind a pointer argument, seen through casts to `void *`; a typed cast is believed."""
    for _ in range(8):
        match expr:
            case None:
                return None
            case Cast(value=value, type=type_, implicit=implicit):
                if not implicit and isinstance(type_, Pointer) and not _untyped(type_.pointee):
                    return Passed(type_.pointee)  # type: ignore[arg-type]
                expr = value
            case AddressOf(place=place):
                inner = strip(place)
                return None if place.type is None or _untyped(place.type) else Passed(place.type, inner)
            case Name(decl=decl, type=Pointer(pointee=pointee)) if _untyped(pointee):
                origin = known.get(decl)
                if origin is None or origin.only is None:
                    return None
                expr = origin.only
            case _:
                break
    if expr is None or isinstance(expr, Constant):
        return None
    match expr.type:
        case Pointer(pointee=pointee) if pointee is not None and not _untyped(pointee):
            return Passed(pointee)
        case None | Pointer() | Opaque() | Scalar():
            return None
        case type_:
            return Passed(type_)


def _untyped(type_: Type | None) -> bool:
    if isinstance(type_, Scalar) and type_.names and type_.names[-1] == "void":
        return True
    return type_ is None or isinstance(type_, Opaque)


def type_name(type_: Type) -> str:
    """Return a type as a person would write it."""
    match type_:
        case Scalar() as scalar:
            return scalar.name
        case RecordDecl(name=name, kind=kind):
            return f"{kind} {name}" if name else f"anonymous {kind}"
        case Pointer(spelling=spelling):
            return spelling or "pointer"
        case other:
            names = getattr(other, "names", ())
            return names[0] if names else "array" if hasattr(other, "element") else "type"


READS = re.compile(r"^bpf_(?:probe_read(?:_kernel|_user)?(?:_str)?|copy_from_user|core_read(?:_user)?)$")
_COMPARES: Mapping[str, Callable[[int, int], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_MEETS: Mapping[str, Callable[[int], bool]] = {
    "true": bool, "nonnull": bool, "false": operator.not_, "null": operator.not_, "error": (0).__gt__, "ok": (0).__le__,
}
"""What a number is where a test has that outcome; a number below zero is an error."""
_COUNTS = ("__sync_fetch_and_add", "__sync_add_and_fetch", "__atomic_fetch_add", "__atomic_add_fetch")
_PACKET = re.compile(r"\bstruct sk_buff \*")
CPU = ("bpf_get_smp_processor_id", "scx_bpf_task_cpu")
"""The running CPU; sched_ext's callbacks for a task hold the runqueue of the CPU that it is on (kernel/sched/ext.c)."""
_TASK = frozenset(("bpf_get_current_pid_tgid", "bpf_get_current_task", "bpf_get_current_task_btf"))
_GOROUTINE = re.compile(r"(?i)(?:^|_)goid|goroutine")
_THREAD_FIELDS = frozenset(("pid", "tid", "prev_pid", "next_pid", "pid_tgid", "tgid_pid", "tgidpid", "tid_pid"))
_COMMON_TASKS = ("real_parent", "parent", "group_leader")
"""What leads from a task to one that it shares with others."""


def whose_key(expr: Expr | None, function: Function, maps: Maps, depth: int = 8) -> str:
    """Return "cpu", "task", "goroutine", "packet" or "turn" for a key that only one of them uses at a time, else "".

    The thread id of the current task, a kernel `pid` field (a thread id there), a goroutine's id and the CPU number
    count; the process id (`>> 32`) does not, for threads of one process run on several CPUs, unless the body goes on
    in the main thread alone (`(u32)pid_tgid != pid_tgid >> 32` leaves it). The address of an `sk_buff` is one packet's
    while it is under way; what an atomic counter gives is nobody else's until it has come round.
    """
    if expr is None or depth == 0:
        return ""
    inner = strip(expr)
    if isinstance(inner, AddressOf):
        inner = strip(inner.place)
    key = (function.name, inner.decl if isinstance(inner, Name) and inner.decl else id(inner), depth)
    if key not in maps.owners:  # the unit keeps every expression, so that an id stays taken
        maps.owners[key] = ""
        maps.owners[key] = _owner(inner, function, maps, depth)
    return maps.owners[key]


def _owner(inner: Expr, function: Function, maps: Maps, depth: int) -> str:
    known = maps.origins(function)
    match inner:
        case CallExpr(callee=callee) if callee in CPU:
            return "cpu"
        case CallExpr(callee=callee) if callee in _TASK:
            return "task"
        case CallExpr(callee=callee, receiver=receiver) if callee in (_HELPERS if receiver is None else _METHODS):
            return ""  # what a map keeps for a task may be the same as what it keeps for another
        case CallExpr(callee=name) | Name(name=name) | Select(field=name) if _GOROUTINE.search(name):
            return "goroutine"
        case CallExpr(callee=callee) if callee.startswith(_COUNTS):
            return "turn"
        case Name(type=Pointer() as type_) if _PACKET.search(type_.spelling):
            return "packet"
        case Binary(op=">>"):
            return "task" if _half(inner, function, maps) and _in_main_thread(function, maps) else ""
        case Select(field=field, base=base) if field in _THREAD_FIELDS:
            return "" if _is_common_task(base, function, maps) else "task"
        case Name(decl=decl, storage="parameter") if decl:
            found = _from_callers(inner, function, maps, depth)
            return found or _from_values(inner, function, known, maps, depth)
        case Name(decl=decl) if decl:
            return _from_values(inner, function, known, maps, depth)
        case Index(base=base):
            return whose_key(base, function, maps, depth - 1)
        case Select(base=base):
            return _from_fields(base, function, maps, depth, inner.field)
    for item in walk(inner):
        if item is not inner and isinstance(item, Name | CallExpr | Select):
            found = whose_key(item, function, maps, depth - 1)
            if found and found != "packet":  # what is computed from a packet is any packet's
                return found
    return ""


def _in_main_thread(function: Function, maps: Maps) -> bool:
    """Whether a body leaves at once unless thread id and process id, the two halves of one number, are equal."""
    for block in function.blocks:
        for edge in block.edges:
            value = strip(edge.test.value) if edge.test is not None else None
            if edge.test is None or not isinstance(value, Binary) or value.op not in ("==", "!="):
                continue
            differs = (value.op == "!=") == (edge.test.outcome == "true")
            target = function.blocks[edge.to]
            leaves = not target.edges and all(isinstance(op, Return) for op in target.ops)
            if differs and leaves and {_half(side, function, maps) for side in (value.left, value.right)} == {"<", ">"}:
                return True
    return False


def _half(expr: Expr, function: Function, maps: Maps, depth: int = 4) -> str:
    """`>` for the upper half of the current task's number, the process, `<` for the lower one, the thread."""
    inner = strip(expr)
    if isinstance(inner, Binary) and inner.op in (">>", "&"):
        lower = _half(inner.left, function, maps, depth)
        return ">" if lower and inner.op == ">>" else lower
    if isinstance(inner, CallExpr):
        return "<" if inner.callee == "bpf_get_current_pid_tgid" else ""
    origin = maps.origins(function).get(inner.decl) if isinstance(inner, Name) and depth else None
    found = {_half(value, function, maps, depth - 1) for value in origin.values} if origin is not None else set()
    return found.pop() if len(found) == 1 else ""


def _from_values(name: Name, function: Function, known: Mapping[int, Origin], maps: Maps, depth: int) -> str:
    origin = known.get(name.decl)
    if name.name in ("tid", "pid_tgid", "cpu", "cpu_id", "tgid_pid"):
        return "cpu" if name.name.startswith("cpu") else "task"
    for value in origin.values if origin else ():
        found = whose_key(value, function, maps, depth - 1)
        if found:
            return found
    return _from_reads(name, function, maps, depth) or _from_fields(name, function, maps, depth, None)


def _from_reads(name: Name, function: Function, maps: Maps, depth: int) -> str:
    place = _read_into(name, function, maps)
    return whose_key(place, function, maps, depth - 1) if place is not None else ""


def _read_into(name: Name, function: Function, maps: Maps) -> Expr | None:
    """The place that a local is filled from by a read of memory, which BPF_CORE_READ() is too."""
    for site in maps.sites(function):
        into = strip(site.call.args[0]) if len(site.call.args) == 3 and READS.match(site.call.callee) else None
        filled = strip(into.place) if isinstance(into, AddressOf) else None
        if isinstance(filled, Name) and filled.decl == name.decl:
            place = strip(site.call.args[2])
            if isinstance(place, CallExpr) and place.callee.startswith("__builtin_preserve_") and place.args:
                place = strip(place.args[0])  # the pointers on the way there are not what is read
            return strip(place.place) if isinstance(place, AddressOf) else place
    return None


def _is_common_task(pointer: Expr, function: Function, maps: Maps) -> bool:
    """Whether a pointer leads to a task that others share: the parent of several, the leader of a group of threads."""
    found: Expr | None = pointer
    for _ in range(4):
        inner = strip(found) if found is not None else None
        if not isinstance(inner, Name):
            return isinstance(inner, Select) and inner.field in _COMMON_TASKS
        origin = maps.origins(function).get(inner.decl)
        found = _read_into(inner, function, maps) if origin is None else origin.only
    return False


def _from_fields(base: Expr, function: Function, maps: Maps, depth: int, field: str | None) -> str:
    """A struct key is private as soon as one of its fields is."""
    root = base_of(base)
    if not isinstance(root, Name) or not root.decl:
        return ""
    for op in operations(function):
        target = op.target if isinstance(op, Assign) else op.result if isinstance(op, Call) else None
        value: Expr | None = op.value if isinstance(op, Assign) else op.call if isinstance(op, Call) else None
        if isinstance(target, Select) and value is not None and (field is None or target.field == field):
            owner = base_of(target)
            if isinstance(owner, Name) and owner.decl == root.decl:
                found = whose_key(value, function, maps, depth - 1)
                if found:
                    return found
    return ""


def _from_callers(name: Name, function: Function, maps: Maps, depth: int) -> str:
    position = parameter_index(function, name)
    if name.name in ("tid", "pid_tgid", "cpu"):
        return "task"
    sites_ = maps.callers.get(function.name, ())
    found = {whose_key(argument(site.call, position), site.function, maps, depth - 1) for site in sites_}
    return found.pop() if len(found) == 1 else ""
