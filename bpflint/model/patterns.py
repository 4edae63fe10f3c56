"""How are two hundred regular expressions defined without waiting for them? Each is compiled when it is first used.

A run uses one in five: most belong to languages, rules and errors that it does not meet. To compile all takes 20 ms.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class _Waiting:
    """Stands for a compiled pattern, and has those of its methods that were asked for."""

    def __init__(self, told: tuple[Any, int]) -> None:
        self._told = told

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(*self._told), name)
        setattr(self, name, found)
        return found


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what `re.compile` would, but for the time that takes; a fault in the text is told at the first use."""
    return cast("re.Pattern[AnyStr]", _Waiting((text, flags)))
