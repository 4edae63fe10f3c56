"""Which C name does each type get? Tags and ordinary names are two name spaces, and BTF may repeat names in both.

A repeated name gets `___2`, `___3` and so on: CO-RE ignores everything from three underscores on, so such a type
still relocates against the kernel's type of the plain name.
"""

from __future__ import annotations

import re

from bpflint.btf import types as t

_BAD = re.compile(r"\W", re.ASCII)
#: words a declared name cannot be, in the C dialects a BPF program may be compiled as
_KEYWORDS = frozenset({
    "asm", "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum",
    "extern", "float", "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short",
    "signed", "sizeof", "static", "struct", "switch", "typedef", "typeof", "union", "unsigned", "void",
    "volatile", "while", "_Alignas", "_Alignof", "_Atomic", "_Bool", "_Complex", "_Generic", "_Noreturn",
    "_Static_assert", "_Thread_local", "__attribute__", "__int128",
})  # fmt: skip


def identifier(name: str) -> str:
    """Return a name as a C identifier: other characters become `_`, keywords get `_` appended."""
    if not _BAD.search(name) and not name[:1].isdigit():
        return name + "_" if name in _KEYWORDS else name
    plain = _BAD.sub("_", name)
    return "_" + plain if plain[:1].isdigit() else plain


class Names:
    """Hands out names, each once in its name space, and remembers those of types."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}
        self._tags: dict[str, int] = {}
        self._by_id: dict[int, str] = {}
        self._complete: dict[tuple[str, str], str] = {}

    def ordinary(self, name: str) -> str:
        """Return an unused ordinary name (typedef or enumerator) made from `name`."""
        return _unused(identifier(name), self._taken)

    def typedef(self, type_id: int, name: str) -> str:
        """Return the name of a typedef, the same at each call."""
        found = self._by_id.get(type_id)
        if found is None:
            found = self._by_id[type_id] = self.ordinary(name)
        return found

    def tag(self, type_id: int, one: t.Composite | t.Enum | t.Fwd) -> str:
        """Return `struct NAME` and the like, the same at each call; a forward shares the name of its first match."""
        found = self._by_id.get(type_id)
        if found is None:
            keyword = "enum" if isinstance(one, t.Enum) else one.keyword
            shared = self._complete.get((keyword, one.name))
            if shared is None or not isinstance(one, t.Fwd):
                shared = f"{keyword} {_unused(identifier(one.name or 'unnamed'), self._tags)}"
                self._complete.setdefault((keyword, one.name), shared)
            found = self._by_id[type_id] = shared
        return found


def _unused(name: str, taken: dict[str, int]) -> str:
    count = taken[name] = taken.get(name, 0) + 1
    if count == 1:
        return name
    return _unused(f"{name}___{count}", taken)
