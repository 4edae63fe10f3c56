"""What does a plugin author import? This module: the model, the analyses, and the four things a plugin can be.

Everything here is public and versioned by `API_VERSION`; a rule package needs no other import from bpflint.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Protocol, TypeVar, cast

from bpflint import facts as facts
from bpflint.analysis import byte_order as byte_order
from bpflint.analysis.abi import ABIS, abi, bpf_target, canonical_target
from bpflint.analysis.assignments import assignments_to
from bpflint.analysis.compare import compare_pair, is_padding_name, leaves, normal_name
from bpflint.analysis.crates import parts_of_programs
from bpflint.analysis.guarded import guards_of as guards_of
from bpflint.analysis.guards import Access, Deviation, concurrent, deviations
from bpflint.analysis.initialised import Reach, Reaches, all_reaches
from bpflint.analysis.initialisers import members
from bpflint.analysis.layout import lay_out, size_of_type
from bpflint.analysis.loads import means
from bpflint.analysis.ownership import Held, Ownership, Watch, field_of, is_dropped, opened_place
from bpflint.analysis.padding import Hole, holes
from bpflint.analysis.pieces import Piece, pieces
from bpflint.analysis.pins import LeftPin, left_pins
from bpflint.analysis.pooled import Escape, escapes
from bpflint.analysis.regions import Layouts, mask
from bpflint.analysis.tags import Tags, asked_first, set_apart, tags_in
from bpflint.analysis.teardown import Owned, Teardown, closable_types, closed_fields, teardowns
from bpflint.analysis.typestate import Body, End, Place, comes_back, follow, place_of
from bpflint.analysis.unset import UnsetRead, unset_reads
from bpflint.analysis.walk import (
    Origin,
    base_of,
    blocks_behind,
    calls,
    contents,
    expressions,
    operands,
    operations,
    origins,
    parts,
    predecessors,
    show,
    strip,
    walk,
)  # fmt: skip
from bpflint.model.availability import Availability
from bpflint.model.claim import (
    BufferClaim,
    Claim,
    CreateClaim,
    LayoutClaim,
    LoadClaim,
    OperateClaim,
    OrderClaim,
    PaddingClaim,
    RaceClaim,
)  # fmt: skip
from bpflint.model.core import KernelField, Outcome, Relocation, Resolution
from bpflint.model.data import dataclass as dataclass
from bpflint.model.errors import BpflintError, ConfigError, FrontEndError, PluginError
from bpflint.model.finding import Confidence, Edit, Finding, Fix, Persona, Related, Severity, Step
from bpflint.model.flow import (
    UNSEEN,
    AddressOf,
    Aggregate,
    Assign,
    Binary,
    Block,
    Call,
    CallExpr,
    Cast,
    Conditional,
    Constant,
    Declare,
    Defer,
    Deref,
    Edge,
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
    Test,
    Unary,
    Unknown,
    Update,
)  # fmt: skip
from bpflint.model.layout import (
    CONDITIONAL,
    Abi,
    Array,
    Bits,
    Codec,
    Enum,
    Field,
    Member,
    Opaque,
    Pointer,
    Record,
    RecordDecl,
    Scalar,
    Type,
    Width,
    bytes_to_bits,
    show_bytes,
)  # fmt: skip
from bpflint.model.pair import (
    Cause,
    Comparison,
    Evidence,
    EvidenceKind,
    Leaf,
    Mismatch,
    MismatchKind,
    Pair,
    PairSide,
)  # fmt: skip
from bpflint.model.prototype import Prototype, Prototypes, no_prototypes
from bpflint.model.resource import RECEIVER, Resource
from bpflint.model.source import Span, Text
from bpflint.model.unit import (
    Diagnostic,
    Directive,
    Link,
    MapDef,
    Problem,
    Program,
    Reference,
    Role,
    Unit,
    Use,
)  # fmt: skip
from bpflint.model.verdict import Kernel
from bpflint.reading import FrontEnd, Job, Loaded, Reads, Settings, SourceFile

API_VERSION = 1

T = TypeVar("T")

HEADINGS = ("What it does", "Why is this bad", "Example", "Use instead", "Known limits")
"""The fixed headings of a rule's docstring, in order; a missing one fails `bpflint rule` and the tests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleMeta:
    """Who a rule is. `code` is `BPF` and three digits, `name` a kebab name that works wherever the code does."""

    code: str
    name: str
    summary: str
    severity: Severity
    confidence: Confidence = Confidence.HIGH
    persona: Persona = "regular"
    since: str = "0.1.0"
    references: tuple[str, ...] = ()
    cross_file: bool = False
    """The rule needs more than the file it reports on; flake8 shows it from the last scan only."""


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """Everything the front ends saw, and the pairs made of it."""

    units: tuple[Unit, ...]
    pairs: tuple[Pair, ...] = ()

    def bpf_units(self) -> Iterable[Unit]:
        """Yield the units of the kernel side."""
        return (unit for unit in self.units if unit.side == "bpf")

    def user_units(self) -> Iterable[Unit]:
        """Yield the units of the user side."""
        return (unit for unit in self.units if unit.side == "user")


