"""Which C files are roots, and what are they: BPF programs, bcc's dialect, or user-side code that loads BPF?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from bpflint.model.patterns import pattern

Mode = Literal["bpf", "bcc", "user"]

_BPF_NAME = pattern(r"(\.bpf\.c|_kern\.c|_bpf\.c|\.ebpf\.c)$")
_SURE_NAMES = (".bpf.c", ".ebpf.c")
_USER_NAME = pattern(r"_user\.c$")
_SECTION = pattern(
    rb'^\s*(?:SEC|__section|__section_maps|SEC_NAME)\s*\(|section\s*\(\s*"(?:maps|\.maps|license)', re.M
)
_BPF_HEADER = pattern(
    rb'^\s*#\s*include\s*[<"](?:bpf/)?(?:bpf_helpers\.h|bpf_core_read\.h|bpf_tracing\.h)[>"]', re.M
)
_BCC = pattern(
    rb"\b(?:BPF_(?:HASH|ARRAY|TABLE|TABLE_PUBLIC|HISTOGRAM|PERF_OUTPUT|RINGBUF_OUTPUT|PERCPU_ARRAY|PERCPU_HASH|"
    rb"LPM_TRIE|STACK_TRACE|PROG_ARRAY|PERF_ARRAY|DEVMAP|QUEUE|F_TABLE|XSKMAP)|"
    rb"(?:RAW_)?TRACEPOINT_PROBE|K(?:RET)?FUNC_PROBE|LSM_PROBE)\s*\("
)
_USER = pattern(
    rb'^\s*#\s*include\s*[<"](?:bpf/)?(?:libbpf\.h|bpf\.h|bpf_load\.h|xdp/libxdp\.h|[\w./-]+[._]l?skel\.h)[>"]', re.M
)
_USER_CALL = pattern(
    rb"\b(?:bpf_object__(?:open|load|find)\w*|bpf_map__fd|ring_buffer__new|perf_buffer__new|bpf_obj_get|bpf_map_get_next_key|"
    rb"libbpf_set_(?:print|strict_mode)|bpf_map_(?:lookup|update|delete|lookup_and_delete)_batch)\s*\("
)
"""What only libbpf's users call, in a file that includes libbpf through a header of its own."""
_MAIN = pattern(
    rb"^\s*(?:int\s+|void\s+)?main\s*\(|^\s*#\s*include\s*<(?:stdio|stdlib|unistd|pthread)\.h>", re.M
)
"""What no BPF program has, though the file is named `load_bpf.c`, or includes a header of programs by name."""
_INCLUDE_C = pattern(rb'^\s*#\s*include\s*"([^"]+\.c)"', re.M)
CPP = (".cc", ".cpp", ".cxx", ".hpp", ".hh")
SOURCES = (".c", ".cc", ".cpp", ".cxx")
"""What is compiled by itself; C++ is user space only."""
_PEEK = 1 << 20


def mode_of(path: str, data: bytes) -> Mode | None:
    """Return what a C file is by its name and content, None where it has nothing to do with BPF."""
    if b"\0" in data[:4096]:
        return None
    head = data[:_PEEK]
    if path.endswith(CPP):
        return "user" if _USER.search(head) or _USER_CALL.search(head) else None
    if _SECTION.search(head) or (_BPF_HEADER.search(head) and not _USER_NAME.search(path)):
        return "bpf"
    if _BCC.search(head):
        return "bcc"
    named = _BPF_NAME.search(path)
    if named and b"bpf" in head and (named[0] in _SURE_NAMES or not _MAIN.search(head)):
        return "bpf"
    if _USER.search(head) or _USER_CALL.search(head):
        return "user"
    return None


def roots(sources: Mapping[str, bytes], marked: Mapping[str, bytes] | None = None) -> Sequence[tuple[str, Mode]]:
    """Return (path, mode) of the sources that are compiled by themselves, sorted by path.

    A `.c` file that another one includes is read through it and is no root. `marked` are the headers that define maps
    or programs: a file that holds little but their include (one program built in several variants) is BPF too.
    """
    names = {path.rsplit("/", 1)[-1].encode() for path in marked or ()}
    included = included_sources(sources)
    found: list[tuple[str, Mode]] = []
    for path in sorted(sources):
        if not path.endswith(SOURCES) or path in included:
            continue
        mode = mode_of(path, sources[path])
        if mode is None and names and path.endswith(".c") and _is_variant(sources[path], names):
            mode = "bpf"
        if mode is not None:
            found.append((path, mode))
    return found


_INCLUDE_ANY = pattern(rb'^\s*#\s*include\s*[<"](?:[^>"\n]*/)?([^/>"\n]+)[>"]', re.M)


_VARIANT_BYTES = 2048


def _is_variant(data: bytes, names: set[bytes]) -> bool:
    """A short file without `main` and the C library that includes a header of programs."""
    return len(data) <= _VARIANT_BYTES and not _MAIN.search(data) and any(
        match in names for match in _INCLUDE_ANY.findall(data)
    )


def marked_headers(headers: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Return the headers that define maps or programs."""
    return {path: data for path, data in sorted(headers.items()) if _SECTION.search(data[:_PEEK])}


def header_roots(marked: Mapping[str, bytes]) -> Sequence[tuple[str, Mode]]:
    """Return the marked headers that no other of them includes, for a tree without sources.

    A library of BPF headers, or one side of a project, is looked at as well as it can be.
    """
    named = {match.decode("utf-8", "replace") for data in marked.values() for match in _INCLUDE_ANY.findall(data)}
    return [(path, "bpf") for path in marked if path.rsplit("/", 1)[-1] not in named]


def included_sources(sources: Mapping[str, bytes]) -> frozenset[str]:
    """Return the `.c` files that some other file includes."""
    tails: dict[str, list[str]] = {}
    for path in sources:
        tails.setdefault(path.rsplit("/", 1)[-1], []).append(path)
    found: set[str] = set()
    for path, data in sources.items():
        for match in _INCLUDE_C.finditer(data):
            name = match[1].decode("utf-8", "replace")
            target = _joined(path, name)
            if target in sources and target != path:
                found.add(target)
            else:
                short = name.split("../")[-1]
                found.update(
                    item for item in tails.get(name.rsplit("/", 1)[-1], ()) if item != path and _ends(item, short)
                )
    return frozenset(found)


def _ends(path: str, name: str) -> bool:
    return path == name or path.endswith("/" + name)


def _joined(holder: str, name: str) -> str:
    parts = holder.split("/")[:-1]
    for part in name.split("/"):
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
