"""Which functions were too long to be looked at path by path? A notice for each file that has some."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.model.source import Span
from bpflint.model.unit import Problem

_NAMED = 3
"""Functions that a notice names before it counts the others."""


def unfinished_problems(unfinished: Iterable[tuple[str, Span]]) -> Iterator[Problem]:
    """Yield a notice for each file, at its first such function (name, place); a header's functions count once."""
    files: dict[str, dict[str, Span]] = {}
    for name, span in unfinished:
        files.setdefault(span.path, {})[name] = span
    for path, functions in files.items():
        first = min(span.line for span in functions.values())
        yield Problem("BPF002", path, first, _text(sorted(functions)), "info")


def _text(names: list[str]) -> str:
    told = ", ".join(f"`{name}()`" for name in names[:_NAMED])
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    has = "has" if len(names) == 1 else "have"
    return (
        f"{told}{more} {has} too many paths, or calls too deep, to be followed one by one: "
        "bytes that are left unset there may go unseen"
    )