class Kernels(Protocol):
    """What is known of kernels. Nothing is read before it is asked for; what cannot be had is None or ()."""

    def defaults(self, targets: Sequence[str], min_kernel: str) -> tuple[Kernel, ...]:
        """Return the kernels to judge by where the configuration names none."""

    def relocations(self, unit: Unit) -> tuple[Relocation, ...]:
        """Return where a BPF object, or BPF C source, asks for the kernel's types."""

    def resolutions(self, unit: Unit, kernel: Kernel) -> tuple[Resolution, ...]:
        """Return what a loader makes of each of `relocations(unit)` on a kernel."""

    def has_function(self, kernel: Kernel, name: str) -> bool | None:
        """Tell whether a kernel's BTF has a function, or a typedef (`btf_trace_…`), of that name."""

    def fields(self, kernel: Kernel, record: str) -> Mapping[str, KernelField] | None:
        """Return the members of a struct by name."""

    def enumerators(self, kernel: Kernel, enum: str) -> Mapping[str, int] | None:
        """Return the values of an enumeration by name."""

    def availability(self, kernel: Kernel) -> Availability | None:
        """Return which types and helpers a kernel has, as measured on it."""


class _NoKernels:
    def defaults(self, targets: Sequence[str], min_kernel: str) -> tuple[Kernel, ...]:
        return ()

    def relocations(self, unit: Unit) -> tuple[Relocation, ...]:
        return ()

    def resolutions(self, unit: Unit, kernel: Kernel) -> tuple[Resolution, ...]:
        return ()

    def has_function(self, kernel: Kernel, name: str) -> bool | None:
        return None

    def fields(self, kernel: Kernel, record: str) -> Mapping[str, KernelField] | None:
        return None

    def enumerators(self, kernel: Kernel, enum: str) -> Mapping[str, int] | None:
        return None

    def availability(self, kernel: Kernel) -> Availability | None:
        return None


_NOBODYS = ("__builtin_", "__sync_", "__atomic_", "__c11_atomic_")
"""What compilers call their own functions."""


class _Functions(Mapping[str, Function]):
    """The functions that a unit may call by name: C's own, then those of other files, for which alone the project is
    looked at. The kernel's helpers and the compiler's functions are nobody's."""

    def __init__(self, ctx: Context, unit: Unit) -> None:
        self._ctx, self._key = ctx, (unit.language, unit.side)
        self._own = {item.name: item for item in unit.functions} if unit.language == "c" else {}
        self._nobodys: Collection[str] = facts.helper_names() if unit.side == "bpf" else ()

    def __getitem__(self, name: str) -> Function:
        if name in self._own:
            return self._own[name]
        if name in self._nobodys or name.startswith(_NOBODYS):
            raise KeyError(name)
        return self._ctx.named_functions(*self._key)[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._own, **self._ctx.named_functions(*self._key)})

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _NoProject:
    """Stands for the project where one unit is asked alone."""

    def __getattr__(self, name: str) -> object:
        raise PluginError(f"what is gathered of one unit must not look at the project ({name})")


