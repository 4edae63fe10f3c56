"""Which types are promised to be plain data? `unsafe impl Pod for T` in their crate, and derives that say so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bpflint.frontends.rust.crates import Crate
from bpflint.frontends.rust.names import Names
from bpflint.frontends.rust.scopes import External, Item, Scope, segments
from bpflint.frontends.rust.syntax import split_args

PLAIN = frozenset(
    ("Pod", "Plain", "AnyBitPattern", "FromBytes", "IntoBytes", "AsBytes", "NoUninit", "CheckedBitPattern")
)
"""Traits by which a crate's code may turn bytes into the type, or back: aya, plain, bytemuck, zerocopy."""
_WORTH = re.compile(rb"unsafe\s+impl\b[^{;]*\b(?:Pod|Plain|AnyBitPattern|FromBytes|IntoBytes|AsBytes|NoUninit)\b")


class Marks:
    """Finds the promises made of a type; the files of its crate are read where they hold one."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._crates: dict[str, dict[Item, list[str]]] = {}

    def of(self, item: Item) -> tuple[str, ...]:
        """Return `unsafe impl Pod` and the trait's path for each promise about an item."""
        return tuple(self._index(item.scope.crate).get(item, ()))

    def is_plain(self, item: Item) -> bool:
        """Return whether an item is promised to be plain data."""
        listed = (word for one in item.prelude.named("derive") for word in split_args(one.args))
        return any(word.rpartition("::")[2].strip() in PLAIN for word in listed) or bool(self.of(item))

    def _index(self, crate: Crate) -> dict[Item, list[str]]:
        if crate.folder not in self._crates:
            found: dict[Item, list[str]] = {}
            self._crates[crate.folder] = found
            tree = self._names.tree
            for path in tree.below(crate.folder):
                if tree.crate_of(path) is not crate or not _WORTH.search(tree.peek(path)):
                    continue
                top = self._names.file(path)
                for scope in scopes_of(self._names, top) if top is not None else ():
                    for block in scope.impls:
                        self._note(block, found)
        return self._crates[crate.folder]

    def _note(self, block: Item, found: dict[Item, list[str]]) -> None:
        trait, target = block.node.child_by_field_name("trait"), block.node.child_by_field_name("type")
        path = segments(trait)
        if not path or path[-1] not in PLAIN or not any(child.type == "unsafe" for child in block.node.children):
            return
        item = self._names.resolve(block.scope, segments(target))
        if not isinstance(item, Item):
            return
        home = self._names.resolve(block.scope, path)
        where = home.path if isinstance(home, External) else "::".join(path)
        found.setdefault(item, []).extend((f"unsafe impl {path[-1]}", f"trait {where}"))


def scopes_of(names: Names, top: Scope) -> Iterator[Scope]:
    """Yield a file's top scope and every module written inside of it."""
    pending = [top]
    while pending:
        scope = pending.pop()
        yield scope
        for name, (node, _) in scope.modules.items():
            if node.child_by_field_name("body") is not None:
                inner = names.child(scope, name)
                if isinstance(inner, Scope):
                    pending.append(inner)
