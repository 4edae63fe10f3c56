"""Do two type names or field lists mean the same thing? Normalised names and field-sequence similarity."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bpflint.analysis.compare import is_padding_name, normal_name
from bpflint.model.layout import RecordDecl

if TYPE_CHECKING:
    from difflib import SequenceMatcher

_NOISE = frozenset(("t", "s", "st", "struct", "bpf", "ebpf", "c", "ctypes"))


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a snake or camel name in lower case, without `struct`, `_t` and `bpf`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    words = [word for word in re.split(r"[^A-Za-z0-9]+", spaced.lower()) if word]
    kept = tuple(word for word in words if word not in _NOISE)
    return kept or tuple(words)


def same_name(left: str, right: str) -> bool:
    """Return whether two type names are the same words in any order and style: `data_t` and `Data`."""
    one, other = (_plain(words_of(name)) for name in (left, right))
    return "".join(one) == "".join(other) or (len(one) > 1 and sorted(one) == sorted(other))


def _plain(words: tuple[str, ...]) -> tuple[str, ...]:
    """`execve_map_value` is `ExecveValue`: the word adds nothing where two others are left."""
    kept = tuple(word for word in words if word != "map")
    return kept if len(kept) > 1 else words


def field_names(decl: RecordDecl) -> list[str]:
    """Return the normalised names of a record's members, padding left out, anonymous members opened."""
    found: list[str] = []
    for member in decl.members:
        if not member.name and isinstance(member.type, RecordDecl):
            found.extend(field_names(member.type))
        elif not is_padding_name(member.name):
            found.append(normal_name(member.name))
    return found


def matched(left: RecordDecl, right: RecordDecl) -> int:
    """Return how many field names two records have in the same order."""
    return sum(block.size for block in _matcher(field_names(left), field_names(right)).get_matching_blocks())


def similarity(left: RecordDecl, right: RecordDecl) -> float:
    """Return how alike two field-name sequences are, 0 to 1."""
    one, other = field_names(left), field_names(right)
    if not one or not other:
        return 0.0
    return _matcher(one, other).ratio()


def _matcher(one: list[str], other: list[str]) -> SequenceMatcher[str]:
    from difflib import SequenceMatcher  # late: 2 ms

    return SequenceMatcher(None, one, other, autojunk=False)
