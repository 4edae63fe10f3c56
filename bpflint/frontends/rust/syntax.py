"""How is a Rust file read? By tree-sitter; its text, spans, attributes and `cfg` conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from tree_sitter import Language, Node, Parser

from bpflint.model.data import dataclass
from bpflint.model.source import Span, Text

MOST_BYTES = 8 << 20
"""A larger file is generated, and nobody's to check by hand."""

_COMMENTS = frozenset(("line_comment", "block_comment"))
_MARKS = re.compile(r"^\s*(?://[/!]?|/\*[*!]?|\*(?!/))\s?|\s*\*/\s*$", re.M)
_FALSE_WORDS = frozenset(("test", "windows", "doc", "doctest", "miri", "loom", "kani"))


@cache
def _parser() -> Parser:
    import tree_sitter_rust

    return Parser(Language(tree_sitter_rust.language()))


class Source:
    """One parsed file."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.text = Text(data)
        self._tree = _parser().parse(data)
        self.root: Node = self._tree.root_node

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        return self.text.data

    def span(self, node: Node) -> Span:
        """Return the Span of a node."""
        return self.text.span(self.path, node.start_byte, node.end_byte)


def text_of(node: Node | None) -> str:
    """Return the text of a node, "" for none."""
    if node is None or node.text is None:
        return ""
    return node.text.decode("utf-8", "replace")


def name_of(node: Node) -> str:
    """Return the text of the node's name, without the mark of a raw identifier."""
    return text_of(node.child_by_field_name("name")).removeprefix("r#")


def string_of(node: Node) -> str | None:
    """Return the value of a string literal as far as it has no escapes that matter, None for another node."""
    if node.type not in ("string_literal", "raw_string_literal"):
        return None
    parts = [text_of(item) for item in node.named_children if item.type in ("string_content", "escape_sequence")]
    return "".join(parts)


def nodes_below(node: Node, *types: str) -> Iterator[Node]:
    """Yield the nodes of some types at and below a node in source order; no recursion, whatever the nesting."""
    pending = [node]
    while pending:
        item = pending.pop()
        if item.type in types:
            yield item
        pending.extend(reversed(item.named_children))


@dataclass(frozen=True, slots=True)
class Attribute:
    """`#[name(args)]`. `sure` is False under a `cfg_attr` whose condition is not known."""

    name: str
    args: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Prelude:
    """What stands above an item: attributes and the comment right above them."""

    attributes: tuple[Attribute, ...] = ()
    comment: str = ""

    def named(self, name: str) -> tuple[Attribute, ...]:
        """Return the attributes of a name, by its last path segment."""
        return tuple(item for item in self.attributes if item.name.rpartition("::")[2] == name)

    def enabled(self) -> bool | None:
        """Return whether the item's `cfg` conditions hold; None where that depends on the build."""
        found: bool | None = True
        for item in self.attributes:
            if item.name == "cfg":
                found = _and(found, condition(item.args))
        return found


_EMPTY = Prelude()


def with_preludes(children: Sequence[Node]) -> Iterator[tuple[Node, Prelude]]:
    """Yield each item of a list of siblings with the attributes and comments above it."""
    attributes: list[Attribute] = []
    comments: list[Node] = []
    for node in children:
        if node.type == "attribute_item":
            attributes.extend(attributes_of(node))
        elif node.type in _COMMENTS:
            if comments and node.start_point.row > _last_row(comments[-1]) + 1:
                comments.clear()
            comments.append(node)
        else:
            yield node, Prelude(tuple(attributes), _comment(comments, node)) if attributes or comments else _EMPTY
            attributes.clear()
            comments.clear()


def _last_row(node: Node) -> int:
    """A doc comment's node includes its line end."""
    end = node.end_point
    return end.row - 1 if end.column == 0 and end.row > node.start_point.row else end.row


def _comment(comments: Sequence[Node], node: Node) -> str:
    """The comments that reach the item; a trailing comment of the item before is on a line of its own code."""
    if not comments:
        return ""
    return "\n".join(_MARKS.sub("", text_of(item)).strip() for item in comments)


def attributes_of(node: Node, sure: bool = True) -> Iterator[Attribute]:
    """Yield what one `#[…]` says; a `cfg_attr` is opened."""
    inner = next((item for item in node.named_children if item.type == "attribute"), None)
    if inner is None:
        return
    arguments = inner.child_by_field_name("arguments")
    if arguments is not None:
        head, args = text_of(inner.named_children[0]), text_of(arguments)[1:-1].strip()
    else:
        head, _, args = text_of(inner).partition("=")
    yield from _opened(head.strip(), args.strip(), sure)


def _opened(name: str, args: str, sure: bool, depth: int = 0) -> Iterator[Attribute]:
    if name != "cfg_attr" or depth > 4:
        yield Attribute(name, args, sure)
        return
    first, *rest = split_args(args)
    holds = condition(first)
    if holds is False:
        return
    for item in rest:
        head, bracket, inside = item.partition("(")
        inner = inside.rpartition(")")[0] if bracket else ""
        yield from _opened(head.strip(), inner, sure and holds is True, depth + 1)


def split_args(text: str) -> list[str]:
    """Split `a, b(c, d), e` at its outer commas."""
    parts, depth, start = [], 0, 0
    for at, char in enumerate(text):
        if char in "([{<":
            depth += 1
        elif char in ")]}>":
            depth -= 1
        elif char == "," and depth <= 0:
            parts.append(text[start:at].strip())
            start = at + 1
    last = text[start:].strip()
    return [*parts, last] if last or not parts else parts


def condition(text: str, depth: int = 0) -> bool | None:
    """Return the value of a `cfg` condition on a Linux machine outside of tests; None where the build decides."""
    text = text.strip()
    head, bracket, inside = text.partition("(")
    head = head.strip()
    if depth > 16:
        return None
    if bracket:
        found = [condition(item, depth + 1) for item in split_args(inside.rpartition(")")[0]) if item]
        match head:
            case "not":
                return None if len(found) != 1 or found[0] is None else not found[0]
            case "all":
                return False if False in found else None if None in found else True
            case "any":
                return True if True in found else None if None in found else False
        return None
    if text in _FALSE_WORDS:
        return False
    if text == "unix":
        return True
    key, equals, value = (part.strip().strip('"') for part in text.partition("="))
    if equals and key == "target_os":
        return value == "linux"
    if equals and key == "target_family":
        return value == "unix"
    return None


def _and(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True
