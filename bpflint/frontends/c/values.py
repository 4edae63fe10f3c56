"""Which values can an expression have? The definitions that reach it, through callers, fields and globals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from bpflint.analysis.walk import expressions, predecessors, strip
from bpflint.model.data import dataclass
from bpflint.model.flow import (
    AddressOf,
    Aggregate,
    Assign,
    Call,
    CallExpr,
    Cast,
    Conditional,
    Constant,
    Expr,
    Function,
    Index,
    Name,
    Op,
    Return,
    Select,
    Unknown,
    Update,
)  # fmt: skip

DEPTH = 3
"""Callers and callees followed from one place; wrappers of wrappers of wrappers were not seen."""
_MOST_CALLERS = 32
_MOST_FRAMES = 64
_MOST_STEPS = 48
_MOST_BLOCKS = 400
_FORMATS = ("snprintf", "sprintf", "asprintf", "try_snprintf", "bpf_strlcpy")
_COPIES = ("strcpy", "strncpy", "strlcpy", "strdup")


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A place in a function, and the call it was entered by where that is known."""

    function: Function
    block: int
    index: int
    caller: Frame | None = None
    call: CallExpr | None = None

    @property
    def depth(self) -> int:
        """How many callers are known."""
        return 0 if self.caller is None else 1 + self.caller.depth


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """One value an expression can have, with the frame it was written in."""

    expr: Expr
    frame: Frame


