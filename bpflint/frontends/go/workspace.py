"""Which Go packages does the tree hold? Read at the first question, by folder or by import path, each once."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, TypeVar

from bpflint.analysis.abi import TARGETS
from bpflint.frontends.go.constraints import covers, targets_of
from bpflint.frontends.go.declarations import (
    ConstDecl,
    Decl,
    FuncDecl,
    GoFile,
    TypeDecl,
    VarDecl,
    declarations,
)
from bpflint.frontends.go.modules import Modules
from bpflint.frontends.go.syntax import Source

__all__ = ["Ambiguous", "ConstDecl", "FuncDecl", "GoFile", "Package", "TypeDecl", "VarDecl", "Workspace", "pick"]

_MOST_BYTES = 16 << 20
_MOST_FILES = 2000
_CLAUSE = re.compile(rb"(?:\A|\n)[ \t]*package[ \t]+(\w+)")
_COMMENTS = re.compile(rb"/\*.*?\*/|//[^\n]*", re.S)
_VERSION = re.compile(r"v\d+")
K = TypeVar("K", str, tuple[str, str])
D = TypeVar("D", TypeDecl, ConstDecl, VarDecl, FuncDecl)


@dataclass(slots=True)
class Index:
    """Declarations by name, all of them; methods by (receiver's type name, name)."""

    types: dict[str, list[TypeDecl]] = field(default_factory=dict)
    constants: dict[str, list[ConstDecl]] = field(default_factory=dict)
    variables: dict[str, list[VarDecl]] = field(default_factory=dict)
    functions: dict[str, list[FuncDecl]] = field(default_factory=dict)
    methods: dict[tuple[str, str], list[FuncDecl]] = field(default_factory=dict)

    def add(self, item: Decl) -> None:
        """File one declaration."""
        match item:
            case TypeDecl():
                self.types.setdefault(item.name, []).append(item)
            case ConstDecl():
                self.constants.setdefault(item.name, []).append(item)
            case VarDecl():
                self.variables.setdefault(item.name, []).append(item)
            case FuncDecl() if item.receiver:
                self.methods.setdefault((item.receiver, item.name), []).append(item)
            case FuncDecl():
                self.functions.setdefault(item.name, []).append(item)


class Package:
    """The files of one package. Its indexes are made at the first question; a name may be declared several times."""

    def __init__(self, folder: str, path: str, name: str, files: Sequence[GoFile]) -> None:
        self.folder, self.path, self.name, self.files = folder, path, name, tuple(files)
        self._index = Index()
        self._unseen = list(self.files)
        self._found: dict[str, Found] = {}
        self._asked: set[bytes] = set()
        for file in files:
            file.package = self

    def __repr__(self) -> str:
        return f"Package({self.path!r}, {self.name!r})"

    @cached_property
    def every(self) -> Index:
        """Every declaration of every name."""
        self._see(b"")
        index = self._index
        for group in (index.types, index.constants, index.variables, index.functions, index.methods):
            for items in group.values():
                if len(items) > 1:
                    items.sort(key=lambda item: (item.file.path, item.start))
        return index

    def _see(self, name: bytes) -> None:
        """Index the files that could declare a name: those that hold its bytes."""
        if not self._unseen or name in self._asked:
            return
        self._asked.add(name)
        unseen: list[GoFile] = []
        for file in self._unseen:
            if name not in file.source.data:
                unseen.append(file)
                continue
            for item in declarations(file):
                self._index.add(item)
        self._unseen = unseen

    def find(self, name: str) -> Found:
        """Return every declaration of one name; only the files that mention it are read."""
        found = self._found.get(name)
        if found is None:
            self._see(name.encode("utf-8", "surrogateescape"))
            index = self._index
            found = self._found[name] = Found(
                self._sorted(index.types.get(name)), self._sorted(index.constants.get(name)),
                self._sorted(index.variables.get(name)), self._sorted(index.functions.get(name)),
            )  # fmt: skip
        return found

    def find_methods(self, receiver: str, name: str) -> Sequence[FuncDecl]:
        """Return every declaration of one method."""
        self._see(name.encode("utf-8", "surrogateescape"))
        return self._sorted(self._index.methods.get((receiver, name)))

    def _sorted(self, items: list[D] | None) -> Sequence[D]:
        """In the order of the files, whichever was read first."""
        if not items or len(items) == 1:
            return items or ()
        return sorted(items, key=lambda item: (item.file.path, item.start))

    @cached_property
    def types(self) -> Mapping[str, TypeDecl]:
        """The type declaration of each name; of several, the one that counts on x86_64 (all are in `every`)."""
        return _usual(self.every.types)

    @cached_property
    def constants(self) -> Mapping[str, ConstDecl]:
        """The constant of each name, chosen likewise."""
        return _usual(self.every.constants)

    @cached_property
    def variables(self) -> Mapping[str, VarDecl]:
        """The package variable of each name, chosen likewise."""
        return _usual(self.every.variables)

    @cached_property
    def functions(self) -> Mapping[str, FuncDecl]:
        """The function of each name, chosen likewise."""
        return _usual(self.every.functions)

    @cached_property
    def methods(self) -> Mapping[tuple[str, str], FuncDecl]:
        """The method of each (receiver's type name, name), chosen likewise."""
        return _usual(self.every.methods)

    def usual(self, name: str) -> TypeDecl | None:
        """Return the type declaration that `types` gives for a name, without reading every file for it."""
        return _usual({name: decls}).get(name) if (decls := self.find(name).types) else None

    def declares(self, name: str) -> bool:
        """Return whether a name stands for anything at the package's top level."""
        return any(self.find(name))


class Found(NamedTuple):
    """What a package declares by one name."""

    types: Sequence[TypeDecl] = ()
    constants: Sequence[ConstDecl] = ()
    variables: Sequence[VarDecl] = ()
    functions: Sequence[FuncDecl] = ()


def _usual(index: Mapping[K, Sequence[D]]) -> dict[K, D]:
    found = {}
    for key, items in index.items():
        try:
            chosen = pick(items, None)
        except Ambiguous as error:
            chosen = next(item for item in items if item in error.decls)
        found[key] = chosen or items[0]
    return found


class Ambiguous(Exception):
    """A name is declared twice for one target with different content; `decls` are the two."""

    def __init__(self, decls: Sequence[Decl]) -> None:
        super().__init__(decls[0].name)
        self.decls = tuple(decls)


def pick(decls: Sequence[D], file: GoFile | None) -> D | None:
    """Return the declaration that counts for `file`: the one built with it, on x86_64 where that leaves a choice.

    None where none is built with it; raises Ambiguous where two that differ are.
    """
    if len(decls) == 1 and decls[0].file.targets == ():
        return decls[0]
    wanted = _wanted(file)
    if wanted is None:
        return _one([item for item in decls if item.file.targets is None] or list(decls))
    for target in wanted:
        found = [item for item in decls if covers(item.file.targets, target)]
        if found:
            return _one(found)
    return None


def _wanted(file: GoFile | None) -> Sequence[str] | None:
    if file is None or file.targets == ():
        return TARGETS
    return file.targets


def _one(found: Sequence[D]) -> D | None:
    if len(found) > 1 and len({_content(item) for item in found}) > 1:
        raise Ambiguous(found)
    return found[0] if found else None


def _content(item: Decl) -> tuple[bytes, int, int]:
    source = item.file.source
    match item:
        case ConstDecl():
            return source.bytes(item.spec), item.index, item.iota
        case FuncDecl():
            return source.bytes(item.head), 0, 0
        case VarDecl():
            return source.bytes(item.head), item.index, 0
        case TypeDecl():
            return source.bytes(item.node), 0, 0


class Workspace:
    """All packages below a root. `files` are the root-relative paths that may be read (vendor trees come from disk)."""

    def __init__(self, root: Path, files: Sequence[str]) -> None:
        self.root = root
        self._listed: dict[str, list[str]] = {}
        for path in files:
            if path.endswith(".go"):
                self._listed.setdefault(path.rpartition("/")[0], []).append(path)
        self.modules = Modules(root, files)
        self._folders: dict[str, tuple[Package, ...]] = {}
        self._paths: dict[tuple[str, str], Package | None] = {}
        self._known: dict[str, Package] = {}
        self.unread: dict[str, str] = {}
        """Why a file could not be read, by its path."""
        self.read: list[str] = []
        """Every file that was read."""

    def note(self, path: str) -> None:
        """Remember a file that was read besides the Go files."""
        if path not in self.read:
            self.read.append(path)

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
        own = self.modules.of(near)
        key = (path, own.folder if own else "")
        if key not in self._paths:
            self._paths[key] = self._find(path, near)
        return self._paths[key]

    def by_path(self, path: str) -> Package | None:
        """Return the package whose `path` this is: an import path, or a folder outside any module."""
        return self._known.get(path) or self.by_import(path) or (self.package(path) if path in self._listed else None)

    def name_of(self, path: str, near: str = "") -> str:
        """Return the name a package has by itself: from its clause, else as import paths are usually read."""
        for folder in self.modules.folders(path, near):
            for file in self._names(folder):
                if not file.endswith("_test.go") and (name := _clause(self._bytes(file))) not in ("", "main"):
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
        try:
            names = sorted(name for name in os.listdir(self.root / folder) if name.endswith(".go"))
        except OSError:
            return []
        return [f"{folder}/{name}" for name in names[:_MOST_FILES]]

    def _bytes(self, path: str) -> bytes:
        try:
            with (self.root / path).open("rb") as stream:
                return stream.read(_MOST_BYTES)
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
