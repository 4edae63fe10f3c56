"""What does a type in the source mean? Paths resolved, aliases opened, generic arguments and constants folded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from tree_sitter import Node

from bpflint.frontends.rust.externals import PRIMITIVES
from bpflint.frontends.rust.names import Names
from bpflint.frontends.rust.rtypes import (
    UNKNOWN,
    Adt,
    Arg,
    ArrayOf,
    Binding,
    Ext,
    FnPtr,
    Made,
    Param,
    Prim,
    Ptr,
    Ref,
    RType,
    SliceOf,
    Tup,
    Unknown,
    substitute,
)  # fmt: skip
from bpflint.frontends.rust.scopes import External, Generated, Item, Scope, segments
from bpflint.frontends.rust.syntax import name_of, text_of, with_preludes
from bpflint.model.data import dataclass

_NUMBER = re.compile(r"(0x[0-9a-f_]+|0b[01_]+|0o[0-7_]+|[0-9][0-9_]*)((?:[iu](?:8|16|32|64|128|size)|f32|f64)?)$", re.I)
_LIMITS = {
    f"{sign}{bits}::{name}": value
    for bits in (8, 16, 32, 64, 128)
    for sign, name, value in (
        ("u", "MAX", (1 << bits) - 1), ("u", "MIN", 0), ("u", "BITS", bits), ("i", "MAX", (1 << (bits - 1)) - 1),
        ("i", "MIN", -(1 << (bits - 1))), ("i", "BITS", bits),
    )
}  # fmt: skip
_MOST_BITS = 256
_DEPTH = 48


@dataclass(frozen=True, slots=True)
class Where:
    """Where a type or constant stands: its scope, the generic parameters around it, and what `Self` is."""

    scope: Scope
    generics: frozenset[str] = frozenset()
    self_type: RType | None = None


@dataclass(frozen=True, slots=True)
class Generic:
    """One generic parameter that is no lifetime."""

    name: str
    const: bool = False
    default: Node | None = None


def generics_of(node: Node) -> tuple[Generic, ...]:
    """Return the type and const parameters of an item in order."""
    params = node.child_by_field_name("type_parameters")
    found: list[Generic] = []
    for item in params.named_children if params is not None else ():
        match item.type:
            case "type_parameter" | "optional_type_parameter" | "constrained_type_parameter":
                name = item.child_by_field_name("name") or item.child_by_field_name("left")
                found.append(Generic(text_of(name), default=item.child_by_field_name("default_type")))
            case "const_parameter":
                found.append(Generic(name_of(item), const=True))
            case "type_identifier":
                found.append(Generic(text_of(item)))
    return tuple(found)


def integer_of(text: str) -> tuple[int, str] | None:
    """Return the value and suffix of an integer literal."""
    match = _NUMBER.match(text)
    if match is None or match[2].startswith(("f", "F")):
        return None
    digits = match[1].replace("_", "").lower()
    try:
        return int(digits, 0) if digits[:1] == "0" and digits[1:2] in ("x", "b", "o") else int(digits), match[2]
    except ValueError:  # more digits than Python converts
        return None


class Reader:
    """Turns type and constant expressions into RTypes and integers."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.size_of: Callable[[RType], int | None] = lambda _: None
        """The size of a type in bytes where every target agrees; set by the one who lays out."""
        self._constants: dict[Item, int | None] = {}
        self._variants: dict[Item, tuple[tuple[str, int | None], ...]] = {}

    # -- types -----------------------------------------------------------------------------------------------

    def read(self, node: Node | None, where: Where, depth: int = 0) -> RType:
        """Return the type that a type node means."""
        if node is None or depth > _DEPTH:
            return UNKNOWN if node is None else Unknown("…", "nested too deeply")
        match node.type:
            case "primitive_type":
                return Prim(text_of(node))
            case "type_identifier" | "scoped_type_identifier" | "identifier" | "scoped_identifier" | "metavariable":
                return self._named(node, (), where, depth)
            case "generic_type":
                return self._generic(node, where, depth)
            case "reference_type":
                return Ref(self.read(node.child_by_field_name("type"), where, depth + 1))
            case "pointer_type":
                return Ptr(self.read(node.child_by_field_name("type"), where, depth + 1))
            case "array_type":
                return self._array(node, where, depth)
            case "tuple_type":
                return Tup(tuple(self.read(item, where, depth + 1) for item in node.named_children))
            case "unit_type":
                return Prim("()")
            case "never_type":
                return Prim("!")
            case "function_type":
                return FnPtr()
            case "abstract_type" | "dynamic_type":
                return self._bound(node, where, depth)
            case "parenthesized_type":
                return self.read(next(iter(node.named_children), None), where, depth + 1)
            case "removed_trait_bound" | "bounded_type":
                return Unknown(text_of(node), "a trait's type")
        return Unknown(text_of(node)[:80], "it is not modelled")

    def _array(self, node: Node, where: Where, depth: int) -> RType:
        element = self.read(node.child_by_field_name("element"), where, depth + 1)
        length = node.child_by_field_name("length")
        if length is None:
            return SliceOf(element)
        if length.type == "identifier" and text_of(length) in where.generics:
            return ArrayOf(element, Param(text_of(length)))
        if length.type == "identifier" and text_of(length) == "_":
            return ArrayOf(element, None)
        return ArrayOf(element, self.fold(length, where))

    def _bound(self, node: Node, where: Where, depth: int) -> RType:
        """`impl Sender<T>`: the arguments are kept, so that a caller's can be matched with them."""
        trait = node.child_by_field_name("trait") or next(iter(node.named_children), None)
        if trait is None:
            return Unknown(text_of(node)[:80], "a trait's type")
        if trait.type == "function_type":
            return FnPtr()
        head = text_of(trait.child_by_field_name("type") or trait)
        listed = trait.child_by_field_name("type_arguments")
        args = tuple(
            item for item in self._arguments(listed, (), where, depth + 1) if not isinstance(item, int)
        )  # fmt: skip
        return Unknown(head.rpartition("::")[2], "a trait's type", args)

    def _generic(self, node: Node, where: Where, depth: int) -> RType:
        head, listed = node.child_by_field_name("type"), node.child_by_field_name("type_arguments")
        if head is None:
            return Unknown(text_of(node)[:80], "it is not modelled")
        return self._named(head, listed, where, depth)

    def _named(self, head: Node, listed: Node | tuple[()] | None, where: Where, depth: int) -> RType:
        path = segments(head)
        arguments = listed if isinstance(listed, Node) else None
        if path == ("Self",) and where.self_type is not None:
            return where.self_type
        if len(path) == 1 and path[0] in where.generics:
            return Param(path[0])
        if len(path) == 1 and path[0] == "_":
            return UNKNOWN
        if len(path) == 1 and path[0] in PRIMITIVES:
            return Prim(path[0])
        if not path or (path[0] in where.generics) or path[0] == "Self":
            return Unknown(text_of(head)[:80], "an associated type")
        found = self.names.resolve(where.scope, path)
        match found:
            case Item(kind="struct" | "union" | "enum"):
                return Adt(found, self._arguments(arguments, generics_of(found.node), where, depth + 1))
            case Item(kind="alias"):
                given = self._arguments(arguments, generics_of(found.node), where, depth + 1)
                return self.alias(found, given, depth + 1)
            case External(path=outside):
                return Ext(outside, self._arguments(arguments, (), where, depth + 1))
            case Generated():
                return Made(found)
            case _:
                return Unknown("::".join(path), "it is not declared in the tree")

    def alias(self, item: Item, args: tuple[Arg, ...], depth: int) -> RType:
        """Return what a type alias stands for."""
        params = generics_of(item.node)
        inner = Where(item.scope, frozenset(param.name for param in params))
        target = self.read(item.node.child_by_field_name("type"), inner, depth + 1)
        return substitute(target, dict(zip((param.name for param in params), args, strict=False)))

    def _arguments(self, listed: Node | None, params: tuple[Generic, ...], where: Where, depth: int) -> tuple[Arg, ...]:
        found: list[Arg] = []
        for item in listed.named_children if listed is not None else ():
            if item.type in ("lifetime", "type_binding", "line_comment", "block_comment"):
                continue
            param = params[len(found)] if len(found) < len(params) else None
            found.append(self._argument(item, param, where, depth))
        for param in params[len(found) :]:
            if param.default is None:
                break
            found.append(self.read(param.default, where, depth + 1))
        return tuple(found)

    def _argument(self, node: Node, param: Generic | None, where: Where, depth: int) -> Arg:
        if (param is not None and param.const) or node.type in ("integer_literal", "block", "boolean_literal"):
            name = text_of(node)
            if name in where.generics:
                return Param(name)
            value = self.fold(node, where)
            return Unknown(name[:80], "its length is not known") if value is None else value
        return self.read(node, where, depth + 1)

    # -- constants -------------------------------------------------------------------------------------------

    def fold(self, node: Node | None, where: Where, depth: int = 0) -> int | None:
        """Return the value of a constant integer expression, None where it cannot be told."""
        if node is None or depth > _DEPTH:
            return None
        match node.type:
            case "integer_literal":
                found = integer_of(text_of(node))
                return None if found is None else found[0]
            case "parenthesized_expression" | "const_block" | "block" | "unsafe_block":
                inner = [item for item in node.named_children if not item.type.endswith("comment")]
                return self.fold(inner[0], where, depth + 1) if len(inner) == 1 else None
            case "unary_expression":
                value = self.fold(next(iter(node.named_children), None), where, depth + 1)
                return -value if value is not None and text_of(node).startswith("-") else None
            case "binary_expression":
                return self._binary(node, where, depth)
            case "type_cast_expression":
                return self._cast(node, where, depth)
            case "identifier" | "scoped_identifier" | "type_identifier" | "scoped_type_identifier":
                return self._constant(node, where, depth)
            case "char_literal":
                text = text_of(node).removeprefix("b").strip("'")
                return ord(text) if len(text) == 1 else None
            case "call_expression":
                return self._call(node, where)
        return None

    def _binary(self, node: Node, where: Where, depth: int) -> int | None:
        left = self.fold(node.child_by_field_name("left"), where, depth + 1)
        right = self.fold(node.child_by_field_name("right"), where, depth + 1)
        if left is None or right is None:
            return None
        match text_of(node.child_by_field_name("operator")):
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right if left.bit_length() + right.bit_length() <= _MOST_BITS else None
            case "/" if right:
                return abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
            case "%" if right > 0 and left >= 0:
                return left % right
            case "<<" if 0 <= right <= _MOST_BITS and left.bit_length() + right <= _MOST_BITS:
                return left << right
            case ">>" if 0 <= right <= _MOST_BITS:
                return left >> right
            case "|":
                return left | right
            case "&":
                return left & right
            case "^":
                return left ^ right
        return None

    def _cast(self, node: Node, where: Where, depth: int) -> int | None:
        value = self.fold(node.child_by_field_name("value"), where, depth + 1)
        target = text_of(node.child_by_field_name("type"))
        if value is None or target not in ("u8", "u16", "u32", "u64"):
            return value
        return value % (1 << int(target[1:]))

    def _constant(self, node: Node, where: Where, depth: int) -> int | None:
        path = segments(node)
        if "::".join(path[-2:]) in _LIMITS:
            return _LIMITS["::".join(path[-2:])]
        if not path or (len(path) == 1 and path[0] in where.generics):
            return None
        if path[0] == "Self":
            return None
        found = self.names.resolve(where.scope, path, "value")
        if isinstance(found, Item) and found.kind == "const":
            return self._value(found, depth)
        if len(path) > 1:
            owner = self.names.resolve(where.scope, path[:-1])
            if isinstance(owner, Item) and owner.kind == "enum":
                return dict(self.variants(owner)).get(path[-1])
        return None

    def _value(self, item: Item, depth: int) -> int | None:
        if item not in self._constants:
            self._constants[item] = None  # a constant made of itself has no value
            self._constants[item] = self.fold(item.node.child_by_field_name("value"), Where(item.scope), depth + 1)
        return self._constants[item]

    def _call(self, node: Node, where: Where) -> int | None:
        function = node.child_by_field_name("function")
        if function is None or function.type != "generic_function":
            return None
        if segments(function)[-1:] != ("size_of",):
            return None
        listed = function.child_by_field_name("type_arguments")
        measured = next((item for item in (listed.named_children if listed is not None else ())), None)
        return None if measured is None else self.size_of(self.read(measured, where))

    def variants(self, item: Item) -> tuple[tuple[str, int | None], ...]:
        """Return the variants of an enum with their discriminants, None from where one is not known."""
        if item not in self._variants:
            self._variants[item] = ()
            self._variants[item] = tuple(self._discriminants(item))
        return self._variants[item]

    def _discriminants(self, item: Item) -> Iterator[tuple[str, int | None]]:
        following: int | None = 0
        where = Where(item.scope)
        for node, enabled in variant_nodes(item.node):
            value = node.child_by_field_name("value")
            if enabled is None:
                following = None
            current = following if value is None else self.fold(value, where)
            yield name_of(node), current
            following = None if current is None else current + 1


def variant_nodes(enum: Node) -> Iterator[tuple[Node, bool | None]]:
    """Yield the variants of an enum, and whether they are there (None: the build decides)."""
    body = enum.child_by_field_name("body")
    for item, prelude in with_preludes(body.named_children if body is not None else ()):
        enabled = prelude.enabled()
        if item.type == "enum_variant" and enabled is not False:
            yield item, enabled


def binding_of(item: Item, args: tuple[Arg, ...]) -> Binding:
    """Return what the generic parameters of an item are bound to by its arguments."""
    return dict(zip((param.name for param in generics_of(item.node)), args, strict=False))


def where_in(item: Item, self_type: RType | None = None) -> Where:
    """Return the place of what stands inside an item's declaration."""
    return Where(item.scope, frozenset(param.name for param in generics_of(item.node)), self_type)


def inside(where: Where, scope: Scope) -> Where:
    """Return the same place with the scope of a body."""
    return replace(where, scope=scope)
