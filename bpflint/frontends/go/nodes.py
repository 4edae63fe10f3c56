"""What type does a type expression of the grammar mean? Syntax only; names are asked of `names`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bpflint.frontends.go.declarations import FuncDecl, GoFile, TypeDecl
from bpflint.frontends.go.gotypes import (
    UNKNOWN,
    ArrayOf,
    Basic,
    GoType,
    MapOf,
    OtherType,
    PointerTo,
    Signature,
    Slice,
    StructField,
    StructOf,
)  # fmt: skip
from bpflint.frontends.go.syntax import short

if TYPE_CHECKING:
    from tree_sitter import Node

    from bpflint.frontends.go.types import Types

_DEEPEST = 40
_MOST_FIELDS = 4096


class Nodes:
    """Turns nodes into types."""

    def __init__(self, types: Types) -> None:
        self._types = types
        self._depth = 0

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
                return self._types.names.name(file.source.str(node), file, node.start_byte)
            case "qualified_type" | "selector_expression":
                return self._types.names.qualified(node, file)
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
                return ArrayOf(self._element(node, file), None if length is None else self._types.length(length, file))
            case "map_type":
                key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
                return MapOf(self._or_unknown(key, file), self._or_unknown(value, file))
            case "struct_type":
                return StructOf(tuple(self._fields(node, file)), file.span(node))
            case "function_type":
                return self.signature(node, file)
            case "interface_type":
                return self._interface(node, file)
            case "channel_type":
                return OtherType(short(file.source.str(node)), "a channel")
            case "generic_type":
                return self._types.names.instance(node, file)
        return OtherType(short(file.source.str(node)), "no type that is known here")

    def _or_unknown(self, node: Node | None, file: GoFile) -> GoType:
        return UNKNOWN if node is None else self.of(node, file)

    def _element(self, node: Node, file: GoFile) -> GoType:
        return self._or_unknown(node.child_by_field_name("element"), file)

    @staticmethod
    def _interface(node: Node, file: GoFile) -> GoType:
        empty = node.named_child_count == 0
        return Basic("any") if empty else OtherType(short(file.source.str(node)), "an interface")

    def signature(self, node: Node, file: GoFile) -> Signature:
        """Return the signature that a function's or method's declaration, or a function type, spells."""
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
        items = body.named_children if body is not None else []
        if node.has_error or body is None or len(items) > _MOST_FIELDS:
            why = "too large to lay out" if len(items) > _MOST_FIELDS else "unfinished"
            yield StructField("?", OtherType("struct", why), "", False, file.span(node))
        for item in items[:_MOST_FIELDS]:
            if item.type == "field_declaration":
                yield from self._field(item, file)

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


def type_parameters(decl: TypeDecl | FuncDecl) -> list[str]:
    """Return the names of the type parameters of a type, a function, or (by its receiver) a method."""
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
