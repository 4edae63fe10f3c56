"""What does a Go expression do, and of what type is it? Expressions as trees, names and callees resolved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import TYPE_CHECKING, Literal, NamedTuple

from bpflint.frontends.go import cgo
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
    StructOf,
)  # fmt: skip
from bpflint.frontends.go.types import Types
from bpflint.frontends.go.workspace import GoFile, Package
from bpflint.model.data import dataclass
from bpflint.model.flow import (
    AddressOf,
    Aggregate,
    Binary,
    CallExpr,
    Cast,
    Constant,
    Deref,
    Expr,
    Index,
    Name,
    Select,
    SizeOf,
    Unary,
    Unknown,
)  # fmt: skip
from bpflint.model.layout import Array, Opaque, Pointer, RecordDecl, Type
from bpflint.model.source import Span

if TYPE_CHECKING:
    from tree_sitter import Node

_BASIC = frozenset((
    "bool", "byte", "rune", "string", "error", "any", "int", "int8", "int16", "int32", "int64", "uint", "uint8",
    "uint16", "uint32", "uint64", "uintptr", "float32", "float64", "complex64", "complex128", "comparable",
))  # fmt: skip
_BUILTINS = frozenset((
    "len", "cap", "append", "copy", "make", "new", "panic", "print", "println", "delete", "close", "min", "max",
    "clear", "recover",
))  # fmt: skip
_COMPARISONS = frozenset(("==", "!=", "<", "<=", ">", ">=", "&&", "||"))
_TYPES = frozenset((
    "slice_type", "array_type", "map_type", "pointer_type", "channel_type", "struct_type", "interface_type",
    "function_type", "generic_type", "qualified_type", "parenthesized_type", "implicit_length_array_type",
))  # fmt: skip
_DEEPEST = 120
_HAND = {f"Uint{width}": Signature((), (Basic(f"uint{width}"),)) for width in (16, 32, 64)}
"""Methods of a `binary.ByteOrder`, whatever variable holds it."""
BOOL, INT, STRING, UNTYPED = Basic("bool"), Basic("int"), Basic("string"), Basic("untyped")


class Typed(NamedTuple):
    """An expression with its Go type."""

    expr: Expr
    type: GoType = UNKNOWN


@dataclass(slots=True)
class Owners:
    """The types that the code of one package mentions: full names by a record's id, models by their Go type."""

    names: dict[int, str] = field(default_factory=dict)
    models: dict[GoType, Type | None] = field(default_factory=dict)
    seen: dict[int, tuple[GoType, Type | None]] = field(default_factory=dict)
    """The same by the identity of the type: to hash a type costs more than what it saves."""


@dataclass(slots=True)
class Local:
    """A variable of a body: its number within the outermost function, its type, and the function that declares it."""

    decl: int
    type: GoType
    function: str
    storage: Literal["local", "parameter"] = "local"


@dataclass(slots=True)
class Scopes:
    """The variables in scope, innermost last; one numbering for a function and the closures in it."""

    function: str
    maps: list[dict[str, Local]] = field(default_factory=lambda: [{}])
    types: dict[str, GoType] = field(default_factory=dict)
    """Types that the function declares for itself."""
    count: int = 0

    def declare(self, name: str, type_: GoType, storage: Literal["local", "parameter"] = "local") -> Local:
        """Bring a variable into the innermost scope."""
        self.count += 1
        local = Local(self.count, type_, self.function, storage)
        if name != "_":
            self.maps[-1][name] = local
        return local

    def find(self, name: str) -> Local | None:
        """Return the variable a name stands for."""
        for scope in reversed(self.maps):
            if name in scope:
                return scope[name]
        return None


