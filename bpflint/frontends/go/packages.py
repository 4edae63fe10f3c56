"""What does one package declare? Its names; of several declarations, the one that counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import NamedTuple, TypeVar

from bpflint.analysis.abi import TARGETS
from bpflint.frontends.go.constraints import covers
from bpflint.frontends.go.declarations import (
    ConstDecl,
    Decl,
    FuncDecl,
    GoFile,
    TypeDecl,
    VarDecl,
)
from bpflint.model.data import dataclass

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
        """Index the files that could declare a name."""
        if not self._unseen or name in self._asked:
            return
        self._asked.add(name)
        unseen: list[GoFile] = []
        for file in self._unseen:
            if name and not file.may_declare(name):
                unseen.append(file)
                continue
            for item in file.declarations:
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
        """The type declaration of each name; of several, the one that counts on x86_64 (all are in `every`).

        To ask for one name reads only the files that mention it; to go through all reads the whole package.
        """
        return _View(lambda name: self.find(name).types, lambda: self.every.types)

    @cached_property
    def constants(self) -> Mapping[str, ConstDecl]:
        """The constant of each name, chosen and read likewise."""
        return _View(lambda name: self.find(name).constants, lambda: self.every.constants)

    @cached_property
    def variables(self) -> Mapping[str, VarDecl]:
        """The package variable of each name, chosen and read likewise."""
        return _View(lambda name: self.find(name).variables, lambda: self.every.variables)

    @cached_property
    def functions(self) -> Mapping[str, FuncDecl]:
        """The function of each name, chosen and read likewise."""
        return _View(lambda name: self.find(name).functions, lambda: self.every.functions)

    @cached_property
    def methods(self) -> Mapping[tuple[str, str], FuncDecl]:
        """The method of each (receiver's type name, name), chosen and read likewise."""
        return _View(lambda key: self.find_methods(*key), lambda: self.every.methods)

    def usual(self, name: str) -> TypeDecl | None:
        """Return the type declaration that `types` gives for a name."""
        return self.types.get(name)

    def declares(self, name: str) -> bool:
        """Return whether a name stands for anything at the package's top level."""
        return any(self.find(name))


class Found(NamedTuple):
    """What a package declares by one name."""

    types: Sequence[TypeDecl] = ()
    constants: Sequence[ConstDecl] = ()
    variables: Sequence[VarDecl] = ()
    functions: Sequence[FuncDecl] = ()


class _View(Mapping[K, D]):
    """One declaration for each name."""

    def __init__(self, find: Callable[[K], Sequence[D]], every: Callable[[], Mapping[K, Sequence[D]]]) -> None:
        self._find: Callable[[K], Sequence[D]] = find
        self._every: Callable[[], Mapping[K, Sequence[D]]] = every
        self._chosen: dict[K, D | None] = {}

    def __getitem__(self, key: K) -> D:
        if key not in self._chosen:
            self._chosen[key] = _usual(self._find(key))
        found = self._chosen[key]
        if found is None:
            raise KeyError(key)
        return found

    def __contains__(self, key: object) -> bool:
        try:
            self[key]  # type: ignore[index]
        except KeyError:
            return False
        return True

    def __iter__(self) -> Iterator[K]:
        return iter(self._every())

    def __len__(self) -> int:
        return len(self._every())


def _usual(items: Sequence[D]) -> D | None:
    if not items:
        return None
    try:
        chosen = pick(items, None)
    except Ambiguous as error:
        chosen = next(item for item in items if item in error.decls)
    return chosen or items[0]


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
