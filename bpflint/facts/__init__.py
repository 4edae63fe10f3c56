"""What is known about helpers, map types, program types, byte orders, type widths and lifetimes, and from where?

Each table is a TOML file in this folder, with its sources in its head; a loader reads its file once, on first use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from bpflint._tables import read_table
from bpflint.model.data import dataclass
from bpflint.model.memory import Calls, Does, NeverNull, Role, Touch
from bpflint.model.resource import Conduct, Resource

Release = tuple[int, int]
_PARAMETER = re.compile(r"(.*[\s*])(\w+)")
Order = Literal["network", "host"]


def _table(name: str) -> dict[str, Any]:
    return read_table(Path(__file__).with_name(name))


@cache
def release(text: str) -> Release:
    """``"5.15"`` or ``"5.15.3-arch1"`` as (5, 15), for comparison with a ``since``."""
    found = re.match(r"(\d+)\.(\d+)", text)
    if found is None:
        raise ValueError(f"not a kernel release: {text!r}")
    return int(found[1]), int(found[2])


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a helper. ``kind`` is the verifier's rule for it, in the words of ``helpers.toml``'s head."""

    name: str
    c_type: str
    kind: str
    size_index: int | None = None

    @property
    def nullable(self) -> bool:
        """NULL is a legal value."""
        return self.kind.endswith("-or-null")

    @property
    def reads(self) -> bool:
        """The kernel reads the bytes behind the pointer, so they must be initialised."""
        return self.kind.removesuffix("-or-null") in {
            "map-key",
            "map-value",
            "mem",
            "mem-fixed",
            "stack",
            "const-string",
        }

    @property
    def writes(self) -> bool:
        """The kernel writes the bytes behind the pointer, which may be uninitialised before."""
        return self.kind.removesuffix("-or-null").endswith("-out")


@dataclass(frozen=True, slots=True)
class Helper:
    """One BPF helper. ``program_types`` holds what is known to be allowed; see :meth:`allowed_in`."""

    name: str
    id: int
    since: Release
    gpl_only: bool
    prototype: str
    returns: str
    arguments: tuple[Argument, ...]
    program_types: frozenset[str]
    gpl_free_in: frozenset[str] = frozenset()
    variadic: bool = False
    measured: frozenset[str] = field(default=frozenset(), repr=False)

    def allowed_in(self, program_type: str) -> bool | None:
        """Whether a newest-kernel program of this type may call it; None where that was not measured."""
        if program_type in self.program_types:
            return True
        return False if program_type in self.measured else None

    def index(self, *kinds: str) -> int | None:
        """Position of the first argument of one of these kinds, ``-or-null`` ignored."""
        return next((i for i, a in enumerate(self.arguments) if a.kind.removesuffix("-or-null") in kinds), None)

    @property
    def map_index(self) -> int | None:
        """Position of the map."""
        return self.index("map")

    @property
    def key_index(self) -> int | None:
        """Position of the key pointer."""
        return self.index("map-key")

    @property
    def value_index(self) -> int | None:
        """Position of the value pointer."""
        return self.index("map-value", "map-value-out")

    @property
    def may_return_null(self) -> bool:
        """The result must be tested before use."""
        return self.returns.endswith("-or-null")


@dataclass(frozen=True, slots=True)
class MapType:
    """One map type; the meaning of the words is in the head of ``map_types.toml``."""

    name: str
    id: int
    since: Release
    kind: str
    per_cpu: bool
    shared: bool
    key: str
    value: str
    spin_lock: bool
    delete: bool
    noexist: bool
    lookup: str
    evicts: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class FieldOrder:
    """Byte order of one integer field. ``width`` in bits of one element, ``elements`` 0 for no array."""

    struct: str
    field: str
    order: Order
    width: int
    source: str
    elements: int = 0
    valid: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class TypeWidth:
    """Widths in bits of one type name, 0 where the side has no such name."""

    name: str
    source: str
    kernel64: int
    libc64: int
    kernel32: int
    libc32: int
    kernel_exceptions: Mapping[str, int] = field(default_factory=dict, hash=False)
    libc_exceptions: Mapping[str, int] = field(default_factory=dict, hash=False)
    note: str = ""

    def kernel(self, target: str) -> int:
        """Bits in the kernel of a target."""
        return self.kernel_exceptions.get(target, self.kernel32 if target in NARROW else self.kernel64)

    def libc(self, target: str) -> int:
        """Bits in the C library of a target."""
        return self.libc_exceptions.get(target, self.libc32 if target in NARROW else self.libc64)


