"""What would `bpftool gen skeleton` write into a header that the build has not made yet?

The members come from the text that uses them (`skel->maps.events`, `obj->rodata->pid`), the types of globals from the
BPF source where that is found. A skeleton written here says nothing of its own: no record of it is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from clang import cindex

from bpflint.frontends.c.parse import Request
from bpflint.model.data import dataclass
from bpflint.model.patterns import pattern

_NAME = pattern(r"^(.*?)(?:\.bpf|\.ebpf)?[._](l?)skel\.(?:h|hpp)$")
_OPENED = pattern(r"\b(\w+?)__(?:open|open_opts|open_and_load)\s*\(")
_PARTS = pattern(r"(?:\.|->)\s*(maps|progs|links)\s*\.\s*([A-Za-z_]\w*)")
_GLOBAL = pattern(r"\b(bss|rodata|data|kconfig)(_\w+)?\s*->\s*([A-Za-z_]\w*)")
_OPS = pattern(r"\bstruct_ops\s*\.\s*([A-Za-z_]\w*)(?:\s*->\s*([A-Za-z_]\w*))?")
_NO_MEMBER = pattern(r"no member named '(\w+)' in '(?:struct )?(?:\w+::)*(\w+)'")
_MEMBER = pattern(r"^([\w \t*]*?)(\w+)((?:\[[^\]]*\])*);$")
_SECTION = pattern(r"^(?:bss|rodata|data|kconfig)(?:_\w+)?$")
_COMMENT = pattern(r"/\*.*?(?:\*/|\Z)|//[^\n]*", re.S)
_LIBBPF = ("bpf_", "btf", "ring_buffer", "perf_buffer", "user_ring_buffer", "xdp_program", "xsk_")
_UNSIZED = 64
"""Elements of a string whose length only its initialiser tells; the number matters to nobody."""


@dataclass(frozen=True, slots=True)
class Members:
    """What a user file reaches through its skeletons. Globals by section (`bss`, `rodata`, `data_hot`)."""

    parts: Mapping[str, Sequence[str]]
    globals: Mapping[str, Sequence[str]]
    struct_ops: Mapping[str, Sequence[str]]


def is_skeleton(name: str) -> bool:
    """Return whether a header's name is one that a build gives to a skeleton."""
    return _NAME.match(name) is not None


def object_names(name: str) -> tuple[str, ...]:
    """Return the identifiers that the skeleton of a header may have, the most usual first."""
    found = _NAME.match(name.rsplit("/", 1)[-1])
    stem = re.sub(r"\W", "_", found[1]) if found else ""
    return (f"{stem}_bpf", stem, f"{stem}_kern", f"{stem}_lskel", f"{stem}_skel") if stem else ()


def source_names(name: str) -> tuple[str, ...]:
    """Return the BPF sources that a skeleton header may be made from."""
    found = _NAME.match(name.rsplit("/", 1)[-1])
    stem = found[1] if found else ""
    names = [stem + tail for tail in (".bpf.c", "_kern.c", ".kern.c", ".c", "_bpf.c")]
    if stem.endswith("_bpf"):
        names.append(stem.removesuffix("_bpf") + ".bpf.c")
    return tuple(names) if stem else ()


def skeletons(sources: Mapping[str, str], users: Iterable[str]) -> dict[str, str]:
    """Return the text of each skeleton header. `sources` is the BPF source ("" where unknown) by the header's path."""
    text = "\n".join(_COMMENT.sub(" ", item) for item in users)
    names = _identifiers(tuple(sources), text)
    members = _members(text)
    return {
        path: "\n".join(_header(path, names[path], members, _COMMENT.sub(" ", source)))
        for path, source in sources.items()
    }


