"""Which lock guards which field, and where is the field touched without it? Guard inference over a package's bodies.

A field that a lock guards at most of its places is meant to be guarded at all of them ("mostly under lock L"). Locks
are named by the struct and field that hold them, not by instance: two objects of one type share a name, so that a lock
of another instance hides a finding and never makes one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from bpflint.analysis.walk import base_of, calls, contents, expressions, operands, origins, strip, walk
from bpflint.model.data import dataclass
from bpflint.model.flow import (
    AddressOf,
    Aggregate,
    Assign,
    Binary,
    Call,
    CallExpr,
    Constant,
    Deref,
    Expr,
    Function,
    Go,
    Index,
    Name,
    Op,
    Select,
    Test,
    Update,
)  # fmt: skip
from bpflint.model.layout import Opaque, Pointer, RecordDecl
from bpflint.model.patterns import pattern
from bpflint.model.source import Span

_LOCKING = pattern(r"(?:^|[./])(?:RW)?Mutex\.(R?)(Lock|Unlock)$")
_TRYING = pattern(r"(?:^|[./])(?:RW)?Mutex\.Try(R?)Lock$")
_CONSTRUCTS = pattern(r"(?:^|\.)(?:[Nn]ew\w*|[Mm]ake\w*|[Ii]nit\w*|main)$")
_HOLDS_ALREADY = pattern(r"(?:Locked|NoLock|Unlocked|WithoutLock|Unsafe)$")
_STARTS = pattern(r"(?i)(?:^|\.)(?:start|run|serve|watch|listen|open|set_?up|begin|load|attach)\w*$")
_ROUNDS = 8
_PATIENT = 5
_MAYBE = "?"
"""A lock that one path has taken and another has not: `if !safe { mu.Lock() }`."""

_ALONE: dict[str, str] = {"": ""}
"""Stands for the locks before an object's goroutines run: none is needed."""

OF = "::"
"""Parts the struct from the field in a lock's name; a package variable's name has none."""
Held = Mapping[str, str]
"""Locks by name, each `r` (read lock), `w`, or `?` where only some paths hold it."""
Field = tuple[str, str]
"""(struct, field); ("", name) for a package variable."""


@dataclass(frozen=True, slots=True)
class Access:
    """One touch of a field. `held` are the locks held on every path that leads here."""

    field: Field
    write: bool
    span: Span
    function: str
    held: tuple[tuple[str, str], ...]
    measured: bool = False
    """Only its length is asked for: a torn answer at worst, and no fatal error."""
    element: bool = False
    """The write is to the map itself and not to the field that holds it."""

    def under(self, lock: str) -> bool:
        """Whether the lock is held as this access needs it: a write wants more than a read lock."""
        mode = dict(self.held).get(lock)
        return mode == "w" or (mode == "r" and not self.write)

    def without(self, lock: str) -> bool:
        """Whether the lock is not held as this access needs it on any path."""
        return not self.under(lock) and dict(self.held).get(lock) != _MAYBE


@dataclass(frozen=True, slots=True)
class Deviation:
    """Touches of a field without the lock that guards it elsewhere, all in one function."""

    field: Field
    lock: str
    without: tuple[Access, ...]
    guarded: tuple[Access, ...]

    @property
    def lock_path(self) -> tuple[str, ...]:
        """The lock's struct and field, or a package variable's name alone."""
        return tuple(self.lock.split(OF))


def deviations(functions: Sequence[Function]) -> Iterator[Deviation]:
    """Yield, for each map-typed field with an inferred guard, the functions that touch it without, in order."""
    by_field = sorted(accesses(functions), key=lambda item: item.field)
    callers = _callers(functions)
    for field, group in groupby(by_field, key=lambda item: item.field):
        found = list(group)
        lock = _guard(field, found)
        if lock is None or not any(item.element for item in found):
            continue  # a map that is only replaced as a whole is never read while it changes
        guarded = tuple(item for item in found if item.under(lock))
        # what replaces the map changes none: whoever reads it has the old one or the new one
        touching = (item for item in found if item.without(lock) and (item.element or not item.write))
        bare = sorted(touching, key=lambda item: (item.function, item.span))
        writers = {item.function for item in found if item.element}
        for name, touches in groupby(bare, key=lambda item: item.function):
            if not _writes_alone(name, writers, callers):
                yield Deviation(field, lock, tuple(touches), guarded)


