"""Which function does a method call reach? The inherent and trait methods of a project's types."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from bpflint.frontends.rust.crates import Crate
from bpflint.frontends.rust.marks import scopes_of
from bpflint.frontends.rust.names import Names
from bpflint.frontends.rust.reading import Reader, Where, generics_of
from bpflint.frontends.rust.rtypes import Adt, RType
from bpflint.frontends.rust.scopes import Item, Scope
from bpflint.frontends.rust.syntax import name_of, with_preludes
from bpflint.model.data import dataclass

_HEAD = re.compile(rb"\bimpl\b[^{};]{1,400}")
_WORD = re.compile(rb"\w+")


@dataclass(eq=False, slots=True)
class Function:
    """A function or method with the place its types are read in."""

    item: Item
    where: Where
    owner: Item | None = None
    """The struct or enum whose method it is."""
    generics: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """`Type::method`, or the function's name."""
        return f"{self.owner.name}::{self.item.name}" if self.owner is not None else self.item.name

    @property
    def body(self) -> Node | None:
        """The block, None for a declaration."""
        return self.item.node.child_by_field_name("body")


class Impls:
    """Finds the methods of a type in the files of its crate."""

    def __init__(self, names: Names, reader: Reader) -> None:
        self._names = names
        self._reader = reader
        self._blocks: dict[Item, tuple[Function, ...]] = {}
        self._methods: dict[Item, dict[str, Function]] = {}
        self._heads: dict[str, dict[bytes, list[str]]] = {}

    def method(self, owner: Item, name: str) -> Function | None:
        """Return a method or associated function of a type."""
        if owner not in self._methods:
            self._methods[owner] = {}
            for function in self._search(owner):
                self._methods[owner].setdefault(function.item.name, function)
        return self._methods[owner].get(name)

    def methods(self, owner: Item) -> Iterator[Function]:
        """Yield every method of a type."""
        self.method(owner, "")
        yield from self._methods[owner].values()

    def _search(self, owner: Item) -> Iterator[Function]:
        paths = self._files_with(owner.scope.crate).get(owner.name.encode(), ())
        for path in dict.fromkeys((owner.source.path, *paths)):
            top = self._names.file(path)
            for scope in scopes_of(self._names, top) if top is not None else ():
                for block in scope.impls:
                    for function in self.of_block(block):
                        if function.owner is owner:
                            yield function

    def _files_with(self, crate: Crate) -> dict[bytes, list[str]]:
        """Which files of a crate have an `impl` whose head holds a word."""
        if crate.folder not in self._heads:
            found: dict[bytes, list[str]] = {}
            for path in self._names.tree.below(crate.folder):
                heads = b" ".join(_HEAD.findall(self._names.tree.peek(path)))
                for word in set(_WORD.findall(heads)):
                    found.setdefault(word, []).append(path)
            self._heads[crate.folder] = found
        return self._heads[crate.folder]

    def of_block(self, block: Item) -> tuple[Function, ...]:
        """Return the functions of an `impl` block."""
        if block not in self._blocks:
            self._blocks[block] = tuple(self._of_block(block))
        return self._blocks[block]

    def _of_block(self, block: Item) -> Iterator[Function]:
        params = tuple(item.name for item in generics_of(block.node))
        outside = Where(block.scope, frozenset(params))
        self_type: RType = self._reader.read(block.node.child_by_field_name("type"), outside)
        owner = self_type.item if isinstance(self_type, Adt) else None
        body = block.node.child_by_field_name("body")
        for node, prelude in with_preludes(body.named_children if body is not None else ()):
            if node.type != "function_item" or prelude.enabled() is False:
                continue
            own = tuple(item.name for item in generics_of(node))
            where = Where(block.scope, frozenset((*params, *own)), self_type)
            yield Function(Item("fn", name_of(node), node, block.scope, prelude), where, owner, own)

    def free(self, item: Item) -> Function:
        """Return a function that is no method."""
        own = tuple(param.name for param in generics_of(item.node))
        return Function(item, Where(item.scope, frozenset(own)), None, own)

    def of_scope(self, scope: Scope) -> Iterator[Function]:
        """Yield every function of a module, methods too."""
        for item in scope.all_items():
            if item.kind == "fn" and item.node.type == "function_item":
                yield self.free(item)
        for block in scope.impls:
            yield from self.of_block(block)
