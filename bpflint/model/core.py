"""Where does a program ask for the kernel's types? CO-RE accesses as a compiler or its source states them."""

from __future__ import annotations

from typing import Literal

from bpflint.model.data import dataclass
from bpflint.model.layout import Type
from bpflint.model.source import Span

Outcome = Literal[
    "resolved", "changed", "missing-type", "missing-field", "missing-value", "incompatible", "ambiguous", "refused"
]
"""`changed`: the field is there with another size or sign. `incompatible`: the names are there, a type on the way is
of another kind. `ambiguous`, `refused`: libbpf loads nothing of the object."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a loader makes of one relocation on one kernel."""

    kind: str
    """What is asked for, a word of bpflint/btf/ext.py: `field_byte_offset`, `enumval_value`, …."""
    words: str
    """The path as C would write it: `struct sock.__sk_common.skc_num`."""
    outcome: Outcome
    why: str = ""
    widths: tuple[int, int] | None = None
    """Where the field's own size differs: bytes in the program, bytes in the kernel."""
    unfit: bool = False
    """Whether a load or store of the field cannot be narrowed or widened: libbpf makes it invalid."""

    @property
    def missing(self) -> bool:
        """Tell whether the kernel has nothing of what is asked for, so that the instruction is invalid there; the
        size of a type that is not there is 0."""
        absent = self.outcome in ("missing-type", "missing-field", "missing-value", "incompatible")
        return absent and not self.kind.startswith("type_")


@dataclass(frozen=True, slots=True)
class KernelField:
    """A member of a kernel's struct: offset and size in bits."""

    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Relocation:
    """A CO-RE relocation: `type` is an id in the program's BTF, `access` a path such as "0:1:2", `kind` a number.

    The words of the format are in bpflint/btf/ext.py.
    """

    kind: int
    type: int
    access: str
    span: Span
    function: str = ""
    programs: tuple[str, ...] = ()
    """The programs that come here whatever the kernel answers when it is asked; empty: not known."""
    guarded: bool = False
    """It stands behind a question to the running kernel, or is one."""
    direct: bool = False
    """The instruction reads or writes the field itself: a loader may adjust its width."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an expression of the source asks for. `steps` are the fields and elements from the root."""

    kind: str
    """A word of bpflint/btf/ext.py: `field_byte_offset`, `type_exists`, …."""
    keyword: str
    """What the root is: struct, union, enum or typedef."""
    root: str
    steps: tuple[str | int, ...]
    type: Type | None
    """The type at the end of the path."""
    span: Span
    direct: bool = False
