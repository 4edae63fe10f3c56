"""What types does Go have, as the language sees them? Before any layout: names, pointers, slices, functions."""

from __future__ import annotations

from bpflint.model.data import dataclass
from bpflint.model.source import Span


@dataclass(frozen=True, slots=True)
class Basic:
    """A predeclared type (`uint32`, `int`, `string`, `bool`, `error`, `any`), `unsafe.Pointer`, or `untyped`.

    `byte` is given as `uint8`, `rune` as `int32`, `interface{}` as `any`: they are the same types.
    """

    name: str


@dataclass(frozen=True, slots=True)
class Named:
    """A declared type by its import path (the folder, for a package of the tree without a module) and name."""

    package: str
    name: str
    variant: str = ""
    """The file that declares it, where files for other targets declare the name otherwise and theirs is the usual."""

    @property
    def full(self) -> str:
        """`github.com/cilium/ebpf.Map`, the form in which callees and types are named."""
        return f"{self.package}.{self.name}" if self.package else self.name


@dataclass(frozen=True, slots=True)
class PointerTo:
    """`*T`."""

    element: GoType


@dataclass(frozen=True, slots=True)
class Slice:
    """`[]T`."""

    element: GoType


@dataclass(frozen=True, slots=True)
class ArrayOf:
    """`[N]T`; `length` None where the constant could not be folded."""

    element: GoType
    length: int | None


@dataclass(frozen=True, slots=True)
class MapOf:
    """`map[K]V`."""

    key: GoType
    value: GoType


@dataclass(frozen=True, slots=True)
class StructField:
    """One field. `embedded` fields are named after their type; `tag` is the raw tag text without its quotes."""

    name: str
    type: GoType
    tag: str = ""
    embedded: bool = False
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class StructOf:
    """`struct { … }`."""

    fields: tuple[StructField, ...]
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """A function's parameters (name, type) and results; the last parameter of a variadic one is a Slice."""

    params: tuple[tuple[str, GoType], ...] = ()
    results: tuple[GoType, ...] = ()
    variadic: bool = False


@dataclass(frozen=True, slots=True)
class OtherType:
    """A type without bytes of its own that matter here: interface, channel, C's own; with its spelling and why."""

    spelling: str
    reason: str


GoType = Basic | Named | PointerTo | Slice | ArrayOf | MapOf | StructOf | Signature | OtherType

UNKNOWN = OtherType("?", "its type could not be told")
