"""Which fields and methods does a type have? Its own, and those promoted through what it embeds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bpflint.frontends.go import known
from bpflint.frontends.go.declarations import FuncDecl
from bpflint.frontends.go.gotypes import GoType, Named, PointerTo, StructField, StructOf
from bpflint.frontends.go.packages import Ambiguous, pick

if TYPE_CHECKING:
    from bpflint.frontends.go.types import Types

_DEEPEST = 16


class Members:
    """Looks fields and methods up by the language's rule: the shallowest counts, two at one depth count for nothing."""

    def __init__(self, types: Types) -> None:
        self._types = types

    def field(self, type_: GoType, name: str) -> tuple[StructField, Named | None] | None:
        """Return a field of a struct or of what it points to, and the named type that declares it."""
        bare = self.pointed(type_)
        under = self._types.underlying(bare)
        if not isinstance(under, StructOf):
            return None
        own = [item for item in under.fields if item.name == name]
        if len(own) == 1:
            return own[0], bare if isinstance(bare, Named) else None
        for level in self._levels(type_):
            found = [(item, owner) for under, owner in level for item in under.fields if item.name == name]
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def _levels(self, type_: GoType) -> Iterator[list[tuple[StructOf, Named | None]]]:
        seen: set[GoType] = set()
        level = [type_]
        for _ in range(_DEEPEST):
            structs: list[tuple[StructOf, Named | None]] = []
            for item in level:
                bare = self.pointed(item)
                under = self._types.underlying(bare)
                if isinstance(under, StructOf) and bare not in seen:
                    seen.add(bare)
                    structs.append((under, bare if isinstance(bare, Named) else None))
            if not structs:
                return
            yield structs
            level = [item.type for under, _ in structs for item in under.fields if item.embedded]

    def pointed(self, type_: GoType) -> GoType:
        """Return what a pointer points to; any other type as it is."""
        if isinstance(type_, PointerTo):
            return type_.element
        under = self._types.underlying(type_) if isinstance(type_, Named) else type_
        return under.element if isinstance(under, PointerTo) else type_

    def method(self, type_: GoType, name: str) -> FuncDecl | None:
        """Return the declaration of a method of a type or of what it points to, also a promoted one."""
        bare = self.pointed(type_)
        found = self._own_method(bare, name)
        if found is not None:
            return found
        for level in self._levels(bare):
            inner = [item.type for under, _ in level for item in under.fields if item.embedded]
            methods = [item for item in (self._own_method(self.pointed(one), name) for one in inner) if item]
            if methods:
                return methods[0] if len(methods) == 1 else None
        return None

    def has_method(self, type_: GoType, name: str) -> bool:
        """Return whether a pointer to a type has a method, declared in the tree or by a known type it embeds."""
        under = self._types.underlying(type_)
        if not isinstance(under, StructOf) or not any(item.embedded for item in under.fields):
            return self._own_method(type_, name) is not None
        if self.method(type_, name) is not None:
            return True
        inner = [item.type for level in self._levels(type_) for under, _ in level for item in under.fields
                 if item.embedded]  # fmt: skip
        bare = [self.pointed(item) for item in inner]
        return any(isinstance(item, Named) and known.signature(f"{item.full}.{name}") is not None for item in bare)

    def _own_method(self, type_: GoType, name: str) -> FuncDecl | None:
        decl = self._types.names.decl(type_) if isinstance(type_, Named) else None
        if decl is None:
            return None
        try:
            return pick(decl.file.package.find_methods(decl.name, name), decl.file)
        except Ambiguous:
            return None
