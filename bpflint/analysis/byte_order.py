"""Which byte order does a value have here? A type-state over the flow form: network, host, or unknown.

An order comes from a type name (`__be32`), from the table of context and kernel fields, from a conversion, or from a
function's result, and follows assignments along every path. What two paths disagree on is unknown. The analysis only
reports what meets what; rules decide which meetings are faults.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from functools import cache
from typing import Literal, Protocol

from bpflint.analysis.walk import calls, contents, parts, show, strip
from bpflint.model.data import dataclass
from bpflint.model.flow import (
    AddressOf,
    Aggregate,
    Assign,
    Binary,
    Call,
    CallExpr,
    Cast,
    Conditional,
    Constant,
    Declare,
    Defer,
    Deref,
    Evaluate,
    Expr,
    Function,
    Go,
    Index,
    Name,
    Op,
    Return,
    Select,
    SizeOf,
    Unary,
    Unknown,
    Update,
)  # fmt: skip
from bpflint.model.layout import Array, Pointer, RecordDecl, Scalar, Type
from bpflint.model.source import Span

Order = Literal["network", "host", "constant", "unknown"]
Source = Literal["", "type", "table", "conversion", "address"]
Direction = Literal["to-network", "to-host", ""]

_NETWORK_TYPE = re.compile(r"^(?:__be(?:16|32|64)|be(?:16|32|64)|in_addr_t|in_port_t)$")
_BSWAP = re.compile(r"^(?:__builtin_bswap|_{0,4}(?:arch_|f|bpf_|constant_)*swab|bswap_|__bswap_)(16|32|64)$")
_NAMED_SWAP = re.compile(r"^_*(?:bpf_)?(?:htons|ntohs|htonl|ntohl|be\d\d_to_cpu|cpu_to_be\d\d|htobe\d\d|be\d\dtoh)$")
_TO_NETWORK = re.compile(r"hton|cpu_to_be|htobe")
_TO_HOST = re.compile(r"ntoh|be\d\d_?to|be_to_cpu")
_PARSES_ADDRESS = frozenset(("inet_addr",))
_COPIES = re.compile(r"^(?:bpf_probe_read(?:_kernel|_user)?|bpf_core_read|(?:__builtin_)?mem(?:cpy|move)|_READ)$")
_EXPECTS = frozenset(("__builtin_expect", "__builtin_expect_with_probability", "likely", "unlikely"))
_MIXES = re.compile(r"hash|csum|sum\b|check|crc|seed|rand|cookie", re.I)
_READS_ONLY = ("bpf_map_", "bpf_perf_event_output", "bpf_ringbuf_output", "perf_submit")
_COMPARES = frozenset(("==", "!=", "<", ">", "<=", ">="))
_BITS = {"s": 16, "l": 32}
_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Value:
    """What is known of a value: its order, the bits that carry it, and where that is known from."""

    order: Order = "unknown"
    width: int | None = None
    source: Source = ""
    what: str = ""
    """The type, field or conversion that says so."""
    constant: int | None = None
    spelling: str = ""
    valid: str = ""
    """`low16` or `high16` where a 32-bit field carries a port or protocol in one half (facts.FieldOrder)."""
    named: Direction = ""
    """What a conversion's name says it made; people mix up htons and ntohs, which do the same."""
    member: str = ""
    """`record.member` where the declaration of a record's member says the order (source `type`)."""
    parameter: str = ""
    """`function.name` where the declaration of a parameter says it (source `type`)."""

    @property
    def known(self) -> bool:
        """Whether it is network or host order."""
        return self.order in ("network", "host")


UNKNOWN = Value()


class Row(Protocol):
    """One row of the table of context and kernel fields (facts.FieldOrder)."""

    @property
    def order(self) -> Literal["network", "host"]:
        """The order."""

    @property
    def width(self) -> int:
        """Bits of one element."""

    @property
    def valid(self) -> str:
        """`low16`, `high16` or ""."""


Table = Mapping[tuple[str, str], Row]
"""Rows by (struct, field)."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Two values meet in `left op right`; a case label counts as `==`."""

    op: str
    left: Value
    right: Value
    left_text: str
    right_text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Computed:
    """Arithmetic or a mask. `mixing`: inside a hash or checksum, where order does not matter."""

    op: str
    left: Value
    right: Value
    left_text: str
    right_text: str
    mixing: bool
    span: Span
    into: Value = UNKNOWN
    """What the place that takes the result says of it."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A value is stored in a place; `target` is what the place's type or the table says of it."""

    place: Expr
    target: Value
    value: Value
    text: str
    span: Span
    record: str = ""
    member: str = ""
    """The record and dotted member that is written, "" for a plain variable."""
    target_type: Type | None = None
    read: str = ""
    """`record.member` where the value is such a member, as it is."""


