"""What may a real kernel be asked about a finding? Plain data: a rule states it, a witness of check mode proves it.

Sizes, offsets and widths are in bytes. `path` is the unit whose compiled object is meant, `programs` those of its
programs that come by the place.
"""

from __future__ import annotations

from typing import ClassVar

from bpflint.model.data import dataclass
from bpflint.model.pair import Pair
from bpflint.model.unit import Role


@dataclass(frozen=True, slots=True)
class LayoutClaim:
    """Both sides of a pair take other bytes for a field, or another number of them."""

    witness: ClassVar[str] = "layout"
    pair: Pair


@dataclass(frozen=True, slots=True)
class PaddingClaim:
    """Bytes that nobody wrote reach a map or user space. `role` is what they are there; `map` "" for any of them."""

    witness: ClassVar[str] = "padding"
    path: str
    programs: tuple[str, ...]
    map: str
    role: Role
    offsets: tuple[int, ...] = ()
    """Which bytes of the object; empty: any of them."""
    prefill: tuple[str, ...] = ()
    """Maps whose memory is handed out as it was left: their bytes are set before, not the stack's."""
    always: bool = True
    """On every path; a run of one path does not refute what only some of them leave out."""
    stored: bool = True
    """The place stores or sends the bytes; a key that is only looked up leaves no trace."""
    refusal: str = r"invalid (indirect )?read from stack"
    """The verifier's words, as a regular expression, where a kernel refuses such a program."""


@dataclass(frozen=True, slots=True)
class OrderClaim:
    """A number in network order meets one in host order."""

    witness: ClassVar[str] = "byte-order"
    width: int
    number: int = 0
    """The constant that is compared; 0: any will do."""


@dataclass(frozen=True, slots=True)
class RaceClaim:
    """Two CPUs change `width` bytes at `offset` of one value by load and store."""

    witness: ClassVar[str] = "race"
    width: int
    offset: int
    value_size: int


@dataclass(frozen=True, slots=True)
class LoadClaim:
    """The verifier, or the creation of a map, refuses the program with a message that fits `refusal` (a regex).

    With `maps_only` no program is loaded, and what libbpf warns of counts.
    """

    witness: ClassVar[str] = "load"
    path: str
    programs: tuple[str, ...]
    refusal: str
    maps_only: bool = False


@dataclass(frozen=True, slots=True)
class CreateClaim:
    """The kernel refuses to create such a map, and creates one with `control_key` for its key size."""

    witness: ClassVar[str] = "create"
    kind: str
    key_size: int
    value_size: int
    entries: int
    flags: int
    control_key: int


@dataclass(frozen=True, slots=True)
class OperateClaim:
    """An operation (`update`, `delete`, `lookup`) with these flags always fails on such a map with `error`."""

    witness: ClassVar[str] = "operate"
    kind: str
    key_size: int
    value_size: int
    entries: int
    flags: int
    operation: str
    how: int
    error: str


@dataclass(frozen=True, slots=True)
class BufferClaim:
    """User space passes `room` bytes (for each CPU: `each_cpu`) where a map of this kind copies more."""

    witness: ClassVar[str] = "buffer"
    kind: str
    value_size: int
    room: int
    each_cpu: bool = False


Claim = (
    LayoutClaim | PaddingClaim | OrderClaim | RaceClaim | LoadClaim | CreateClaim | OperateClaim | BufferClaim
)  # fmt: skip