class Expressions:
    """Lowers the expressions of one function."""

    def __init__(
        self, file: GoFile, types: Types, scopes: Scopes, owners: Owners,
        closure: Callable[[Node], str],
    ) -> None:  # fmt: skip
        self.file, self.types, self.scopes = file, types, scopes
        self.owners = owners
        """What this package's code mentions: full type names by the record's id, models by their type."""
        self._closure = closure
        self.span = file.source.span
        """Returns the place of a node."""
        self._depth = 0

    @property
    def package(self) -> Package:
        """The package of the file."""
        return self.file.package

    def text(self, node: Node | None) -> str:
        """Return the text of a node."""
        return "" if node is None else self.file.source.str(node)

    def model(self, type_: GoType) -> Type | None:
        """Return the model's type of an expression: a slice is an array of no length, as no Go array is."""
        seen = self.owners.seen.get(id(type_))
        if seen is not None:
            return seen[1]
        models = self.owners.models
        if type_ not in models:
            models[type_] = self._model(type_)
        self.owners.seen[id(type_)] = type_, models[type_]
        return models[type_]

    def _model(self, type_: GoType) -> Type | None:
        match type_:
            case OtherType(spelling=spelling, reason=reason):
                return None if type_ is UNKNOWN else Opaque(spelling, reason)
            case Slice(element=element):
                return Array(self.model(element) or Opaque("?", "an unknown type"), None, ("[]",))
            case PointerTo(element=element):
                return Pointer("*", self.model(element))
            case Basic(name="error" | "any" as name):
                return Opaque(name, "an interface")
            case Basic(name="unsafe.Pointer"):
                return Pointer("unsafe.Pointer", None)
            case Basic(name="untyped"):
                return None
            case Signature() | MapOf():
                return None
        found = self.types.model(type_)
        if isinstance(found, RecordDecl) and isinstance(type_, Named):
            self.owners.names[id(found)] = type_.full
        if isinstance(found, Opaque) and isinstance(type_, Named):
            under = self.types.underlying(type_)
            if isinstance(under, Slice | PointerTo):
                return self.model(under)
        return found

    def expr(self, node: Node | None) -> Expr:
        """Return the tree of an expression."""
        return self.typed(node).expr

    def typed(self, node: Node | None, hint: GoType | None = None) -> Typed:
        """Return the tree of an expression and its type; `hint` is the type that a literal without one takes."""
        if node is None:
            return Typed(Unknown())
        if self._depth > _DEEPEST:
            return Typed(Unknown((), None, self.span(node)))
        self._depth += 1
        try:
            return self._typed(node, hint)
        finally:
            self._depth -= 1

    def _typed(self, node: Node, hint: GoType | None) -> Typed:
        match node.type:
            case "identifier":
                return self._identifier(node)
            case "selector_expression":
                return self._selector(node)
            case "call_expression":
                return self.call(node)
            case "parenthesized_expression":
                return self.typed(node.named_child(0), hint) if node.named_child_count else Typed(Unknown())
            case "unary_expression":
                return self._unary(node)
            case "binary_expression":
                return self._binary(node)
            case "index_expression":
                return self._index(node)
            case "slice_expression":
                return self._slice(node)
            case "composite_literal":
                return self._composite(node, hint)
            case "literal_value":
                return self._literal(node, hint or UNKNOWN)
            case "type_conversion_expression":
                inner = self.typed(node.child_by_field_name("operand"))
                return self._conversion(self.type_of(_type(node)), inner, node)
            case "type_assertion_expression":
                inner = self.typed(node.child_by_field_name("operand"))
                return self._conversion(self.type_of(_type(node)), inner, node)
            case "func_literal":
                name = self._closure(node)
                return Typed(Name(name, 0, None, self.span(node), "function"), Signature())
            case "int_literal" | "rune_literal" | "float_literal" | "interpreted_string_literal" | "raw_string_literal":
                return self._constant(node)
            case "nil":
                return Typed(Constant(0, None, self.span(node), "nil"), UNTYPED)
            case "true" | "false":
                return Typed(Constant(int(node.type == "true"), None, self.span(node), node.type), BOOL)
            case "literal_element":
                return self.typed(node.named_child(0), hint) if node.named_child_count else Typed(Unknown())
        parts = tuple(self.expr(item) for item in node.named_children[:16]) if node.type not in _TYPES else ()
        return Typed(Unknown(parts, None, self.span(node)))

    def _constant(self, node: Node) -> Typed:
        value = self.types.constant(node, self.file)
        kept = value if isinstance(value, int | float | str) else None
        return Typed(Constant(kept, None, self.span(node)), STRING if isinstance(kept, str) else UNTYPED)

    # -- names ----------------------------------------------------------------------------------------------

    def local(self, name: str, span: Span) -> Expr:
        """Return a variable in scope by its name."""
        found = self.scopes.find(name)
        return Name(name, found.decl, self.model(found.type), span, found.storage) if found else Unknown((), None, span)

    def _identifier(self, node: Node) -> Typed:
        name, span = self.text(node), self.span(node)
        local = self.scopes.find(name)
        if local is not None:
            storage = local.storage if local.function == self.scopes.function else "captured"
            return Typed(Name(name, local.decl, self.model(local.type), span, storage), local.type)
        return self._member(self.package, name, node, name)

    def _member(self, package: Package, name: str, node: Node, spelling: str) -> Typed:
        """A constant, variable or function of a package of the tree."""
        span, found = self.span(node), package.find(name)
        if found.constants:
            value = self.types.constant(node, self.file)
            kept = value if isinstance(value, int | float | str) else None
            return Typed(Constant(kept, None, span, spelling), STRING if isinstance(kept, str) else UNTYPED)
        full = f"{package.path}.{name}"
        if found.functions:
            return Typed(Name(full, 0, None, span, "function"), Signature())
        type_ = self.types.variable(package, name) if found.variables else None
        return Typed(Name(full, 0, self.model(type_) if type_ else None, span, "global"), type_ or UNKNOWN)

    def imported(self, node: Node) -> str | None:
        """Return the import path that an identifier names, None where it is something else."""
        if node.type not in ("identifier", "package_identifier"):
            return None
        name = self.text(node)
        return None if self.scopes.find(name) is not None else self.file.imports.get(name)

    def _selector(self, node: Node) -> Typed:
        operand, named = node.child_by_field_name("operand"), node.child_by_field_name("field")
        if operand is None or named is None:
            return Typed(Unknown((), None, self.span(node)))
        name, path = self.text(named), self.imported(operand)
        if path is not None:
            package = self.types.workspace.by_import(path, self.file.folder)
            if package is not None:
                return self._member(package, name, node, self.text(node))
            value = self.types.constant(node, self.file)
            if isinstance(value, int | float | str) and not isinstance(value, bool):
                return Typed(Constant(value, None, self.span(node), self.text(node)), UNTYPED)
            return Typed(Name(f"{path}.{name}", 0, None, self.span(node), "global"))
        return self.select(self.typed(operand), name, self.span(node))

    def select(self, base: Typed, name: str, span: Span) -> Typed:
        """Return `base.name` with the record that declares the field."""
        found = self.types.field(base.type, name)
        if found is None:
            return Typed(Select(base.expr, name, isinstance(base.type, PointerTo), "", None, span))
        member, owner = found
        full = owner.full if owner is not None else ""
        expr = Select(base.expr, name, isinstance(base.type, PointerTo), full, self.model(member.type), span)
        return Typed(expr, member.type)

    # -- operators ------------------------------------------------------------------------------------------

    def _unary(self, node: Node) -> Typed:
        operator = self.text(node.child(0))
        inner = self.typed(node.child_by_field_name("operand"))
        span = self.span(node)
        match operator:
            case "&":
                pointer = PointerTo(inner.type)
                return Typed(AddressOf(inner.expr, Pointer("*", inner.expr.type), span), pointer)
            case "*":
                under = self.types.underlying(inner.type)
                target = under.element if isinstance(under, PointerTo) else UNKNOWN
                return Typed(Deref(inner.expr, self.model(target), span), target)
            case "<-":
                element = self.element(inner.type)
                return Typed(CallExpr("chan.receive", (inner.expr,), None, self.model(element), span), element)
            case "-" | "^" if isinstance(inner.expr, Constant) and isinstance(inner.expr.value, int):
                value = -inner.expr.value if operator == "-" else ~inner.expr.value
                return Typed(Constant(value, None, span), inner.type)
        return Typed(Unary("~" if operator == "^" else operator, inner.expr, inner.expr.type, span), inner.type)

    def _binary(self, node: Node) -> Typed:
        """Left-deep chains (`"a" + "b" + …`) are followed in a loop: generated code nests thousands."""
        chain: list[Node] = []
        left_node: Node | None = node
        while left_node is not None and left_node.type == "binary_expression" and len(chain) < 5000:
            chain.append(left_node)
            left_node = left_node.child_by_field_name("left")
        left = self.typed(left_node)
        for item in reversed(chain):
            operator = self.text(item.child_by_field_name("operator"))
            right = self.typed(item.child_by_field_name("right"))
            left = self._operation(operator, left, right, self.span(item))
        return left

    def _operation(self, operator: str, left: Typed, right: Typed, span: Span) -> Typed:
        if isinstance(left.expr, Constant) and isinstance(right.expr, Constant):
            value = _folded(operator, left.expr.value, right.expr.value)
            if value is not None:
                return Typed(Constant(value, None, span), left.type)
        if operator in _COMPARISONS:
            return Typed(Binary(operator, left.expr, right.expr, None, span), BOOL)
        type_ = right.type if left.type == UNTYPED else left.type
        operator = "&~" if operator == "&^" else operator
        return Typed(Binary(operator, left.expr, right.expr, self.model(type_), span), type_)

    def _index(self, node: Node) -> Typed:
        base = self.typed(node.child_by_field_name("operand"))
        index = self.expr(node.child_by_field_name("index"))
        element = self.element(base.type)
        return Typed(Index(base.expr, index, self.model(element), self.span(node)), element)

    def element(self, type_: GoType) -> GoType:
        """Return what indexing, ranging over or receiving from a value of a type gives."""
        under = self.types.underlying(type_)
        if isinstance(under, PointerTo):
            under = self.types.underlying(under.element)
        match under:
            case Slice(element=element) | ArrayOf(element=element):
                return element
            case MapOf(value=value):
                return value
            case Basic(name="string"):
                return Basic("uint8")
            case OtherType(spelling=spelling) if spelling.startswith(("chan ", "<-chan ", "chan<- ")):
                return _BYTES if spelling.endswith("[]byte") else UNKNOWN
        return UNKNOWN

    def _slice(self, node: Node) -> Typed:
        base = self.typed(node.child_by_field_name("operand"))
        span = self.span(node)
        start = node.child_by_field_name("start")
        low = self.expr(start) if start is not None else Constant(0, None, span)
        end = node.child_by_field_name("end")
        args = (base.expr, low) if end is None else (base.expr, low, self.expr(end))
        under = self.types.underlying(base.type)
        if isinstance(under, PointerTo):
            under = self.types.underlying(under.element)
        type_ = Slice(under.element) if isinstance(under, ArrayOf) else base.type
        return Typed(CallExpr("slice", args, None, self.model(type_), span), type_)

    # -- literals -------------------------------------------------------------------------------------------

    def _composite(self, node: Node, hint: GoType | None) -> Typed:
        written = node.child_by_field_name("type")
        body = node.child_by_field_name("body")
        if written is not None and written.type == "implicit_length_array_type":
            element = written.child_by_field_name("element")
            count = sum(1 for item in body.named_children if item.type != "comment") if body is not None else 0
            type_: GoType = ArrayOf(self.type_of(element) if element is not None else UNKNOWN, count)
        else:
            type_ = self.type_of(written) if written is not None else hint or UNKNOWN
        return self._literal(body, type_) if body is not None else Typed(Unknown())

    def _literal(self, body: Node, type_: GoType) -> Typed:
        under = self.types.underlying(type_)
        outer = type_
        if isinstance(under, PointerTo):  # `[]*T{{…}}`: the address is taken for you
            under = self.types.underlying(under.element)
        fields = under.fields if isinstance(under, StructOf) else ()
        byname = {item.name: item.type for item in fields}
        items: list[tuple[str, Expr]] = []
        for number, child in enumerate(item for item in body.named_children if item.type != "comment"):
            if child.type == "keyed_element":
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                name = self._key(key, bool(fields))
                hint = byname.get(name) if fields else self.element(type_)
            else:
                value = child
                name = fields[number].name if number < len(fields) else ""
                hint = fields[number].type if number < len(fields) else self.element(type_)
            items.append((name, self.typed(value, hint).expr))
        aggregate = Aggregate(tuple(items), self.model(type_), self.span(body))
        return Typed(aggregate, outer)

    def _key(self, node: Node | None, record: bool) -> str:
        text = self.text(node)
        if record:
            return text
        value = self.typed(node).expr
        return str(value.value) if isinstance(value, Constant) and value.value is not None else ""

    # -- calls ----------------------------------------------------------------------------------------------

    def call(self, node: Node) -> Typed:
        """Return a call, or the conversion that is written like one."""
        results = self.results(node)
        return Typed(results.expr, results.types[0] if results.types else UNKNOWN)

    def results(self, node: Node) -> Results:
        """Return a call with the types of all its results."""
        function, span = node.child_by_field_name("function"), self.span(node)
        while function is not None and function.type == "parenthesized_expression" and function.named_child_count == 1:
            inner = function.named_child(0)
            assert inner is not None  # it has one
            converted = self.as_type(inner)
            if converted is not None:
                return self._converted(converted, node)
            function = inner
        if function is None:
            return Results(Unknown((), None, span))
        converted = self.as_type(function)
        if converted is not None:
            return self._converted(converted, node)
        if function.type == "identifier" and self.scopes.find(self.text(function)) is None:
            name = self.text(function)
            if name in _BUILTINS and not self.package.find(name).functions:
                return self._builtin(name, node)
        return self._called(function, node)

    def _converted(self, type_: GoType, node: Node) -> Results:
        args = _arguments(node)
        inner = self.typed(args[0]) if args else Typed(Unknown())
        found = self._conversion(type_, inner, node)
        return Results(found.expr, (found.type,))

    def _conversion(self, type_: GoType, inner: Typed, node: Node) -> Typed:
        return Typed(Cast(inner.expr, self.model(type_), self.span(node)), type_)

    def type_of(self, node: Node) -> GoType:
        """Return the type a type expression means, types of the function itself too."""
        if self.scopes.types:
            match node.type:
                case "type_identifier" | "identifier" if self.text(node) in self.scopes.types:
                    return self.scopes.types[self.text(node)]
                case "pointer_type" | "slice_type" | "array_type":
                    inner = node.child_by_field_name("element") or node.named_child(0)
                    element = self.type_of(inner) if inner is not None else UNKNOWN
                    if node.type == "pointer_type":
                        return PointerTo(element)
                    if node.type == "slice_type":
                        return Slice(element)
                    length = node.child_by_field_name("length")
                    return ArrayOf(element, self.types.length(length, self.file) if length is not None else None)
        return self.types.of(node, self.file)

    def as_type(self, node: Node) -> GoType | None:
        """Return the type an expression node stands for, None where it is a value."""
        if node.type in _TYPES:
            return self.type_of(node)
        if node.type == "parenthesized_expression" and node.named_child_count == 1:
            inner_node = node.named_child(0)
            return None if inner_node is None else self.as_type(inner_node)
        if node.type == "unary_expression" and self.text(node.child(0)) == "*":
            operand = node.child_by_field_name("operand")
            inner = self.as_type(operand) if operand is not None else None
            return None if inner is None else PointerTo(inner)
        if node.type == "identifier":
            name = self.text(node)
            if self.scopes.find(name) is not None:
                return None
            if name in self.scopes.types or name in _BASIC or self.package.find(name).types:
                return self.type_of(node)
            return None
        if node.type == "selector_expression":
            return self._qualified(node)
        return None

    def _qualified(self, node: Node) -> GoType | None:
        operand, named = node.child_by_field_name("operand"), node.child_by_field_name("field")
        path = self.imported(operand) if operand is not None else None
        if path is None or named is None:
            return None
        name = self.text(named)
        if path == "unsafe":
            return Basic("unsafe.Pointer") if name == "Pointer" else None
        if path == "C":
            return None if cgo.is_function(name) else self.types.of(node, self.file)
        package = self.types.workspace.by_import(path, self.file.folder)
        if package is not None:
            return Named(package.path, name) if package.find(name).types else None
        return Named(path, name) if self.types.is_known_type(f"{path}.{name}") else None

    def _builtin(self, name: str, node: Node) -> Results:
        args, span = _arguments(node), self.span(node)
        if name in ("make", "new") and args:
            type_ = self.as_type(args[0]) or self.type_of(args[0])
            made: GoType = PointerTo(type_) if name == "new" else type_
            rest = tuple(self.expr(item) for item in args[1:])
            return Results(CallExpr(name, rest, None, self.model(made), span), (made,))
        values = [self.typed(item) for item in args]
        result: GoType = INT if name in ("len", "cap", "copy") else values[0].type if values else UNKNOWN
        expr = CallExpr(name, tuple(item.expr for item in values), None, self.model(result), span)
        return Results(expr, (result,))

    def _called(self, function: Node, node: Node) -> Results:
        span = self.span(node)
        callee, receiver, signature = self._callee(function)
        nodes = _arguments(node)
        if callee == "unsafe.Sizeof" and nodes:
            measured = self.typed(nodes[0])
            return Results(SizeOf(self.model(measured.type), measured.expr, None, span), (Basic("uintptr"),))
        hints = [type_ for _, type_ in signature.params] if signature else []
        args = tuple(
            self.typed(item, hints[index] if index < len(hints) else None).expr for index, item in enumerate(nodes)
        )
        results = signature.results if signature else ()
        first = self.model(results[0]) if results else None
        return Results(CallExpr(callee, args, receiver, first, span), results)

    def _callee(self, function: Node) -> tuple[str, Expr | None, Signature | None]:
        """The resolved name, the receiver of a method, and the signature where it is known."""
        if function.type == "func_literal":
            return self._closure(function), None, None
        if function.type == "identifier":
            name = self.text(function)
            if self.scopes.find(name) is None and self.package.find(name).functions:
                return f"{self.package.path}.{name}", None, self.types.signature(self.package.functions[name])
            found = self.typed(function)
            local = isinstance(found.expr, Name) and found.expr.storage != "function"
            return name, found.expr if local else None, found.type if isinstance(found.type, Signature) else None
        if function.type == "selector_expression":
            return self._method(function)
        value = self.typed(function)
        return "", value.expr, value.type if isinstance(value.type, Signature) else None

    def _method(self, function: Node) -> tuple[str, Expr | None, Signature | None]:
        operand, named = function.child_by_field_name("operand"), function.child_by_field_name("field")
        if operand is None or named is None:
            return "", None, None
        name, path = self.text(named), self.imported(operand)
        if path is not None:
            package = self.types.workspace.by_import(path, self.file.folder)
            if package is not None and package.find(name).functions:
                return f"{package.path}.{name}", None, self.types.signature(package.functions[name])
            return f"{path}.{name}", None, self.types.known_signature(f"{path}.{name}")
        base = self.typed(operand)
        found = self.method(base.type, name)
        if found is not None:
            return found[0], base.expr, found[1]
        selected = self.types.field(base.type, name)
        if selected is not None:  # a function kept in a field
            chosen = self.select(base, name, self.span(function))
            return name, chosen.expr, selected[0].type if isinstance(selected[0].type, Signature) else None
        return name, base.expr, _HAND.get(name)

    def method(self, type_: GoType, name: str, depth: int = 0) -> tuple[str, Signature | None] | None:
        """Return the full name and signature of a method, promoted ones too."""
        bare = type_.element if isinstance(type_, PointerTo) else type_
        if not isinstance(bare, Named | StructOf) or depth > 4:
            return None
        if isinstance(bare, Named):
            declared = self.types.method(bare, name)
            if declared is not None:
                owner = f"{declared.file.package.path}.{declared.receiver}"
                return f"{owner}.{name}", self.types.signature(declared)
            known = self.types.known_signature(f"{bare.full}.{name}")
            if known is not None or self.types.is_known_type(bare.full):
                return f"{bare.full}.{name}", known
        under = self.types.underlying(bare)
        for item in under.fields if isinstance(under, StructOf) else ():
            found = self.method(item.type, name, depth + 1) if item.embedded else None
            if found is not None:
                return found
        if isinstance(bare, Named) and isinstance(under, OtherType):
            return f"{bare.full}.{name}", None
        return None


