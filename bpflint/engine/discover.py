"""Which files belong to a run? Walks the root once; the PATHs decide what is reported, not what is read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from pathlib import Path

from bpflint.engine.ignorefiles import Ignores, ignores_above
from bpflint.engine.names import HEADERS, OBJECTS
from bpflint.engine.select import path_matches
from bpflint.model.data import dataclass
from bpflint.model.unit import Problem
from bpflint.reading import SourceFile

BESIDE = frozenset({"compile_commands.json", "go.mod", "Cargo.toml"})
"""Files a front end may consult whatever its suffixes are."""
MAX_SOURCE = 16 << 20
MAX_OBJECT = 256 << 20
_SKIPPED = frozenset({"node_modules", "__pycache__", "site-packages", "_build"})
_KEPT_HIDDEN = frozenset({".output"})
"""libbpf's samples build skeletons and vmlinux.h there."""
_BUILD_MARKS = ("CMakeCache.txt", ".ninja_log", "meson-info")
_CACHED = 64 << 20
_HEAD = 8192


@dataclass(frozen=True, slots=True)
class Scope:
    """What is reported: files and folders relative to the root; "" stands for everything."""

    paths: tuple[str, ...] = ("",)

    def covers(self, path: str) -> bool:
        """Return whether a root-relative path is reported."""
        return any(path == item or not item or path.startswith(item + "/") for item in self.paths)

    def names(self, path: str) -> bool:
        """Return whether the user named exactly this file."""
        return path in self.paths


@dataclass(slots=True)
class Reader:
    """Reads files once and remembers what could not be read; front ends get b"" for such a file."""

    root: Path
    scope: Scope
    problems: dict[str, Problem] = field(default_factory=dict)
    _cache: dict[str, bytes] = field(default_factory=dict)
    _held: int = 0

    def read(self, path: str) -> bytes:
        """Return the bytes of a file below the root, b"" where it cannot be read or is binary where text must be."""
        if path in self._cache:
            return self._cache[path]
        data = b"" if path in self.problems else self._load(path)
        if self._held + len(data) <= _CACHED:
            self._cache[path] = data
            self._held += len(data)
        return data

    def _load(self, path: str) -> bytes:
        full = self.root / path
        try:
            status = full.stat()
            if not stat.S_ISREG(status.st_mode):
                self.blame(path, "is no regular file; it was left out")
                return b""
            size = status.st_size
            if size > (MAX_OBJECT if path.endswith(OBJECTS) else MAX_SOURCE):
                self.blame(path, f"{size >> 20} MB is more than bpflint reads; the file was left out")
                return b""
            data = full.read_bytes()
        except OSError as error:
            self.blame(path, f"cannot be read: {error.strerror or error}")
            return b""
        if not path.endswith(OBJECTS) and b"\0" in data[:_HEAD]:
            wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
            self.blame(path, f"is {'UTF-16, not UTF-8' if wide else 'binary, not source text'}; the file was left out")
            return b""
        return data

    def blame(self, path: str, text: str) -> None:
        """Remember why a file gave nothing: an error where the user named it, a notice where it was found."""
        named = self.scope.names(path)
        self.problems[path] = Problem("BPF001", path, 0, text, "error" if named else "info")


@dataclass(frozen=True, slots=True)
class Found:
    """The files of a run sorted by path, what is reported, and how to read."""

    files: tuple[SourceFile, ...]
    scope: Scope
    reader: Reader
    folders: tuple[str, ...] = ()
    """Every folder that was listed, relative to the root."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the walk looks for."""

    suffixes: frozenset[str]
    exclude: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    include_dirs: tuple[str, ...] = ()
    only: bool = False
    whole: bool = True
    """False: the root was only assumed, so nothing but the PATHs is read."""


def discover(root: Path, paths: Sequence[str], wanted: Wanted) -> Found:
    """Return the files of a run. A PATH that does not exist is a problem of severity error."""
    scope = Scope(tuple(paths) or ("",))
    reader = Reader(root, scope)
    walk = _Walk(root, wanted, reader, scope)
    if wanted.whole or "" in scope.paths:
        walk.folder("", ignores_above(root))
    for path in scope.paths:
        walk.named(path)
    for folder in wanted.include_dirs:
        walk.headers_of(folder)
    walk.globs(wanted.objects)
    names = sorted(walk.found)
    files = tuple(SourceFile(name, _bound(reader, name)) for name in names)
    return Found(files, scope, reader, tuple(sorted({name.removesuffix("//") for name in walk.entered})))


def _bound(reader: Reader, name: str) -> _Read:
    return _Read(reader, name)


@dataclass(frozen=True, slots=True)
class _Read:
    reader: Reader
    name: str

    def __call__(self) -> bytes:
        return self.reader.read(self.name)


