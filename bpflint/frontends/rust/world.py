"""What does one project's Rust look like to everything that reads it? Its files, names, types and layouts together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bpflint.frontends.rust.crates import Tree
from bpflint.frontends.rust.impls import Impls
from bpflint.frontends.rust.layouts import Layouts
from bpflint.frontends.rust.marks import Marks
from bpflint.frontends.rust.names import Names
from bpflint.frontends.rust.reading import Reader


class World:
    """Everything that is known of a project; what one file asked for serves the next."""

    def __init__(self, root: Path, files: Sequence[str]) -> None:
        self._files = files
        self.tree = Tree(root, files)
        self.names = Names(self.tree)
        self.marks = Marks(self.names)
        self.reader = Reader(self.names)
        self.layouts = Layouts(self.reader, self.marks)
        self.impls = Impls(self.names, self.reader)

    def is_of(self, root: Path, files: Sequence[str]) -> bool:
        """Return whether this is the world of a project."""
        return self.tree.root == root and (self._files is files or self._files == files)