@dataclass(frozen=True, slots=True)
class Swapped:
    """A conversion is applied. `into` is what the result meets: the place that takes it, or what it is compared to."""

    callee: str
    direction: Direction
    width: int
    operand: Value
    into: Value
    text: str
    span: Span
    place: str = ""
    mixing: bool = False
    """Inside a shift, hash or checksum."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A value is given to a function of this unit for a parameter; of a byte only the width is known."""

    callee: str
    parameter: str
    declared: Value
    value: Value
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Packed:
    """Two values share a word, one of them shifted: `remote + (local << 16)`."""

    low: Value
    high: Value
    low_text: str
    high_text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Returned:
    """A value is returned from a function whose type names an order."""

    declared: Value
    value: Value
    text: str
    span: Span


def sides(item: Compared | Computed) -> tuple[tuple[Value, str, Value], ...]:
    """Return each operand's value and text with the value of the other operand, left first."""
    return (item.left, item.left_text, item.right), (item.right, item.right_text, item.left)


Meeting = Compared | Computed | Packed | Stored | Swapped | Passed | Returned
State = dict[str, Value]
_Said = tuple[list[Meeting], list[Value]]
"""What meets in a block, and what it returns."""


def order_of_type(type_: Type | None) -> Value:
    """Return what a type's names say: network for `__be16/32/64` and `in_addr_t`, unknown for any other."""
    if isinstance(type_, Scalar) and isinstance(type_.width, int):
        name = _network_type(type_.names)
        return Value("network", type_.width, "type", name) if name else UNKNOWN
    return UNKNOWN


@cache
def _network_type(names: tuple[str, ...]) -> str:
    """The first of a type's names that tells an order, "" for none; a program has few types and many expressions."""
    return next(filter(_NETWORK_TYPE.match, names), "")


def order_of_field(expr: Expr, table: Table) -> Value:
    """Return what the table of context and kernel fields says of a place, then what its type says."""
    place = expr
    while isinstance(place, Index):
        place = strip(place.base)
    if isinstance(place, Name) and _MIXES.search(place.name):
        return UNKNOWN
    if isinstance(place, Select):
        inner = strip(place.base)
        owner, member = place.owner, place.field
        if (owner, member) not in table and isinstance(inner, Select):
            owner, member = inner.owner, f"{inner.field}.{place.field}"
        row = table.get((owner, member))
        if _MIXES.search(member) or (row is not None and row.width <= 8):
            return UNKNOWN  # bytes have no order, and a checksum is summed in either
        if row is not None:
            width = 16 if row.valid == "low16" else _width(expr.type) or row.width
            return Value(row.order, width, "table", f"{owner}.{member}", valid=row.valid)
        declared = order_of_type(expr.type)
        return replace(declared, member=f"{place.owner}.{place.field}") if declared.known else declared
    return order_of_type(expr.type)


def meetings(function: Function, unit: Functions) -> tuple[Meeting, ...]:
    """Return every meeting of values in a body, in block order, each once."""
    return _Flow(function, unit.table, unit).run()


@dataclass(slots=True)
class Functions:
    """The functions of one unit, whose results and parameters are known to their callers one level deep."""

    functions: Mapping[str, Function]
    table: Table
    _results: dict[str, Value] = field(default_factory=dict)

    @staticmethod
    def of(functions: Iterable[Function], table: Table) -> Functions:
        """Return the functions by name."""
        return Functions({item.name: item for item in functions}, table)

    def result(self, name: str) -> Value:
        """Return the order of what a function returns on all paths: its type first, else its returns agree."""
        if name not in self._results:
            function = self.functions.get(name)
            self._results[name] = UNKNOWN
            if function is not None:
                declared = order_of_type(function.returns)
                self._results[name] = declared if declared.known else _Flow(function, self.table, None).result()
        return self._results[name]


def all_meetings(functions: Iterable[Function], table: Table) -> tuple[tuple[Function, Meeting], ...]:
    """Return the meetings of every function of a unit that can have one: it names an order or calls one that does."""
    items = list(functions)
    known = Functions.of(items, table)
    naming = frozenset(item.name for item in items if _names_order(item, table))
    chosen = [
        item for item in items if item.name in naming or any(call.callee in naming for call, _ in calls(item))
    ]
    return tuple((item, found) for item in chosen for found in meetings(item, known))


