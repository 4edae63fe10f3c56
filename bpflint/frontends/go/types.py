"""What do the types of Go source mean? The questions the rest of the front end asks, and who answers each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bpflint.frontends.go import known
from bpflint.frontends.go.declarations import FuncDecl, GoFile, TypeDecl
from bpflint.frontends.go.folding import Constants
from bpflint.frontends.go.gotypes import GoType, Named, OtherType, Signature, StructField
from bpflint.frontends.go.layouts import Layouts
from bpflint.frontends.go.members import Members
from bpflint.frontends.go.names import Names
from bpflint.frontends.go.narrowing import Memo, Narrowing
from bpflint.frontends.go.nodes import Nodes, type_parameters
from bpflint.frontends.go.packages import Ambiguous, Package, pick
from bpflint.frontends.go.static import Static
from bpflint.frontends.go.workspace import Workspace

if TYPE_CHECKING:
    from tree_sitter import Node

    from bpflint.frontends.go.values import Value
    from bpflint.model.layout import RecordDecl, Type

_DEEPEST = 40


class Types:
    """The types of a workspace. What cannot be told is `OtherType` with a reason, never a guess."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.narrowing = Narrowing()
        self._under: Memo[Named, GoType] = Memo(self.narrowing)
        self._signatures: Memo[FuncDecl, Signature] = Memo(self.narrowing)
        self.constants = Constants(self)
        self.names = Names(self)
        self.members = Members(self)
        self.layouts = Layouts(self)
        self._nodes = Nodes(self)
        self._static = Static(self)

    # -- types --

    def of(self, node: Node, file: GoFile) -> GoType:
        """Return the type a type expression means; an expression node that stands for a type will do."""
        return self._nodes.of(node, file)

    def length(self, node: Node, file: GoFile) -> int | None:
        """Return the length an array's brackets give."""
        found = self.constants.value(node, file)
        number = None if found is None else found.integer()
        return number if number is not None and number >= 0 else None

    def named(self, decl: TypeDecl) -> GoType:
        """Return the type a declaration declares: an alias is what it stands for."""
        return self.names.named(decl)

    def decl(self, type_: Named) -> TypeDecl | None:
        """Return the declaration of a named type, None for one outside the tree."""
        return self.names.decl(type_)

    def is_known_type(self, full: str) -> bool:
        """Return whether a type of an outside package is one whose methods or bytes are known."""
        return known.is_type(full)

    def underlying(self, type_: GoType) -> GoType:
        """Return what a type is made of: names followed to the end."""
        if not isinstance(type_, Named):
            return type_
        held = self._under.held(type_)
        if held is not None:
            return held
        if self.names.busy:
            return self._followed(type_)
        return self._under.get(type_, lambda: self._followed(type_))

    def _followed(self, type_: GoType) -> GoType:
        for _ in range(_DEEPEST):
            if not isinstance(type_, Named):
                return type_
            type_ = self.step(type_)
        return OtherType("?", "declared in a circle")

    def step(self, type_: Named) -> GoType:
        """Return what a name stands for in its declaration, in the tree or outside."""
        found = self.names.made_of(type_) or known.underlying(type_.full)
        return found or OtherType(type_.full, "declared outside the tree")

    # -- fields, methods, variables --

    def field(self, type_: GoType, name: str) -> tuple[StructField, Named | None] | None:
        """Return a field of a struct or of what it points to, and the named type that declares it."""
        return self.members.field(type_, name)

    def pointed(self, type_: GoType) -> GoType:
        """Return what a pointer points to; any other type as it is."""
        return self.members.pointed(type_)

    def method(self, type_: GoType, name: str) -> FuncDecl | None:
        """Return the declaration of a method of a type or of what it points to, also a promoted one."""
        return self.members.method(type_, name)

    def signature(self, decl: FuncDecl) -> Signature:
        """Return the signature of a declared function or method; its type parameters are OtherType."""
        held = self._signatures.held(decl)
        if held is not None:
            return held
        if self.names.busy:
            return self._signature(decl)
        return self._signatures.get(decl, lambda: self._signature(decl))

    def _signature(self, decl: FuncDecl) -> Signature:
        names: dict[str, GoType] = {name: OtherType(name, "generic") for name in type_parameters(decl)}
        return self.names.bind(names, lambda: self._nodes.signature(decl.head, decl.file))

    def known_signature(self, callee: str) -> Signature | None:
        """Return the signature of a function or method of a well-known outside package, by its full name."""
        return known.signature(callee)

    def variable(self, package: Package, name: str) -> GoType | None:
        """Return the type of a package variable, declared or inferred from its initial value."""
        found = package.find(name).variables
        if not found:
            return None
        try:
            decl = pick(found, None)
        except Ambiguous:
            return None
        return None if decl is None else self._static.variable(decl)

    def static(self, node: Node, file: GoFile) -> GoType:
        """Return the type of an expression of package scope, UNKNOWN where that takes more than its own words."""
        return self._static.type(node, file)

    # -- constants and bytes --

    def constant(self, node: Node, file: GoFile, iota: int | None = None) -> int | float | str | bool | None:
        """Return the value of a constant expression; None where it is none or cannot be told."""
        found = self.constants.value(node, file, iota)
        return None if found is None else found.plain()

    def constant_value(self, node: Node, file: GoFile) -> Value | None:
        """Return a constant with its type."""
        return self.constants.value(node, file)

    def model(self, type_: GoType) -> Type:
        """Return the declaration of a type in the model: what it takes in bytes, without an ABI."""
        return self.layouts.model(type_)

    def records(self, file: GoFile) -> Iterator[RecordDecl]:
        """Yield the structs a file declares by name."""
        return self.layouts.records(file)

    def size_of(self, node: Node, file: GoFile) -> int | None:
        """Return `unsafe.Sizeof(node)` in bytes where it is the same for every target."""
        return self.layouts.size_of(self.static(node, file), file)

    def align_of(self, node: Node, file: GoFile) -> int | None:
        """Return `unsafe.Alignof(node)` in bytes where it is the same for every target."""
        return self.layouts.align_of(self.static(node, file), file)

    def offset_of(self, node: Node, file: GoFile) -> int | None:
        """Return `unsafe.Offsetof(node)` in bytes where it is the same for every target."""
        operand, name = node.child_by_field_name("operand"), node.child_by_field_name("field")
        if node.type != "selector_expression" or operand is None or name is None:
            return None
        return self.layouts.offset_of(self.pointed(self.static(operand, file)), file.source.str(name), file)
