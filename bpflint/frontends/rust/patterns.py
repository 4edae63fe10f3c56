"""Which names does a pattern bind, and to what?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tree_sitter import Node

from bpflint.frontends.rust.rtypes import UNKNOWN, Adt, Tup, peel, pointee, unwrapped
from bpflint.frontends.rust.scopes import segments
from bpflint.frontends.rust.syntax import text_of
from bpflint.frontends.rust.values import NOTHING, Frame, FromMap, Value

if TYPE_CHECKING:
    from bpflint.frontends.rust.evaluate import Evaluator

_OPENING = frozenset(("Some", "Ok"))
_NONE = frozenset(("None", "Err"))


def bind(evaluator: Evaluator, pattern: Node | None, value: Value, frame: Frame, depth: int = 0) -> None:
    """Bring the names of a pattern into scope."""
    if pattern is None or depth > 24:
        return
    match pattern.type:
        case "identifier" | "shorthand_field_identifier":
            name = text_of(pattern).removeprefix("r#")
            if name not in _NONE:
                frame.bind(name, value)
        case "mut_pattern" | "ref_pattern" | "captured_pattern" | "or_pattern":
            for item in pattern.named_children:
                if item.type != "mutable_specifier":
                    bind(evaluator, item, value, frame, depth + 1)
        case "reference_pattern":
            for item in pattern.named_children:
                bind(evaluator, item, value.typed(pointee(value.type)), frame, depth + 1)
        case "tuple_pattern":
            _tuple(evaluator, pattern, value, frame, depth)
        case "tuple_struct_pattern":
            _variant(evaluator, pattern, value, frame, depth)
        case "struct_pattern":
            _fields(evaluator, pattern, value, frame, depth)
        case "slice_pattern":
            for item in pattern.named_children:
                bind(evaluator, item, NOTHING, frame, depth + 1)


def _tuple(evaluator: Evaluator, pattern: Node, value: Value, frame: Frame, depth: int) -> None:
    base = peel(value.type)
    for index, item in enumerate(pattern.named_children):
        type_ = base.items[index] if isinstance(base, Tup) and index < len(base.items) else UNKNOWN
        origin = value.origin if isinstance(value.origin, FromMap) else None
        if isinstance(origin, FromMap) and origin.pairs:
            origin = replace(origin, pairs=False, role="key" if index == 0 else "value")
        bind(evaluator, item, Value(type_, origin), frame, depth + 1)


def _variant(evaluator: Evaluator, pattern: Node, value: Value, frame: Frame, depth: int) -> None:
    """`Some(x)`, `Ok(x)`, `Err(e)`, or a variant of a type of the project."""
    head, *inner = pattern.named_children
    name = segments(head)[-1:]
    if name and name[0] in _OPENING:
        opened = value.typed(unwrapped(value.type))
        for item in inner:
            bind(evaluator, item, opened, frame, depth + 1)
        return
    base = peel(value.type)
    if isinstance(base, Adt) and base.item.kind == "struct":
        for index, item in enumerate(inner):
            bind(evaluator, item, Value(evaluator.field_type(base, str(index))), frame, depth + 1)
        return
    for item in inner:
        bind(evaluator, item, NOTHING, frame, depth + 1)


def _fields(evaluator: Evaluator, pattern: Node, value: Value, frame: Frame, depth: int) -> None:
    made = evaluator.read(pattern.child_by_field_name("type"), frame)
    base = peel(value.type)
    owner = base if isinstance(base, Adt) else made
    for item in pattern.named_children:
        if item.type != "field_pattern":
            continue
        label = item.child_by_field_name("name")
        inner = item.child_by_field_name("pattern") or label
        name = text_of(label)
        known = evaluator.calls.functions.field(owner, name) if isinstance(owner, Adt) else None
        declared = evaluator.field_type(owner, name) if isinstance(owner, Adt) else UNKNOWN
        found = known or Value(declared)
        bind(evaluator, inner, found.typed(declared) if declared != UNKNOWN else found, frame, depth + 1)