@dataclass(frozen=True, slots=True)
class UserPointers:
    """Where pointers into user space come from: parameters by kernel function, (struct, field), getters by name."""

    parameters: Mapping[str, frozenset[int]]
    fields: frozenset[tuple[str, str]]
    returns: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class PacketHelpers:
    """Helpers that void packet pointers, resize the packet, or leave the memory at an argument as it was on failure."""

    changes: frozenset[str]
    resizes: frozenset[str]
    leaves: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class KernelStructs:
    """The kernel's own structs that BPF programs read; `rcu` tells for (struct, field) whether it is never NULL."""

    internal: frozenset[str]
    common: frozenset[str]
    rcu: Mapping[tuple[str, str], bool]


@dataclass(frozen=True, slots=True)
class ProgramType:
    """One program type; ``context`` is the struct behind its first argument, empty where it has no fixed one."""

    name: str
    id: int
    since: Release
    context: str


@dataclass(frozen=True, slots=True)
class Section:
    """One row of libbpf's section table."""

    prefix: str
    type: str
    attach: str
    sleepable: bool

    def matches(self, section: str) -> bool:
        """libbpf's rule: ``x+`` is ``x`` or ``x/…``, ``x/`` needs the rest, a bare name is itself."""
        if self.prefix.endswith("+"):
            stem = self.prefix[:-1]
            return section == stem or section.startswith(stem + "/")
        if self.prefix.endswith("/"):
            return section.startswith(self.prefix)
        return section == self.prefix


NARROW = frozenset({"i386", "arm"})


def _arguments(prototype: str, kinds: list[str]) -> tuple[tuple[Argument, ...], bool]:
    inside = prototype[prototype.index("(") + 1 : prototype.rindex(")")]
    parts = [p.strip() for p in inside.split(",") if p.strip() not in ("", "void")]
    variadic = parts[-1:] == ["..."]
    out = []
    for i, part in enumerate(parts[: len(parts) - variadic]):
        found = _PARAMETER.fullmatch(part)
        c_type, name = (found[1].strip(), found[2]) if found else (part, "")
        kind = kinds[i] if i < len(kinds) else "any"
        sized = kind.removesuffix("-or-null") in ("mem", "mem-out") and kinds[i + 1 : i + 2] in (
            ["size"],
            ["size-or-zero"],
        )
        out.append(Argument(name, c_type, kind, i + 1 if sized else None))
    return tuple(out), variadic


@cache
def helper_names() -> frozenset[str]:
    """The names of all BPF helpers: that much needs no look at what they take."""
    return frozenset(row["name"] for row in _table("helpers.toml")["helper"])


@cache
def helpers() -> Mapping[str, Helper]:
    """Every BPF helper by name, in id order."""
    table = _table("helpers.toml")
    measured = frozenset(table["measured_program_types"])
    out = {}
    for row in table["helper"]:
        types = frozenset(measured if row["program_types"] == ["*"] else row["program_types"])
        arguments, variadic = _arguments(row["prototype"], row.get("arguments", []))
        out[row["name"]] = Helper(
            name=row["name"], id=row["id"], since=release(row["since"]), gpl_only=row["gpl_only"],
            prototype=row["prototype"], returns=row.get("returns", "unknown"), arguments=arguments,
            program_types=types | frozenset(row.get("program_types_from_source", ())),
            gpl_free_in=frozenset(row.get("gpl_free_in", ())), variadic=variadic, measured=measured,
        )  # fmt: skip
    return out


