"""Which Go packages does the tree hold? Read at the first question, by folder or by import path, each once."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from bpflint.frontends.go.constraints import targets_of
from bpflint.frontends.go.declarations import ConstDecl, FuncDecl, GoFile, TypeDecl, VarDecl
from bpflint.frontends.go.modules import LINTERS, Modules
from bpflint.frontends.go.packages import Ambiguous, Package, pick
from bpflint.frontends.go.syntax import Source
from bpflint.reading import Reads

__all__ = ["Ambiguous", "ConstDecl", "FuncDecl", "GoFile", "Package", "TypeDecl", "VarDecl", "Workspace", "pick"]

_TESTS = "_test.go"
"""Go specification of the tool: what such a file declares is for the tests of its package alone."""
_MOST_BYTES = 16 << 20
_MOST_FILES = 2000
_CLAUSE = re.compile(rb"(?:\A(?:\xef\xbb\xbf)?|\n)[ \t]*package[ \t]+(\w+)")
_COMMENTS = re.compile(rb"/\*.*?\*/|//[^\n]*", re.S)
_VERSION = re.compile(r"v\d+")


class Workspace:
    """All packages below a root. `files` are the root-relative paths that may be read (vendor trees come from disk)."""

    def __init__(self, root: Path, files: Sequence[str]) -> None:
        self.root, self._base = root, os.fspath(root)
        self._listed: dict[str, list[str]] = {}
        for path in files:
            if path.endswith(".go") and not path.endswith(_TESTS):
                self._listed.setdefault(path.rpartition("/")[0], []).append(path)
        self.modules = Modules(root, files)
        self.looked = self.modules.looked
        self._vendored: set[str] = set()
        self._folders: dict[str, tuple[Package, ...]] = {}
        self._paths: dict[tuple[str, str], Package | None] = {}
        self._places: dict[tuple[str, str], Package | None] = {}
        self._known: dict[str, Package] = {}
        self._named: dict[tuple[str, str], str] = {}
        self.unread: dict[str, str] = {}
        """Why a file could not be read, by its path."""
        self.read: list[str] = []
        """Every file that was read."""

    def note(self, path: str) -> None:
        """Remember a file that was read besides the Go files."""
        if path not in self.read:
            self.read.append(path)

    def reads(self) -> Reads:
        """Return what has been asked of the tree so far: its Go files, what cgo includes, what vendor folders hold."""
        outside = {path for path in (*self.read, *self.unread) if "vendor/" in path}
        files = tuple(sorted(outside | self.looked | set(LINTERS)))
        return Reads(files, tuple(sorted(self._vendored)), suffixes=(".go", "go.mod"))

    def packages(self, folder: str) -> tuple[Package, ...]:
        """Return the packages of a folder, the one the folder stands for first."""
        found = self._folders.get(folder)
        if found is None:
            found = self._folders[folder] = self._load(folder)
            for item in found:
                self._known.setdefault(item.path, item)
        return found

    def package(self, folder: str) -> Package | None:
        """Return the package of a folder ("" is the root): the name most of its files have."""
        return next(iter(self.packages(folder)), None)

    def file(self, path: str) -> GoFile | None:
        """Return one file of the tree, in the package it belongs to."""
        for package in self.packages(path.rpartition("/")[0]):
            for file in package.files:
                if file.path == path:
                    return file
        return None

    def by_import(self, path: str, near: str = "") -> Package | None:
        """Return the package an import path means, seen from a file of the folder `near`; None for one elsewhere."""
        place = (path, near)
        if place not in self._places:
            own = self.modules.of(near)
            key = (path, own.folder if own else "")
            if key not in self._paths:
                self._paths[key] = self._find(path, near)
            self._places[place] = self._paths[key]
        return self._places[place]

    def by_path(self, path: str) -> Package | None:
        """Return the package whose `path` this is: an import path, or a folder outside any module."""
        return self._known.get(path) or self.by_import(path) or (self.package(path) if path in self._listed else None)

    def name_of(self, path: str, near: str = "") -> str:
        """Return the name a package has by itself: from its clause, else as import paths are usually read."""
        own = self.modules.of(near)
        key = (path, own.folder if own else "")
        if key not in self._named:
            self._named[key] = self._name_of(path, near)
        return self._named[key]

    def _name_of(self, path: str, near: str) -> str:
        for folder in self.modules.folders(path, near):
            for file in self._names(folder):
                if (name := _clause(self._bytes(file))) not in ("", "main"):
                    return name
        parts = path.split("/")
        last = parts[-2] if len(parts) > 1 and _VERSION.fullmatch(parts[-1]) else parts[-1]
        last = re.sub(r"\.v\d+$", "", last)
        return re.sub(r"^go-|[-.]go$", "", last).replace("-", "_") or last

    def _find(self, path: str, near: str) -> Package | None:
        for folder in self.modules.folders(path, near):
            if f"/{folder}/".find("/vendor/") >= 0 and f"/{near}/".find("/vendor/") < 0:
                continue  # somebody else's code: half a million lines in some agents
            found = self.package(folder)
            if found is not None and found.files:
                return found
        return self._by_tail(path) if self.modules.of(near) is None else None

    def _by_tail(self, path: str) -> Package | None:
        """Without a go.mod (a part of a project): the one folder whose path is the longest tail of the import path."""
        parts = path.split("/")
        for start in range(1, len(parts) - 1):
            tail = "/".join(parts[start:])
            if tail in self._listed:
                return self.package(tail)
        return None

    def _names(self, folder: str) -> list[str]:
        if folder in self._listed:
            return sorted(self._listed[folder])
        if not (folder == "vendor" or folder.startswith("vendor/") or "/vendor/" in folder):
            return []
        self._vendored.add(folder)
        try:
            listed = os.listdir(self.root / folder)
        except OSError:
            return []
        names = sorted(name for name in listed if name.endswith(".go") and not name.endswith(_TESTS))
        return [f"{folder}/{name}" for name in names[:_MOST_FILES]]

    def _bytes(self, path: str) -> bytes:
        try:
            number = os.open(f"{self._base}/{path}", os.O_RDONLY | os.O_CLOEXEC)
            try:
                return os.read(number, min(os.fstat(number).st_size, _MOST_BYTES))  # asked for more, it makes room
            finally:
                os.close(number)
        except OSError as error:
            self.unread[path] = error.strerror or str(error)
            return b""

    def _load(self, folder: str) -> tuple[Package, ...]:
        files = [file for path in self._names(folder) if (file := self._open(path)) is not None]
        groups: dict[str, list[GoFile]] = {}
        for file in files:
            groups.setdefault(file.package_name, []).append(file)
        base = _main_name(files, folder)
        path = self.modules.path_of(folder)
        names = sorted(groups, key=lambda name: (name != base, name))
        return tuple(Package(folder, _path(path, name, base), name, groups[name]) for name in names)

    def _open(self, path: str) -> GoFile | None:
        data = self._bytes(path)
        name = _clause(data)
        if not name:
            self.unread.setdefault(path, "has no package clause")
            return None
        self.read.append(path)
        return GoFile(Source(path, data), name, targets_of(path, data), self)


def _clause(data: bytes) -> str:
    """The name after the first `package` that stands in no comment; "" where there is none."""
    found = _CLAUSE.search(data)
    if found is None or b"/*" in data[: found.start()] or b"*/" in data[: found.end() + 200]:
        found = _CLAUSE.search(_COMMENTS.sub(b"\n", data[:65536]))
    return found[1].decode("ascii", "replace") if found else ""


def _main_name(files: Iterable[GoFile], folder: str) -> str:
    counts = Counter(file.package_name for file in files
                     if file.targets is not None and not file.package_name.endswith("_test"))  # fmt: skip
    if not counts:
        counts = Counter(file.package_name for file in files)
    last = folder.rpartition("/")[2]
    return max(sorted(counts), key=lambda name: (counts[name], name == last), default="")


def _path(path: str, name: str, base: str) -> str:
    if name == base:
        return path
    return f"{path}_test" if name == f"{base}_test" else f"{path}#{name}"
