"""What does a function of the kernel take? Its parameters, as one kernel's BTF has them."""

from __future__ import annotations

from collections.abc import Callable

from bpflint.model.data import dataclass


@dataclass(frozen=True, slots=True)
class Prototype:
    """One function. `kernel` says in words whose it is, `chosen` that the configuration named that kernel.

    BTF keeps no names for the parameters of a tracepoint: they are "".
    """

    name: str
    params: tuple[str, ...]
    returns: bool
    kernel: str
    chosen: bool = False


Prototypes = Callable[[str], Prototype | None]
"""Gives a function's prototype; None where the kernel has no function of that name, or several."""


def no_prototypes(name: str) -> Prototype | None:
    """Return None: nobody told which kernel is meant."""
    return None