class _Walk:
    """One walk; `found` collects root-relative names."""

    def __init__(self, root: Path, wanted: Wanted, reader: Reader, scope: Scope) -> None:
        self.root, self.wanted, self.reader, self.scope = root, wanted, reader, scope
        self.found: set[str] = set()
        self.entered: set[str] = set()

    def folder(self, name: str, ignores: Ignores, *, headers_only: bool = False) -> None:
        """Walk one folder; no recursion limit is near, since links are never followed."""
        pending = [(name, ignores, headers_only)]
        while pending:
            folder, above, only = pending.pop()
            if folder in self.entered or (only and (folder + "//") in self.entered):
                continue
            self.entered.add(folder + "//" if only else folder)
            entries = self._entries(folder)
            here = above
            if any(entry.name == ".gitignore" for entry in entries):
                here = above.below(folder, self.root / folder / ".gitignore")
            if folder != name and any(entry.name in _BUILD_MARKS for entry in entries):
                continue
            names = {entry.name for entry in entries}
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_symlink() and self._loops(entry, path):
                    self.reader.blame(path, "is a symbolic link to itself or a folder above; it was not followed")
                elif entry.is_dir(follow_symlinks=False):
                    if self._enters(entry.name, path, names, here):
                        pending.append((path, here, only or entry.name == "vendor"))
                elif self._takes(path, only) and not here.hides(path, folder=False):
                    self._add(entry, path)

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self.root / folder) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            self.reader.blame(folder or ".", f"cannot be listed: {error.strerror or error}")
            return []

    def _enters(self, name: str, path: str, beside: Iterable[str], ignores: Ignores) -> bool:
        if name in _SKIPPED or (name.startswith(".") and name not in _KEPT_HIDDEN):
            return False
        if name == "target" and "Cargo.toml" in beside:
            return False
        return not self._excluded(path) and not ignores.hides(path, folder=True)

    def _excluded(self, path: str) -> bool:
        return any(path_matches(path, pattern) for pattern in self.wanted.exclude)

    def _takes(self, path: str, headers_only: bool) -> bool:
        name = path.rpartition("/")[2]
        if path.endswith(HEADERS) or name in BESIDE:
            return not self._excluded(path)
        if headers_only or (self.wanted.only and not self.scope.covers(path)):
            return False
        return path.endswith(tuple(self.wanted.suffixes)) and not self._excluded(path)

    def _add(self, entry: os.DirEntry[str], path: str) -> None:
        if entry.is_symlink() and not self._linked(path):
            return
        try:
            if not stat.S_ISREG(entry.stat().st_mode):
                return
        except OSError as error:
            self.reader.blame(path, f"cannot be read: {error.strerror or error}")
            return
        self.found.add(path)

    def _loops(self, entry: os.DirEntry[str], path: str) -> bool:
        """Links to folders are never followed; only one that would go round for ever is worth a line."""
        try:
            if not entry.is_dir():
                return False
        except OSError:
            return True
        target = Path(os.path.realpath(self.root / path))
        holder = (self.root / path).parent.resolve()
        return target == holder or target in holder.parents

    def _linked(self, path: str) -> bool:
        """A link to a file inside the root is that file once more, unless an include may go by the link's name."""
        if path.endswith(HEADERS):
            return True
        target = Path(os.path.realpath(self.root / path))
        return target.is_symlink() or self.root.resolve() not in target.parents

    def named(self, path: str) -> None:
        """Take a PATH of the command line, also one that is ignored; blame it where it does not exist."""
        full = self.root / path
        try:
            mode = full.stat().st_mode
        except PermissionError as error:
            self.reader.blame(path, f"cannot be read: {error.strerror}")
        except OSError:
            link = os.path.islink(full)
            text = "is a symbolic link that leads nowhere or to itself" if link else "no such file or folder"
            self.reader.blame(path, text)
        else:
            if stat.S_ISDIR(mode):
                self.folder(path, Ignores())
            else:
                self.found.add(path)

    def headers_of(self, folder: str) -> None:
        """Take the headers below an include folder, also where it is ignored."""
        name = os.path.relpath(self.root / folder, self.root).replace(os.sep, "/")
        if not name.startswith("..") and os.path.isdir(self.root / name) and name != ".":
            self.folder(name, Ignores(), headers_only=True)

    def globs(self, patterns: Iterable[str]) -> None:
        """Take the objects that configured globs name; build folders are usually ignored by git."""
        for pattern in patterns:
            self.found.update(objects_of(self.root, pattern))


def objects_of(root: Path, pattern: str) -> Iterator[str]:
    """Yield the files below the root that a glob names; one that leads elsewhere names none."""
    if Path(pattern).is_absolute():
        try:
            pattern = Path(pattern).relative_to(root).as_posix()
        except ValueError:
            return
    for hit in root.glob(pattern):
        if os.path.isfile(hit):
            yield hit.relative_to(root).as_posix()
