"""What does each expression of a body give? Types and the way of bytes, one pass in source order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tree_sitter import Node

from bpflint.frontends.rust.kernel import map_name
from bpflint.frontends.rust.patterns import bind
from bpflint.frontends.rust.reading import integer_of
from bpflint.frontends.rust.rtypes import (
    UNKNOWN,
    Adt,
    ArrayOf,
    Ext,
    Made,
    Prim,
    Ptr,
    Ref,
    RType,
    SliceOf,
    Tup,
    Unknown,
    is_bytes,
    peel,
    pointee,
    substitute,
    type_argument,
    unwrapped,
)  # fmt: skip
from bpflint.frontends.rust.scopes import External, Item, segments
from bpflint.frontends.rust.skeletons import part_of
from bpflint.frontends.rust.syntax import string_of, text_of
from bpflint.frontends.rust.values import (
    KERNEL,
    NOTHING,
    BytesOf,
    Code,
    Frame,
    FromMap,
    Loaded,
    OfMap,
    Value,
    Words,
    best,
)  # fmt: skip
from bpflint.frontends.rust.world import World

if TYPE_CHECKING:
    from bpflint.frontends.rust.calls import Calls

_MOST_STEPS = 300_000
"""Nodes read in one file; a body that needs more is generated."""
_DEEPEST = 90
"""Nesting of expressions past this is no person's; each level takes several of Python's frames."""
_ITEMS = frozenset(
    ("use_declaration", "function_item", "struct_item", "enum_item", "const_item", "static_item", "type_item",
     "impl_item", "mod_item", "union_item", "trait_item", "macro_definition")
)  # fmt: skip


class Evaluator:
    """Reads bodies. One instance a file; `types` keeps what each node gave in the functions read for themselves."""

    calls: Calls
    """What reads calls; it sets itself here."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.reader = world.reader
        self.impls = world.impls
        self.types: dict[int, RType] = {}
        self._steps = 0
        self._nesting = 0
        self._handlers: dict[str, Callable[[Node, Frame, RType], Value]] = {
            kind: getattr(self, name)
            for name, kinds in _HANDLED.items()
            for kind in kinds
        }

    @property
    def exhausted(self) -> bool:
        """Whether the file was more than is read."""
        return self._steps > _MOST_STEPS

    def value(self, node: Node | None, frame: Frame, expected: RType = UNKNOWN) -> Value:
        """Return what an expression gives."""
        self._steps += 1
        if node is None or self._nesting > _DEEPEST or self._steps > _MOST_STEPS:
            return NOTHING
        handler = self._handlers.get(node.type)
        self._nesting += 1
        try:
            found = handler(node, frame, expected) if handler is not None else self._parts(node, frame)
        finally:
            self._nesting -= 1
        if not frame.via and found.type != UNKNOWN:
            self.types[node.id] = found.type
        return found

    def read(self, node: Node | None, frame: Frame) -> RType:
        """Return the type that a type node means in a body."""
        return substitute(self.reader.read(node, frame.where), frame.binding)

    def _parts(self, node: Node, frame: Frame) -> Value:
        for item in node.named_children:
            self.value(item, frame)
        return NOTHING

    # -- blocks and statements -------------------------------------------------------------------------------

    def block(self, node: Node, frame: Frame, expected: RType) -> Value:
        """Read a block; its last expression is its value."""
        children = [item for item in node.named_children if not item.type.endswith("comment")]
        outer = frame.where
        if any(item.type in _ITEMS for item in children):
            frame.where = replace(outer, scope=self.world.names.body(outer.scope, node))
        frame.scopes.append({})
        found = NOTHING
        for index, item in enumerate(children):
            last = index == len(children) - 1
            if item.type in _ITEMS or item.type in ("empty_statement", "label", "attribute_item"):
                continue
            if item.type == "expression_statement":
                inner = next(iter(item.named_children), None)
                closed = item.children[-1].type == ";" if item.children else False
                got = self.value(inner, frame, expected if last and not closed else UNKNOWN)
                found = got if last and not closed else NOTHING
            else:
                got = self.value(item, frame, expected if last else UNKNOWN)
                found = got if last and item.type != "let_declaration" else NOTHING
        frame.scopes.pop()
        frame.where = outer
        return found

    def _wrapped(self, node: Node, frame: Frame, expected: RType) -> Value:
        """Parentheses, `unsafe`, `async`, `?`, `.await`: the value inside."""
        inner = next((item for item in node.named_children if item.type not in ("label", "lifetime")), None)
        if inner is not None and inner.type == "block" and node.type.endswith("block"):
            return self.value(inner, frame, expected)
        found = self.value(inner, frame, expected)
        return found.typed(unwrapped(found.type)) if node.type == "try_expression" else found

    def _let(self, node: Node, frame: Frame, _expected: RType) -> Value:
        pattern, written = node.child_by_field_name("pattern"), node.child_by_field_name("type")
        declared = self.read(written, frame) if written is not None else UNKNOWN
        given = node.child_by_field_name("value")
        found = self.value(given, frame, declared) if given is not None else NOTHING
        alternative = node.child_by_field_name("alternative")
        if alternative is not None:
            self.value(alternative, frame)
        if not isinstance(declared, Unknown):
            found = found.typed(declared)
        if node.type == "let_condition":
            found = found.typed(unwrapped(found.type)) if isinstance(declared, Unknown) else found
        bind(self, pattern, found, frame)
        return NOTHING

    def _assign(self, node: Node, frame: Frame, _expected: RType) -> Value:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        target = self.value(left, frame)
        found = self.value(right, frame, target.type)
        if left is not None and left.type == "identifier" and node.type == "assignment_expression":
            frame.assign(text_of(left), found if found.type != UNKNOWN else found.typed(target.type))
        elif left is not None and left.type == "field_expression":
            owner = peel(self.value(left.child_by_field_name("value"), frame).type)
            if isinstance(owner, Adt):
                self.calls.functions.constructed(owner, text_of(left.child_by_field_name("field")), found, frame, left)
        return NOTHING

    def _return(self, node: Node, frame: Frame, _expected: RType) -> Value:
        if (inner := next(iter(node.named_children), None)) is not None:
            frame.results.append(self.value(inner, frame, frame.expected))
        return NOTHING

    # -- control flow ----------------------------------------------------------------------------------------

    def _if(self, node: Node, frame: Frame, expected: RType) -> Value:
        frame.scopes.append({})
        self.value(node.child_by_field_name("condition"), frame)
        found = [self.value(node.child_by_field_name("consequence"), frame, expected)]
        frame.scopes.pop()
        other = node.child_by_field_name("alternative")
        if other is not None:
            found.append(self.value(next(iter(other.named_children), None), frame, expected))
        return best(found)

    def _match(self, node: Node, frame: Frame, expected: RType) -> Value:
        subject = self.value(node.child_by_field_name("value"), frame)
        subject = subject.typed(unwrapped(subject.type))
        body = node.child_by_field_name("body")
        found = []
        for arm in body.named_children if body is not None else ():
            if arm.type != "match_arm":
                continue
            frame.scopes.append({})
            pattern = arm.child_by_field_name("pattern")
            for part in pattern.named_children if pattern is not None else ():
                if pattern is not None and part == pattern.child_by_field_name("condition"):
                    self.value(part, frame)
                else:
                    bind(self, part, subject, frame)
            found.append(self.value(arm.child_by_field_name("value"), frame, expected))
            frame.scopes.pop()
        return best(found)

    def _loop(self, node: Node, frame: Frame, _expected: RType) -> Value:
        frame.scopes.append({})
        given = node.child_by_field_name("value") or node.child_by_field_name("condition")
        found = self.value(given, frame) if given is not None else NOTHING
        if node.type == "for_expression":
            bind(self, node.child_by_field_name("pattern"), element_of(found), frame)
        got = self.value(node.child_by_field_name("body"), frame)
        frame.scopes.pop()
        return got

    # -- simple expressions ----------------------------------------------------------------------------------

    def _literal(self, node: Node, _frame: Frame, _expected: RType) -> Value:
        match node.type:
            case "integer_literal":
                found = integer_of(text_of(node))
                return Value(Prim(found[1])) if found is not None and found[1] else NOTHING
            case "string_literal" | "raw_string_literal":
                text = string_of(node)
                if text_of(node).startswith(("b", "c")):
                    return Value(Ref(ArrayOf(Prim("u8"), None)))
                return Value(Ref(Prim("str")), Words(text or "", None))
            case "boolean_literal":
                return Value(Prim("bool"))
            case "char_literal":
                return Value(Prim("u8" if text_of(node).startswith("b") else "char"))
        return NOTHING

    def _name(self, node: Node, frame: Frame, _expected: RType) -> Value:
        if node.type in ("identifier", "self"):
            local = frame.find(text_of(node).removeprefix("r#"))
            if local is not None:
                return local
        path = segments(node)
        if not path or path == ("self",):
            return NOTHING
        found = self.world.names.resolve(frame.where.scope, path, "value")
        if isinstance(found, Item):
            return self._item(found, frame)
        if isinstance(found, External):
            return Value(Ext(found.path))
        return NOTHING

    def _item(self, item: Item, frame: Frame) -> Value:
        match item.kind:
            case "const" | "static":
                where = replace(frame.where, scope=item.scope, generics=frozenset())
                declared = self.reader.read(item.node.child_by_field_name("type"), where)
                if item.kind == "static" and (name := map_name(item)):
                    return Value(declared, OfMap(name, kind=KERNEL))
                given = item.node.child_by_field_name("value")
                if given is not None and given.type in ("string_literal", "raw_string_literal"):
                    return self._literal(given, frame, UNKNOWN).typed(declared)
                return Value(declared)
            case "fn":
                return Value(origin=Code(item=item))
            case "enum" | "struct":
                return Value(Adt(item))
        return NOTHING

    def _reference(self, node: Node, frame: Frame, expected: RType) -> Value:
        inner = self.value(node.child_by_field_name("value"), frame, pointee(expected))
        return Value(UNKNOWN if inner.type == UNKNOWN else Ref(inner.type), inner.origin)

    def _unary(self, node: Node, frame: Frame, expected: RType) -> Value:
        inner_node = next(iter(node.named_children), None)
        if not text_of(node).startswith("*"):
            return self.value(inner_node, frame, expected)
        found = self.value(inner_node, frame, Ref(expected) if expected != UNKNOWN else UNKNOWN)
        if isinstance(found.type, Ptr) and is_opaque_source(found):
            self.calls.maps.decode(found.type.inner, found, node, frame, "*")
        if isinstance(found.origin, BytesOf):
            return Value(pointee(found.type))
        return found.typed(pointee(unwrapped(found.type)))

    def _binary(self, node: Node, frame: Frame, expected: RType) -> Value:
        left = self.value(node.child_by_field_name("left"), frame, expected)
        right = self.value(node.child_by_field_name("right"), frame, expected)
        operator = text_of(node.child_by_field_name("operator"))
        if operator in ("==", "!=", "<", ">", "<=", ">=", "&&", "||"):
            return Value(Prim("bool"))
        return Value(left.type if isinstance(left.type, Prim) else right.type)

    def _cast(self, node: Node, frame: Frame, expected: RType) -> Value:
        target = self.read(node.child_by_field_name("type"), frame)
        found = self.value(node.child_by_field_name("value"), frame)
        if isinstance(target, Ptr) and isinstance(target.inner, Unknown):
            target = Ptr(pointee(expected if expected != UNKNOWN else found.type))
        if isinstance(target, Ptr) and not isinstance(found.origin, FromMap | BytesOf):
            return Value(target, _address(found, target) or found.origin)
        return Value(target, found.origin)

    def _field(self, node: Node, frame: Frame, _expected: RType) -> Value:
        owner = self.value(node.child_by_field_name("value"), frame)
        name = text_of(node.child_by_field_name("field")).removeprefix("r#")
        part = self.calls.maps.part(owner, name, node, frame)
        if part is not None:
            return part
        base = peel(owner.type)
        if isinstance(base, Ptr):
            base = base.inner
        if isinstance(base, Tup) and name.isdigit() and int(name) < len(base.items):
            return Value(base.items[int(name)], owner.origin if isinstance(owner.origin, FromMap) else None)
        if isinstance(base, Adt):
            declared = self.field_type(base, name)
            known = self.calls.functions.field(base, name)
            if known is not None:
                return known.typed(declared) if declared != UNKNOWN else known
            made = part_of(peel(declared))
            return Value(declared, made)
        if isinstance(owner.origin, FromMap) and name in ("0", "1") and owner.origin.pairs:
            return Value(UNKNOWN, pair_side(owner.origin, int(name)))
        return NOTHING

    def field_type(self, owner: Adt, name: str) -> RType:
        """Return the declared type of a field."""
        for label, type_ in self.world.layouts.field_types(owner):
            if label == name:
                return type_
        return UNKNOWN

    def _index(self, node: Node, frame: Frame, _expected: RType) -> Value:
        base_node, *rest = node.named_children or (None,)
        found = self.value(base_node, frame)
        at = rest[0] if rest else None
        if at is not None and at.type == "range_expression":
            return self._slice(found, at, frame)
        self.value(at, frame)
        return element_of(found)

    def _slice(self, found: Value, at: Node, frame: Frame) -> Value:
        start = at.named_children[0] if at.named_children and at.children[0].is_named else None
        for item in at.named_children:
            self.value(item, frame)
        if isinstance(found.origin, FromMap) and start is not None and text_of(start) != "0":
            return Value(found.type, replace(found.origin, whole=False))
        base = peel(found.type)
        element = base.element if isinstance(base, ArrayOf | SliceOf) else UNKNOWN
        return Value(SliceOf(element) if element != UNKNOWN else found.type, found.origin)

    def _range(self, node: Node, frame: Frame, _expected: RType) -> Value:
        found = [self.value(item, frame).type for item in node.named_children]
        known = next((item for item in found if item != UNKNOWN), UNKNOWN)
        return Value(Ext("std::ops::Range", (known,)))

    def _struct(self, node: Node, frame: Frame, expected: RType) -> Value:
        made = self.read(node.child_by_field_name("name"), frame)
        if isinstance(made, Adt) and isinstance(known := peel(expected), Adt) and known.item is made.item:
            made = known if not made.args else made
        body = node.child_by_field_name("body")
        for item in body.named_children if body is not None else ():
            if item.type == "field_initializer":
                label = text_of(item.child_by_field_name("field"))
                given = item.child_by_field_name("value")
            elif item.type == "shorthand_field_initializer":
                given = next((child for child in item.named_children if child.type == "identifier"), None)
                label = text_of(given)
            else:
                self._parts(item, frame)
                continue
            declared = self.field_type(made, label) if isinstance(made, Adt) else UNKNOWN
            found = self.value(given, frame, declared)
            if isinstance(made, Adt):
                self.calls.functions.constructed(made, label, found, frame, item)
        return Value(made)

    def _tuple(self, node: Node, frame: Frame, expected: RType) -> Value:
        wanted = expected.items if isinstance(expected, Tup) else ()
        found = [
            self.value(item, frame, wanted[index] if index < len(wanted) else UNKNOWN)
            for index, item in enumerate(node.named_children)
        ]
        return Value(Tup(tuple(item.type for item in found)))

    def _array(self, node: Node, frame: Frame, expected: RType) -> Value:
        base = peel(expected)
        wanted = base.element if isinstance(base, ArrayOf | SliceOf) else UNKNOWN
        length = node.child_by_field_name("length")
        if length is not None:
            inner = self.value(next(iter(node.named_children), None), frame, wanted)
            return Value(ArrayOf(inner.type, self.reader.fold(length, frame.where)))
        found = [self.value(item, frame, wanted) for item in node.named_children if item.type != "attribute_item"]
        return Value(ArrayOf(best(found).type, len(found)))

    def _closure(self, node: Node, frame: Frame, _expected: RType) -> Value:
        return Value(origin=Code(closure=node, frame=frame.inner()))

    def _macro(self, node: Node, frame: Frame, _expected: RType) -> Value:
        """A macro of the project may hand its first argument on (`load!(skel, …)?`)."""
        name = text_of(node.child_by_field_name("macro")).rpartition("::")[2]
        tokens = next((item for item in node.named_children if item.type == "token_tree"), None)
        first = next(iter(tokens.named_children), None) if tokens is not None else None
        if first is None or first.type != "identifier" or name in ("println", "format", "write", "vec", "assert"):
            return NOTHING
        found = frame.find(text_of(first))
        if found is None or not isinstance(found.origin or part_of(peel(found.type)), Loaded):
            return NOTHING
        return Value(UNKNOWN, found.origin or part_of(peel(found.type)))

    def _call(self, node: Node, frame: Frame, expected: RType) -> Value:
        return self.calls.call(node, frame, expected)

    def arguments(self, node: Node) -> list[Node]:
        """Return the argument nodes of a call."""
        listed = node.child_by_field_name("arguments")
        return [
            item for item in (listed.named_children if listed is not None else ())
            if not item.type.endswith("comment") and item.type != "attribute_item"
        ]  # fmt: skip


