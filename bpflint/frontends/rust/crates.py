"""Which crates are in the tree, and which file holds which module? Cargo manifests and Rust's file rules."""

from __future__ import annotations

import posixpath
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from pathlib import Path

from bpflint.frontends.rust.syntax import MOST_BYTES, Source
from bpflint.model.data import dataclass
from bpflint.model.errors import FrontEndError

_MANIFEST = "Cargo.toml"
_ROOTS = ("lib.rs", "main.rs")
_OWN_ROOTS = ("bin", "examples", "tests", "benches")
"""Folders whose files are crates of their own (The Cargo Book, "Package Layout")."""
_KINDS = ("dependencies", "dev-dependencies", "build-dependencies")


@dataclass(eq=False, slots=True)
class Crate:
    """One package. `folder` is relative to the root, "" for the root itself."""

    folder: str
    name: str = ""
    """As it is written in paths: with underscores."""
    lib: str = ""
    bins: tuple[tuple[str, str], ...] = ()
    """(target name, path) of each binary the manifest names."""
    dependencies: frozenset[str] = frozenset()
    """The names under which other packages are used here."""
    linked: tuple[str, ...] = ()
    """The packages that are linked into what is built: those for its tests and its build script are not."""
    renames: Mapping[str, str] = field(default_factory=dict)
    """Names under which other packages are used here, to the package names."""

    def path(self, name: str) -> str:
        """Return a path of the crate relative to the root."""
        return posixpath.normpath(posixpath.join(self.folder, name)) if self.folder else posixpath.normpath(name)


