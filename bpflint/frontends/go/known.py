"""What is known of packages outside the tree? Types, calls and constants of those BPF users' code meets, from `stubs/`.

A stub is Go without bodies, named after its import path with `+` for `/`. Its type `opaque` has no bytes to show; the
comment behind it says why. A package that the tree itself holds (or vendors) always comes first.
"""

from __future__ import annotations

import os
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bpflint.frontends.go.declarations import GoFile
from bpflint.frontends.go.gotypes import GoType, OtherType, Signature
from bpflint.frontends.go.packages import Package
from bpflint.frontends.go.syntax import Source
from bpflint.frontends.go.workspace import Workspace

if TYPE_CHECKING:
    from bpflint.frontends.go.types import Types
    from bpflint.frontends.go.values import Value

STUBS = Path(__file__).with_name("stubs")
_OPAQUE = "opaque"
_MOST = 4096
"""Names whose answers are kept."""


class _Stubs(Workspace):
    """A workspace in which every stub is a package of one file."""

    def __init__(self) -> None:
        super().__init__(STUBS, ())
        self._held = _names()
        self._packages: dict[str, Package | None] = {}

    def by_import(self, path: str, near: str = "") -> Package | None:
        """Return the stub of an import path."""
        if path not in self._packages:
            self._packages[path] = self._stub(path)
        return self._packages[path]

    def by_path(self, path: str) -> Package | None:
        """Return the stub of an import path."""
        return self.by_import(path)

    def name_of(self, path: str, near: str = "") -> str:
        """Return the last part of an import path: no stub's name is another."""
        return path.rpartition("/")[2]

    def _stub(self, path: str) -> Package | None:
        name = path.replace("/", "+") + ".go"
        if name not in self._held:
            return None
        source = Source(f"stubs/{name}", (STUBS / name).read_bytes())
        last = path.rpartition("/")[2]
        file = GoFile(source, last, (), self)
        file.outside = True
        return Package("", path, last, (file,))


@cache
def _types() -> Types:
    from bpflint.frontends.go.types import Types

    return Types(_Stubs())


def _part(full: str) -> tuple[str, list[str]]:
    """Part `a/b.T.M` into the import path and the names behind it."""
    folder, slash, last = full.rpartition("/")
    name, *rest = last.split(".")
    if rest and not slash and not name:
        return "", rest
    while rest and f"{folder}{slash}{name}".replace("/", "+") + ".go" not in _names() and len(rest) > 1:
        name = f"{name}.{rest.pop(0)}"  # gopkg.in/yaml.v3.Node
    return f"{folder}{slash}{name}", rest


@cache
def _names() -> frozenset[str]:
    return frozenset(os.listdir(STUBS))


@lru_cache(maxsize=_MOST)
def is_type(full: str) -> bool:
    """Return whether a type of an outside package is known by its full name."""
    path, names = _part(full)
    package = _types().workspace.by_import(path) if len(names) == 1 else None
    return package is not None and bool(package.find(names[0]).types)


@lru_cache(maxsize=_MOST)
def underlying(full: str) -> GoType | None:
    """Return what an outside type is made of, None for one that is not known."""
    path, names = _part(full)
    package = _types().workspace.by_import(path) if len(names) == 1 else None
    decls = package.find(names[0]).types if package is not None else ()
    if not decls:
        return None
    decl = decls[0]
    if decl.file.source.str(decl.type) == _OPAQUE:
        line = decl.file.source.text.line(decl.file.source.text.place(decl.start)[0])
        return OtherType(full, line.partition("//")[2].strip() or "declared outside the tree")
    return _types().of(decl.type, decl.file)


@lru_cache(maxsize=_MOST)
def signature(callee: str) -> Signature | None:
    """Return the signature of an outside function (`path.F`) or method (`path.T.M`), None for one not known."""
    path, names = _part(callee)
    package = _types().workspace.by_import(path) if 1 <= len(names) <= 2 else None
    if package is None:
        return None
    decls = package.find(names[0]).functions if len(names) == 1 else package.find_methods(names[0], names[1])
    return _types().signature(decls[0]) if decls else None


def variable(full: str) -> GoType | None:
    """Return the type of an outside package's variable."""
    path, names = _part(full)
    package = _types().workspace.by_import(path) if len(names) == 1 else None
    return None if package is None else _types().variable(package, names[0])


def constant(full: str) -> Value | None:
    """Return the value of an outside constant, None for one that is not known."""
    path, names = _part(full)
    package = _types().workspace.by_import(path) if len(names) == 1 else None
    return None if package is None else _types().constants.named(package, names[0], None)
