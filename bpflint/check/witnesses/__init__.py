"""How is each kind of claim proved? One file a witness; the module's `WITNESS` is found by its name."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from bpflint.check.witnesses._base import Asked, Judged, Witness

__all__ = ["Asked", "Judged", "Witness", "witnesses"]


@cache
def witnesses() -> dict[str, Witness]:
    """Return every witness by the name that claims give."""
    found: dict[str, Witness] = {}
    for info in pkgutil.iter_modules(__path__, __name__ + "."):
        if not info.name.rpartition(".")[2].startswith("_"):
            witness: Witness = importlib.import_module(info.name).WITNESS
            found[witness.name] = witness
    return found
