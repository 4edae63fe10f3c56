"""What is declared where? The items of a module by name, its imports, and what its paths stand for."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import field
from typing import Literal

from tree_sitter import Node

from bpflint.frontends.rust.crates import Crate
from bpflint.frontends.rust.syntax import Prelude, Source, name_of, nodes_below, string_of, text_of
from bpflint.model.data import dataclass

Path = tuple[str, ...]
Space = Literal["type", "value"]



@dataclass(eq=False, slots=True)
class Item:
    """One declaration."""

    kind: str
    name: str
    node: Node
    scope: Scope
    prelude: Prelude

    @property
    def source(self) -> Source:
        """The file that holds it."""
        return self.scope.source


@dataclass(frozen=True, slots=True)
class External:
    """A path that leads out of the project: `aya::maps::HashMap`."""

    path: str


@dataclass(frozen=True, slots=True)
class Generated:
    """A name in a file that the build writes. `file` is its base name, `rest` the path inside of it."""

    file: str
    rest: Path = ()

    @property
    def skeleton(self) -> str:
        """`foo` of `foo.skel.rs`, "" for bindings."""
        return self.file.removesuffix(".skel.rs") if self.file.endswith(".skel.rs") else ""


@dataclass(frozen=True, slots=True)
class Use:
    """One name that a `use` brings in; alias "*" for all of them."""

    path: Path
    alias: str


@dataclass(eq=False, slots=True)
class Scope:
    """A module, or the body of a function. `folder` is where `mod x;` looks for its file."""

    source: Source
    crate: Crate
    name: str
    folder: str
    parent: Scope | None = None
    outer: Scope | None = None
    """The scope around a function's body."""
    is_root: bool = False
    items: dict[tuple[Space, str], list[Item]] = field(default_factory=dict)
    modules: dict[str, tuple[Node, Prelude]] = field(default_factory=dict)
    opened: dict[str, Scope | Generated | None] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    impls: list[Item] = field(default_factory=list)
    included: list[Scope | Generated] = field(default_factory=list)
    generated_by: str = ""

    def all_items(self) -> Iterator[Item]:
        """Yield every item once, in source order."""
        seen: set[int] = set()
        for items in self.items.values():
            for item in items:
                if id(item) not in seen:
                    seen.add(id(item))
                    yield item

    def module(self) -> Scope:
        """Return the module a function's body stands in."""
        scope = self
        while scope.outer is not None:
            scope = scope.outer
        return scope


Resolved = Item | Scope | External | Generated


def flattened(node: Node, before: Path) -> Iterator[Use]:
    """Yield the names that a `use` tree brings in, each with its whole path."""
    pending: list[tuple[Node, Path]] = [(node, before)]
    while pending:
        item, prefix = pending.pop()
        match item.type:
            case "use_as_clause":
                path = (*prefix, *segments(item.child_by_field_name("path")))
                yield Use(path, text_of(item.child_by_field_name("alias")).removeprefix("r#"))
            case "use_wildcard":
                inner = next(iter(item.named_children), None)
                yield Use((*prefix, *segments(inner)), "*")
            case "scoped_use_list":
                path = (*prefix, *segments(item.child_by_field_name("path")))
                listed = item.child_by_field_name("list")
                pending.extend((child, path) for child in (listed.named_children if listed is not None else ()))
            case "use_list":
                pending.extend((child, prefix) for child in item.named_children)
            case "self":
                if prefix:
                    yield Use(prefix, prefix[-1])
            case "identifier" | "scoped_identifier" | "crate":
                path = (*prefix, *segments(item))
                yield Use(path, path[-1])


def segments(node: Node | None) -> Path:
    """Return the segments of a path node without its generic arguments; empty for anything that is no plain path."""
    if node is None:
        return ()
    found: list[str] = []
    for _ in range(256):
        match node.type:
            case "scoped_identifier" | "scoped_type_identifier":
                found.append(name_of(node))
                inner = node.child_by_field_name("path")
                if inner is None:
                    break  # `::std::…`
                node = inner
            case "generic_type" | "generic_function" | "generic_type_with_turbofish":
                head = node.child_by_field_name("type") or node.child_by_field_name("function")
                if head is None:
                    return ()
                node = head
            case "identifier" | "type_identifier" | "crate" | "self" | "super" | "metavariable" | "primitive_type":
                found.append(text_of(node).removeprefix("r#"))
                break
            case _:
                return ()
    return tuple(reversed(found))


def included_path(macro: Node, scope: Scope) -> str | None:
    """Return the path that `include!` or its kin names, relative to the root; OUT_DIR leads to a name only."""
    strings = [found for node in nodes_below(macro, "string_literal", "raw_string_literal")
               if (found := string_of(node)) is not None]  # fmt: skip
    if not strings:
        return None
    if "CARGO_MANIFEST_DIR" in strings:
        return scope.crate.path("".join(strings[strings.index("CARGO_MANIFEST_DIR") + 1 :]).lstrip("/"))
    if "OUT_DIR" in strings:
        return "".join(strings[strings.index("OUT_DIR") + 1 :]).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(scope.source.path), "".join(strings)))


def module_files(scope: Scope, name: str, prelude: Prelude) -> Iterator[str]:
    """Yield where `mod name;` may be found (Rust Reference, "Module Source Filenames")."""
    stated = next((item.args.strip().strip('"') for item in prelude.named("path")), "")
    if stated:
        yield posixpath.normpath(posixpath.join(posixpath.dirname(scope.source.path), stated))
        return
    yield posixpath.join(scope.folder, name + ".rs")
    yield posixpath.join(scope.folder, name, "mod.rs")


def module_name(path: str) -> str:
    """Return the name of the module that a file is."""
    stem = posixpath.basename(path).removesuffix(".rs")
    return posixpath.basename(posixpath.dirname(path)) if stem == "mod" else stem
