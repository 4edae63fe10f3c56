"""What does one Go file declare? Its package, imports, and each top-level name with the node that declares it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

from bpflint.frontends.go.syntax import Source
from bpflint.model.data import dataclass
from bpflint.model.source import Span

if TYPE_CHECKING:
    from tree_sitter import Node

    from bpflint.frontends.go.packages import Package
    from bpflint.frontends.go.workspace import Workspace


_LOCAL = re.compile(rb"\n[ \t]+type[ \t]+(\w+)")
_LOCAL_CONST = re.compile(rb"\n[ \t]+(const)\b")
_WORD = re.compile(rb"\w+")
_GROUP, _CLOSED, _LINE_END = re.compile(rb"[ \t]*\("), re.compile(rb"\n[ \t]*\)"), re.compile(rb"\n")
_BEFORE = re.compile(rb"(?:.*(?:[;(,]|\*/))?[ \t]*(?:(?:type|var|const|func)\b[ \t]*)?(?:\([^()]*\)[ \t]*)?")
"""What stands on a line before a name that is declared there, or more."""
_MOST_LOOKS = 200
_BLOCKS = frozenset(("block", "expression_case", "type_case", "communication_case", "default_case"))
D = TypeVar("D", bound="TypeDecl | ConstDecl")


@dataclass(frozen=True, slots=True, eq=False)
class TypeDecl:
    """`type Name …`; `node` is its `type_spec` or `type_alias`, `type` the node of what it stands for."""

    name: str
    node: Node
    type: Node
    file: GoFile
    alias: bool = False
    generic: bool = False

    @property
    def start(self) -> int:
        """The byte offset it starts at."""
        return self.node.start_byte


@dataclass(frozen=True, slots=True, eq=False)
class ConstDecl:
    """One name of a `const` block: `iota` is its value there, `spec` the spec whose type and values it takes over."""

    name: str
    node: Node
    file: GoFile
    spec: Node
    index: int
    iota: int

    @property
    def start(self) -> int:
        """The byte offset it starts at."""
        return self.node.start_byte


class _Whole:
    """A declaration that the outline shows in part."""

    __slots__ = ("file", "head", "name")

    def __init__(self, name: str, head: Node, file: GoFile) -> None:
        self.name, self.file = name, file
        self.head = head
        """The declaration in the file's outline: a long body is empty there."""

    @property
    def start(self) -> int:
        """The byte offset it starts at."""
        return self.head.start_byte

    @property
    def node(self) -> Node:
        """The declaration in the whole tree of its file."""
        return self.file.source.whole(self.head)


class VarDecl(_Whole):
    """One name of a `var`; `node` is its `var_spec`, `index` its place among the names."""

    __slots__ = ("index",)

    def __init__(self, name: str, head: Node, file: GoFile, index: int = 0) -> None:
        super().__init__(name, head, file)
        self.index = index


class FuncDecl(_Whole):
    """A function or method; `node` holds its body. `receiver` is the receiver's type name, "" for a function."""

    __slots__ = ("receiver",)

    def __init__(self, name: str, receiver: str, head: Node, file: GoFile) -> None:
        super().__init__(name, head, file)
        self.receiver = receiver


Decl = TypeDecl | ConstDecl | VarDecl | FuncDecl


@dataclass(frozen=True, slots=True)
class Import:
    """One import: the name it is given ("" none), its path, the node of the path."""

    name: str
    path: str
    node: Node


@dataclass(frozen=True, slots=True)
class Local(Generic[D]):
    """A declaration inside a function; its name holds up to the byte offset `end`."""

    decl: D
    end: int