class Tree:
    """The Rust files of one project, read and parsed when they are asked for."""

    def __init__(self, root: Path, files: Sequence[str]) -> None:
        self.root = root
        self.files = frozenset(files)
        self._sources: dict[str, tuple[tuple[int, int], Source | None]] = {}
        self._crates: dict[str, Crate] = {}
        self._by_name: dict[str, Crate] | None = None

    # -- files -----------------------------------------------------------------------------------------------

    def source(self, path: str) -> Source | None:
        """Return a parsed file, None where it is not part of the project or cannot be read."""
        if path not in self.files or not path.endswith(".rs"):
            return None
        if path not in self._sources:
            try:
                self._sources[path] = (self._stamp(path), Source(path, self.read(path)))
            except (OSError, FrontEndError):
                self._sources[path] = ((0, 0), None)
        return self._sources[path][1]

    def read(self, path: str) -> bytes:
        """Return the bytes of a file; raises FrontEndError for one that no hand wrote, OSError as the system does."""
        data = (self.root / path).read_bytes()
        if len(data) > MOST_BYTES:
            raise FrontEndError(f"{path}: {len(data) >> 20} MB is too large for a Rust source; exclude it")
        return data

    def peek(self, path: str) -> bytes:
        """Return the bytes of a file, b"" for one that cannot be read."""
        known = self._sources.get(path)
        if known is not None:
            return known[1].data if known[1] is not None else b""
        try:
            return self.read(path)
        except (OSError, FrontEndError):
            return b""

    def unchanged(self) -> bool:
        """Return whether every file that was read is still the same on disk."""
        try:
            return all(self._stamp(path) == stamp for path, (stamp, found) in self._sources.items() if found)
        except OSError:
            return False

    def _stamp(self, path: str) -> tuple[int, int]:
        status = (self.root / path).stat()
        return status.st_mtime_ns, status.st_size

    def below(self, folder: str) -> Iterable[str]:
        """Yield the Rust files below a folder, sorted."""
        start = folder + "/" if folder else ""
        return (path for path in sorted(self.files) if path.endswith(".rs") and path.startswith(start))

    # -- crates ----------------------------------------------------------------------------------------------

    def crate_of(self, path: str) -> Crate:
        """Return the crate of a file: the nearest manifest above it; without one, the folder that holds `src`."""
        folder = posixpath.dirname(path)
        while True:
            if self._has_package(folder):
                return self._crate(folder)
            if not folder:
                break
            folder = posixpath.dirname(folder)
        at = posixpath.dirname(path)
        return self._crate(posixpath.dirname(at) if posixpath.basename(at) == "src" else at)

    def _has_package(self, folder: str) -> bool:
        manifest = posixpath.join(folder, _MANIFEST)
        return manifest in self.files and self._crate(folder).name != ""

    def named(self, name: str) -> Crate | None:
        """Return the crate of the project that is used as `name`."""
        if self._by_name is None:
            self._by_name = {}
            for path in sorted(item for item in self.files if posixpath.basename(item) == _MANIFEST):
                crate = self._crate(posixpath.dirname(path))
                if crate.name:
                    self._by_name.setdefault(crate.name, crate)
        return self._by_name.get(name)

    def crates(self) -> Iterable[Crate]:
        """Yield every package of the project."""
        self.named("")
        return (self._by_name or {}).values()

    def _crate(self, folder: str) -> Crate:
        if folder not in self._crates:
            self._crates[folder] = self._read_crate(folder)
        return self._crates[folder]

    def _read_crate(self, folder: str) -> Crate:
        crate = Crate(folder)
        manifest = posixpath.join(folder, _MANIFEST)
        found: Mapping[str, object] = {}
        if manifest in self.files:
            try:
                found = tomllib.loads((self.root / manifest).read_text("utf-8", "replace"))
            except (OSError, tomllib.TOMLDecodeError, RecursionError):
                found = {}
        package, lib = _table(found, "package"), _table(found, "lib")
        name = lib.get("name") or package.get("name")
        crate.name = name.replace("-", "_") if isinstance(name, str) else ""
        crate.dependencies = frozenset(name for name, _ in _dependencies(found))
        crate.renames = dict(_renames(found))
        crate.linked = tuple(crate.renames.get(name, name) for name, _ in _dependencies(found, ("dependencies",)))
        crate.bins = tuple(_bins(found))
        stated = lib.get("path")
        crate.lib = crate.path(stated if isinstance(stated, str) else "src/lib.rs")
        return crate

    def roots(self, crate: Crate) -> tuple[str, ...]:
        """Return the root files of a crate that exist: its library, then its programs."""
        found = [crate.lib, *(crate.path("src/" + name) for name in _ROOTS)]
        found.extend(crate.path(path) for _, path in crate.bins)
        if not crate.name:
            found.extend(crate.path(name) for name in _ROOTS)
        return tuple(dict.fromkeys(path for path in found if path in self.files))

    def is_root(self, path: str, crate: Crate) -> bool:
        """Return whether a file is the root of a crate: `lib.rs`, `main.rs`, `build.rs`, an example, a test."""
        if path in self.roots(crate) or path == crate.path("build.rs"):
            return True
        inner = path[len(crate.folder) + 1 :] if crate.folder else path
        parts = inner.split("/")
        if parts[0] == "src" and len(parts) > 1:
            parts = parts[1:]
        if parts[0] not in _OWN_ROOTS or (parts[0] == "tests" and parts[-1] == "mod.rs"):
            return False
        return len(parts) == 2 or (len(parts) == 3 and parts[2] == "main.rs")


def _table(found: Mapping[str, object], key: str) -> Mapping[str, object]:
    item = found.get(key)
    return item if isinstance(item, dict) else {}


def _dependencies(found: Mapping[str, object], kinds: Sequence[str] = _KINDS) -> Iterable[tuple[str, object]]:
    for kind in kinds:
        yield from ((key.replace("-", "_"), value) for key, value in _table(found, kind).items())


def _renames(found: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    for key, value in _dependencies(found):
        package = value.get("package") if isinstance(value, dict) else None
        if isinstance(package, str):
            yield key, package.replace("-", "_")


def _bins(found: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    items = found.get("bin")
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and isinstance(item.get("name"), str):
            path = item.get("path")
            yield item["name"], path if isinstance(path, str) else f"src/bin/{item['name']}.rs"