_HANDLED: dict[str, Sequence[str]] = {
    "block": ("block",),
    "_wrapped": ("parenthesized_expression", "unsafe_block", "async_block", "const_block", "try_expression",
                 "await_expression", "gen_block", "try_block"),
    "_let": ("let_declaration", "let_condition"),
    "_assign": ("assignment_expression", "compound_assignment_expr"),
    "_return": ("return_expression",),
    "_if": ("if_expression",),
    "_match": ("match_expression",),
    "_loop": ("for_expression", "while_expression", "loop_expression"),
    "_literal": ("integer_literal", "string_literal", "raw_string_literal", "boolean_literal", "char_literal",
                 "float_literal"),
    "_name": ("identifier", "scoped_identifier", "self", "generic_function"),
    "_reference": ("reference_expression",),
    "_unary": ("unary_expression",),
    "_binary": ("binary_expression",),
    "_cast": ("type_cast_expression",),
    "_field": ("field_expression",),
    "_index": ("index_expression",),
    "_range": ("range_expression",),
    "_struct": ("struct_expression",),
    "_tuple": ("tuple_expression",),
    "_array": ("array_expression",),
    "_closure": ("closure_expression",),
    "_macro": ("macro_invocation",),
    "_call": ("call_expression",),
}  # fmt: skip


