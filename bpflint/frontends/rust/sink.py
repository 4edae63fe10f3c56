"""What was found in a file's bodies? Uses, references and links, each once."""

from __future__ import annotations

import re
from typing import Literal

from tree_sitter import Node

from bpflint.frontends.rust.rtypes import RType, is_open, show
from bpflint.frontends.rust.syntax import text_of
from bpflint.frontends.rust.values import Frame, OfMap, Value, Words
from bpflint.frontends.rust.world import World
from bpflint.model.layout import ByteOrder, Codec
from bpflint.model.source import Span
from bpflint.model.unit import Link, Reference, Role, Use

Kind = Literal["map", "program", "variable"]
LinkKind = Literal["skeleton", "object", "source"]

_OBJECT = re.compile(r"[\w./-]+\.(?:o|bpf)$")


class Sink:
    """Collects what one file's functions do."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.uses: dict[tuple[object, ...], Use] = {}
        self.references: dict[tuple[str, str, Span], Reference] = {}
        self.links: dict[tuple[str, str], Link] = {}

    def span(self, node: Node, frame: Frame) -> Span:
        """Return the Span of a node in a frame's file."""
        return frame.where.scope.source.span(node)

    def use(
        self, map_: OfMap, role: Role, op: str, type_: RType, node: Node, frame: Frame, *, how: str = "",
        order: ByteOrder | None = None, per_cpu: bool = False, expression: Node | None = None,
    ) -> None:  # fmt: skip
        """Note that a type meets a map."""
        if not map_.name or is_open(type_):
            return  # a generic function: the caller that says the type is looked at instead
        span = self.span(node, frame)
        key = (map_.name, map_.loader, role, op, show(type_), span)
        if key in self.uses:
            return
        made = self._world.layouts.type(type_)
        self.uses[key] = Use(
            map_.name, role, op, made, span, Codec.RUST_C, frame.function,
            expression=" ".join(text_of(expression if expression is not None else node).split())[:80],
            via=frame.via, how=how, order=order, per_cpu=per_cpu,
        )  # fmt: skip

    def reference(self, kind: Kind, name: str, node: Node, loader: str, frame: Frame) -> None:
        """Note a name of a map, program or global."""
        span = self.span(node, frame)
        self.references.setdefault((kind, name, span), Reference(kind, name, span, loader))

    def loads(self, node: Node, given: list[Value], frame: Frame) -> None:
        """Note an object file that is loaded by its name."""
        for item in given:
            if isinstance(item.origin, Words) and _OBJECT.search(item.origin.text):
                self.link("object", item.origin.text, self.span(node, frame))

    def link(self, kind: LinkKind, name: str, span: Span | None) -> None:
        """Note what the file loads."""
        self.links.setdefault((kind, name), Link(kind, name, span))