def _names_order(function: Function, table: Table) -> bool:
    """Whether a body has a type, a field or a conversion that tells an order; cheap."""
    for item in (*function.params, *contents(function)):
        if order_of_type(item.type).known:
            return True
        if isinstance(item, Select) and (item.owner, item.field) in table:
            return True
        if isinstance(item, CallExpr) and (swap_width(item.callee) or item.callee in _PARSES_ADDRESS):
            return True
    return False


def swap_width(callee: str) -> int:
    """Return the bits that a conversion function swaps, 0 for any other function."""
    found = _BSWAP.match(callee)
    if found:
        return int(found[1])
    if _NAMED_SWAP.match(callee):
        digits = re.search(r"\d\d", callee)
        return int(digits[0]) if digits else _BITS[callee[-1]]
    return 0


def direction_of(call: CallExpr) -> Direction:
    """Return what the name of a conversion, or of the macro that wrote it, says it makes."""
    for name in (call.macro, call.callee):
        if _TO_NETWORK.search(name):
            return "to-network"
        if _TO_HOST.search(name):
            return "to-host"
    return ""


def swapped(value: int, width: int) -> int:
    """Return the bytes of an integer of `width` bits in the other order."""
    size = width // 8
    return int.from_bytes((value & ((1 << width) - 1)).to_bytes(size, "little"), "big")