_HOLDERS = frozenset(("Vec", "VecDeque", "SmallVec", "Range", "HashSet", "BTreeSet", "Keys"))
_TABLES = frozenset(("std::collections::HashMap", "std::collections::BTreeMap"))


def _address(found: Value, target: Ptr) -> BytesOf | None:
    """`&x as *const T as *const u8`: the bytes of `x`, whatever the pointer is called."""
    source = pointee(found.type)
    if not isinstance(found.type, Ref | Ptr) or source == UNKNOWN or is_bytes(found.type):
        return None
    return BytesOf(source, "as *const u8") if is_bytes(target) else None


def is_opaque_source(found: Value) -> bool:
    """Return whether a dereference of a pointer turns bytes into a value: they came from a map."""
    return isinstance(found.origin, FromMap) and not is_bytes(found.type)


def pair_side(origin: FromMap, index: int) -> FromMap:
    """Return the key or the value of an iterator's pairs."""
    return replace(origin, pairs=False, role="key" if index == 0 else "value")


def element_of(found: Value) -> Value:
    """Return an element of a collection or iterator; bytes of bytes stay bytes."""
    base = peel(found.type)
    match base:
        case ArrayOf(element=element) | SliceOf(element=element):
            if is_bytes(base) and isinstance(found.origin, FromMap):
                return NOTHING
            return Value(element, found.origin)
        case Ext(args=(first, *_)) if base.last in _HOLDERS and not isinstance(first, int):
            if first == Prim("u8") and isinstance(found.origin, FromMap):
                return NOTHING
            return Value(first, found.origin)
        case Ext(args=(key, _, *_)) if base.path in _TABLES and not isinstance(key, int):
            return Value(Tup((key, type_argument(base.args, 1))))
        case Tup() | Made() | Adt():
            return Value(UNKNOWN, found.origin)
    return Value(UNKNOWN if not isinstance(base, Tup) else base, found.origin)