class Values:
    """What the bodies of one file say of values. `strings` are its global string constants."""

    def __init__(self, functions: Sequence[Function], strings: Mapping[str, str]) -> None:
        counts = Counter(item.name for item in functions)
        self.functions = {item.name: item for item in functions if counts[item.name] == 1}  # C++ overloads a name
        self._strings = strings
        self._places: dict[object, list[Value]] = {}
        self._callers: dict[str, list[Frame]] = {}
        self._calls: dict[int, list[tuple[CallExpr, Op, Frame]]] = {}
        self._before: dict[int, list[list[int]]] = {}
        self._labels: dict[tuple[str, int], set[str]] = {}
        for function in functions:
            for frame, op in places(function):
                self._note(op, frame)

    def _note(self, op: Op, frame: Frame) -> None:
        match op:
            case Assign(target=Select(base=Index(index=Constant(value=int() as number)), owner=owner), value=value):
                if isinstance(label := strip(value), Constant) and isinstance(label.value, str):
                    self._labels.setdefault((owner, number), set()).add(label.value)
        match op:
            case Assign(target=target, value=value) if (key := _place(target)) is not None:
                self._places.setdefault(key, []).append(Value(value, frame))
            case Call(result=result, call=call) if result is not None and (key := _place(result)) is not None:
                self._places.setdefault(key, []).append(Value(call, frame))
            case Assign(target=target, value=Aggregate(items=items)):
                for field, value in items:
                    if field and isinstance(target, Name):
                        self._places.setdefault((target.name, field), []).append(Value(value, frame))
        for expr in expressions(op):
            if isinstance(expr, CallExpr):
                self._calls.setdefault(id(frame.function), []).append((expr, op, frame))
                if expr.receiver is None or expr.callee in self.functions:
                    self._callers.setdefault(expr.callee, []).append(Frame(frame.function, frame.block, frame.index,
                                                                           None, expr))  # fmt: skip

    def calls(self, function: Function) -> Sequence[tuple[CallExpr, Op, Frame]]:
        """Return every call of a body with the operation it stands in and its place."""
        return self._calls.get(id(function), ())

    def is_called(self, function: Function) -> bool:
        """Return whether another function of the file calls this one."""
        return any(site.function is not function for site in self._callers.get(function.name, ()))

    def frames(self, frame: Frame) -> Iterator[Frame]:
        """Yield a place as seen by itself, then as entered by each caller, nearest callers first."""
        pending, count = [frame], 0
        while pending and count < _MOST_FRAMES:
            now, count = pending.pop(0), count + 1
            yield now
            outer = outermost(now)
            if now.depth < DEPTH and outer.function.params:
                for site in self._callers.get(outer.function.name, ())[:_MOST_CALLERS]:
                    if site.function is not outer.function and site.call is not None:
                        caller = Frame(site.function, site.block, site.index)
                        pending.append(_entered(now, caller, site.call))

    def of(self, expr: Expr, frame: Frame) -> list[Value]:
        """Return the values an expression can have, each followed as far as it goes; Unknown for those left out."""
        found: list[Value] = []
        pending, seen = [Value(strip(expr), frame)], set[tuple[object, ...]]()
        while pending:
            value = pending.pop(0)
            key = (id(value.expr), id(value.frame.function), value.frame.block, value.frame.index, value.frame.depth)
            if key in seen:
                continue
            seen.add(key)
            if len(seen) > _MOST_STEPS:
                return [*found, Value(Unknown(), frame)]
            given = self.step(value.expr, value.frame)
            if given:
                pending.extend(Value(strip(item.expr), item.frame) for item in given)
            else:
                found.append(value)
        return found

    def step(self, expr: Expr, frame: Frame) -> Sequence[Value]:
        """Return the values an expression was given directly; none where it is a value itself or nothing is known."""
        expr = strip(expr)
        match expr:
            case Conditional(then=then, other=other):
                return (Value(then, frame), Value(other, frame))
            case Name(storage="function"):
                return ()
            case Name(decl=decl) if decl:
                return self._local(expr, frame) or ()
            case Select() | Name() | Index():
                key = _place(expr)
                return self._places.get(key, ()) if key is not None else ()
            case CallExpr(callee=callee) if callee in self.functions and frame.depth < DEPTH:
                return self._returned(self.functions[callee], expr, frame)
        return ()

    def label(self, element: Select, frame: Frame) -> str:
        """Return the one string that the same element of a table holds: `maps[CT].fd` where `maps[CT].name = "ct"`."""
        if not isinstance(base := strip(element.base), Index):
            return ""
        numbers = {strip(item.expr) for item in self.of(base.index, frame)}
        found = {text for item in numbers if isinstance(item, Constant) and isinstance(item.value, int)
                 for text in self._labels.get((element.owner, item.value), ())}  # fmt: skip
        return found.pop() if len(found) == 1 and len(numbers) == 1 else ""

    def _returned(self, function: Function, call: CallExpr, frame: Frame) -> list[Value]:
        return [
            Value(op.value, Frame(function, place.block, place.index, frame, call))
            for place, op in places(function) if isinstance(op, Return) and op.value is not None
        ]  # fmt: skip

    def _local(self, name: Name, frame: Frame) -> list[Value] | None:
        """The definitions of a local that reach a place; of a parameter, what the known caller passes."""
        found, entered = self._reaching(name.decl, frame)
        if entered and name.storage == "parameter":
            passed = _argument(frame, name)
            return [*found, passed] if passed is not None else None
        return found or None

    def _reaching(self, decl: int, frame: Frame) -> tuple[list[Value], bool]:
        function, found, entered = frame.function, list[Value](), False
        before = self._predecessors(function)
        pending, seen = [(frame.block, frame.index)], set[int]()
        while pending and len(seen) < _MOST_BLOCKS:
            block, end = pending.pop()
            ops = function.blocks[block].ops[:end]
            value = next((item for i in range(len(ops) - 1, -1, -1)
                          if (item := _defined(ops[i], decl, frame, block, i)) is not None), None)  # fmt: skip
            if value is not None:
                found.append(value)
                continue
            entered = entered or block == 0
            for one in before[block]:
                if one not in seen:
                    seen.add(one)
                    pending.append((one, len(function.blocks[one].ops)))
        return found, entered

    def _predecessors(self, function: Function) -> list[list[int]]:
        if id(function) not in self._before:
            self._before[id(function)] = predecessors(function)
        return self._before[id(function)]

    def text(self, expr: Expr, frame: Frame, depth: int = 0) -> str | None:
        """Return the one string an expression is; a formatted one as far as its last path component goes."""
        found = {self._text(item, depth) for item in self.of(expr, frame)}
        return found.pop() if len(found) == 1 else None

    def _text(self, value: Value, depth: int) -> str | None:
        match strip(value.expr):
            case Constant(value=str() as text):
                return text
            case Name(name=name, decl=0) if name in self._strings:
                return self._strings[name]
            case Name() | AddressOf() as place if depth < DEPTH:
                return self._written(place, value.frame, depth)
            case CallExpr(callee="strdup", args=(copied, *_)) if depth < DEPTH:
                return self.text(copied, value.frame, depth + 1)
        return None

    def _written(self, place: Expr, frame: Frame, depth: int) -> str | None:
        """What the last `snprintf` or `strcpy` before a place put into a buffer."""
        decl = base_decl(place)
        for call, _, at in reversed(self.calls(frame.function)):
            earlier = (at.block, at.index) < (frame.block, frame.index)
            if not (decl and earlier and call.args and base_decl(call.args[0]) == decl):
                continue
            inner = Frame(at.function, at.block, at.index, frame.caller, frame.call)
            if call.callee in _COPIES and len(call.args) > 1:
                return self.text(call.args[1], inner, depth + 1)
            if call.callee in _FORMATS:
                return self._formatted(call, inner, depth + 1)
        return None

    def _formatted(self, call: CallExpr, frame: Frame, depth: int) -> str | None:
        for position, item in enumerate(call.args[1:], 1):
            form = strip(item)
            if isinstance(form, Constant) and isinstance(form.value, str):
                head, _, last = form.value.rpartition("/")
                given = call.args[position + 1 :]
                if "%" not in last:
                    return last or None
                passed = head.count("%") - 2 * head.count("%%")
                if last == "%s" and 0 <= passed < len(given):
                    return self.text(given[passed], frame, depth)
                return None
        return None