def _identifiers(paths: Sequence[str], text: str) -> Mapping[str, tuple[str, ...]]:
    """Each header's identifiers as the text has them; one that fits no header is given to the first without any."""
    found = {path: tuple(name for name in object_names(path) if re.search(rf"\b{name}(?:__\w+)?\b", text))
             for path in paths}  # fmt: skip
    taken = {name for names in found.values() for name in names}
    opened = dict.fromkeys(
        name for name in _OPENED.findall(text)
        if name not in taken and not name.startswith(_LIBBPF) and re.search(rf"\bstruct\s+{name}\s*\*", text)
        and not re.search(rf"\bstruct\s+{name}\s*{{", text)
    )  # fmt: skip
    empty = [path for path in paths if not found[path]] or list(paths[:1])
    for index, name in enumerate(opened):
        path = empty[min(index, len(empty) - 1)]
        found[path] = (*found[path], name)
    return {path: names or object_names(path)[:1] for path, names in found.items()}


def _members(text: str) -> Members:
    parts: dict[str, dict[str, None]] = {"maps": {}, "progs": {}, "links": {}}
    for part, name in _PARTS.findall(text):
        parts[part][name] = None
    sections: dict[str, dict[str, None]] = {"bss": {}, "rodata": {}, "data": {}}
    for section, tail, name in _GLOBAL.findall(text):
        sections.setdefault(section + tail, {})[name] = None
    ops: dict[str, dict[str, None]] = {}
    for name, field in _OPS.findall(text):
        ops.setdefault(name, {}).update({field: None} if field else {})
    return Members(
        {key: tuple(value) for key, value in parts.items()}, {key: tuple(value) for key, value in sections.items()},
        {key: tuple(value) for key, value in ops.items()},
    )  # fmt: skip


def _header(path: str, names: Sequence[str], members: Members, source: str) -> Iterator[str]:
    light = (found := _NAME.match(path.rsplit("/", 1)[-1])) is not None and bool(found[2])
    yield "#pragma once"
    yield "#include <errno.h>"
    yield "#include <stdlib.h>"
    yield "#include <bpf/libbpf.h>"
    yield "#include <bpf/bpf.h>"
    for name in names:
        yield from _object(name, members, source, light=light)
        yield from _functions(name)


_KINDS = {"maps": "struct bpf_map *", "progs": "struct bpf_program *", "links": "struct bpf_link *"}
_LIGHT = {"maps": "struct { int map_fd; void *initial_value; } ", "progs": "struct { int prog_fd; } ", "links": "int "}


def _object(name: str, members: Members, source: str, *, light: bool) -> Iterator[str]:
    """One declaration a line, so that a line clang refuses can be replaced."""
    for section, variables in members.globals.items():
        yield f"struct {name}__{section} {{"
        for variable in variables:
            yield declared(variable, source)
        yield "};"
    yield f"struct {name} {{"
    yield "struct bpf_loader_ctx { int sz; } ctx;" if light else "struct bpf_object_skeleton *skeleton;"
    yield "struct bpf_object *obj;"
    yield f"struct {name}__struct_ops {{"
    for ops, fields in members.struct_ops.items():
        yield f"struct {{ {' '.join(f'long long {field};' for field in fields)} }} *{ops};"
    yield "} struct_ops;"
    for part, items in members.parts.items():
        yield f"struct {name}__{part} {{"
        for item in items:
            yield f"{(_LIGHT if light else _KINDS)[part]}{item};"
        yield f"}} {part};"
    for section in members.globals:
        yield f"struct {name}__{section} *{section};"
    yield from _methods(name)
    yield "};"


def _methods(name: str) -> Iterator[str]:
    """bpftool's C++ interface, one static member for each function (bpftool-gen(8))."""
    yield "#ifdef __cplusplus"
    yield f"static struct {name} *open(const struct bpf_object_open_opts *opts = nullptr);"
    yield f"static struct {name} *open_and_load();"
    for verb in ("load", "attach"):
        yield f"static int {verb}(struct {name} *skel);"
    for verb in ("detach", "destroy"):
        yield f"static void {verb}(struct {name} *skel);"
    yield "static const void *elf_bytes(size_t *sz);"
    yield "#endif"