def _callers(functions: Sequence[Function]) -> Mapping[str, list[tuple[str, bool]]]:
    """Who calls each function, and whether by `go`."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for function in functions:
        for call, op in calls(function):
            found.setdefault(call.callee, []).append((function.name, isinstance(op, Go)))
    return found


def _writes_alone(name: str, writers: Iterable[str], callers: Mapping[str, list[tuple[str, bool]]]) -> bool:
    """Whether one goroutine, started at one place, does all the writing: what it reads itself nobody changes."""
    started = callers.get(name, ())
    if len(started) != 1 or not started[0][1]:
        return False
    return all(item == name or {*callers.get(item, ())} == {(name, False)} for item in writers)


def concurrent(functions: Sequence[Function]) -> Mapping[str, bool]:
    """Return the functions of a project that may run beside others: all but what is seen to run from `main` alone.

    True: they run from a `go` or are handed on as values, or what calls them is. False: nobody in the project is seen
    to call them, or only those that nobody calls.
    """
    known = {item.name for item in functions}
    methods = _by_last_name(functions)
    calls: dict[str, set[str]] = {}
    roots: set[str] = set()
    for function in functions:
        called = calls.setdefault(function.name, set())
        for op in (op for block in function.blocks for op in block.ops):
            for item in expressions(op):
                match item:
                    case CallExpr(callee=callee) if callee in known:
                        (roots if isinstance(op, Go) else called).add(callee)
                    case CallExpr(callee=callee):
                        called.update(methods.get(callee.rpartition(".")[2], ()))
                    case Name(name=name, storage="function") if name in known:
                        roots.add(name)
                    case Select(field=name) if name in methods:
                        roots.update(methods[name])
    seen = _reached(roots, calls)
    uncalled = known - set[str]().union(*calls.values())
    others = {name for name in uncalled if name.rpartition(".")[2] not in ("main", "init")}
    return dict.fromkeys(_reached(others, calls), False) | dict.fromkeys(seen, True)


def _reached(roots: Iterable[str], calls: Mapping[str, set[str]]) -> set[str]:
    work, found = set(roots), set[str]()
    while work:
        name = work.pop()
        found.add(name)
        work |= calls.get(name, set()) - found
    return found


def _guard(field: Field, found: Sequence[Access]) -> str | None:
    """The lock that most functions hold which touch the field, and that some write is under.

    A lock guards what lies beside it: fields of its own struct; a package variable's lock may guard anything.
    """
    places: dict[str, int] = {}
    for item in found:
        for lock, _ in item.held:
            owner = lock.rpartition(OF)[0]
            if owner == field[0] or not owner:
                places[lock] = places.get(lock, 0) + item.under(lock)
    if not places:
        return None
    lock = max(sorted(places), key=lambda name: places[name])
    bare = {item.function for item in found if item.without(lock)}
    guarded = {item.function for item in found if item.under(lock)}
    written = any(item.write and item.under(lock) for item in found)
    return lock if written and len(guarded) >= max(2, len(bare)) else None


def accesses(functions: Sequence[Function]) -> tuple[Access, ...]:
    """Return every touch of a map-typed field or package variable outside of constructors, one an operation."""
    package = _Package(functions)
    return tuple(item for function in functions for item in package.accesses(function))


@dataclass(frozen=True, slots=True)
class _Caller:
    """A place that runs a function: the locks it holds there, and whether the receiver is still its own."""

    function: str
    held: Held
    fresh: bool


class _Package:
    """What one package's bodies hold on entry: the locks, and receivers that nobody else knows yet."""

    def __init__(self, functions: Sequence[Function]) -> None:
        self._functions = {item.name: item for item in functions}
        self._methods = _by_last_name(functions)
        self._maps = _map_variables(functions)
        self._aliases = {item.name: _lock_aliases(item) for item in functions}
        self._entry: dict[str, Held] = {}
        self._made = {item.name: _made_here(item) for item in functions}
        self._fresh = dict(self._made)
        self._alone = {item.name: _before_goroutines(item) for item in functions}
        self._called = {
            name for item in functions for op, _ in self._held(item) for name, _, _ in self._run(op, item)
        }  # fmt: skip
        self._handed_on = {name for item in functions for name in self._method_values(item)}
        for number in range(_ROUNDS):
            before = dict(self._entry), dict(self._fresh)
            self._round(number < _PATIENT)
            if before == (self._entry, self._fresh):
                break

    def accesses(self, function: Function) -> Iterator[Access]:
        """Yield the touches of one body; constructors and functions that may be run under the lock unseen have none."""
        if _CONSTRUCTS.search(function.name) or _HOLDS_ALREADY.search(function.name) or self._unseen(function):
            return
        for op, held in self._held(function):
            seen: dict[Field, Access] = {}
            measured = [item.args[0] for item in expressions(op) if isinstance(item, CallExpr) and item.callee == "len"]
            if held is _ALONE:
                continue
            for place, write in _touched(op):
                field = self._field(place, function)
                if field is not None and (field not in seen or write or seen[field].measured):
                    span, locks = place.span or op.span, tuple(sorted(held.items()))
                    length = any(strip(item) is place for item in measured)
                    element = write and _changes(op, place)
                    seen[field] = Access(field, write, span, function.name, locks, length, element)
            yield from seen.values()

    def _unseen(self, function: Function) -> bool:
        """Whether a function of the package's own is run from bodies that were not read only."""
        return not _exported(function.name) and function.name not in self._called

    def _field(self, place: Expr, function: Function) -> Field | None:
        match place:
            case Select(field=name, owner=owner) if owner and _is_map(place):
                root = base_of(place)
                if isinstance(root, Name) and root.storage != "captured" and root.decl in self._fresh[function.name]:
                    return None
                return owner, name
            case Name(decl=0, name=name, storage="global") if name in self._maps:
                return "", name
        return None

    def _round(self, patient: bool) -> None:
        """One round of the fixed point: what the callers hold, their callees hold on entry.

        Who is patient lets a function wait for its first caller, lest one that calls itself holds nothing for good.
        """
        callers: dict[str, list[_Caller]] = {}
        for function in self._functions.values():
            waits = function.name in self._called and function.name not in self._entry
            if patient and waits and not _exported(function.name):
                continue
            for op, held in self._held(function):
                for name, fresh, called in self._run(op, function):
                    later = isinstance(op, Go) or (held is _ALONE and not called)
                    at_start: Held = {} if later else held
                    callers.setdefault(name, []).append(_Caller(function.name, at_start, fresh))
        for name, every in callers.items():
            items = [item for item in every if item.held is not _ALONE]
            if items:
                self._entry[name] = _common([item.held for item in items])
            else:
                self._entry[name] = {} if _exported(name) or name in self._handed_on else _ALONE
            items = items or every
            function = self._functions[name]
            given = function.params[:1] if all(item.fresh for item in items) else ()
            self._fresh[name] = self._made[name] | {item.decl for item in given}

    def _run(self, op: Op, function: Function) -> Iterator[tuple[str, bool, bool]]:
        """The functions of the package that an operation runs or hands on, whether on an object of its own, and whether
        it runs them itself."""
        for expr in expressions(op):
            match expr:
                case CallExpr(callee=callee, receiver=receiver) if callee in self._functions:
                    root = base_of(receiver) if receiver is not None else None
                    fresh = isinstance(root, Name) and root.decl in self._fresh[function.name]
                    yield callee, fresh and not isinstance(op, Go), True
                case CallExpr(callee=callee, receiver=receiver) if receiver is not None and self._is_dynamic(callee):
                    yield from ((name, False, True) for name in self._methods.get(callee.rpartition(".")[2], ()))
                case Name(name=name, storage="function") if name in self._functions:
                    yield name, False, False

    def _method_values(self, function: Function) -> Iterator[str]:
        """The methods that a body takes as values, `t.onEvent`, for somebody to run later."""
        for item in contents(function):
            if isinstance(item, Select) and not item.owner and item.field in self._methods:
                type_ = item.base.type
                record = type_.pointee if isinstance(type_, Pointer) else type_
                if isinstance(record, RecordDecl):
                    yield from (name for name in self._methods[item.field]
                                if self._functions[name].method_of == record.name)  # fmt: skip

    def _is_dynamic(self, callee: str) -> bool:
        """Whether a call goes through an interface of the package or an unnamed one: any method of the name may run."""
        owner, _, name = callee.rpartition(".")
        packages = {item.rpartition(".")[0].rpartition(".")[0] for item in self._methods.get(name, ())}
        return not owner or owner.rpartition(".")[0] in packages

    def _held(self, function: Function) -> Iterator[tuple[Op, Held]]:
        """Each reachable operation with the locks held before it on every path."""
        aliases = self._aliases[function.name]
        before: dict[int, Held] = {0: self._entry.get(function.name, {})}
        work = [0]
        while work:
            number = work.pop()
            held = before[number]
            for op in function.blocks[number].ops:
                held = _after(op, held, aliases)
            for edge in function.blocks[number].edges:
                known = before.get(edge.to)
                taken = _tried(edge.test, held, aliases)
                after = taken if known is None else _joined(known, taken)
                if after != known:
                    before[edge.to] = after
                    work.append(edge.to)
        alone, whole = self._alone[function.name], self._entry.get(function.name) is _ALONE
        for number, held in sorted(before.items()):
            for op in function.blocks[number].ops:
                yield op, _ALONE if whole or (not held and id(op) in alone) else held
                held = _after(op, held, aliases)