class GoFile:
    """One file of a package. `targets` () means all, None that no Linux build takes it."""

    def __init__(self, source: Source, package_name: str, targets: tuple[str, ...] | None, work: Workspace) -> None:
        self.path, self.source = source.path, source
        self.folder = source.path.rpartition("/")[0]
        """The folder it stands in, "" for the root."""
        self.package_name, self.targets = package_name, targets
        self.package: Package
        self.outside = False
        self._work = work

    def __repr__(self) -> str:
        return f"GoFile({self.path!r})"

    def span(self, node: Node) -> Span | None:
        """Return where a node stands, None in a stub: that is no file of the tree."""
        return None if self.outside else self.source.span(node)

    def exists(self, path: str) -> bool:
        """Return whether the tree has a file, by its path from the root."""
        self._work.looked.add(path)
        return (self._work.root / path).is_file()

    def may_declare(self, name: bytes) -> bool:
        """Return False where a look at the lines is enough to tell that the file declares no such name."""
        data, at = self.source.data, 0
        for _ in range(_MOST_LOOKS):
            at = data.find(name, at)
            if at < 0:
                return False
            if _BEFORE.fullmatch(data, data.rfind(b"\n", 0, at) + 1, at):
                return True
            at += len(name)
        return True

    @cached_property
    def declarations(self) -> tuple[Decl, ...]:
        """Everything the file declares at the top level, in order."""
        return tuple(declarations(self))

    @cached_property
    def specs(self) -> tuple[Import, ...]:
        """Every import spec in order."""
        return tuple(_imports(self.source))

    @cached_property
    def imports(self) -> Mapping[str, str]:
        """Import path by the name it has in this file; `import "C"` is `C`, dot and blank imports are left out."""
        found: dict[str, str] = {}
        for spec in self.specs:
            if spec.name not in ("_", "."):
                found.setdefault(spec.name or self._work.name_of(spec.path, self.folder), spec.path)
        return found

    @cached_property
    def local_names(self) -> frozenset[str]:
        """Names that could be types declared inside functions, by a look at the lines."""
        return frozenset(found[1].decode("utf-8", "replace") for found in _LOCAL.finditer(self.source.data))

    @cached_property
    def locals(self) -> tuple[Local[TypeDecl], ...]:
        """The types declared inside functions."""
        return tuple(_locals(self)) if self.local_names else ()

    def local(self, name: str, at: int) -> TypeDecl | None:
        """Return the type that a name means at a byte offset inside a function, None where it is no local one."""
        if name not in self.local_names:
            return None
        found = [item for item in self.locals if item.decl.name == name and item.decl.start <= at < item.end]
        return max(found, key=lambda item: item.decl.start).decl if found else None

    @cached_property
    def _local_constant_names(self) -> frozenset[str]:
        """Names that could be constants declared inside functions, by a look at the lines."""
        found: set[bytes] = set()
        for match in _LOCAL_CONST.finditer(self.source.data):
            group = _GROUP.match(self.source.data, match.end())
            end = (_CLOSED if group else _LINE_END).search(self.source.data, match.end())
            found.update(_WORD.findall(self.source.data, match.end(), end.start() if end else len(self.source.data)))
        return frozenset(item.decode("utf-8", "replace") for item in found)

    @cached_property
    def local_constants(self) -> Mapping[str, Sequence[Local[ConstDecl]]]:
        """The constants declared inside functions, by name."""
        found: dict[str, list[Local[ConstDecl]]] = {}
        for item in _local_constants(self):
            found.setdefault(item.decl.name, []).append(item)
        return found

    def local_constant(self, name: str, at: int) -> ConstDecl | None:
        """Return the constant that a name means at a byte offset inside a function, None where it is no local one."""
        if name not in self._local_constant_names:
            return None
        found = [item for item in self.local_constants.get(name, ()) if item.decl.start < at < item.end]
        return max(found, key=lambda item: item.decl.start).decl if found else None

    @cached_property
    def dots(self) -> tuple[str, ...]:
        """The paths of dot imports."""
        return tuple(spec.path for spec in self.specs if spec.name == ".")


def _locals(file: GoFile) -> Iterator[Local[TypeDecl]]:
    for found in _LOCAL.finditer(file.source.data):
        node = file.source.root.named_descendant_for_byte_range(found.start(1), found.end(1))
        spec = node.parent if node is not None else None
        if spec is not None and spec.type in ("type_spec", "type_alias") and spec.parent is not None:
            end = _scope_end(spec)
            if end is not None:
                yield from (Local(decl, end) for decl in _types(spec.parent, file))