class _Flow:
    """Runs one body to a fixed point; what meets in a block is what its last visit writes down."""

    def __init__(self, function: Function, table: Table, units: Functions | None) -> None:
        self.function, self.table, self.units = function, table, units
        self.found: list[Meeting] | None = None
        self.returned: list[Value] = []
        self.mixing = 0

    def run(self) -> tuple[Meeting, ...]:
        said = self._fixed_point()
        self.returned = [value for _, (_, values) in sorted(said.items()) for value in values]
        return tuple(dict.fromkeys(item for _, (found, _) in sorted(said.items()) for item in found))

    def result(self) -> Value:
        self.run()
        known = {item.order for item in self.returned}
        if len(known) == 1 and self.returned[0].known:
            return self.returned[0]
        return UNKNOWN

    def _fixed_point(self) -> dict[int, _Said]:
        """What the last visit of each block said: by then its entry is what all paths to it agree on."""
        entry: dict[int, State] = {0: {}}
        said: dict[int, _Said] = {}
        work, rounds = [0], dict.fromkeys(range(len(self.function.blocks)), 0)
        late: set[int] = set()
        while work:
            index = work.pop(0)
            rounds[index] += 1
            if rounds[index] > _ROUNDS:
                late.add(index)
                continue
            state, said[index] = self._visit(index, entry[index])
            for edge in self.function.blocks[index].edges:
                old = entry.get(edge.to)
                new = dict(state) if old is None else _join(old, state)
                if old is None or new != old:
                    entry[edge.to] = new
                    if edge.to not in work:
                        work.append(edge.to)
        return said | {index: self._visit(index, entry[index])[1] for index in late}

    def _visit(self, index: int, entry: State) -> tuple[State, _Said]:
        block, state = self.function.blocks[index], dict(entry)
        self.found, self.returned = [], []
        for op in block.ops:
            self._step(op, state)
        for edge in block.edges:
            value = edge.test.value if edge.test is not None else None
            if isinstance(value, Binary) and value.type is None:  # a case label: it stands on its edge only
                self._value(value, state)
        return state, (self.found, self.returned)

    # -- operations ------------------------------------------------------------------------------------------

    def _step(self, op: Op, state: State) -> None:
        match op:
            case Declare(name=name):
                _forget(state, _key(name))
            case Assign(target=target, value=value, span=span):
                self._assign(target, value, span, state)
            case Update(target=target, op=sign, value=value, span=span):
                self._update(target, sign[:-1] if sign.endswith("=") else sign[0], value, span, state)
            case Call(call=call, result=result, span=span):
                if result is None:
                    self._value(call, state)
                else:
                    self._assign(result, call, span, state)
            case Evaluate(value=value):
                self._value(value, state)
            case Return(value=value, span=span):
                if value is not None:
                    self._return(value, span, state)
            case Defer(call=call) | Go(call=call):
                self._value(call, state)

    def _assign(self, target: Expr, value: Expr, span: Span, state: State) -> None:
        inner = strip(value)
        if isinstance(inner, Aggregate):
            _forget(state, _key(target))
            self._aggregate(target, inner, span, state)
            return
        declared = order_of_field(target, self.table)
        mixing = _mixes(target)
        self.mixing += mixing
        got = self._value(value, state, declared, show(target))
        self.mixing -= mixing
        self._parts(target, state)
        self._store(target, declared, got, value, span, state)

    def _store(self, target: Expr, declared: Value, got: Value, value: Expr, span: Span, state: State) -> None:
        if self.found is not None:
            owner, member = _member(target)
            read = ".".join(filter(None, _member(strip(value))))
            self.found.append(Stored(target, declared, got, show(value), span, owner, member, target.type, read))
        key = _key(target)
        _forget(state, key)
        if key and (((got.known or got.named) and _fits(got, target.type)) or got.constant == 0):
            state[key] = got

    def _aggregate(self, target: Expr, value: Aggregate, span: Span, state: State) -> None:
        members = value.type.members if isinstance(value.type, RecordDecl) else ()
        by_name = {item.name: item.type for item in members}
        owner = value.type.name if isinstance(value.type, RecordDecl) else ""
        for position, (name, item) in enumerate(value.items):
            if not name and members and position < len(members):
                name = members[position].name
            if not name:
                self._value(item, state)
                continue
            type_ = by_name.get(name)
            place = Select(target, name, isinstance(target.type, Pointer), owner, type_, item.span)
            self._assign(place, item, item.span or span, state)

    def _update(self, target: Expr, op: str, value: Expr, span: Span, state: State) -> None:
        mixing = _mixes(target)
        self.mixing += mixing
        left, right = self._value(target, state), self._value(value, state)
        self.mixing -= mixing
        if self.found is not None:
            mixed = bool(mixing or self.mixing)
            self.found.append(Computed(op, left, right, show(target), show(value), mixed, span))
        if left.order != "host":
            _forget(state, _key(target))

    def _return(self, value: Expr, span: Span, state: State) -> None:
        declared = order_of_type(self.function.returns)
        got = self._value(value, state, declared)
        self.returned.append(got)
        if declared.known and self.found is not None:
            self.found.append(Returned(declared, got, show(value), span))


    # -- expressions -----------------------------------------------------------------------------------------

    def _parts(self, expr: Expr, state: State) -> None:
        for part in parts(expr):
            self._value(part, state)

    def _peek(self, expr: Expr, state: State) -> Value:
        """Value without writing down what meets inside."""
        saved, self.found = self.found, None
        try:
            return self._value(expr, dict(state))
        finally:
            self.found = saved

    def _value(self, expr: Expr, state: State, into: Value = UNKNOWN, place: str = "") -> Value:
        match expr:
            case Constant(value=value, spelling=spelling):
                return _constant(value, spelling, expr.type)
            case Name() | Select() | Index() | Deref():
                self._parts(expr, state)
                held = state.get(_key(expr), UNKNOWN)
                declared = order_of_field(expr, self.table)
                if declared.known and isinstance(expr, Name) and expr.storage == "parameter":
                    declared = replace(declared, parameter=f"{self.function.name}.{expr.name}")
                return held if held.known or not declared.known else declared
            case Cast():
                return self._cast(expr, state, into, place)
            case Binary():
                return self._binary(expr, state, into)
            case Conditional():
                return self._conditional(expr, state, into, place)
            case CallExpr():
                return self._call(expr, state, into, place)
            case Unary(op="!", value=value):
                self._value(value, state)
                return UNKNOWN
            case Aggregate(items=items):
                for _, item in items:
                    self._value(item, state)
                return UNKNOWN
            case Unary() | AddressOf() | Unknown() | SizeOf():
                self._parts(expr, state)
                return UNKNOWN

    def _cast(self, expr: Cast, state: State, into: Value, place: str) -> Value:
        inner = self._value(expr.value, state, into, place)
        if isinstance(expr.type, Pointer | Array):
            return UNKNOWN
        if not expr.implicit and not inner.known and (named := order_of_type(expr.type)).known:
            return named
        if inner.known and not _fits(inner, expr.type):
            return UNKNOWN
        return inner

    def _binary(self, expr: Binary, state: State, into: Value) -> Value:
        op = expr.op
        if op in ("&&", "||", ","):
            self._parts(expr, state)
            return UNKNOWN
        if isinstance(expr.left.type, Pointer | Array) or isinstance(expr.right.type, Pointer | Array):
            self._parts(expr, state)
            return UNKNOWN
        if op in _COMPARES:
            left = self._value(expr.left, state, self._peek(expr.right, state))
            right = self._value(expr.right, state, left)
            if expr.span is not None and self.found is not None:
                self.found.append(Compared(op, left, right, show(expr.left), show(expr.right), expr.span))
            return UNKNOWN
        mixes = op in ("^", "*", "%", "<<", ">>", "|")
        self.mixing += mixes
        left, right = self._value(expr.left, state), self._value(expr.right, state)
        self.mixing -= mixes
        if op in ("+", "-", "&") and expr.span is not None and self.found is not None:
            text, other = show(expr.left), show(expr.right)
            self.found.append(Computed(op, left, right, text, other, bool(self.mixing), expr.span, into))
        if op in ("+", "|") and expr.span is not None and self.found is not None:
            self._packed(expr, (left, right), expr.span, state)
        if op in ("+", "-", "&", "*", "/", "%", "|") and _numeric(left) and _numeric(right):
            return left if left.order == "host" else right if right.order == "host" else UNKNOWN
        if op in ("&", "|") and left.order == right.order == "network":
            return left
        return UNKNOWN

    def _packed(self, expr: Binary, values: tuple[Value, Value], span: Span, state: State) -> None:
        """`remote + (local << 16)`: two ports in one word."""
        sides = (expr.left, values[0], expr.right), (expr.right, values[1], expr.left)
        for low, value, high in sides:
            shift = strip(high)
            if value.known and isinstance(shift, Binary) and shift.op == "<<" and self.found is not None:
                other = self._peek(shift.left, state)
                if other.known and other.width == value.width:
                    self.found.append(Packed(value, other, show(low), show(shift.left), span))

    def _conditional(self, expr: Conditional, state: State, into: Value, place: str) -> Value:
        test = strip(expr.test)
        if isinstance(test, CallExpr) and test.callee == "__builtin_constant_p":
            # bpf_endian.h and swab.h: both arms are one conversion, the other arm the one on builtins
            return self._value(expr.other, state, into, place)
        self._value(expr.test, state)
        then, other = self._value(expr.then, state, into, place), self._value(expr.other, state, into, place)
        if then.order == other.order:
            return UNKNOWN if then.order == "unknown" and then != other else then
        if {then.order, other.order} == {"network", "constant"} and 0 in (then.constant, other.constant):
            return then if then.known else other
        return UNKNOWN

    def _call(self, call: CallExpr, state: State, into: Value, place: str) -> Value:
        width = swap_width(call.callee)
        if width and call.args:
            return self._swap(call, width, state, into, place)
        if call.callee in _EXPECTS and call.args:
            return self._value(call.args[0], state, into, place)
        if call.callee == "__builtin_constant_p":
            return UNKNOWN
        mixing = bool(_MIXES.search(call.callee))
        self.mixing += mixing
        values = [self._value(item, state) for item in call.args]
        self.mixing -= mixing
        if call.receiver is not None:
            self._value(call.receiver, state)
        self._copy_or_forget(call, state)
        if call.callee in _PARSES_ADDRESS:
            return Value("network", 32, "address", f"{call.callee}()", named="to-network")
        if self.units is None:
            return order_of_type(call.type)
        callee = self.units.functions.get(call.callee)
        if callee is not None and not mixing and self.found is not None:
            for param, value, arg in zip(callee.params, values, call.args, strict=False):
                declared = order_of_type(param.type)
                given = Value(width=8) if value == UNKNOWN and _width(_unwidened(arg).type) == 8 else value
                if declared.known and given != UNKNOWN and call.span is not None:
                    span = arg.span or call.span
                    self.found.append(Passed(call.callee, param.name, declared, given, show(arg), span))
        result = self.units.result(call.callee)
        return result if result.known else order_of_type(call.type)

    def _swap(self, call: CallExpr, width: int, state: State, into: Value, place: str) -> Value:
        operand = self._value(_unwidened(call.args[0]), state)
        direction = direction_of(call)
        name = call.macro if direction_of(replace(call, callee="")) else call.callee
        if call.span is not None and self.found is not None:
            text, mixed = show(call.args[0]), bool(self.mixing)
            self.found.append(Swapped(name, direction, width, operand, into, text, call.span, place, mixed))
        made: Order
        match operand.order, direction:
            case ("unknown", _):  # both swap, so that many use one for both: the name tells what it made, not the order
                return Value(width=width, what=name, named=direction)
            case ("constant", _) | ("host", "to-network" | ""):
                made = "network"
            case ("network", "to-host" | ""):
                made = "host"
            case _:  # the name says one thing and the operand another: one of them is wrong, and we cannot tell which
                return UNKNOWN
        value = swapped(operand.constant, width) if operand.constant is not None else None
        says = direction or ("to-network" if operand.order == "constant" else "")
        return Value(made, width, "conversion", name, constant=value, named=says)

    def _copy_or_forget(self, call: CallExpr, state: State) -> None:
        """`probe_read(&x, n, &sk->skc_dport)` is an assignment; any other call may write what it is given."""
        if _COPIES.match(call.callee) and len(call.args) == 3:
            to, source = strip(call.args[0]), strip(call.args[1 if "mem" in call.callee else 2])
            if isinstance(source, CallExpr) and source.callee == "__builtin_preserve_access_index" and source.args:
                source = strip(source.args[0])  # BPF_CORE_READ
            if isinstance(to, AddressOf):
                _forget(state, _key(to.place))
                if isinstance(source, AddressOf):
                    got = self._peek(source.place, state)
                    if got.known and call.span is not None and not isinstance(source.place.type, Array):
                        target = order_of_field(to.place, self.table)
                        self._store(to.place, target, got, source.place, call.span, state)
            return
        for item in call.args:
            inner = strip(item)
            if isinstance(inner, AddressOf):
                if not call.callee.startswith(_READS_ONLY):
                    _forget(state, _key(inner.place))
            elif isinstance(inner, Name) and self.units is not None and call.callee in self.units.functions:
                _forget(state, _key(inner) + "->")


