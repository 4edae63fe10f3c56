"""Which declaration does a type name mean? Of the package, its imports, a function, a generic."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from bpflint.frontends.go import cgo, known
from bpflint.frontends.go.declarations import GoFile, TypeDecl
from bpflint.frontends.go.gotypes import Basic, GoType, Named, OtherType
from bpflint.frontends.go.layouts import spelled
from bpflint.frontends.go.narrowing import ALL, Memo
from bpflint.frontends.go.nodes import type_parameters
from bpflint.frontends.go.packages import Ambiguous, Package, pick
from bpflint.frontends.go.syntax import short

if TYPE_CHECKING:
    from tree_sitter import Node

    from bpflint.frontends.go.types import Types

T = TypeVar("T")
_LONGEST = 240
"""Characters of the name of an instance; generic types that hold themselves grow past it."""
_PREDECLARED = {name: Basic(name) for name in (
    "bool", "string", "error", "any", "comparable", "int", "int8", "int16", "int32", "int64", "uint", "uint8",
    "uint16", "uint32", "uint64", "uintptr", "float32", "float64", "complex64", "complex128",
)} | {"byte": Basic("uint8"), "rune": Basic("int32")}  # fmt: skip
_GENERIC = "generic"


class Names:
    """Resolves type names, and keeps what each declared type is made of."""

    def __init__(self, types: Types) -> None:
        self._types = types
        self._decls: dict[Named, TypeDecl | None] = {}
        self._named: dict[TypeDecl, Named] = {}
        """One object for each declaration: what is identical need not be compared."""
        self._made: Memo[Named, GoType] = Memo(types.narrowing)
        self._arguments: dict[Named, dict[str, GoType]] = {}
        """What the type parameters of an instance stand for."""
        self._making: set[Named] = set()
        self._bound: list[dict[str, GoType]] = []

    def name(self, name: str, file: GoFile, at: int) -> GoType:
        """Return the type a plain name means at a byte offset of a file."""
        if self._bound and name in self._bound[-1]:
            return self._bound[-1][name]
        local = file.local(name, at)
        if local is not None:
            return self.named(local)
        found = self._declared(name, file.package, file)
        if found is None and not file.package.declares(name):
            for path in file.dots:
                package = self._types.workspace.by_import(path, file.folder)
                found = found or (self._declared(name, package, file) if package is not None else None)
        return found or _PREDECLARED.get(name) or OtherType(name, "not declared in what was read")

    def _declared(self, name: str, package: Package, file: GoFile | None) -> GoType | None:
        """Return what a type name of a package means to one of its files, or to others where `file` is not its own."""
        decls = package.find(name).types
        if not decls:
            return None
        own = file if file is not None and file.package is package else None
        try:
            decl = pick(decls, own)
        except Ambiguous:
            return OtherType(name, "declared twice")
        if decl is None:
            return OtherType(name, "declared for other systems only")
        if len(decls) > 1:
            self._types.narrowing.note(decl.file.targets)
        return self.named(decl)

    def named(self, decl: TypeDecl) -> GoType:
        """Return the type a declaration declares: an alias is what it stands for."""
        held = self._named.get(decl)
        if held is not None:
            return held
        if decl.generic:
            return OtherType(decl.name, _GENERIC)
        if decl.alias:
            return self.bind({}, lambda: self._types.of(decl.type, decl.file))
        found = self._named[decl] = self._identity(decl, decl.name)
        self._decls[found] = decl
        return found

    @staticmethod
    def _identity(decl: TypeDecl, name: str) -> Named:
        package = decl.file.package
        usual = package.usual(decl.name)
        if usual is decl:
            return Named(package.path, name)
        same = usual is not None and usual.file is decl.file
        return Named(package.path, name, f"{decl.file.path}#{decl.start}" if usual is None or same else decl.file.path)

    def instance(self, node: Node, file: GoFile) -> GoType:
        """Return `T[A]` of a generic type of the tree: its declaration with the arguments put in."""
        spelling = short(file.source.str(node))
        base, given = node.child_by_field_name("type"), node.child_by_field_name("type_arguments")
        decl = self._generic(base, file) if base is not None else None
        if decl is None or given is None:
            return OtherType(spelling, _GENERIC)
        args = tuple(self._types.of(item, file) for item in given.named_children if item.type != "comment")
        names = type_parameters(decl)
        name = f"{decl.name}[{','.join(spelled(item, _LONGEST) for item in args)}]"
        if len(args) != len(names) or len(name) >= _LONGEST:
            return OtherType(spelling, _GENERIC)
        found = self._identity(decl, name)
        self._decls[found] = decl
        self._arguments[found] = dict(zip(names, args, strict=True))
        return found

    def _generic(self, node: Node, file: GoFile) -> TypeDecl | None:
        package, name = file.package, file.source.str(node)
        if node.type == "qualified_type":
            first, last = node.child_by_field_name("package"), node.child_by_field_name("name")
            path = file.imports.get(file.source.str(first)) if first is not None else None
            found = self._types.workspace.by_import(path, file.folder) if path is not None else None
            if found is None or last is None:
                return None
            package, name = found, file.source.str(last)
        try:
            decl = pick(package.find(name).types, file if package is file.package else None)
        except Ambiguous:
            return None
        return decl if decl is not None and decl.generic and not decl.alias else None

    def made_of(self, type_: Named) -> GoType | None:
        """Return what stands behind a name in its declaration, None for a type that is not of the tree."""
        held = self._made.held(type_)
        if held is not None:
            return held
        decl = self.decl(type_)
        if decl is None:
            return None
        if type_ in self._making:
            return OtherType(type_.name, "declared in a circle")
        self._making.add(type_)
        try:
            return self._made.get(type_, lambda: self._declaration(type_, decl))
        finally:
            self._making.discard(type_)

    @property
    def busy(self) -> bool:
        """Whether some declaration is just being read, so that circles may give passing answers."""
        return bool(self._making)

    def targets_of(self, type_: Named) -> frozenset[str]:
        """Return the targets for which the declaration of a named type of the tree, as it was read, holds."""
        return self._made.targets(type_) if self.made_of(type_) is not None and self._made.holds(type_) else ALL

    def _declaration(self, type_: Named, decl: TypeDecl) -> GoType:
        self._types.narrowing.note(decl.file.targets)
        return self.bind(self._arguments.get(type_, {}), lambda: self._types.of(decl.type, decl.file))

    def bind(self, names: dict[str, GoType], work: Callable[[], T]) -> T:
        """Do something while type parameters have these meanings."""
        self._bound.append(names)
        try:
            return work()
        finally:
            self._bound.pop()

    def qualified(self, node: Node, file: GoFile) -> GoType:
        """Return the type that `pkg.Name` means."""
        first = node.child_by_field_name("package") or node.child_by_field_name("operand")
        last = node.child_by_field_name("name") or node.child_by_field_name("field")
        spelling = short(file.source.str(node))
        if first is None or last is None:
            return OtherType(spelling, "unfinished")
        path, name = file.imports.get(file.source.str(first)), file.source.str(last)
        if path is None:
            return OtherType(spelling, f"nothing is imported as {short(file.source.str(first))}")
        if path == "C":
            return cgo.type_of(name)
        if path == "unsafe" and name == "Pointer":
            return Basic("unsafe.Pointer")
        return self._imported(path, name, file, spelling)

    def _imported(self, path: str, name: str, file: GoFile, spelling: str) -> GoType:
        package = self._types.workspace.by_import(path, file.folder)
        if package is not None:
            found = self._declared(name, package, file)
            if found is not None:
                return found
        if known.is_type(f"{path}.{name}"):
            return Named(path, name)
        if package is not None:
            return OtherType(spelling, "not declared in what was read")
        return Named(path, name)

    def decl(self, type_: Named) -> TypeDecl | None:
        """Return the declaration of a named type, None for one outside the tree."""
        if type_ not in self._decls:
            package = self._types.workspace.by_path(type_.package)
            self._decls[type_] = None if package is None else package.usual(type_.name)
        return self._decls[type_]