def places(function: Function) -> Iterator[tuple[Frame, Op]]:
    """Yield every operation of a body with its place."""
    for number, block in enumerate(function.blocks):
        for index, op in enumerate(block.ops):
            yield Frame(function, number, index), op


def outermost(frame: Frame) -> Frame:
    """Return the last known caller of a frame."""
    while frame.caller is not None:
        frame = frame.caller
    return frame


def base_decl(expr: Expr) -> int:
    """Return the number of the local that `buf`, `&buf` or `&buf[0]` starts at, 0 for anything else."""
    match strip(expr):
        case Name(decl=decl):
            return decl
        case AddressOf(place=inner):
            return base_decl(inner)
        case Index(base=inner, index=Constant(value=0)):
            return base_decl(inner)
    return 0


def _entered(frame: Frame, caller: Frame, call: CallExpr) -> Frame:
    """The same place with one more caller known at its far end."""
    if frame.caller is None or frame.call is None:
        return Frame(frame.function, frame.block, frame.index, caller, call)
    outer = _entered(frame.caller, caller, call)
    return Frame(frame.function, frame.block, frame.index, outer, frame.call)


def _argument(frame: Frame, name: Name) -> Value | None:
    if frame.caller is None or frame.call is None:
        return None
    for position, item in enumerate(frame.function.params):
        if item.decl == name.decl and position < len(frame.call.args):
            return Value(frame.call.args[position], frame.caller)
    return None


def _defined(op: Op, decl: int, frame: Frame, block: int, index: int) -> Value | None:
    """The value that an operation gives a local, Unknown where it may give any."""
    at = Frame(frame.function, block, index, frame.caller, frame.call)
    match op:
        case Assign(target=Name(decl=found), value=value) if found == decl:
            return Value(value, at)
        case Call(result=Name(decl=found), call=call) if found == decl:
            return Value(call, at)
        case Update(target=Name(decl=found)) if found == decl:
            return Value(Unknown(), at)
        case Call(call=CallExpr(callee=callee, args=args)) if not callee.startswith("bpf_map_"):
            if any(isinstance(item := strip(arg), AddressOf) and base_decl(item.place) == decl for arg in args):
                return Value(Unknown(), at)
    return None


def _place(expr: Expr) -> object | None:
    """What a field, global or array element is known by in the whole file; None for a local of its own."""
    match expr:
        case Name(name=name, decl=0, storage=storage) if storage != "function":
            return name
        case Select(owner=owner, field=field, base=Index(index=Constant(value=int() as number))) if owner:
            return (owner, field, number)
        case Select(base=Index()):
            return None
        case Select(owner=owner, field=field, base=base):
            if owner:
                return (owner, field)
            inner = _place(base) or (base.name if isinstance(base, Name) else None)
            return None if inner is None else (inner, field)
        case Index(base=base, index=Constant(value=int() as number)):
            inner = _place(base)
            return None if inner is None else (inner, number)
        case Cast(value=inner_expr):
            return _place(inner_expr)
    return None
