"""What is known of a value while a body is read? Its type, and where its bytes come from or go to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Literal

from tree_sitter import Node

from bpflint.frontends.rust.reading import Where
from bpflint.frontends.rust.rtypes import UNKNOWN, Arg, RType
from bpflint.frontends.rust.scopes import Item
from bpflint.model.data import dataclass
from bpflint.model.layout import ByteOrder
from bpflint.model.source import Span
from bpflint.model.unit import Role

KERNEL = "kernel"
"""The kind of a map that an eBPF program in Rust defines itself."""


@dataclass(frozen=True, slots=True)
class OfMap:
    """A handle of a map. `kind` is aya's type for it (`HashMap`), "" for a plain handle; key and value as declared."""

    name: str
    loader: str = ""
    kind: str = ""
    key: RType = UNKNOWN
    value: RType = UNKNOWN


@dataclass(frozen=True, slots=True)
class Loaded:
    """A loaded object or skeleton, or a part of it. `loader` names the skeleton."""

    loader: str = ""
    part: Literal["object", "maps", "programs", "globals"] = "object"


@dataclass(frozen=True, slots=True)
class FromMap:
    """Bytes or values out of a map. `whole` is False for bytes from somewhere in the middle."""

    map: OfMap
    role: Role
    per_cpu: bool = False
    whole: bool = True
    pairs: bool = False
    """Keys and values together, as an iterator gives them."""
    sent: bool = False
    """Space that user code fills for the kernel (a user ring buffer)."""


@dataclass(frozen=True, slots=True)
class BytesOf:
    """The bytes of a value, or a pointer to it that lost its type. `how` is the call that made them."""

    type: RType
    how: str
    order: ByteOrder | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """A closure with what it captured, or a function."""

    item: Item | None = None
    closure: Node | None = None
    frame: Frame | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """A constant string."""

    text: str
    span: Span | None = None


Origin = OfMap | Loaded | FromMap | BytesOf | Code | Words


@dataclass(frozen=True, slots=True)
class Value:
    """What an expression gives."""

    type: RType = UNKNOWN
    origin: Origin | None = None

    def typed(self, type_: RType) -> Value:
        """Return the same value seen as another type."""
        return replace(self, type=type_)


NOTHING = Value()


@dataclass(eq=False, slots=True)
class Frame:
    """One body while it is read: names in scope, generic arguments, and what is still open at its end."""

    where: Where
    function: str
    binding: Mapping[str, Arg] = field(default_factory=dict)
    expected: RType = UNKNOWN
    """The return type."""
    via: tuple[Span, ...] = ()
    scopes: list[dict[str, Value]] = field(default_factory=lambda: [{}])
    results: list[Value] = field(default_factory=list)
    readers: list[OfMap] = field(default_factory=list)
    """Event maps that were opened for reading here."""
    loose: list[tuple[RType, Node, str]] = field(default_factory=list)
    """Decodes of bytes that came from nowhere known: (type, node, how)."""

    @property
    def depth(self) -> int:
        """How many calls were entered to come here."""
        return len(self.via)

    def find(self, name: str) -> Value | None:
        """Return the value of a local, None for a name that is none."""
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        return None

    def bind(self, name: str, value: Value) -> None:
        """Bring a local into the innermost scope."""
        self.scopes[-1][name] = value

    def assign(self, name: str, value: Value) -> None:
        """Change a local where it was declared."""
        for scope in reversed(self.scopes):
            if name in scope:
                scope[name] = value
                return

    def inner(self) -> Frame:
        """Return a frame for a closure: it sees these names, its own die with it; what is open is shared."""
        copy = replace(self, scopes=[*self.scopes, {}], results=[])
        copy.readers, copy.loose = self.readers, self.loose
        return copy


def interesting(value: Value) -> bool:
    """Return whether a callee should be entered for a value."""
    return value.origin is not None and not isinstance(value.origin, Words)


def best(values: list[Value]) -> Value:
    """Return what several branches give together: the one of known origin, else of known type."""
    if not values:
        return NOTHING
    with_origin = next((item for item in values if item.origin is not None), None)
    if with_origin is not None:
        return with_origin
    return next((item for item in values if item.type != UNKNOWN), values[0])