def _functions(name: str) -> Iterator[str]:
    yield f"struct {name} *{name}__open(void);"
    yield f"struct {name} *{name}__open_opts(const struct bpf_object_open_opts *opts);"
    yield f"struct {name} *{name}__open_and_load(void);"
    for verb in ("load", "attach", "create_skeleton"):
        yield f"int {name}__{verb}(struct {name} *obj);"
    for verb in ("detach", "destroy"):
        yield f"void {name}__{verb}(struct {name} *obj);"
    yield f"const void *{name}__elf_bytes(size_t *sz);"


def declared(name: str, source: str) -> str:
    """Return the member for a global as its BPF source declares it, a number where that does not tell."""
    found = re.search(
        rf"^(?!static\b|extern\b|typedef\b|return\b)((?:\w+[ \t\n]+){{0,6}}?\w+[ \t\n*]+){name}"
        r"((?:[ \t]*\[[^\]\n]*\])*)(?:\s+(?:__\w+|SEC\s*\([^)\n]*\)|__attribute__\s*\(\(.*?\)\)))*\s*[=;]",
        source, re.M,
    )  # fmt: skip
    if found is None:
        return _unknown(name)
    words = [word for word in found[1].replace("*", " * ").split() if word not in _QUALIFIERS]
    dims = re.sub(r"\[\s*\]", f"[{_UNSIZED}]", found[2])
    return f"{' '.join(words)} {name}{dims};" if words else _unknown(name)


_QUALIFIERS = frozenset(("const", "volatile", "__hidden", "__weak", "struct_ops", "__noinline"))


def _unknown(name: str) -> str:
    return f"long long {name};"


# -- what clang said of the first try -----------------------------------------------------------------------------


def repaired(request: Request, unit: cindex.TranslationUnit) -> Request | None:
    """Return the request with skeletons that lack what clang missed in them; None where it missed nothing."""
    texts = {path: text.split("\n") for path, text in (request.texts or {}).items() if is_skeleton(path)}
    if not texts:
        return None
    changed = False
    for item in unit.diagnostics:
        if item.severity < cindex.Diagnostic.Error:
            continue
        changed |= _without_type(texts, item) or _with_member(texts, item.spelling)
    if not changed:
        return None
    made = {path: "\n".join(lines) for path, lines in texts.items()}
    return replace(request, texts={**(request.texts or {}), **made})


def _without_type(texts: Mapping[str, list[str]], item: cindex.Diagnostic) -> bool:
    """A global's length, then its type, is unknown where the header is included."""
    if item.location.file is None or (lines := texts.get(item.location.file.name)) is None:
        return False
    at = item.location.line - 1
    found = _MEMBER.match(lines[at]) if 0 <= at < len(lines) else None
    if found is None:
        return False
    dims = re.sub(r"\[[^\]]*\]", f"[{_UNSIZED}]", found[3])
    weaker = f"{found[1]}{found[2]}{dims};" if dims != found[3] else f"long long {found[2]}{dims};"
    changed = bool(lines[at] != weaker)
    lines[at] = weaker
    return changed


def _with_member(texts: Mapping[str, list[str]], message: str) -> bool:
    """A macro of the user's pastes the member's name together."""
    found = _NO_MEMBER.search(message)
    if found is None:
        return False
    member, (holder, _, part) = found[1], found[2].rpartition("__")
    if _SECTION.match(member) and not _SECTION.match(part):
        made, holder = f"char *{member};", found[2]
    else:
        made = f"{_KINDS[part]}{member};" if part in _KINDS else _unknown(member)
    head = f"struct {found[2]} {{"
    for lines in texts.values():
        if not holder or head not in lines:
            continue
        at = lines.index(head) + 1
        end = next((index for index in range(at, len(lines)) if lines[index].startswith("}")), at)
        if made not in lines[at:end]:
            lines.insert(at, made)
            return True
    return False