def _exported(name: str) -> bool:
    """Whether other packages may call a function."""
    return name.rsplit(".", 1)[-1][:1].isupper()


def _by_last_name(functions: Iterable[Function]) -> Mapping[str, list[str]]:
    """The full names of methods by the last part."""
    found: dict[str, list[str]] = {}
    for function in functions:
        if function.method_of:
            found.setdefault(function.name.rpartition(".")[2], []).append(function.name)
    return found


def _before_goroutines(function: Function) -> frozenset[int]:
    """The operations of a function that starts its object's goroutines which no path reaches behind a `go`."""
    starts = [(number, index) for number, block in enumerate(function.blocks)
              for index, op in enumerate(block.ops) if isinstance(op, Go)]  # fmt: skip
    if not starts or not _STARTS.search(function.name):
        return frozenset()
    later: set[int] = set()
    work = [edge.to for number, _ in starts for edge in function.blocks[number].edges]
    while work:
        number = work.pop()
        if number not in later:
            later.add(number)
            work.extend(edge.to for edge in function.blocks[number].edges)
    first = {number: min(index for block, index in starts if block == number) for number, _ in starts}
    return frozenset(
        id(op) for number, block in enumerate(function.blocks) if number not in later
        for index, op in enumerate(block.ops) if index <= first.get(number, index)
    )  # fmt: skip


