"""When may a precompiled header stand in for the first includes, and where is it? Keyed by all that decides it."""

from __future__ import annotations

import hashlib
import os
import re
import zlib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from clang import cindex

from bpflint import __version__, headers
from bpflint._aside import aside
from bpflint.frontends.c.parse import Request, arguments

_DIRECTIVE = re.compile(rb'^[ \t]*#[ \t]*(?:include[ \t]*[<"]([^>"\n]+)[>"]|define|undef|if|pragma)', re.M)
_COMMENT = re.compile(rb"/\*.*?\*/|//[^\n]*", re.S)
HEADER = "vmlinux.h"
HELPERS = "bpf/bpf_helpers.h"
_HARMLESS = ("bpf/bpf_core_read.h", "bpf/bpf_endian.h", "bpf/bpf_tracing.h")
"""Ours, which change nothing in the helpers that are included after them."""
_BLOCK = 1 << 20


def precompiled(data: bytes) -> tuple[str, ...]:
    """Return which headers a program begins with that are worth it, none where something may change vmlinux.h."""
    names: list[str] = []
    for found in _DIRECTIVE.finditer(_COMMENT.sub(b" ", data[:8192])):
        name = (found[1] or b"").decode("utf-8", "replace")
        if not names and name.rpartition("/")[2] == HEADER:
            names.append(HEADER)
        elif names and name == HELPERS:
            return HEADER, HELPERS
        elif not names or name not in _HARMLESS:
            break
    return tuple(names)


_OPTIONS = (
    cindex.TranslationUnit.PARSE_INCOMPLETE
    | 0x10  # CXTranslationUnit_ForSerialization
    | cindex.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD  # else no expansion of its macros is seen by its users
)


def with_pch(request: Request, vmlinux: Path, cache: Path, *, helpers: bool, build: bool) -> Request | None:
    """Return the request served by a precompiled header, None where there is none and `build` forbids one.

    It holds vmlinux.h and what is forced in front of a bcc text; with `helpers`, our bpf_helpers.h behind it.

    The key holds the library's and our version, the target, every macro and forced header, and path, size and time of
    the header. Building is atomic: two processes may both build, and both files are the same.
    """
    names = [*(request.forced or [str(vmlinux)]), *([HELPERS] if helpers else ())]
    prefix = cache / f"pch-{_key(request, vmlinux, names)}"
    found = _found(prefix)
    if found is None and build:
        aside(lambda: _build(request, names, prefix))  # 110 MB of tree
        found = _found(prefix)
    return None if found is None else replace(request, forced=(), pch=str(found))


def _found(prefix: Path) -> Path | None:
    """The precompiled header of a key. Clang crashes on one with a wrong byte, so its checksum is in its name."""
    return next((path for path in prefix.parent.glob(f"{prefix.name}-*.pch") if _checksum(path) in path.name), None)


@cache
def _checksum(path: Path) -> str:
    """The checksum of a file as its name has it, asked once a process; "/" where it cannot be read."""
    try:
        return f"-{_sum_of(path):08x}."
    except OSError:
        return "/"


def _sum_of(path: Path) -> int:
    found = 0
    with path.open("rb", buffering=0) as stream:
        for block in iter(partial(stream.read, _BLOCK), b""):
            found = zlib.crc32(block, found)
    return found


def _key(request: Request, vmlinux: Path, names: Sequence[str]) -> str:
    stat = vmlinux.stat()
    library = cindex.conf.get_filename()
    built = str(os.path.getmtime(library)) if os.path.exists(library) else ""
    parts = [
        __version__, str(_OPTIONS), _embedded_state(), library, built, request.target,
        str(vmlinux), str(stat.st_size), str(stat.st_mtime_ns), *request.defines, *names,
        *(request.system_dirs if request.forced else ()),
    ]  # fmt: skip
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


@cache
def _embedded_state() -> str:
    """Changes whenever an embedded header does: a precompiled header of older ones is refused by clang."""
    files = (os.path.join(folder, name) for folder, _, names in os.walk(headers.ROOT) for name in names)
    stats = [os.stat(path) for path in files if path.endswith(".h")]
    return f"{len(stats)}-{max(item.st_mtime_ns for item in stats)}-{sum(item.st_size for item in stats)}"


def _build(request: Request, names: Sequence[str], prefix: Path) -> None:
    import tempfile  # late: once a header

    text = "".join(f'#include "{name}"\n' for name in names)
    args = arguments(replace(request, include_dirs=(), forced=(), pch=""), ())
    source = "bpflint-prefix.h"
    try:
        unit = cindex.Index.create().parse(source, args=args, unsaved_files=[(source, text)], options=_OPTIONS)
        if any(item.severity >= cindex.Diagnostic.Error for item in unit.diagnostics):
            return
        prefix.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=prefix.parent, prefix=f".{prefix.name}.")
        os.close(handle)
        try:
            unit.save(name)
            del unit  # before the file, which is another 14 MB, is read
            os.replace(name, f"{prefix}-{_sum_of(Path(name)):08x}.pch")
        except BaseException:
            os.unlink(name)
            raise
    except (cindex.TranslationUnitLoadError, cindex.TranslationUnitSaveError, OSError):
        return
