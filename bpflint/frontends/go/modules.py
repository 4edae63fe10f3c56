"""Where does an import path lead inside the tree? By the go.mod files below the root, their replaces, and vendor."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import field
from pathlib import Path

from bpflint.model.data import dataclass
from bpflint.model.patterns import pattern

LINTERS = (".golangci.yml", ".golangci.yaml", ".golangci.toml")
"""Configurations of linters at the root."""
_MOST_BYTES = 1 << 20
_MODULE = pattern(r'^\s*module\s+"?([^\s"]+)"?', re.M)
_REPLACE = pattern(r'^\s*(?:replace\s+)?"?([^\s"()]+)"?(?:\s+v\S+)?\s*=>\s*"?(\.{1,2}(?:/[^\s"]*)?)"?', re.M)


@dataclass(frozen=True, slots=True)
class Module:
    """One go.mod: the folder it stands in, the module's path, and the folders that replace other modules."""

    folder: str
    path: str
    replaces: tuple[tuple[str, str], ...] = field(default=())


def read_module(root: Path, path: str) -> Module | None:
    """Return the module a go.mod declares; None where it cannot be read or names none."""
    try:
        with (root / path).open("rb") as stream:
            text = stream.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return None
    text = re.sub(r"//.*", "", text)
    found = _MODULE.search(text)
    if found is None:
        return None
    folder = posixpath.dirname(path)
    return Module(folder, found[1], tuple(_replaces(text, folder)))


def _replaces(text: str, folder: str) -> Iterator[tuple[str, str]]:
    for found in _REPLACE.finditer(text):
        target = posixpath.normpath(posixpath.join(folder or ".", found[2]))
        if not target.startswith(".."):
            yield found[1], "" if target == "." else target


class Modules:
    """The modules of a tree; answers in folders relative to the root."""

    def __init__(self, root: Path, files: Iterable[str]) -> None:
        self._root = os.fspath(root)
        names = sorted(path for path in files if path.rpartition("/")[2] == "go.mod")
        found = [item for path in names if (item := read_module(root, path)) is not None]
        self.modules = tuple(sorted(found, key=lambda item: (len(item.folder), item.folder)))
        """Outermost first."""
        vendors = (_join(item.folder, "vendor") for item in self.modules)
        self._orders: dict[Module | None, tuple[list[Module], list[Module]]] = {}
        self._nearest: dict[str, Module | None] = {}
        self._vendors = frozenset(item for item in vendors if os.path.isdir(f"{root}/{item}"))
        self.looked = {_join(item.folder, "vendor") for item in self.modules}
        """Files and folders that were looked for besides the files of the project, there or not."""

    def of(self, folder: str) -> Module | None:
        """Return the module a folder belongs to: the nearest go.mod at or above it."""
        if folder not in self._nearest:
            self._nearest[folder] = self._of(folder)
        return self._nearest[folder]

    def _of(self, folder: str) -> Module | None:
        best = None
        for item in self.modules:
            above = not item.folder or folder == item.folder or folder.startswith(item.folder + "/")
            if above and (best is None or len(item.folder) >= len(best.folder)):
                best = item
        return best

    def _order(self, own: Module | None) -> tuple[list[Module], list[Module]]:
        """The modules as one of them asks: for what they replace and vendor, and for what they are."""
        if own not in self._orders:
            order = [own, *(item for item in self.modules if item is not own)] if own else list(self.modules)
            self._orders[own] = order, sorted(order, key=lambda item: -len(item.path))
        return self._orders[own]

    def path_of(self, folder: str) -> str:
        """Return the import path of a folder; the folder itself where no module holds it."""
        vendored = folder.rpartition("vendor/")
        if vendored[1] and (not vendored[0] or vendored[0].endswith("/")):
            return vendored[2]
        module = self.of(folder)
        if module is None:
            return folder
        rest = folder[len(module.folder) :].strip("/")
        return f"{module.path}/{rest}" if rest else module.path

    def folders(self, path: str, near: str = "") -> Iterator[str]:
        """Yield the folders an import path may mean, most likely first, seen from the folder `near`."""
        order, longest = self._order(self.of(near))
        for item in order:
            for old, folder in item.replaces:
                if within(path, old):
                    yield _join(folder, path[len(old) :])
        for item in longest:
            if within(path, item.path):
                yield _join(item.folder, path[len(item.path) :])
        for item in order:
            folder = _join(item.folder, "vendor")
            if folder in self._vendors:
                self.looked.add(f"{folder}/{path}")
                if os.path.isdir(f"{self._root}/{folder}/{path}"):
                    yield f"{folder}/{path}"


def within(path: str, prefix: str) -> bool:
    """Return whether an import path is that of a module or of a package below it."""
    return path == prefix or path.startswith(prefix + "/")


def _join(folder: str, rest: str) -> str:
    return "/".join(part for part in (folder, rest.strip("/")) if part)
