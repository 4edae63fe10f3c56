"""What does a Rust expression mean? Its tree in the flow form, with types where they are known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from tree_sitter import Node

from bpflint.frontends.rust.evaluate import Evaluator
from bpflint.frontends.rust.impls import Function as Declared
from bpflint.frontends.rust.reading import integer_of
from bpflint.frontends.rust.rtypes import UNKNOWN, Ptr, Ref, RType, is_open, show
from bpflint.frontends.rust.scopes import External, Item, segments
from bpflint.frontends.rust.syntax import string_of, text_of
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
from bpflint.model.layout import Opaque, Pointer, RecordDecl, Type
from bpflint.model.source import Span

Storage = Literal["local", "parameter", "global", "function", "captured", "unknown"]


_DEEPEST = 60
_NO_PARTS = ("comment", "attribute_item", "lifetime")


class Locals:
    """The names in scope, each with a number that tells equal ones apart."""

    def __init__(self) -> None:
        self._scopes: list[dict[str, tuple[int, Storage]]] = []
        self._count = [0]

    def open(self) -> None:
        """Enter a block."""
        self._scopes.append({})

    def close(self) -> None:
        """Leave a block."""
        self._scopes.pop()

    def declare(self, name: str, storage: Storage) -> int:
        """Bring a name into scope and return its number."""
        self._count[0] += 1
        self._scopes[-1][name] = (self._count[0], storage)
        return self._count[0]

    def find(self, name: str) -> tuple[int, Storage] | None:
        """Return the number and storage of a name, None for one that is no local."""
        return next((scope[name] for scope in reversed(self._scopes) if name in scope), None)

    def captured(self) -> Locals:
        """Return the names as a closure sees them."""
        inner = Locals()
        inner._count = self._count
        inner._scopes = [
            {name: (number, "captured") for name, (number, _) in scope.items()} for scope in self._scopes
        ]
        return inner


class Expressions:
    """Makes expressions of one body; what branches is given back to `branching`."""

    def __init__(
        self, evaluator: Evaluator, function: Declared, locals_: Locals, branching: Callable[[Node], Expr | None]
    ) -> None:
        self._ev = evaluator
        self._function = function
        self._locals = locals_
        self._branching = branching
        self._depth = 0

    def type_of(self, node: Node) -> Type | None:
        """Return the type of an expression as far as it was told."""
        return self._type(self._ev.types.get(node.id, UNKNOWN))

    def _type(self, found: RType) -> Type | None:
        if found == UNKNOWN or is_open(found):
            return None
        made = self._ev.world.layouts.type(found)
        if isinstance(made, Opaque) and isinstance(found, Ref | Ptr):
            return Pointer(show(found))
        return made

    def declare(self, name: str, node: Node, storage: Storage) -> Name:
        """Bring a name into scope."""
        return Name(name, self._locals.declare(name, storage), self.type_of(node), self._span(node), storage)

    def bound(self, pattern: Node | None, storage: str) -> list[Name]:
        """Bring the names of a pattern into scope and return them in order."""
        found: list[Name] = []
        pending = [pattern] if pattern is not None else []
        for _ in range(256):
            if not pending:
                break
            node = pending.pop(0)
            if node.type in ("identifier", "shorthand_field_identifier"):
                if not text_of(node)[:1].isupper():
                    place: Storage = "parameter" if storage == "parameter" else "local"
                    found.append(self.declare(text_of(node).removeprefix("r#"), node, place))
                continue
            heads = 1 if node.type == "tuple_struct_pattern" else 0
            inner = node.named_children[heads:]
            if node.type in ("struct_pattern", "field_pattern"):
                skipped = (node.child_by_field_name("type"), node.child_by_field_name("name"))
                named = node.child_by_field_name("pattern") is not None or node.type == "struct_pattern"
                inner = [item for item in node.named_children if not named or item not in skipped]
            pending[:0] = [item for item in inner if not item.type.endswith(("comment", "literal", "specifier"))]
        return found

    def _span(self, node: Node) -> Span:
        return self._function.item.source.span(node)

    # -- expressions -----------------------------------------------------------------------------------------

    def make(self, node: Node) -> Expr:
        """Return an expression."""
        self._depth += 1
        try:
            if self._depth > _DEEPEST:
                return Unknown((), None, self._span(node), "…")
            return self._branching(node) or self._plain(node)
        finally:
            self._depth -= 1

    def _plain(self, node: Node) -> Expr:
        span, type_ = self._span(node), self.type_of(node)
        match node.type:
            case "identifier" | "self" | "scoped_identifier" | "generic_function":
                return self._name(node)
            case "parenthesized_expression":
                return self._first(node)
            case "reference_expression":
                return AddressOf(self._child(node, "value"), type_, span)
            case "unary_expression":
                inner, sign = self._first(node), text_of(node)[:1]
                return Deref(inner, type_, span) if sign == "*" else Unary(sign, inner, type_, span)
            case "type_cast_expression":
                return Cast(self._child(node, "value"), type_, span)
            case "binary_expression":
                operator = text_of(node.child_by_field_name("operator"))
                return Binary(operator, self._child(node, "left"), self._child(node, "right"), type_, span)
            case "field_expression":
                base = self._child(node, "value")
                owner = base.type.name if isinstance(base.type, RecordDecl) else ""
                return Select(base, text_of(node.child_by_field_name("field")), False, owner, type_, span)
            case "index_expression" if len(node.named_children) > 1:
                return Index(self.make(node.named_children[0]), self.make(node.named_children[1]), type_, span)
            case "call_expression":
                return self._call(node)
            case "struct_expression":
                return Aggregate(tuple(self._initialisers(node)), type_, span)
            case "tuple_expression" | "array_expression":
                return Aggregate(tuple(("", self.make(item)) for item in self._parts(node)), type_, span)
            case "macro_invocation":
                tokens = next((text_of(item) for item in node.named_children if item.type == "token_tree"), "")
                inside = Unknown((), None, span, tokens[:400])
                return CallExpr(text_of(node.child_by_field_name("macro")) + "!", (inside,), None, None, span)
        if node.type.endswith("_literal"):
            return self._literal(node)
        return Unknown(tuple(self.make(item) for item in self._parts(node)), type_, span, node.type)

    def _parts(self, node: Node) -> list[Node]:
        return [item for item in node.named_children if not item.type.endswith(_NO_PARTS)]

    def _first(self, node: Node) -> Expr:
        inner = next(iter(self._parts(node)), None)
        return self.make(inner) if inner is not None else Unknown((), None, self._span(node))

    def _child(self, node: Node, field: str) -> Expr:
        inner = node.child_by_field_name(field)
        return self.make(inner) if inner is not None else Unknown((), None, self._span(node))

    def _literal(self, node: Node) -> Expr:
        span, type_ = self._span(node), self.type_of(node)
        text = string_of(node)
        if text is not None:
            return Constant(text, type_, span)
        number = integer_of(text_of(node)) if node.type == "integer_literal" else None
        if node.type == "boolean_literal":
            return Constant(int(text_of(node) == "true"), type_, span, text_of(node))
        return Constant(number[0] if number is not None else None, type_, span)

    def _name(self, node: Node) -> Expr:
        span, type_ = self._span(node), self.type_of(node)
        text = text_of(node).removeprefix("r#")
        local = self._locals.find(text)
        if local is not None:
            return Name(text, local[0], type_, span, local[1])
        value = self._ev.reader.fold(node, self._function.where)
        if value is not None:
            return Constant(value, type_, span, text)
        return Name(self._path(node) or text, 0, type_, span, "global")

    def _path(self, node: Node) -> str:
        """The resolved path of a name: `std::ptr::read`, or the function's own name."""
        path = segments(node)
        found = self._ev.world.names.resolve(self._function.where.scope, path, "value") if path else None
        if isinstance(found, External):
            return found.path
        return found.name if isinstance(found, Item) else "::".join(path)

    def _initialisers(self, node: Node) -> list[tuple[str, Expr]]:
        body = node.child_by_field_name("body")
        found: list[tuple[str, Expr]] = []
        for item in body.named_children if body is not None else ():
            if item.type == "field_initializer":
                found.append((text_of(item.child_by_field_name("field")), self._child(item, "value")))
            elif item.type == "shorthand_field_initializer":
                found.append((text_of(item), self._first(item)))
            elif item.type == "base_field_initializer":
                found.append(("..", self._first(item)))
        return found

    def _call(self, node: Node) -> Expr:
        span, type_ = self._span(node), self.type_of(node)
        function = node.child_by_field_name("function")
        if function is None:
            return Unknown((), type_, span)
        head = function.child_by_field_name("function") if function.type == "generic_function" else function
        if head is not None and head.type == "field_expression":
            receiver = self._child(head, "value")
            args = tuple(self.make(item) for item in self._ev.arguments(node))
            return CallExpr(text_of(head.child_by_field_name("field")), args, receiver, type_, span)
        callee = self._path(head) if head is not None else ""
        if callee.rpartition("::")[2] == "size_of" and function.type == "generic_function":
            return self._size(function, type_, node)
        args = tuple(self.make(item) for item in self._ev.arguments(node))
        if callee:
            return CallExpr(callee, args, None, type_, span)
        return CallExpr("", args, self.make(head) if head is not None else None, type_, span)

    def _size(self, function: Node, type_: Type | None, node: Node) -> Expr:
        listed = function.child_by_field_name("type_arguments")
        measured = next(iter(listed.named_children), None) if listed is not None else None
        found = self._ev.reader.read(measured, self._function.where)
        return SizeOf(self._type(found), None, type_, self._span(node))