def _local_constants(file: GoFile) -> Iterator[Local[ConstDecl]]:
    for found in _LOCAL_CONST.finditer(file.source.data):
        node = file.source.root.descendant_for_byte_range(found.start(1), found.end(1))
        declaration = node.parent if node is not None else None
        end = _scope_end(declaration) if declaration is not None and declaration.type == "const_declaration" else None
        if declaration is not None and end is not None:
            yield from (Local(decl, end) for decl in constants_of(declaration, file))


def _scope_end(node: Node) -> int | None:
    """Where the block that holds a declaration ends; None at the top level."""
    block = node.parent
    while block is not None and block.type not in _BLOCKS:
        block = block.parent
    return None if block is None else block.end_byte


def _imports(source: Source) -> Iterator[Import]:
    for node in source.head.children:
        if node.type != "import_declaration":
            continue
        for spec in specs_of(node, "import_spec", "import_spec_list"):
            path, name = spec.child_by_field_name("path"), spec.child_by_field_name("name")
            if path is not None:
                yield Import(source.str(name) if name is not None else "", source.str(path).strip('"`'), path)


def specs_of(node: Node, kind: str, group: str = "") -> Iterator[Node]:
    """Yield the specs of a declaration, whether grouped or not."""
    for child in node.named_children:
        if child.type == kind:
            yield child
        elif child.type == group:
            yield from (item for item in child.named_children if item.type == kind)


def names_of(spec: Node) -> Iterator[Node]:
    """Yield the name nodes of a const or var spec (the grammar counts the commas among them)."""
    yield from (item for item in spec.children_by_field_name("name") if item.is_named)


def declarations(file: GoFile) -> Iterator[Decl]:
    """Yield everything a file declares at the top level; what the grammar could not read is passed over."""
    for node in file.source.outline.children:
        match node.type:
            case "type_declaration":
                yield from _types(node, file)
            case "const_declaration":
                yield from constants_of(node, file)
            case "var_declaration":
                yield from variables_of(node, file)
            case "function_declaration" | "method_declaration":
                yield from _functions(node, file)


def _types(node: Node, file: GoFile) -> Iterator[TypeDecl]:
    for spec in node.named_children:
        name, type_ = spec.child_by_field_name("name"), spec.child_by_field_name("type")
        if spec.type in ("type_spec", "type_alias") and name is not None and type_ is not None:
            generic = spec.child_by_field_name("type_parameters") is not None
            yield TypeDecl(file.source.str(name), spec, type_, file, spec.type == "type_alias", generic)


def constants_of(node: Node, file: GoFile) -> Iterator[ConstDecl]:
    """Yield the constants of a `const` declaration; a spec without values repeats the one before (Go spec, Iota)."""
    last: Node | None = None
    for iota, spec in enumerate(specs_of(node, "const_spec")):
        if spec.child_by_field_name("value") is not None:
            last = spec
        for index, name in enumerate(names_of(spec)):
            if last is not None:
                yield ConstDecl(file.source.str(name), spec, file, last, index, iota)


def variables_of(node: Node, file: GoFile) -> Iterator[VarDecl]:
    """Yield the variables of a `var` declaration."""
    for spec in specs_of(node, "var_spec", "var_spec_list"):
        for index, name in enumerate(names_of(spec)):
            yield VarDecl(file.source.str(name), spec, file, index)


def _functions(node: Node, file: GoFile) -> Iterator[FuncDecl]:
    name = node.child_by_field_name("name")
    if name is not None:
        receiver = node.child_by_field_name("receiver")
        yield FuncDecl(file.source.str(name), receiver_name(receiver, file.source), node, file)


def receiver_name(receiver: Node | None, source: Source) -> str:
    """Return the type name of a method's receiver without pointer and type parameters; "" where there is none."""
    parameters = receiver.named_children if receiver is not None else []
    types = (item.child_by_field_name("type") for item in parameters if item.type == "parameter_declaration")
    found = next(types, None)
    for _ in range(8):
        if found is None or found.type == "type_identifier":
            break
        inner = found.child_by_field_name("type") if found.type == "generic_type" else None
        found = inner or next(iter(found.named_children), None)
    return source.str(found) if found is not None else ""