def _joined(one: Held, other: Held) -> Held:
    """What two paths hold where they meet."""
    return {**_common([one, other]), **dict.fromkeys(one.keys() ^ other.keys(), _MAYBE)}


def _common(sets: Sequence[Held]) -> Held:
    """The locks that all hold, as the least of them does."""
    first, *rest = sets
    return {
        lock: min((mode, *(other[lock] for other in rest)), key="?rw".index)
        for lock, mode in first.items() if all(lock in other for other in rest)
    }  # fmt: skip


def _after(op: Op, held: Held, aliases: Mapping[int, str]) -> Held:
    """The locks held after an operation. A deferred unlock runs when the function leaves, and changes nothing here."""
    if not isinstance(op, Call) or (found := _LOCKING.search(op.call.callee)) is None or op.call.receiver is None:
        return held
    lock = lock_name(op.call.receiver, aliases)
    if found[2] == "Lock":
        return {**held, lock: "r" if found[1] else "w"}
    return {name: mode for name, mode in held.items() if name != lock}


def _tried(test: Test | None, held: Held, aliases: Mapping[int, str]) -> Held:
    """The locks held behind a test: `if mu.TryLock()` holds it where the test is true."""
    value = strip(test.value) if test is not None else None
    if not isinstance(value, CallExpr) or value.receiver is None or test is None or test.outcome != "true":
        return held
    found = _TRYING.search(value.callee)
    return held if found is None else {**held, lock_name(value.receiver, aliases): "r" if found[1] else "w"}


