"""Which pointers of a BPF program lead into user space? Arguments of system calls and user functions, and on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bpflint.api import (
    AddressOf,
    Array,
    Binary,
    CallExpr,
    Constant,
    Deref,
    Expr,
    Function,
    Index,
    Name,
    Origin,
    Pointer,
    Program,
    Return,
    Select,
    Unit,
    base_of,
    facts,
    operations,
    strip,
)  # fmt: skip
from bpflint_rules._flow import argument, parameter_index, programs_reaching
from bpflint_rules._maps import READS, Maps
from bpflint_rules._stored import Given, Stored
from bpflint_rules._values import pointer_of

_USER_PROBES = ("uprobe", "uretprobe", "usdt")
_SYSCALL_PROBE = re.compile(
    r"^(?:k(?:ret)?probe|fentry|fexit)/(?:__\w+_|SyS_|)?sys_|^(?:raw_tp|raw_tracepoint|tp_btf)/sys_enter"
)
_SYSCALL_CONTEXTS = ("trace_event_raw_sys_enter", "syscall_trace_enter")
_DEPTH = 6


class UserMemory:
    """Answers for one unit whether an expression is a pointer into user space; False where it cannot tell."""

    def __init__(self, unit: Unit, maps: Maps) -> None:
        self._maps = maps
        self._programs = programs_reaching(unit)
        self._stored = Stored(maps)
        self._filled = {item.name: self._fills(item) for item in unit.functions}

    def holds(self, expr: Expr, function: Function, depth: int = _DEPTH) -> bool:
        """Return whether every value that an expression can have here is a pointer into user space."""
        inner = _plain(expr)
        if depth == 0:
            return False
        match inner:
            case Select(field=field, owner=owner) if (owner, field) in facts.user_pointers().fields:
                return True
            case Select(owner="pt_regs"):
                return self._register(inner, function)
            case Index(base=base) if isinstance(inside := _plain(base), Select) and inside.field == "args":
                return inside.owner in _SYSCALL_CONTEXTS
            case Select(relocated=False):
                return self._member(inner, depth - 1)
            case Deref(pointer=slot):
                return self._all(self._stored.behind(slot, function) or (), depth - 1)
            case Index() | Select():
                return False  # what lies in memory there is not followed
            case AddressOf(place=place):
                pointer = pointer_of(place)
                return pointer is not None and self.holds(pointer, function, depth - 1)
            case Binary(op="+" | "-", left=left, right=right):
                return self.holds(left, function, depth - 1) or self.holds(right, function, depth - 1)
            case CallExpr(callee=callee):
                return bool(facts.user_pointers().returns.search(callee)) or self._returned(callee, depth - 1)
            case Name(decl=decl) if decl:
                return self._variable(inner, function, depth - 1)
        return False

    def _variable(self, name: Name, function: Function, depth: int) -> bool:
        position = parameter_index(function, name)
        origin: Origin | None = self._maps.origins(function).get(name.decl)
        if position is not None:
            return origin is None and self._parameter(position, function, depth)
        given = [value for value in origin.values if not _is_null(value)] if origin is not None else []
        read = self._filled[function.name].get(name.decl, ())
        if not given and not read:
            return False
        return all(self.holds(value, function, depth) for value in given) and all(
            self._points_out(source, function, depth) for source in read
        )

    def _member(self, place: Select, depth: int) -> bool:
        """Whether a member of a record of the program's own is given user pointers wherever it is set."""
        given, read = self._stored.in_member(place.owner, place.field) or ((), ())
        known = all(self._points_out(source, function, depth) for source, function in read)
        return known and (self._all(given, depth) or (bool(read) and not given))

    def sometimes(self, expr: Expr, function: Function) -> list[Given]:
        """Return where a member that is read without a look at what it holds is given user pointers, others unknown.

        Nothing where some program reads through it as user memory, or puts into it what is surely the kernel's.
        """
        origin: Origin | None = None
        place = _plain(expr)
        if isinstance(place, Name) and place.decl:
            origin = self._maps.origins(function).get(place.decl)
            place = _plain(origin.only) if origin is not None and origin.only is not None else place
        if not isinstance(place, Select) or place.relocated or self._stored.read_as_user(place.owner, place.field):
            return []
        given, read = self._stored.in_member(place.owner, place.field) or ((), ())
        user = [(value, inside) for value, inside in given if self.holds(value, inside)]
        others = [item for item in given if item not in user]
        return [] if read or any(self._is_kernels(value, inside) for value, inside in others) else user

    def _is_kernels(self, value: Expr, function: Function) -> bool:
        """Whether a value is an address of the kernel's for sure: of a variable, of a kernel struct, from a helper."""
        inner = _plain(value)
        match inner:
            case AddressOf():
                return True
            case Select(relocated=True, owner=owner):
                return owner != "pt_regs"
            case CallExpr(callee=callee):
                return callee in facts.helpers()
            case Name(decl=0):
                return True
            case Name(decl=decl):
                origin = self._maps.origins(function).get(decl)
                given = origin.values if origin is not None else ()
                return any(isinstance(_plain(item), CallExpr | AddressOf) and self._is_kernels(item, function)
                           for item in given)  # fmt: skip
        return isinstance(inner.type, Array)

    def _all(self, given: Sequence[Given], depth: int) -> bool:
        """Whether values are user pointers, those that are NULL apart, and there are some."""
        values = [(value, function) for value, function in given if not _is_null(value)]
        return bool(values) and all(self.holds(value, function, depth) for value, function in values)

    def _points_out(self, source: Expr, function: Function, depth: int) -> bool:
        """Whether what is read from `source` is a user pointer: out of user memory, or a system call's register."""
        inner = _plain(source)
        place = strip(inner.place) if isinstance(inner, AddressOf) else None
        if isinstance(place, Select) and place.owner == "pt_regs":
            return self._register(place, function)
        return self.holds(source, function, depth)

    def _register(self, place: Select, function: Function) -> bool:
        """A register: of the context in a uprobe, of the saved registers in a system call's probe."""
        programs = self._programs.get(function.name, ())
        if self._is_context(base_of(place), function):
            return bool(programs) and all(item.section.startswith(_USER_PROBES) for item in programs)
        return bool(programs) and all(_SYSCALL_PROBE.match(item.section) for item in programs)

    def _is_context(self, root: Expr, function: Function, depth: int = 3) -> bool:
        """Whether a parameter is the program's own context, handed on by every caller."""
        position = parameter_index(function, root)
        if position is None or depth == 0:
            return False
        if any(item.name == function.name for item in self._programs.get(function.name, ())):
            return position == 0
        sites = self._maps.callers.get(function.name, ())
        given = [(argument(site.call, position), site.function) for site in sites]
        return bool(given) and all(
            value is not None and self._is_context(strip(value), caller, depth - 1) for value, caller in given
        )

    def _parameter(self, position: int, function: Function, depth: int) -> bool:
        for program in self._programs.get(function.name, ()):
            if program.name == function.name:
                return _given_by_kernel(position, function, program)
        sites = self._maps.callers.get(function.name, ())
        values = [(argument(site.call, position), site.function) for site in sites if self._maps.is_live(site.function)]
        return bool(values) and all(
            value is not None and self.holds(value, caller, depth) for value, caller in values
        )

    def _returned(self, callee: str, depth: int) -> bool:
        function = self._maps.functions.get(callee)
        if function is None or depth <= 0:
            return False
        values = [
            op.value for op in operations(function)
            if isinstance(op, Return) and op.value is not None and not _is_null(op.value)
        ]  # fmt: skip
        return bool(values) and all(self.holds(value, function, depth - 1) for value in values)

    def _fills(self, function: Function) -> Mapping[int, tuple[Expr, ...]]:
        """What each pointer variable is read from by a probe read."""
        found: dict[int, tuple[Expr, ...]] = {}
        for site in self._maps.sites(function):
            target, source = argument(site.call, 0), argument(site.call, 2)
            if not READS.match(site.call.callee) or target is None or source is None:
                continue
            place = _plain(target)
            local = strip(place.place) if isinstance(place, AddressOf) else None
            if isinstance(local, Name) and local.decl:
                found[local.decl] = (*found.get(local.decl, ()), source)
        return found


def _plain(expr: Expr) -> Expr:
    """An expression without conversions and without the builtin that asks for a relocation."""
    inner = strip(expr)
    while isinstance(inner, CallExpr) and inner.callee == "__builtin_preserve_access_index" and inner.args:
        inner = strip(inner.args[0])
    return inner


def _is_null(value: Expr) -> bool:
    inner = strip(value)
    return isinstance(inner, Constant) and inner.value == 0


def _given_by_kernel(position: int, function: Function, program: Program) -> bool:
    """Whether the kernel hands a program a user pointer as this parameter; the context counts as the first."""
    if position == 0 or not isinstance(function.params[position].type, Pointer):
        return False
    if program.section.startswith((*_USER_PROBES, "ksyscall/")):
        return True
    kind, _, target = program.section.partition("/")
    if kind not in ("kprobe", "fentry", "fexit"):
        return False
    return position - 1 in facts.user_pointers().parameters.get(target.split("+")[0], ())