def _constant(value: object, spelling: str, type_: Type | None) -> Value:
    if not isinstance(value, int):
        return UNKNOWN
    if _NAMED_SWAP.match(spelling) or spelling.startswith(("__bpf_constant_", "__constant_", "___bpf_swab")):
        return Value("network", _width(type_), "conversion", spelling, constant=value, named="to-network")
    return Value("constant", None, "", "", constant=value, spelling=spelling)


def _unwidened(expr: Expr) -> Expr:
    """The operand of a conversion without the widening and narrowing that its parameter asks for."""
    while isinstance(expr, Cast) and expr.implicit and not isinstance(expr.type, Pointer):
        expr = expr.value
    return expr


def _numeric(value: Value) -> bool:
    return value.order in ("host", "constant")


def _width(type_: Type | None) -> int | None:
    return type_.width if isinstance(type_, Scalar) and isinstance(type_.width, int) else None


def _fits(value: Value, type_: Type | None) -> bool:
    """Whether a place of this type keeps all bits that carry the value."""
    if type_ is None or isinstance(type_, Pointer | Array | RecordDecl):
        return type_ is None
    width = _width(type_)
    return width is None or value.width is None or width >= value.width


def _mixes(expr: Expr) -> bool:
    return bool(_MIXES.search(show(expr)))


