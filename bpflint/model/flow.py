"""What does a function body do? One small control-flow form for every language (DESIGN section 5).

Blocks of operations joined by edges that carry the outcome of a test. Front ends lower into it; rules and engines
never see a parser's objects. Expressions are trees; each may carry its declared type and place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

from bpflint.model.data import dataclass
from bpflint.model.layout import Type
from bpflint.model.source import Span


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, parameter, global or function. `decl` tells equal names of different scopes apart (0: global)."""

    name: str
    decl: int = 0
    type: Type | None = None
    span: Span | None = None
    storage: Literal["local", "parameter", "global", "function", "captured", "unknown"] = "unknown"


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant the front end could fold; None where it is a literal without a number (a string is its text)."""

    value: int | float | str | None
    type: Type | None = None
    span: Span | None = None
    spelling: str = ""
    """The macro or enum name it was written as, e.g. `ETH_P_IP`."""


@dataclass(frozen=True, slots=True)
class Select:
    """`base.field` or, with `arrow`, `base->field`; `owner` is the record's name where known."""

    base: Expr
    field: str
    arrow: bool = False
    owner: str = ""
    type: Type | None = None
    span: Span | None = None
    relocated: bool = False
    """BPF C: the record is `preserve_access_index`, so that the loader adjusts the offset to the running kernel."""
    macro: str = ""
    """The macro whose expansion wrote this access."""


@dataclass(frozen=True, slots=True)
class Index:
    """`base[index]`."""

    base: Expr
    index: Expr
    type: Type | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Deref:
    """`*pointer`."""

    pointer: Expr
    type: Type | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class AddressOf:
    """`&place`."""

    place: Expr
    type: Type | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Cast:
    """A conversion; `implicit` ones are those the language put in."""

    value: Expr
    type: Type | None = None
    span: Span | None = None
    implicit: bool = False


@dataclass(frozen=True, slots=True)
class Unary:
    """`-x`, `~x`, `!x` (in every language spelled `!`)."""

    op: str
    value: Expr
    type: Type | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Binary:
    """`left op right`, C's spelling of operators in every language."""

    op: str
    left: Expr
    right: Expr
    type: Type | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Conditional:
    """`test ? then : other` used as a value."""

    test: Expr
    then: Expr
    other: Expr
    type: Type | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class CallExpr:
    """A call; `callee` is the resolved name (`bpf_map_update_elem`, `pkg.Func`, `Type.Method`)."""

    callee: str
    args: tuple[Expr, ...]
    receiver: Expr | None = None
    type: Type | None = None
    span: Span | None = None
    macro: str = ""
    """The macro whose expansion wrote this call, outermost first."""


@dataclass(frozen=True, slots=True)
class SizeOf:
    """`sizeof`; `operand` is the type measured, `of` the expression where one was written."""

    operand: Type | None
    of: Expr | None = None
    type: Type | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Aggregate:
    """An initialiser list or composite literal: (field or "", value) pairs; fields left out are zero."""

    items: tuple[tuple[str, Expr], ...]
    type: Type | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """An expression the front end does not model; its parts are kept so that uses are not lost."""

    parts: tuple[Expr, ...] = ()
    type: Type | None = None
    span: Span | None = None
    text: str = ""


UNSEEN = "unseen"
"""The text of an Unknown whose parts are variables that somebody uses in a way not told here: a statement that the
parser gave up on, a C++ closure that has captured them, an argument of a macro whose header is missing."""

Expr = (
    Name | Constant | Select | Index | Deref | AddressOf | Cast | Unary | Binary | Conditional | CallExpr | SizeOf
    | Aggregate | Unknown
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Declare:
    """A local comes into scope; without a following `Assign` its bytes are not set."""

    name: Name
    span: Span


@dataclass(frozen=True, slots=True)
class Assign:
    """`target = value`; `declares` marks an initialiser."""

    target: Expr
    value: Expr
    span: Span
    declares: bool = False


@dataclass(frozen=True, slots=True)
class Update:
    """`target op= value`, `++` and `--`; `atomic` for __sync_*, __atomic_* and lock-prefixed forms."""

    target: Expr
    op: str
    value: Expr
    span: Span
    atomic: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A call whose result is dropped, or stored in `result`."""

    call: CallExpr
    span: Span
    result: Expr | None = None


@dataclass(frozen=True, slots=True)
class Evaluate:
    """An expression evaluated for a test or for nothing: reads, comparisons, nested calls."""

    value: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Return:
    """Leave the function."""

    value: Expr | None
    span: Span


@dataclass(frozen=True, slots=True)
class Defer:
    """A call that runs when the function leaves (Go `defer`, Python `with`/`finally`, C cleanup attribute)."""

    call: CallExpr
    span: Span


@dataclass(frozen=True, slots=True)
class Go:
    """A call that runs concurrently."""

    call: CallExpr
    span: Span


Op = Declare | Assign | Update | Call | Evaluate | Return | Defer | Go


@dataclass(frozen=True, slots=True)
class Test:
    """What an edge knows: `value` is null / not null, an error / no error, true / false."""

    value: Expr
    outcome: Literal["null", "nonnull", "error", "ok", "true", "false"]

    __test__ = False  # not a pytest class


@dataclass(frozen=True, slots=True)
class Edge:
    """A jump to block `to` (an index into `Function.blocks`)."""

    to: int
    test: Test | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Operations in order, then the edges out; no edge: the function ends here."""

    ops: tuple[Op, ...]
    edges: tuple[Edge, ...] = ()


class _Later:
    """What `leave_out` took away is read at the first look."""

    __slots__ = ("_read",)
    _read: Callable[[], None]

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> tuple[Block, ...]:
            """Called only where a slot is empty."""
            if name != "blocks":
                raise AttributeError(name)
            self._read()
            return self.blocks


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Function(_Later):
    """One function; `blocks[0]` is the entry. `section` is the BPF section it was placed in."""

    name: str
    span: Span
    params: tuple[Name, ...]
    blocks: tuple[Block, ...]
    returns: Type | None = None
    section: str = ""
    inline: bool = False
    static: bool = False
    method_of: str = ""
    incomplete: bool = False
    """The compiler found errors inside: statements may be missing."""


def leave_out(functions: Sequence[Function], read: Callable[[], None]) -> None:
    """Take the blocks of functions away until somebody looks at those of one: `read` is then to `fill` all of them."""
    for function in functions:
        object.__delattr__(function, "blocks")
        object.__setattr__(function, "_read", read)


def fill(function: Function, blocks: tuple[Block, ...]) -> None:
    """Give a function the blocks that were left out."""
    object.__setattr__(function, "blocks", blocks)
    object.__delattr__(function, "_read")