class Context:
    """What a rule may ask during a run: settings, the project, facts, layouts and comparisons (each made once)."""

    def __init__(
        self,
        settings: Settings,
        project: Project,
        prototypes: Prototypes = no_prototypes,
        kernels: Kernels | None = None,
        *,
        alone: bool = False,
    ) -> None:
        """`alone`: the project is not to be looked at."""
        self.settings = settings
        self.catalogue: Kernels = kernels or _NoKernels()
        self.project = project
        self.prototype = prototypes
        self.facts = facts
        self._layouts: dict[tuple[int, str, Codec | None], Record] = {}
        self._keep: list[RecordDecl] = []
        self._comparisons: dict[int, tuple[Comparison, ...]] = {}
        self._orders: dict[int, tuple[Unit, tuple[tuple[Function, byte_order.Meeting], ...]]] = {}
        self._owners: dict[tuple[str, str, int], Ownership] = {}
        self._held: dict[int, tuple[Unit, tuple[Held, ...]]] = {}
        self._functions: dict[tuple[str, str], dict[str, Function]] = {}
        self._reaches: dict[int, tuple[Unit, Reaches]] = {}
        self._tags: dict[int, tuple[Unit, Tags]] = {}
        self._sizes: dict[str, Layouts] = {}
        self._gathered: dict[int, tuple[Unit, dict[str, object]]] = {}
        self._alone: Context | None = self if alone else None

    def know(self, unit: Unit, gathered: dict[str, object]) -> None:
        """Take what was gathered of a unit before; what is gathered from now on is added to it."""
        self._gathered[id(unit)] = (unit, gathered)  # the unit is kept: its id stays taken

    def gathered(self, ask: Callable[[Unit, Context], T], unit: Unit) -> T:
        """Return what a function takes of one unit alone, as an earlier run or a worker found it, or now.

        It may look at the unit (but for its comments), settings and kernels, not at the project, and returns plain
        data: text, numbers and objects of the model, in tuples and dicts.
        """
        known = self._gathered.setdefault(id(unit), (unit, {}))[1]
        name = gathered_as(ask)
        try:
            return cast(T, known[name])
        except KeyError:
            if self._alone is None:
                unseen = cast(Project, _NoProject())
                self._alone = Context(self.settings, unseen, self.prototype, self.catalogue, alone=True)
                self._alone._gathered = self._gathered
            known[name] = found = ask(unit, self._alone)
            return found

    def layout(self, decl: RecordDecl, target: str, codec: Codec | None = None) -> Record:
        """Return `decl` laid out for `target` (a user target, `bpfel` or `bpfeb`) under `codec` or its own."""
        key = (id(decl), target, codec)
        if key not in self._layouts:
            self._layouts[key] = lay_out(decl, abi(target), codec)
            self._keep.append(decl)  # an id stays taken while the declaration lives
        return self._layouts[key]

    def size_of(self, type_: Type | None, target: str = "bpfel") -> Bits | None:
        """Return the size in bits of a type for a target, None where it cannot be told."""
        return None if type_ is None else size_of_type(type_, abi(target))

    def comparisons(self, pair: Pair) -> tuple[Comparison, ...]:
        """Return the pair compared for every configured target."""
        if id(pair) not in self._comparisons:
            self._comparisons[id(pair)] = compare_pair(pair, self.settings.targets)
        return self._comparisons[id(pair)]

    def byte_orders(self, unit: Unit) -> tuple[tuple[Function, byte_order.Meeting], ...]:
        """Return where values of known byte order meet others in a C unit; nothing for a big-endian build."""
        if unit.language != "c" or unit.byte_order == "big":
            return ()
        if id(unit) not in self._orders:
            found = byte_order.all_meetings(unit.functions, facts.field_orders())
            self._orders[id(unit)] = (unit, found)  # the unit is kept: its id stays taken
        return self._orders[id(unit)][1]

    def ownership(self, unit: Unit) -> Ownership:
        """Return what calls do with resources in a unit's language; C's own functions come before those of others."""
        own = unit.language != "go"
        key = (unit.language, unit.side, id(unit) if own else 0)
        if key not in self._owners:
            functions = _Functions(self, unit) if unit.language in ("go", "c") else {}  # a bare name says too little
            self._owners[key] = Ownership(unit.language, unit.side, facts.resources(), facts.conducts(), functions)
        return self._owners[key]

    def held(self, unit: Unit) -> tuple[Held, ...]:
        """Return every resource that the functions of a unit open, with what becomes of it on each path."""
        if id(unit) not in self._held:
            owner = self.ownership(unit)
            found = tuple(held for function in unit.functions for held in owner.held(function))
            self._held[id(unit)] = (unit, found)  # the unit is kept: its id stays taken
        return self._held[id(unit)][1]

    def named_functions(self, language: str, side: str) -> Mapping[str, Function]:
        """Return the functions of the project that files of a language and side may call from each other."""
        key = (language, side)
        if key not in self._functions:
            units = (unit for unit in self.project.units if (unit.language, unit.side) == key)
            named = (item for unit in units for item in unit.functions if not item.static)
            self._functions[key] = {item.name: item for item in reversed(list(named))}
        return self._functions[key]
    def layouts(self, unit: Unit) -> Layouts:
        """Return sizes and fields of types as a BPF unit has them."""
        target = bpf_target(unit.byte_order)
        return self._sizes.setdefault(target, Layouts(abi(target)))

    def reaches(self, unit: Unit) -> tuple[Reach, ...]:
        """Return where memory that a BPF unit fills goes to a helper or to user space, and which bytes are set."""
        if unit.language != "c" or unit.side != "bpf":
            return ()
        if id(unit) not in self._reaches:
            target = abi(bpf_target(unit.byte_order))
            found = all_reaches(unit.functions, unit.maps, facts.memory_calls(), target)
            self._reaches[id(unit)] = (unit, found)  # the unit is kept: its id stays taken
        return self._reaches[id(unit)][1].found

    @cached_property
    def kernels(self) -> tuple[Kernel, ...]:
        """The kernels that rules judge by: the configured ones, else those shipped for the targets."""
        return self.settings.kernels or self.catalogue.defaults(self.settings.targets, self.settings.min_kernel)

    @cached_property
    def known_kernels(self) -> tuple[Kernel, ...]:
        """Those kernels and every shipped one of the targets' architectures: what is new, and what is gone."""
        return tuple(sorted({*self.kernels, *self.catalogue.defaults(self.settings.targets, "")}))

    @property
    def chosen(self) -> bool:
        """Whether the configuration tells for which kernels the project is meant."""
        return bool(self.settings.kernels or self.settings.min_kernel)

    def resolutions(self, unit: Unit, kernel: Kernel) -> tuple[tuple[Relocation, Resolution], ...]:
        """Return where a BPF unit asks for the kernel's types, and what a loader makes of it on a kernel; () where
        the kernel's types cannot be had."""
        return tuple(zip(self.catalogue.relocations(unit), self.catalogue.resolutions(unit, kernel), strict=False))
    def tags(self, unit: Unit) -> Tags:
        """Return which members of a unit's records say what the others hold."""
        if id(unit) not in self._tags:
            self._tags[id(unit)] = (unit, tags_in(unit.functions))
        return self._tags[id(unit)][1]

    def unfinished(self) -> tuple[Function, ...]:
        """Return the functions that the walks asked for so far were too short for: `reaches` may miss what is there."""
        return tuple(item for _, reaches in self._reaches.values() for item in reaches.unfinished)


