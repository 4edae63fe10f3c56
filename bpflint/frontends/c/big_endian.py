"""Does a BPF program compile for big endian too? Asked only of sources that have a branch for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from clang import cindex

from bpflint.frontends.c.cursors import Places
from bpflint.frontends.c.parse import Request, parse
from bpflint.model.errors import FrontEndError
from bpflint.model.unit import Diagnostic

OPTION = "bpfeb"
"""`Diagnostic.option` of what clang says for big endian alone."""
_BRANCH = re.compile(rb"^[ \t]*#[ \t]*(?:el)?if.*(?:BIG_ENDIAN|LITTLE_ENDIAN|TARGET_ARCH_s390)", re.M)
_OTHERS = re.compile(
    r"(?:^|/)(?:vmlinux[^/]*|bpf_(?:endian|tracing|core_read|helpers)|byteorder|swab)\.h$|(?:^|/)(?:linux|asm)/"
)
"""Headers that every program includes; their branches say nothing about it."""


def has_branch(path: str, data: bytes) -> bool:
    """Return whether a source chooses between the byte orders."""
    return not _OTHERS.search(path) and _BRANCH.search(data) is not None


def errors_for_big(request: Request, places: Places) -> Iterator[Diagnostic]:
    """Yield the errors in the program's own files when it is compiled for big endian.

    A program that refuses to be compiled so (`#error`) has none. `places` are new ones, for a second parse.
    """
    try:
        unit = parse(replace(request, target="bpfeb", pch=""))
    except FrontEndError:  # libclang gives no tree: nothing is known
        return
    errors = [item for item in unit.diagnostics if item.severity >= cindex.Diagnostic.Error]
    if any(item.category_name == "User-Defined Issue" for item in errors):
        return
    for item in errors:
        number, _ = places.locate(item.location)
        if number and not places.file(number)[2]:
            yield Diagnostic(OPTION, item.spelling, places.point(item.location))
