"""Of what type is an initial value? Told from its own words: literals, conversions, new, make, calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpflint.frontends.go import known
from bpflint.frontends.go.declarations import GoFile, VarDecl, names_of
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
)  # fmt: skip
from bpflint.frontends.go.packages import Ambiguous, Package, pick

if TYPE_CHECKING:
    from tree_sitter import Node

    from bpflint.frontends.go.types import Types

_DEEPEST = 40
_DEFAULT = {"int": "int", "rune": "int32", "float": "float64", "string": "string", "bool": "bool"}
_TYPE_NODES = frozenset((
    "slice_type", "array_type", "map_type", "pointer_type", "struct_type", "qualified_type", "type_identifier",
    "parenthesized_type", "function_type", "interface_type", "channel_type", "generic_type",
))  # fmt: skip


class Static:
    """Types of expressions outside function bodies; each package variable once."""

    def __init__(self, types: Types) -> None:
        self._types = types
        self._memo: dict[VarDecl, GoType] = {}
        self._open: set[VarDecl] = set()
        self._depth = 0

    def variable(self, decl: VarDecl) -> GoType:
        """Return the type of a package variable."""
        if decl in self._open:
            return UNKNOWN
        if decl not in self._memo:
            self._open.add(decl)
            try:
                self._memo[decl] = self._variable(decl)
            finally:
                self._open.discard(decl)
        return self._memo[decl]

    def _variable(self, decl: VarDecl) -> GoType:
        written, given = decl.head.child_by_field_name("type"), decl.head.child_by_field_name("value")
        if written is not None:
            return self._types.of(written, decl.file)
        values = [item for item in given.named_children if item.type != "comment"] if given is not None else []
        if len(values) == sum(1 for _ in names_of(decl.head)):
            return self.type(values[decl.index], decl.file)
        if len(values) == 1 and values[0].type == "call_expression":
            results = self._results(values[0], decl.file)
            return results[decl.index] if decl.index < len(results) else UNKNOWN
        return UNKNOWN

    def type(self, node: Node, file: GoFile) -> GoType:
        """Return the type of an expression, UNKNOWN where its words do not tell."""
        if self._depth > _DEEPEST:
            return UNKNOWN
        self._depth += 1
        try:
            return self._type(node, file)
        finally:
            self._depth -= 1

    def _type(self, node: Node, file: GoFile) -> GoType:
        match node.type:
            case "composite_literal":
                return self._composite(node, file)
            case "parenthesized_expression":
                inner = node.named_child(0) if node.named_child_count == 1 else None
                return UNKNOWN if inner is None else self.type(inner, file)
            case "unary_expression":
                return self._unary(node, file)
            case "identifier" if (found := self._named(file.source.str(node), file.package)) is not None:
                return found
            case "selector_expression":
                return self._selector(node, file)
            case "index_expression":
                operand = node.child_by_field_name("operand")
                return UNKNOWN if operand is None else self._element(self.type(operand, file))
            case "call_expression":
                results = self._results(node, file)
                return results[0] if len(results) == 1 else UNKNOWN
            case "type_conversion_expression":
                written = node.child_by_field_name("type")
                return UNKNOWN if written is None else self._types.of(written, file)
            case "func_literal":
                return Signature()
        return self._constant(node, file)

    def _constant(self, node: Node, file: GoFile) -> GoType:
        found = self._types.constant_value(node, file)
        if found is None:
            return UNKNOWN
        return found.type or Basic(_DEFAULT[found.kind])

    def _composite(self, node: Node, file: GoFile) -> GoType:
        written = node.child_by_field_name("type")
        if written is None:
            return UNKNOWN
        if written.type == "implicit_length_array_type":
            # the outline leaves a long body out
            element, body = written.child_by_field_name("element"), file.source.whole(node).child_by_field_name("body")
            inner = UNKNOWN if element is None else self._types.of(element, file)
            return ArrayOf(inner, None if body is None else self._count(body, file))
        return self._types.of(written, file)

    def _count(self, body: Node, file: GoFile) -> int | None:
        """The length `[...]T{…}` takes: one more than the largest index, keys counted."""
        at = most = 0
        for item in body.named_children:
            if item.type == "keyed_element":
                key = item.named_child(0)
                inner = key.named_child(0) if key is not None and key.type == "literal_element" else key
                value = self._types.constants.value(inner, file) if inner is not None else None
                number = None if value is None else value.integer()
                if number is None:
                    return None
                at = number
            elif item.type != "literal_element":
                if item.type != "comment":
                    return None
                continue
            at += 1
            most = max(most, at)
        return most

    def _unary(self, node: Node, file: GoFile) -> GoType:
        operand, operator = node.child_by_field_name("operand"), node.child_by_field_name("operator")
        if operand is None or operator is None:
            return UNKNOWN
        if operator.type == "&":
            return PointerTo(self.type(operand, file))
        if operator.type == "*":
            inner = self._types.underlying(self.type(operand, file))
            return inner.element if isinstance(inner, PointerTo) else UNKNOWN
        return self._constant(node, file)

    def _named(self, name: str, package: Package) -> GoType | None:
        return self._types.variable(package, name) if package.find(name).variables else None

    def _selector(self, node: Node, file: GoFile) -> GoType:
        operand, name = node.child_by_field_name("operand"), node.child_by_field_name("field")
        if operand is None or name is None:
            return UNKNOWN
        package = self._package(operand, file)
        if package is not None:
            return self._named(file.source.str(name), package) or self._constant(node, file)
        path = file.imports.get(file.source.str(operand)) if operand.type == "identifier" else None
        if path is not None:
            return known.variable(f"{path}.{file.source.str(name)}") or self._constant(node, file)
        found = self._types.field(self.type(operand, file), file.source.str(name))
        return self._constant(node, file) if found is None else found[0].type

    def _package(self, node: Node, file: GoFile) -> Package | None:
        path = file.imports.get(file.source.str(node)) if node.type == "identifier" else None
        return None if path is None else self._types.workspace.by_import(path, file.folder)

    def _element(self, type_: GoType) -> GoType:
        under = self._types.underlying(type_)
        if isinstance(under, PointerTo):
            under = self._types.underlying(under.element)
        match under:
            case Slice(element=element) | ArrayOf(element=element) | MapOf(value=element):
                return element
        return UNKNOWN

    def _results(self, node: Node, file: GoFile) -> tuple[GoType, ...]:
        function, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        args = given.named_children if given is not None else []
        if function is None:
            return ()
        name = file.source.str(function)
        if name in ("new", "make") and args and not file.package.declares(name):
            made = self._types.of(args[0], file)
            return (PointerTo(made) if name == "new" else made,)
        if name == "len":
            return (Basic("int"),)
        signature = self._signature(function, name, file)
        if signature is not None:
            return signature.results
        return (self._types.of(function, file),) if self._is_type(function, file) else ()

    def _signature(self, function: Node, name: str, file: GoFile) -> Signature | None:
        if function.type == "identifier":
            return self._declared(file.package, name, file)
        operand, field = function.child_by_field_name("operand"), function.child_by_field_name("field")
        if function.type != "selector_expression" or operand is None or field is None:
            return None
        name = file.source.str(field)
        package = self._package(operand, file)
        if package is not None:
            return self._declared(package, name, None)
        path = file.imports.get(file.source.str(operand)) if operand.type == "identifier" else None
        if path is not None:
            return known.signature(f"{path}.{name}")
        type_ = self._types.pointed(self.type(operand, file))
        method = self._types.method(type_, name)
        if method is not None:
            return self._types.signature(method)
        full = getattr(type_, "full", "")
        return known.signature(f"{full}.{name}") if full else None

    def _declared(self, package: Package, name: str, file: GoFile | None) -> Signature | None:
        try:
            decl = pick(package.find(name).functions, file)
        except Ambiguous:
            return None
        return None if decl is None else self._types.signature(decl)

    def _is_type(self, node: Node, file: GoFile) -> bool:
        if node.type in _TYPE_NODES:
            return True
        if node.type == "parenthesized_expression":
            inner = node.named_child(0)
            return inner is not None and self._is_type(inner, file)
        if node.type == "unary_expression":
            operator, operand = node.child_by_field_name("operator"), node.child_by_field_name("operand")
            star = operator is not None and operator.type == "*"
            return operand is not None and star and self._is_type(operand, file)
        if node.type == "identifier":
            name = file.source.str(node)
            return bool(file.package.find(name).types) or not file.package.declares(name)
        return node.type == "selector_expression" and not isinstance(self._types.of(node, file), OtherType)