class Results(NamedTuple):
    """A call and the types of its results, empty where they are not known."""

    expr: Expr
    types: tuple[GoType, ...] = ()


_BYTES = Slice(Basic("uint8"))


def _arguments(node: Node) -> list[Node]:
    found = node.child_by_field_name("arguments")
    return [] if found is None else [item for item in found.named_children if item.type != "comment"]


def _type(node: Node) -> Node:
    found = node.child_by_field_name("type")
    assert found is not None  # the grammar gives both kinds a type
    return found


def _folded(operator: str, left: object, right: object) -> int | str | None:
    if operator == "+" and isinstance(left, str) and isinstance(right, str):
        return left + right
    if not isinstance(left, int) or not isinstance(right, int):
        return None
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right if max(abs(left), abs(right)) < 1 << 64 else None
        case "/" | "%" if right:
            quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
            return quotient if operator == "/" else left - quotient * right
        case "<<":
            return left << right if 0 <= right < 256 and abs(left) < 1 << 64 else None
        case ">>":
            return left >> right if 0 <= right < 512 else None
        case "&":
            return left & right
        case "|":
            return left | right
        case "^":
            return left ^ right
        case "&^":
            return left & ~right
    return None


def named_children(node: Node | None) -> list[Node]:
    """Return the children of a node that are no comments."""
    return [] if node is None else [item for item in node.named_children if item.type != "comment"]