def lock_name(receiver: Expr, aliases: Mapping[int, str] | None = None) -> str:
    """Return a lock's name: `Conn::mu` for a field, the variable's for a package's own, `Conn::Mutex` embedded."""
    inner = strip(receiver)
    while isinstance(inner, Deref | AddressOf):
        inner = strip(inner.pointer if isinstance(inner, Deref) else inner.place)
    match inner:
        case Select(field=field, owner=owner) if owner:
            return f"{owner}{OF}{field}"
        case Name(decl=decl) if aliases and decl in aliases:
            return aliases[decl]
        case Name(name=name, decl=0):
            return name
        case Name(type=Pointer(pointee=RecordDecl(name=name))) | Name(type=RecordDecl(name=name)) if name:
            return f"{name}{OF}Mutex"
        case Name(name=name, decl=decl):
            return f"{name}#{decl}"
    return "?"


def _lock_aliases(function: Function) -> Mapping[int, str]:
    """`lock := c.mu`: locals that stand for another lock."""
    return {
        decl: lock_name(only)
        for decl, origin in origins(function).items()
        if (only := origin.only) is not None and isinstance(strip(only), Select | AddressOf)
    }


def _made_here(function: Function) -> frozenset[int]:
    """Locals whose every value is an object made in this body: `&T{…}`, `new(T)`, `NewT(…)`."""
    return frozenset(
        decl for decl, origin in origins(function).items()
        if not origin.updated and all(_is_new(value) for value in origin.values)
    )  # fmt: skip


def _is_new(value: Expr) -> bool:
    inner = strip(value)
    if isinstance(inner, AddressOf):
        inner = strip(inner.place)
    return isinstance(inner, Aggregate) or (isinstance(inner, CallExpr) and bool(_CONSTRUCTS.search(inner.callee)))


def _touched(op: Op) -> Iterator[tuple[Expr, bool]]:
    """Each field or variable of an operation, and whether it, or an element of it, is written or deleted."""
    written: list[Expr] = []
    match op:
        case Assign(target=Select(), value=value) | Call(result=Select(), call=value) if _is_new(value):
            return  # a map made and stored at once: nobody tells whether the object is shared yet
        case Assign(target=target) | Update(target=target):
            written.append(_container(target))
        case Call(result=result) if result is not None:
            written.append(_container(result))
        case Call(call=CallExpr(callee="delete" | "clear", args=(target, *_))):
            written.append(_container(target))
    yield from ((place, True) for place in written)
    for operand in operands(op):
        asked = {id(side) for item in walk(operand) if isinstance(item, Binary) for side in _asked(item)}
        for expr in walk(operand):
            if isinstance(expr, Select | Name) and id(expr) not in asked and not any(expr is at for at in written):
                yield expr, False


def _asked(test: Binary) -> Iterator[Expr]:
    """What `x == nil` compares: the field, not the map in it."""
    sides = strip(test.left), strip(test.right)
    if test.op in ("==", "!=") and any(isinstance(side, Constant) and side.spelling == "nil" for side in sides):
        yield from sides


def _changes(op: Op, place: Expr) -> bool:
    """Whether a write changes the map in a place, not which map it holds."""
    target = op.result if isinstance(op, Call) else getattr(op, "target", None)
    return target is None or strip(target) is not place


def _container(target: Expr) -> Expr:
    """`c.procs` of `c.procs[pid]`: the map whose element is written."""
    inner = strip(target)
    return strip(inner.base) if isinstance(inner, Index) else inner


def _is_map(place: Select) -> bool:
    """Whether the field is declared as a Go map."""
    type_ = place.base.type
    record = type_.pointee if isinstance(type_, Pointer) else type_
    if not isinstance(record, RecordDecl):
        return False
    return any(
        member.name == place.field and isinstance(member.type, Opaque) and member.type.reason == "a map"
        for member in record.members
    )


def _map_variables(functions: Iterable[Function]) -> frozenset[str]:
    """Package variables used as only a map can be: `delete(x, k)`, and `v, ok := x[k]`."""
    found: set[str] = set()
    for function in functions:
        for op in (op for block in function.blocks for op in block.ops):
            match op:
                case Call(call=CallExpr(callee="delete", args=(Name(decl=0, name=name), *_))):
                    found.add(name)
                case Assign(target=Aggregate(items=(_, _)), value=Index(base=Name(decl=0, name=name))):
                    found.add(name)
    return frozenset(found)