def gathered_as(ask: Callable[[Unit, Context], object]) -> str:
    """Return the name under which the answers of a function are kept."""
    return f"{ask.__module__}.{ask.__qualname__}"


class Rule:
    """One rule in one file. Override the checks it needs; each yields findings built with `self.finding`."""

    meta: ClassVar[RuleMeta]
    gathers: ClassVar[tuple[Callable[[Unit, Context], object], ...]] = ()
    """What it asks of units by `ctx.gathered` and is worth asking where they are read: in the workers, side by side."""
    gathers_in_bulk: ClassVar[tuple[Callable[[Unit, Context], object], ...]] = ()
    """The same for what unpacks kernels first: workers do so when they have read so many files that it pays."""

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Look at one unit as a whole."""
        return ()

    def check_record(self, record: RecordDecl, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Look at one declared struct or union."""
        return ()

    def check_map(self, map_: MapDef, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Look at one map definition."""
        return ()

    def check_function(self, function: Function, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Look at one function body."""
        return ()

    def check_pair(self, pair: Pair, ctx: Context) -> Iterable[Finding]:
        """Look at two declarations of the same bytes."""
        return ()

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Look at everything at once."""
        return ()

    def finding(
        self,
        span: Span,
        message: str,
        *,
        subject: str,
        severity: Severity | None = None,
        confidence: Confidence | None = None,
        targets: Iterable[str] = (),
        related: Iterable[Related] = (),
        flow: Iterable[Step] = (),
        fixes: Iterable[Fix] = (),
        table: str = "",
        claim: Claim | None = None,
    ) -> Finding:
        """Return a finding of this rule at `span`; `subject` names function and object, never a line."""
        sure = self.meta.confidence if confidence is None else confidence
        bad = self.meta.severity if severity is None else severity
        if sure is Confidence.LOW:
            bad = min(bad, Severity.WARNING)
        return Finding(
            code=self.meta.code, name=self.meta.name, severity=bad, confidence=sure, message=message, span=span,
            subject=subject, persona=self.meta.persona, targets=tuple(targets), related=tuple(related),
            flow=tuple(flow), fixes=tuple(fixes), table=table, claim=claim,
        )  # fmt: skip


def rule_doc(rule: type[Rule] | Rule) -> dict[str, str]:
    """Return a rule's documentation by heading; raises PluginError naming the first heading that is missing."""
    cls = rule if isinstance(rule, type) else type(rule)
    text = _dedent(cls.__doc__ or "")
    parts = re.split(r"^## (.+)$", text, flags=re.M)
    found = dict(zip(parts[1::2], (body.strip("\n") for body in parts[2::2]), strict=True))
    for heading in HEADINGS:
        if not found.get(heading, "").strip():
            raise PluginError(f"rule {cls.meta.code} ({cls.__module__}): its docstring lacks '## {heading}'")
    return found


def _dedent(text: str) -> str:
    import inspect  # late: 12 ms that a plain scan does not need

    return inspect.cleandoc(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a run looked at: counts by kind, and why records could not be laid out."""

    files: Mapping[str, int] = field(default_factory=dict)
    programs: int = 0
    maps: int = 0
    maps_compared: int = 0
    pairs: Mapping[str, int] = field(default_factory=dict)
    records: int = 0
    records_opaque: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The result of a run, ready to print. `text` gives a file's text for excerpts, None where it is gone."""

    version: str
    root: Path
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    coverage: Coverage
    rules: tuple[Rule, ...]
    text: Callable[[str], Text | None]
    color: bool = False
    verbose: bool = False
    quiet: bool = False
    statistics: bool = False
    notes: tuple[str, ...] = ()
    """What a person should hear besides the findings, e.g. that no BPF program was found."""


class Reporter(ABC):
    """One output format."""

    name: ClassVar[str]

    @abstractmethod
    def render(self, report: Report) -> str:
        """Return the whole output, ending with a line end unless empty."""


class KernelProvider(ABC):
    """Knows where kernels can be had. Files are written below `work` only, which survives a run that was cut off."""

    name: ClassVar[str]

    @abstractmethod
    def available(self, arch: str, prefix: str, work: Path) -> Sequence[str]:
        """Return the releases that begin with `prefix` for an architecture, newest first; empty: none, or not here."""

    @abstractmethod
    def fetch(self, arch: str, release: str, work: Path) -> KernelFiles:
        """Return a kernel that `available` named; BpflintError says why it could not be had."""

    def packages(self, arch: str, names: Sequence[str], work: Path) -> Sequence[tuple[str, bytes]]:
        """Return (name, Debian package) of user-space packages and what they need, for a guest to run on."""
        return ()


@dataclass(frozen=True, slots=True)
class KernelFiles:
    """A kernel as a provider hands it over: the image to boot, `uname -r`, and a line that says where it is from."""

    image: bytes
    uname: str
    source: str


__all__ = [
    "ABIS", "API_VERSION", "Abi", "Access", "AddressOf", "Aggregate", "Array", "Assign", "Availability", "Binary",
    "Bits", "Block", "Body", "BpflintError", "BufferClaim", "CONDITIONAL", "Call", "CallExpr", "Cast", "Cause", "Claim",
    "Codec", "Comparison", "Conditional", "Confidence", "ConfigError", "Constant", "Context", "Coverage", "CreateClaim",
    "Declare", "Defer", "Deref", "Deviation", "Diagnostic", "Directive", "Edge", "Edit", "End", "Enum", "Escape",
    "Evaluate", "Evidence", "EvidenceKind", "Expr", "Field", "Finding", "Fix", "FrontEnd", "FrontEndError",
    "Function", "Go", "HEADINGS", "Held", "Hole", "Index", "Job", "Kernel", "KernelField", "KernelFiles",
    "KernelProvider", "Kernels", "LayoutClaim", "Layouts", "Leaf", "LeftPin", "Link", "LoadClaim", "Loaded",
    "MapDef", "Member", "Mismatch", "MismatchKind", "Name", "Op", "Opaque", "OperateClaim", "OrderClaim", "Origin",
    "Outcome", "Owned", "Ownership", "PaddingClaim", "Pair", "PairSide", "Persona", "Piece", "Place", "PluginError",
    "Pointer", "Problem", "Program", "Project", "Prototype", "Prototypes", "RECEIVER", "RaceClaim", "Reach",
    "Reads", "Record", "RecordDecl", "Reference", "Related", "Relocation", "Report", "Reporter", "Resolution",
    "Resource", "Return", "Role", "Rule", "RuleMeta", "Scalar", "Select", "Settings", "Severity", "SizeOf",
    "SourceFile", "Span", "Step", "Tags", "Teardown", "Test", "Text", "Type", "UNSEEN", "Unary", "Unit", "Unknown",
    "UnsetRead", "Update", "Use", "Watch", "Width", "abi", "asked_first", "assignments_to", "base_of",
    "blocks_behind", "bpf_target", "byte_order", "bytes_to_bits", "calls", "canonical_target", "closable_types",
    "closed_fields", "comes_back", "compare_pair", "concurrent", "contents", "deviations", "escapes", "expressions",
    "facts", "field_of", "follow", "holes", "is_dropped", "is_padding_name", "lay_out", "leaves", "left_pins", "mask",
    "means", "members", "normal_name", "opened_place", "operands", "operations", "origins", "parts",
    "parts_of_programs", "pieces", "place_of", "predecessors", "rule_doc", "set_apart", "show", "show_bytes",
    "size_of_type", "strip", "tags_in", "teardowns", "unset_reads", "walk",
]  # fmt: skip