@cache
def map_types() -> Mapping[str, MapType]:
    """Every map type by ``BPF_MAP_TYPE_…`` name, deprecated spellings included."""
    table = _table("map_types.toml")
    out = {r["name"]: MapType(**{**r, "since": release(r["since"])}) for r in table["map_type"]}
    for row in table.get("alias", ()):
        if row["name"] in out:
            out[row["of"]] = out[row["name"]]
    return out


def map_type(kind: str) -> MapType:
    """The row of a map type by its short name (`percpu_array`); KeyError for an unknown one."""
    return map_types()[f"BPF_MAP_TYPE_{kind.upper()}"]


@cache
def field_orders() -> Mapping[tuple[str, str], FieldOrder]:
    """Byte orders by (struct without the keyword, field)."""
    return {(r["struct"], r["field"]): FieldOrder(**r) for r in _table("field_order.toml")["field"]}


@cache
def type_widths() -> Mapping[str, TypeWidth]:
    """Widths by type name."""
    return {r["name"]: TypeWidth(**r) for r in _table("type_widths.toml")["type"]}


@cache
def user_pointers() -> UserPointers:
    """What is known of pointers into user space."""
    table = _table("user_pointers.toml")
    return UserPointers(
        {row["name"]: frozenset(row["parameters"]) for row in table["function"]},
        frozenset((row["struct"], row["name"]) for row in table["field"]), re.compile(table["returns"]),
    )  # fmt: skip


@cache
def packet_helpers() -> PacketHelpers:
    """What is known of the helpers that touch a packet."""
    table = _table("packet.toml")
    return PacketHelpers(frozenset(table["changes"]), frozenset(table["resizes"]), table["leaves"])


@cache
def gates() -> Mapping[str, Mapping[str, Release]]:
    """From which kernel a newer form can be used, by form and target; "*" stands for every other target."""
    table = _table("modernise.toml")["gate"]
    return {name: {target: release(text) for target, text in row.items()} for name, row in table.items()}


@dataclass(frozen=True, slots=True)
class AttachCall:
    """A call of user space that attaches a program; positions of its arguments from 0, None: there is none."""

    language: str
    callee: str
    kind: str
    name: int
    category: int | None = None
    field: str = ""
    shape: int | None = None


@dataclass(frozen=True, slots=True)
class Memlock:
    """What one language's libraries do about RLIMIT_MEMLOCK; patterns of callees with ``*``."""

    loads: tuple[str, ...]
    probes: tuple[str, ...]
    advice: str


@cache
def attach_calls() -> tuple[AttachCall, ...]:
    """The calls by which user space attaches a program to what it names."""
    return tuple(AttachCall(**row) for row in _table("attach_calls.toml")["call"])


@cache
def memlock() -> Mapping[str, Memlock]:
    """What takes memory that older kernels count against RLIMIT_MEMLOCK, by language."""
    return {
        language: Memlock(tuple(row["loads"]), tuple(row.get("probes", ())), row["raise"])
        for language, row in _table("memlock.toml").items()
    }


@cache
def kernel_structs() -> KernelStructs:
    """What is known of the kernel's own structs."""
    table = _table("kernel_structs.toml")
    rcu = {(row["struct"], row["field"]): bool(row.get("never_null")) for row in table["rcu"]}
    return KernelStructs(frozenset(table["internal"]), frozenset(table["common"]), rcu)


@cache
def event_classes() -> Mapping[str, str]:
    """Return the class of the tracepoints (`category/event`) that share their record with others."""
    rows = _table("event_classes.toml")["class"]
    return {event: row["name"] for row in rows for event in row["events"]}


@cache
def program_types() -> Mapping[str, ProgramType]:
    """Program types by lower-case name without ``BPF_PROG_TYPE_``."""
    rows = _table("program_types.toml")["program_type"]
    return {r["name"]: ProgramType(**{**r, "since": release(r["since"])}) for r in rows}


