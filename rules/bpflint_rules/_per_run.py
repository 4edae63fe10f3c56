"""How is an answer about a whole project worked out once, however many rules and findings ask for it?"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from bpflint.api import Context

T = TypeVar("T")


def per_run(ask: Callable[[Context], T]) -> Callable[[Context], T]:
    """Return a function that keeps its answer as long as the run's context lives; one that raises is asked again."""
    known: WeakKeyDictionary[Context, T] = WeakKeyDictionary()

    @wraps(ask)
    def asked(ctx: Context) -> T:
        if ctx not in known:
            known[ctx] = ask(ctx)
        return known[ctx]

    return asked
