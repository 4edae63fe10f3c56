"""Which of a kernel's declarations can a project come to? Those it names, and what lies or is reached inside them.

A whole vmlinux.h is 15,000 declarations, and a program uses a few hundred. Whatever C reaches, it spells: a type by its
name, what a pointer leads to by the member that holds the pointer. So the words of all sources are enough to tell what
they can mean, without parsing any of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from typing import Final

from bpflint.kernels.pack import Line

_MENTION: Final = re.compile(r"(?:\b(\w+):)?((?:\[\d+\]|'[cvr]|\*)*)([$%!~][A-Za-z_]\w*)")
"""A type inside a line: the member of that type, its stars and the like, the sign of a named type with its name."""
_VALUE: Final = re.compile(r"(\w+)=")
_SIGN: Final = {"s": "$", "u": "%", "e": "!", "t": "~"}


def named_by(words: Set[str], lines: Iterable[Line], pasted: Iterable[str] = ()) -> list[Line]:
    """Return the declarations of one kernel that the words of some sources lead to, in the order given.

    `pasted` are beginnings that macros put before a word: `trace_event_raw_` of `struct trace_event_raw_##event`.
    A record is kept with all its members, and what they hold by value; what a member points to is kept where the
    member is named too, and else is declared only.
    """
    known = list(lines)
    by_name: dict[str, int] = {}
    for number, line in enumerate(known):
        by_name.setdefault(_SIGN.get(line.kind, "") + line.name, number)
    begins = tuple(pasted)
    waiting = [
        number for number, line in enumerate(known)
        if line.name in words or line.kind == "i" or _is_pasted(line.name, words, begins)
        or (line.kind == "e" and _has_named_value(line, words, begins))
    ]  # fmt: skip
    kept: set[int] = set()
    while waiting:
        number = waiting.pop()
        if number not in kept:
            kept.add(number)
            found = (by_name.get(key) for key in _needed(known[number], words))
            waiting += (item for item in found if item is not None)
    return [known[number] for number in sorted(kept)]


def _is_pasted(name: str, words: Set[str], begins: tuple[str, ...]) -> bool:
    return name.startswith(begins) and any(name.startswith(item) and name[len(item) :] in words for item in begins)


def _has_named_value(line: Line, words: Set[str], begins: tuple[str, ...]) -> bool:
    names = _VALUE.findall(line.text)
    return not words.isdisjoint(names) or any(_is_pasted(name, words, begins) for name in names)


def _needed(line: Line, words: Set[str]) -> Iterator[str]:
    """What a declaration mentions and C must have before it; a record behind a pointer only where it is looked into."""
    unlisted = line.kind not in ("s", "u")  # a typedef of a pointer, what a function returns: reached without a member
    for member, marks, name in _MENTION.findall(line.text):
        if unlisted or "*" not in marks or name[0] in "~!" or member in words:
            yield name
