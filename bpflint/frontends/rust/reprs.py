"""What do attributes and field lists say about a layout? `repr`, derives, fields, and the structs of libc."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from bpflint.frontends.rust.externals import PRIMITIVES, STRUCTS, WRAPPED, byte_order_named
from bpflint.frontends.rust.rtypes import Ext, RType, show
from bpflint.frontends.rust.scopes import Item
from bpflint.frontends.rust.syntax import Prelude, name_of, split_args, with_preludes
from bpflint.model.data import dataclass
from bpflint.model.layout import Array, Bits, Codec, Member, RecordDecl, Scalar, Type

_INTEGERS = frozenset(
    f"{sign}{bits}" for sign in "ui" for bits in ("8", "16", "32", "64", "128", "size")
)  # fmt: skip
_NUMBERED = re.compile(r"(packed|align)\((\d+)\)$")


@dataclass(frozen=True, slots=True)
class Repr:
    """What `#[repr(…)]` says. `sure` is False under a `cfg_attr` that the build decides."""

    words: tuple[str, ...] = ()
    sure: bool = True

    @property
    def c(self) -> bool:
        """Whether C's rules order and align the fields."""
        return "C" in self.words

    @property
    def transparent(self) -> bool:
        """Whether the type is laid out as its one field."""
        return "transparent" in self.words

    @property
    def integer(self) -> str:
        """The integer that an enum's tag is, "" none."""
        return next((word for word in self.words if word in _INTEGERS), "")

    @property
    def pack(self) -> int | None:
        """The most bytes a field is aligned to, None without `packed`."""
        found = [int(match[2]) for word in self.words if (match := _NUMBERED.match(word)) and match[1] == "packed"]
        return min(found) if found else 1 if "packed" in self.words else None

    @property
    def align(self) -> int | None:
        """The least bytes the whole is aligned to."""
        found = [int(match[2]) for word in self.words if (match := _NUMBERED.match(word)) and match[1] == "align"]
        return max(found) if found else None


def repr_of(prelude: Prelude) -> Repr:
    """Return what the attributes of an item say about its layout."""
    found = prelude.named("repr")
    words = [word.replace(" ", "") for item in found for word in split_args(item.args) if word]
    return Repr(tuple(words), all(item.sure for item in found))


def is_generic(item: Item) -> bool:
    """Return whether a declaration has type or const parameters."""
    params = item.node.child_by_field_name("type_parameters")
    found = params.named_children if params is not None else ()
    return any(node.type not in ("lifetime", "lifetime_parameter") for node in found)


def derived(prelude: Prelude) -> Iterator[str]:
    """Yield the traits that an item derives, by their last segment."""
    for item in prelude.named("derive"):
        yield from (word.rpartition("::")[2].strip() for word in split_args(item.args) if word)


def field_nodes(body: Node | None) -> Iterator[tuple[Node, Prelude, str]]:
    """Yield (node, attributes, name) of each field; a tuple's fields are its types, named by number."""
    number = 0
    for node, prelude in with_preludes(body.named_children if body is not None else ()):
        if body is not None and body.type == "ordered_field_declaration_list":
            if node.type != "visibility_modifier" and not node.type.endswith("comment"):
                yield node, prelude, str(number)
                number += 1
        elif node.type == "field_declaration":
            yield node, prelude, name_of(node)


def written(field: Node) -> Node | None:
    """Return the type node of a field; a tuple's field is its type."""
    return field.child_by_field_name("type") if field.type == "field_declaration" else field


def libc_record(type_: Ext) -> RecordDecl | None:
    """Return a struct of libc, also where nix wraps it."""
    name = WRAPPED.get(type_.path, type_.last)
    fields = STRUCTS.get(name)
    if fields is None:
        return None
    members = []
    for label, element, count in fields:
        made: Type = PRIMITIVES[element]
        align = Bits(32) if label == "sin6_addr" else None
        members.append(Member(label, Array(made, count) if count > 1 else made, align=align))
    return RecordDecl(name, "struct", tuple(members), "rust", Codec.RUST_C)


def ordered_of(type_: Ext, order: RType) -> Scalar | None:
    """Return `zerocopy::byteorder::U32<BigEndian>`: bytes in a fixed order, without alignment."""
    named = byte_order_named(order.last if isinstance(order, Ext) else show(order))
    if named is None or type_.last not in ("U16", "U32", "U64", "I16", "I32", "I64"):
        return None
    width = Bits(int(type_.last[1:]))
    return Scalar((show(type_),), width, signed=type_.last[0] == "I", align=Bits(8), order=named)
