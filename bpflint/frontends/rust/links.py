"""What does a crate load? Skeletons, object files and the C sources that its build script names."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from tree_sitter import Node

from bpflint.frontends.rust.crates import Crate, Tree
from bpflint.frontends.rust.marks import scopes_of
from bpflint.frontends.rust.names import Names
from bpflint.frontends.rust.scopes import Generated, Scope, included_path
from bpflint.frontends.rust.syntax import nodes_below, string_of, text_of
from bpflint.model.unit import Link

_SOURCE = re.compile(r"[\w./-]+\.c$")
_OBJECT = re.compile(r"[\w./-]+\.(?:bpf\.o|o)$")
_INCLUDES = frozenset(("include_bytes", "include_bytes_aligned", "include_object", "include_str"))


def links_of(names: Names, top: Scope) -> Iterator[Link]:
    """Yield what a file loads itself, then what its crate's build script builds for it."""
    for scope in scopes_of(names, top):
        for other in scope.included:
            if isinstance(other, Generated) and other.skeleton:
                yield Link("skeleton", other.skeleton)
            elif isinstance(other, Scope) and other.generated_by == "libbpf-cargo":
                yield Link("skeleton", posixpath.basename(other.source.path).removesuffix(".skel.rs"))
    yield from _objects(names.tree, top)
    build = top.crate.path("build.rs")
    if top.source.path != build and (script := names.file(build)) is not None:
        yield from _built(script)


def libraries_of(tree: Tree, top: Scope) -> Iterator[Link]:
    """Yield the root files of the project's libraries that are linked into a program: their maps are in its object."""
    if not tree.is_root(top.source.path, top.crate):
        return
    pending, seen = [top.crate], {top.crate.name}
    while pending:
        crate = pending.pop()
        if crate.lib in tree.files and crate.lib != top.source.path:
            yield Link("source", crate.lib)
        found = [tree.named(name) for name in crate.linked if name not in seen]
        seen.update(crate.linked)
        pending.extend(item for item in found if item is not None)


def _objects(tree: Tree, top: Scope) -> Iterator[Link]:
    """`include_bytes_aligned!(concat!(env!("OUT_DIR"), "/probe"))`, and the texts that bcc's binding compiles."""
    if any(name.encode() in top.source.data for name in _INCLUDES):
        for macro in nodes_below(top.source.root, "macro_invocation"):
            if text_of(macro.child_by_field_name("macro")).rpartition("::")[2] in _INCLUDES:
                yield from _included(tree, top, macro)


def _included(tree: Tree, top: Scope, macro: Node) -> Iterator[Link]:
    path = included_path(macro, top)
    if path is None:
        return
    name, span = posixpath.basename(path), top.source.span(macro)
    program = next(iter(_programs(tree, name)), "")
    if program or name.endswith(".c"):
        yield Link("source", program or name, span)
    elif not text_of(macro.child_by_field_name("macro")).endswith("include_str"):
        yield Link("object", name, span)


def _programs(tree: Tree, name: str) -> Iterator[str]:
    """The root file of the crate whose program is built under a name: aya's programs are Rust as well."""
    for crate in tree.crates():
        for target, path in crate.bins:
            if target == name:
                yield crate.path(path)
        if crate.name == name.replace("-", "_") and _is_bpf(tree, crate):
            yield crate.path("src/main.rs")


def _is_bpf(tree: Tree, crate: Crate) -> bool:
    path = crate.path("src/main.rs")
    return path in tree.files and is_program(tree.peek(path))


def is_program(data: bytes) -> bool:
    """Return whether a Rust file is the kernel side: it uses aya's library for eBPF programs."""
    return b"aya_ebpf" in data or b"aya_bpf" in data


def _built(script: Scope) -> Iterator[Link]:
    """Every C source and object that a build script names in a string."""
    for node in nodes_below(script.source.root, "string_literal", "raw_string_literal"):
        text = string_of(node) or ""
        if _SOURCE.fullmatch(text):
            yield Link("source", text, script.source.span(node))
        elif _OBJECT.fullmatch(text):
            yield Link("object", text, script.source.span(node))
