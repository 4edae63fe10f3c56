"""What is held and must be released? One row of the table of resources: what opens it, closes it, only uses it."""

from __future__ import annotations

from typing import Literal

from bpflint.model.data import dataclass
from bpflint.model.layout import Language

Failure = Literal["null", "negative", "error", "never"]
"""How an opener says that there is nothing: NULL, a negative number, an error beside the result, not at all."""

RECEIVER = -1
"""The position of what a method is called on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One kind of resource. Names are patterns: `*` stands for any run of characters.

    `closes` and `keeps` name a function, or the last part of a method's name. `argument` is the argument that the
    opener fills or locks (`RECEIVER`: what it is called on), None where the result is the resource.
    """

    kind: str
    language: Language
    side: Literal["user", "bpf"] = "user"
    opens: tuple[str, ...]
    closes: tuple[str, ...]
    close: str
    """The call a message names."""
    failure: Failure = "null"
    argument: int | None = None
    not_opens: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    """Calls after which it lives on without a holder: pinned, given to the kernel, handed to another owner."""
    parts: bool = False
    """Its members are its own: who keeps or closes one of them has taken over."""
    double: bool = False
    """Closing it twice does harm."""
    collected: str = ""
    """What the garbage collector or the end of a scope does to one that nobody holds."""
    number: bool = False
    """A plain number (a file descriptor), never a pointer."""
    guard: bool = False
    """A lock: others may use what it guards, so a call that is not known to release it leaves it as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """What calls of one language do with a resource they are given, whatever its kind."""

    language: Language
    borrows: tuple[str, ...] = ()
    """Functions that only use what they are given."""
    lends: tuple[str, ...] = ()
    """Functions that give a descriptor which stays theirs."""
    exits: tuple[str, ...] = ()
    """Functions that end the process, or unwind it."""
    pins: tuple[str, ...] = ()
    """Functions that give an object a name in the BPF file system: what they are called on, or their first argument."""
    unpins: tuple[str, ...] = ()
    """Functions that take such a name away."""
    reopens: tuple[str, ...] = ()
    """Functions that open what another process, or an earlier run, has pinned."""
