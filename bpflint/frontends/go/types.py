"""What do the types of Go source mean? Names resolved through packages and imports, fields, methods and constants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from bpflint.frontends.go import cgo, known
from bpflint.frontends.go.declarations import FuncDecl, GoFile, TypeDecl
from bpflint.frontends.go.folding import Constants
from bpflint.frontends.go.gotypes import (
    UNKNOWN,
    ArrayOf,
    Basic,
    GoType,
    MapOf,
    Named,
    OtherType,
    PointerTo,
    Signature,
    Slice,
    StructField,
    StructOf,
)  # fmt: skip
from bpflint.frontends.go.layouts import Layouts, spelled
from bpflint.frontends.go.narrowing import ALL, Memo, Narrowing
from bpflint.frontends.go.static import Static
from bpflint.frontends.go.syntax import short
from bpflint.frontends.go.workspace import Ambiguous, Package, Workspace, pick

if TYPE_CHECKING:
    from tree_sitter import Node

    from bpflint.frontends.go.values import Value
    from bpflint.model.layout import RecordDecl, Type

T = TypeVar("T")
_DEEPEST = 40
_MOST_FIELDS = 4096
_LONGEST = 240
"""Characters of the name of an instance; generic types that hold themselves grow past it."""
_PREDECLARED = {name: Basic(name) for name in (
    "bool", "string", "error", "any", "comparable", "int", "int8", "int16", "int32", "int64", "uint", "uint8",
    "uint16", "uint32", "uint64", "uintptr", "float32", "float64", "complex64", "complex128",
)} | {"byte": Basic("uint8"), "rune": Basic("int32")}  # fmt: skip
_GENERIC = "generic"


class Types:
    """The types of a workspace. What cannot be told is `OtherType` with a reason, never a guess."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.narrowing = Narrowing()
        self.constants = Constants(self)
        self.layouts = Layouts(self)
        self._static = Static(self)
        self._decls: dict[Named, TypeDecl | None] = {}
        self._made: Memo[Named, GoType] = Memo(self.narrowing)
        self._arguments: dict[Named, dict[str, GoType]] = {}
        """What the type parameters of an instance stand for."""
        self._bound: list[dict[str, GoType]] = []
        self._depth = 0

    # -- type expressions --

    def of(self, node: Node, file: GoFile) -> GoType:
        """Return the type a type expression means; an expression node that stands for a type will do."""
        if self._depth > _DEEPEST:
            return OtherType(short(file.source.str(node)), "nested too deeply")
        self._depth += 1
        try:
            return self._of(node, file)
        finally:
            self._depth -= 1

    def _of(self, node: Node, file: GoFile) -> GoType:
        match node.type:
            case "type_identifier" | "identifier" | "field_identifier":
                return self._name(file.source.str(node), file, node.start_byte)
            case "qualified_type" | "selector_expression":
                return self._qualified(node, file)
            case "pointer_type":
                inner = _only(node)
                return UNKNOWN if inner is None else PointerTo(self.of(inner, file))
            case "unary_expression":
                operand, operator = node.child_by_field_name("operand"), node.child_by_field_name("operator")
                pointer = operand is not None and operator is not None and operator.type == "*"
                return PointerTo(self.of(operand, file)) if pointer and operand is not None else UNKNOWN
            case "parenthesized_type" | "parenthesized_expression" | "type_elem" | "negated_type":
                inner = _only(node)
                return UNKNOWN if inner is None else self.of(inner, file)
            case "slice_type":
                return Slice(self._element(node, file))
            case "array_type":
                length = node.child_by_field_name("length")
                return ArrayOf(self._element(node, file), None if length is None else self.length(length, file))
            case "map_type":
                key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
                return MapOf(self._or_unknown(key, file), self._or_unknown(value, file))
            case "struct_type":
                return StructOf(tuple(self._fields(node, file)), file.span(node))
            case "function_type":
                return self._signature(node, file)
            case "interface_type":
                return self._interface(node, file)
            case "channel_type":
                return OtherType(short(file.source.str(node)), "a channel")
            case "generic_type":
                return self._instance(node, file)
        return OtherType(short(file.source.str(node)), "no type that is known here")

    def _or_unknown(self, node: Node | None, file: GoFile) -> GoType:
        return UNKNOWN if node is None else self.of(node, file)

    def _element(self, node: Node, file: GoFile) -> GoType:
        return self._or_unknown(node.child_by_field_name("element"), file)

    @staticmethod
    def _interface(node: Node, file: GoFile) -> GoType:
        empty = node.named_child_count == 0
        return Basic("any") if empty else OtherType(short(file.source.str(node)), "an interface")

    def length(self, node: Node, file: GoFile) -> int | None:
        """Return the length an array's brackets give."""
        found = self.constants.value(node, file)
        number = None if found is None else found.integer()
        return number if number is not None and number >= 0 else None

    def _name(self, name: str, file: GoFile, at: int) -> GoType:
        if self._bound and name in self._bound[-1]:
            return self._bound[-1][name]
        local = file.local(name, at)
        if local is not None:
            return self.named(local)
        found = self._declared(name, file.package, file)
        if found is None and not file.package.declares(name):
            for path in file.dots:
                package = self.workspace.by_import(path, file.folder)
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
            self.narrowing.note(decl.file.targets)
        return self.named(decl)

    def named(self, decl: TypeDecl) -> GoType:
        """Return the type a declaration declares: an alias is what it stands for."""
        if decl.generic:
            return OtherType(decl.name, _GENERIC)
        if decl.alias:
            return self._bind({}, lambda: self.of(decl.type, decl.file))
        found = self._identity(decl, decl.name)
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

    def _instance(self, node: Node, file: GoFile) -> GoType:
        """`T[A]` of a generic type of the tree: its declaration with the arguments put in."""
        spelling = short(file.source.str(node))
        base, given = node.child_by_field_name("type"), node.child_by_field_name("type_arguments")
        decl = self._generic(base, file) if base is not None else None
        if decl is None or given is None:
            return OtherType(spelling, _GENERIC)
        args = tuple(self.of(item, file) for item in given.named_children if item.type != "comment")
        names = _parameters_of(decl)
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
            found = self.workspace.by_import(path, file.folder) if path is not None else None
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
        decl = self.decl(type_)
        return None if decl is None else self._made.get(type_, lambda: self._declaration(type_, decl))

    def targets_of(self, type_: Named) -> frozenset[str]:
        """Return the targets for which the declaration of a named type of the tree, as it was read, holds."""
        return self._made.targets(type_) if self.made_of(type_) is not None else ALL

    def _declaration(self, type_: Named, decl: TypeDecl) -> GoType:
        self.narrowing.note(decl.file.targets)
        return self._bind(self._arguments.get(type_, {}), lambda: self.of(decl.type, decl.file))

    def _bind(self, names: dict[str, GoType], work: Callable[[], T]) -> T:
        """Do something while type parameters have these meanings."""
        self._bound.append(names)
        try:
            return work()
        finally:
            self._bound.pop()

    def _qualified(self, node: Node, file: GoFile) -> GoType:
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
        return self.imported(path, name, file, spelling)

    def imported(self, path: str, name: str, file: GoFile, spelling: str) -> GoType:
        """Return the type `name` of the package that `path` imports into `file`."""
        package = self.workspace.by_import(path, file.folder)
        if package is not None:
            found = self._declared(name, package, file)
            if found is not None:
                return found
        if known.is_type(f"{path}.{name}"):
            return Named(path, name)
        if package is not None:
            return OtherType(spelling, "not declared in what was read")
        return Named(path, name)

    def _signature(self, node: Node, file: GoFile) -> Signature:
        params = node.child_by_field_name("parameters")
        items = list(self._parameters(params, file)) if params is not None else []
        result = node.child_by_field_name("result")
        if result is None:
            results: tuple[GoType, ...] = ()
        elif result.type == "parameter_list":
            results = tuple(type_ for _, type_ in self._parameters(result, file))
        else:
            results = (self.of(result, file),)
        variadic = params is not None and any(item.type == "variadic_parameter_declaration" for item in params.children)
        return Signature(tuple(items), results, variadic)

    def _parameters(self, node: Node, file: GoFile) -> Iterator[tuple[str, GoType]]:
        for item in node.named_children:
            if item.type not in ("parameter_declaration", "variadic_parameter_declaration"):
                continue
            type_ = self._or_unknown(item.child_by_field_name("type"), file)
            if item.type == "variadic_parameter_declaration":
                type_ = Slice(type_)
            names = [name for name in item.children_by_field_name("name") if name.is_named]
            yield from ((file.source.str(name), type_) for name in names)
            if not names:
                yield "", type_

    def _fields(self, node: Node, file: GoFile) -> Iterator[StructField]:
        body = next((item for item in node.named_children if item.type == "field_declaration_list"), None)
        for item in (body.named_children if body is not None else [])[:_MOST_FIELDS]:
            if item.type == "field_declaration":
                yield from self._field(item, file)
            elif item.type == "ERROR":
                yield StructField("?", OtherType(short(file.source.str(item)), "unfinished"))

    def _field(self, node: Node, file: GoFile) -> Iterator[StructField]:
        written, tag = node.child_by_field_name("type"), node.child_by_field_name("tag")
        text = _tag(file.source.str(tag)) if tag is not None else ""
        type_ = self._or_unknown(written, file)
        names = [item for item in node.children_by_field_name("name") if item.is_named]
        for name in names:
            yield StructField(file.source.str(name), type_, text, False, file.span(name))
        if not names and written is not None:
            star = any(child.type == "*" for child in node.children)
            name_ = file.source.str(written).partition("[")[0].rpartition(".")[2].strip("*() ")
            yield StructField(name_, PointerTo(type_) if star else type_, text, True, file.span(written))

    # -- what a type is --

    def decl(self, type_: Named) -> TypeDecl | None:
        """Return the declaration of a named type, None for one outside the tree."""
        if type_ not in self._decls:
            package = self.workspace.by_path(type_.package)
            self._decls[type_] = None if package is None else package.usual(type_.name)
        return self._decls[type_]

    def is_known_type(self, full: str) -> bool:
        """Return whether a type of an outside package is one whose methods or bytes are known."""
        return known.is_type(full)

    def underlying(self, type_: GoType) -> GoType:
        """Return what a type is made of: names followed to the end."""
        for _ in range(_DEEPEST):
            if not isinstance(type_, Named):
                return type_
            type_ = self._step(type_)
        return OtherType("?", "declared in a circle")

    def _step(self, type_: Named) -> GoType:
        found = self.made_of(type_)
        if found is None:
            found = known.underlying(type_.full) or OtherType(type_.full, "declared outside the tree")
        return found

    def field(self, type_: GoType, name: str) -> tuple[StructField, Named | None] | None:
        """Return a field of a struct or of what it points to, and the named type that declares it.

        Fields are promoted through embedded ones; the shallowest counts, two at one depth count for nothing.
        """
        for level in self._levels(type_):
            found = [(item, owner) for under, owner in level for item in under.fields if item.name == name]
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def _levels(self, type_: GoType) -> Iterator[list[tuple[StructOf, Named | None]]]:
        seen: set[GoType] = set()
        level = [type_]
        for _ in range(16):
            structs: list[tuple[StructOf, Named | None]] = []
            for item in level:
                bare = self.pointed(item)
                under = self.underlying(bare)
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
        under = self.underlying(type_) if isinstance(type_, Named) else type_
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
        if self.method(type_, name) is not None:
            return True
        inner = [item.type for level in self._levels(type_) for under, _ in level for item in under.fields
                 if item.embedded]  # fmt: skip
        bare = [self.pointed(item) for item in inner]
        return any(isinstance(item, Named) and known.signature(f"{item.full}.{name}") is not None for item in bare)

    def _own_method(self, type_: GoType, name: str) -> FuncDecl | None:
        decl = self.decl(type_) if isinstance(type_, Named) else None
        if decl is None:
            return None
        try:
            return pick(decl.file.package.find_methods(decl.name, name), decl.file)
        except Ambiguous:
            return None

    def signature(self, decl: FuncDecl) -> Signature:
        """Return the signature of a declared function or method; its type parameters are OtherType."""
        names: dict[str, GoType] = {name: OtherType(name, _GENERIC) for name in _parameters_of(decl)}
        return self._bind(names, lambda: self._signature(decl.head, decl.file))

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


def _parameters_of(decl: TypeDecl | FuncDecl) -> list[str]:
    """The names of the type parameters of a type, a function, or (by its receiver) a method."""
    head = decl.node if isinstance(decl, TypeDecl) else decl.head
    given = head.child_by_field_name("type_parameters")
    names = [name for item in given.named_children if item.type == "type_parameter_declaration"
             for name in item.children_by_field_name("name") if name.is_named] if given is not None else []  # fmt: skip
    receiver = head.child_by_field_name("receiver")
    pending = [receiver] if receiver is not None else []
    while pending:
        item = pending.pop()
        if item.type == "type_arguments":
            names.extend(item.named_children)
        else:
            pending.extend(item.named_children)
    return [decl.file.source.str(name) for name in names]


def _only(node: Node) -> Node | None:
    return node.named_child(0) if node.named_child_count == 1 else None


def _tag(text: str) -> str:
    if text.startswith("`"):
        return text.strip("`")
    return text[1:-1].replace('\\"', '"').replace("\\\\", "\\")
