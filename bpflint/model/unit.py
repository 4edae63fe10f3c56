"""What did one front end see in one file? A Unit: plain data that travels between processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from bpflint.model.core import Relocation
from bpflint.model.data import dataclass
from bpflint.model.flow import Function
from bpflint.model.layout import ByteOrder, Codec, Enum, Language, RecordDecl, Type
from bpflint.model.source import Span

Side = Literal["bpf", "user"]
Role = Literal["key", "value", "event", "global"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the run could not do or see: BPF0xx. `line` 0 where it has no place."""

    code: str
    path: str
    line: int
    message: str
    severity: Literal["error", "warning", "info"] = "warning"


@dataclass(frozen=True, slots=True)
class MapDef:
    """A BPF map as it was defined. Sizes in bytes; None where the definition leaves it out or it is unresolved."""

    name: str
    kind: str
    """The kernel's map type in lower case without its prefix: `hash`, `percpu_array`, `ringbuf`; "" unknown."""
    span: Span
    style: Literal["btf", "legacy", "bcc", "global", "object"]
    key: Type | None = None
    value: Type | None = None
    key_size: int | None = None
    value_size: int | None = None
    max_entries: int | None = None
    flags: int | None = 0
    """The BPF_F_* bits; None where they could not be folded."""
    pinning: bool = False
    inner: MapDef | None = None
    key_span: Span | None = None
    value_span: Span | None = None
    external: bool = False
    """`extern`, or shared from another program (bcc's TABLE_EXTERN)."""
    max_entries_spelling: str = ""
    definition: Span | None = None
    """A legacy map's whole definition, where it is written out as such (no macro)."""
    settings: tuple[tuple[str, str], ...] = ()
    """The fields of that definition with their values as written."""
    volatile: bool = False
    """A global that the compiler must read each time: what user space sets before the load is seen."""


@dataclass(frozen=True, slots=True)
class Program:
    """A BPF program: a function in a section that libbpf or bcc attaches."""

    name: str
    section: str
    span: Span
    context: Type | None = None
    license: str | None = None
    """The licence string of its object; None where none was seen."""
    sleepable: bool = False
    written: bool = True
    """The section is spelled out at the program, not put together by macros."""


@dataclass(frozen=True, slots=True)
class Use:
    """A type meets a map: an argument of a helper call, a decode of a sample, a key built in user space.

    `type` is what the code passes (a pointee, not the pointer). `op` is the call's verb: lookup, update, delete,
    output, reserve, decode, iterate. `size` is an explicit size argument, in bytes.
    """

    map: str
    role: Role
    op: str
    type: Type | None
    span: Span
    codec: Codec
    function: str = ""
    size: int | None = None
    expression: str = ""
    """Where the map is not known: the variable or field that holds it, for names tell (`flowsMap`)."""
    via: tuple[Span, ...] = ()
    """Wrapper calls between the place and the helper, outermost first."""
    program: str = ""
    map_span: Span | None = None
    """Where the map is defined, when the use resolves it itself (C: the declaration)."""
    how: str = ""
    """The call that turns bytes into the type or back: `encoding/binary.Read`, `github.com/cilium/ebpf.Map.Lookup`,
    `unsafe.Pointer`, `ptr::read_unaligned`; "" where the front end has nothing to add."""
    order: ByteOrder | None = None
    """The byte order that the decode names (`binary.LittleEndian`); None: the machine's own."""
    per_cpu: bool = False
    """The code passes or takes one value a CPU (a slice)."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a user-side unit loads: a skeleton, an object file, a C source, or C text inside the file itself.

    Of an eBPF program in Rust: the root file of a library that is linked into it.
    """

    kind: Literal["skeleton", "object", "source", "inline"]
    name: str
    """`foo` of `foo.skel.h`, a file name, or the unit path of the embedded text."""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A string or member that names a map or program from the user side."""

    kind: Literal["map", "program", "variable"]
    name: str
    span: Span
    loader: str | None = ""
    """The skeleton or generated identifier it is looked up in, where the front end knew; in C a link's name or the
    file of an object. None: the object may be any, not only what the file loads."""


@dataclass(frozen=True, slots=True)
class Directive:
    """A comment to bpflint. `line` is the comment's own line."""

    kind: Literal["ignore", "ignore-file", "noqa", "disable", "pair", "want", "want-next"]
    args: tuple[str, ...]
    """Codes or names; for `pair` the type's name, for `want` (code, message part, option, …)."""
    reason: str
    span: Span


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One diagnostic of the compiler front end that a rule turns into a finding; `option` is e.g. `-Wuninitialized`."""

    option: str
    message: str
    span: Span
    function: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """One file as one front end saw it, with what its includes brought in."""

    path: str
    language: Language
    side: Side
    dialect: Literal["", "bcc"] = ""
    records: tuple[RecordDecl, ...] = ()
    maps: tuple[MapDef, ...] = ()
    programs: tuple[Program, ...] = ()
    uses: tuple[Use, ...] = ()
    functions: tuple[Function, ...] = ()
    directives: tuple[Directive, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    links: tuple[Link, ...] = ()
    references: tuple[Reference, ...] = ()
    problems: tuple[Problem, ...] = ()
    includes: tuple[str, ...] = ()
    """Every file below the root that the front end read for this unit."""
    license: str | None = None
    byte_order: Literal["little", "big"] = "little"
    """The byte order of a BPF unit's target: bpfel or bpfeb."""
    enums: tuple[Enum, ...] = ()
    """Groups of named integers with their place: C enums, `const` blocks of Go, enums of Rust, IntEnum of Python."""
    constants: Mapping[str, int] = field(default_factory=dict)
    """Named integer constants (macros and enums) that the file itself defines."""
    origin: str = ""
    """The file that holds this text when the unit is C inside Python: spans already point there."""
    targets: tuple[str, ...] = ()
    """The user targets this file is built for (`_linux_arm64.go`); empty: all of them."""
    architectures: tuple[Span, ...] = ()
    """Regions of its files that are compiled for some architectures only."""
    unrolled: tuple[Span, ...] = ()
    """Pragmas of its files that ask for a loop to be unrolled."""
    relocations: tuple[Relocation, ...] = ()
    """An object's CO-RE relocations, in its order."""
    btf: bytes = b""
    """The raw BTF that they are about; kept only where there are some."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """Facts of one front end that rules ask by name: `fieldalignment`, the file that names that Go fixer;
    `big-endian`, the file whose bpf2go line names a big-endian target;
    `kernel-headers`, a C file that takes the kernel's own headers: it is built for the kernel that runs it;
    `kernel-version`, a C file that asks the preprocessor for the kernel's release: so is this;
    `map-keys`, the types by which the Go package keeps maps of its own; `c-structs`, the structs in its text for bcc;
    `memlock` and `program`: see model/traces.py."""