@cache
def sections() -> tuple[Section, ...]:
    """libbpf's section table, in its order of search."""
    return tuple(Section(**r) for r in _table("program_types.toml")["section"])


@cache
def section_of(name: str) -> Section | None:
    """The row that a program's section name selects, as libbpf does (a leading ``?`` switches autoload off)."""
    return next((s for s in sections() if s.matches(name.removeprefix("?"))), None)


@cache
def resources() -> tuple[Resource, ...]:
    """Every kind of resource that is opened and closed, in the table's order."""
    return read_resources(_table("lifetimes.toml"))


def read_resources(table: Mapping[str, Any]) -> tuple[Resource, ...]:
    """Return the resources of a table in the form of ``lifetimes.toml``."""
    return tuple(Resource(**_tuples(row)) for row in table["resource"])


@cache
def conducts() -> tuple[Conduct, ...]:
    """What calls do with a resource they are given, one row a language."""
    return tuple(Conduct(**_tuples(row)) for row in _table("lifetimes.toml")["conduct"])


def _tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
_EVENTS = frozenset(("bpf_perf_event_output", "bpf_ringbuf_output", "bpf_skb_output", "bpf_xdp_output"))
_FORMATS = frozenset(("bpf_trace_printk", "bpf_trace_vprintk", "bpf_snprintf", "bpf_seq_printf", "bpf_strncmp"))
"""What they read is text, up to its NUL."""


@cache
def memory_calls() -> Calls:
    """What helpers, C's own functions and bcc's methods do with the memory behind their arguments."""
    table = _table("memory.toml")
    left = {name: row for row in table["helper"] for name in row["names"]}
    functions = {name: tuple(_touches(item, left.get(name, {}))) for name, item in helpers().items()}
    functions |= {name: tuple(_written_out(row)) for row in table["function"] for name in row["names"]}
    methods = {name: tuple(_written_out(row)) for row in table["method"] for name in row["names"]}
    fresh = {name: row["size"] for row in table["fresh"] for name in row["names"]}
    quiet = frozenset(
        name for name, found in functions.items() if not found and not (name in helpers() and _keeps(helpers()[name]))
    )
    row = table["never_null"]
    fields = frozenset((struct, field) for struct, names in row["fields"].items() for field in names)
    return Calls(functions, methods, fresh, quiet, NeverNull(frozenset(row["callees"]), fields))


def _keeps(helper: Helper) -> bool:
    """Whether memory it is given may be written later, by a callback or through a dynptr."""
    return any(item.kind.startswith(("stack", "dynptr", "timer", "kptr")) for item in helper.arguments)


def _written_out(row: dict[str, Any]) -> Iterator[Touch]:
    for item in row.get("writes", ()):
        yield Touch(item["argument"], "writes", item.get("size"))
        if "source" in item:
            yield Touch(item["source"], "copies-from", item.get("size"))
    for item in row.get("reads", ()):
        yield Touch(item["argument"], "reads", item.get("size"), item["role"], item.get("by_value", False))


def _touches(helper: Helper, left: dict[str, Any]) -> Iterator[Touch]:
    for position, argument in enumerate(helper.arguments):
        kind = argument.kind.removesuffix("-or-null")
        if position in left.get("text", ()) or position in left.get("on_success", ()):
            does: Does = "writes-text" if position in left.get("text", ()) else "writes-on-success"
            yield Touch(position, does, argument.size_index or position + 1)
        elif argument.writes:
            yield Touch(position, "writes", argument.size_index)
        elif (role := _role(helper, kind)) is not None:
            yield Touch(position, "reads", argument.size_index, role)


def _role(helper: Helper, kind: str) -> Role | None:
    if kind in ("map-key", "map-value"):
        return "key" if kind == "map-key" else "value"
    if kind not in ("mem", "mem-fixed") or helper.name in _FORMATS:
        return None
    return "event" if helper.name in _EVENTS else "input"
