"""What does one Go file look like to the grammar? Its bytes, its tree, and a quick tree without function bodies."""

from __future__ import annotations

import builtins
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bpflint.frontends.go.bodies import kept_ranges
from bpflint.model.source import Span, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node, Parser

_DECLARATION = re.compile(rb"\n(?:type|func|var|const)\b")
_parser: list[Any] = []


def parser() -> Parser:
    """Return the process's one Go parser; tree_sitter is imported at the first question."""
    if not _parser:
        import tree_sitter_go
        from tree_sitter import Language, Parser

        _parser.append(Parser(Language(tree_sitter_go.language())))
    found: Parser = _parser[0]
    return found


def _parse(data: bytes) -> Node:
    return parser().parse(data).root_node


def _parse_parts(data: bytes, ranges: Sequence[tuple[int, int]]) -> Node:
    from tree_sitter import Point, Range

    tool, parts, row, last = parser(), [], 0, 0
    for start, end in ranges:
        points = []
        for offset in (start, end):
            row, last = row + data.count(b"\n", last, offset), offset
            points.append(Point(row, offset - 1 - data.rfind(b"\n", 0, offset)))
        parts.append(Range(points[0], points[1], start, end))
    tool.included_ranges = parts
    try:
        return tool.parse(data).root_node
    finally:
        del tool.included_ranges


class Source:
    """One Go file. `root` is its whole tree; `outline` the same without what stands inside function bodies."""

    def __init__(self, path: builtins.str, data: bytes) -> None:
        self.path, self.data = path, data
        self.text = Text(data)
        self._parts: dict[tuple[int, int], Node] = {}
        self._spans: dict[tuple[int, int], Span] = {}

    @cached_property
    def root(self) -> Node:
        """The root node of the whole file."""
        return _parse(self.data)

    @cached_property
    def outline(self) -> Node:
        """The root node with every function body empty: declarations at a fraction of the price."""
        if "root" in self.__dict__:
            return self.root
        ranges = kept_ranges(self.data)
        found = None if ranges is None else _parse_parts(self.data, ranges)
        # where a body was taken for something else, the rest is no Go
        return self.root if found is None or found.has_error else found

    @cached_property
    def head(self) -> Node:
        """A root node with the imports: no more is read than what stands above the first declaration."""
        first = _DECLARATION.search(self.data)
        if first is None or "root" in self.__dict__ or "outline" in self.__dict__:
            return self.outline
        found = _parse_parts(self.data, [(0, first.start())])
        return self.outline if found.has_error else found

    def whole(self, node: Node) -> Node:
        """Return the node of the whole tree that stands where `node` (of the outline) does.

        Where only the outline has been made, no more than the bytes of `node` are read: one function of a long file.
        """
        if "root" not in self.__dict__:
            found = self._at(self._part(node), node)
            if not found.has_error:
                return found
        return self._at(self.root, node)

    def _part(self, node: Node) -> Node:
        top = node
        while top.parent is not None and top.parent.parent is not None:
            top = top.parent
        place = (top.start_byte, top.end_byte)
        if place not in self._parts:
            self._parts[place] = _parse_parts(self.data, [place])
        return self._parts[place]

    @staticmethod
    def _at(root: Node, node: Node) -> Node:
        found = root.named_descendant_for_byte_range(node.start_byte, node.end_byte)
        while found is not None and found.type != node.type and found.parent is not None:
            found = found.parent
        return found if found is not None and found.type == node.type else node

    def span(self, node: Node) -> Span:
        """Return where a node stands: one object for all that stands at one place."""
        place = node.byte_range
        found = self._spans.get(place)
        if found is None:
            found = self._spans[place] = self.text.span(self.path, *place)
        return found

    @cached_property
    def _ascii(self) -> builtins.str | None:
        return self.data.decode("ascii") if self.data.isascii() else None

    def bytes(self, node: Node) -> builtins.bytes:
        """Return the bytes of a node."""
        return self.data[node.start_byte : node.end_byte]

    def str(self, node: Node) -> builtins.str:
        """Return the text of a node."""
        start, end = node.byte_range
        if self._ascii is not None:
            return self._ascii[start:end]
        return self.data[start:end].decode("utf-8", "replace")


def short(text: str, most: int = 60) -> str:
    """Return a spelling on one line and not too long, for messages."""
    line = " ".join(text[: most * 4].split())
    return line if len(line) <= most else line[: most - 1] + "…"