def _key(expr: Expr) -> str:
    """A name for a place that a local or parameter holds, "" for any other place."""
    match expr:
        case Name(decl=decl, name=name) if decl:
            return f"{name}#{decl}"
        case Name(storage="global", name=name):
            return f"{name}#0"
        case Select(base=base, field=member, arrow=arrow):
            inner = _key(strip(base))
            return f"{inner}{'->' if arrow else '.'}{member}" if inner else ""
        case Index(base=base, index=index):
            inner = _key(strip(base))
            at = strip(index)
            return f"{inner}[{at.value}]" if inner and isinstance(at, Constant) else ""
        case _:
            return ""


def _forget(state: State, key: str) -> None:
    if not key:
        return
    for other in list(filter(lambda item: item.startswith(key), state)):
        if len(other) == len(key) or other[len(key)] in ".[-" or key.endswith("->"):
            del state[other]


def _join(one: State, other: State) -> State:
    """What both paths agree on; a zero agrees with either order."""
    joined: State = {}
    for key in one.keys() & other.keys():
        left, right = one[key], other[key]
        if left.constant == 0 or right.constant == 0:
            joined[key] = right if left.constant == 0 else left
        elif (left.order, left.width) == (right.order, right.width) and (left.known or left.named == right.named):
            joined[key] = left
    return joined


def _member(place: Expr) -> tuple[str, str]:
    """(record, dotted member) of a place inside a record."""
    while isinstance(place, Index):
        place = strip(place.base)
    if not isinstance(place, Select):
        return "", ""
    outer, member = place, place.field
    while not outer.arrow and isinstance(inner := strip(outer.base), Select):
        outer, member = inner, f"{inner.field}.{member}"
    return outer.owner, member
