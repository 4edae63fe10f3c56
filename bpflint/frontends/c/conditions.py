"""What do the directives of a C file say that its tree does not? Regions of one architecture, loops to unroll."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bpflint.model.patterns import pattern

_DIRECTIVE = pattern(rb"^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else|endif)\b((?:[^\n\\]|\\.|\\\n)*)", re.M | re.S)
_ARCHITECTURE = pattern(
    rb"(?<![A-Za-z])(?:x86|x64|i386|amd64|arm|arm64|aarch64|s390x?|power(?:pc|pc64)|ppc(?:64|64le)?|riscv(?:32|64)?"
    rb"|mips(?:64)?|loongarch(?:64)?|sparc(?:64)?)(?![A-Za-z])|bpf_target_",
    re.I,
)
_UNROLL = pattern(
    rb"^[ \t]*#[ \t]*pragma[ \t]+(?:unroll|clang[ \t]+loop[ \t]+unroll[ \t]*\([ \t]*(?:full|enable)[ \t]*\))[^\n]*",
    re.M,
)
_INCLUDE = pattern(rb"^[ \t]*#[ \t]*include[ \t]*[\"<](?:\.{1,2}/)*([^\">\n]+)", re.M)


def included_names(data: bytes) -> Iterator[str]:
    """Yield the end of the path of each file that a text includes, from a `/` on."""
    for found in _INCLUDE.finditer(data):
        yield "/" + found[1].decode("utf-8", "replace")


def unrolled_loops(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield (start, end) in bytes of each pragma that asks for a loop to be unrolled."""
    for found in _UNROLL.finditer(data):
        yield found.start() + len(found[0]) - len(found[0].lstrip()), found.end()


def conditions(data: bytes) -> Iterator[int]:
    """Yield where each `#if`, `#ifdef` and `#ifndef` begins, in bytes."""
    for found in _DIRECTIVE.finditer(data):
        if found[1].startswith(b"if"):
            yield found.start(1)


def architecture_regions(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield (start, end) in bytes of each `#if … #endif` with a condition that names an architecture."""
    open_: list[tuple[int, bool]] = []
    for found in _DIRECTIVE.finditer(data):
        word, rest = found[1], found[2]
        if word.startswith(b"if"):
            open_.append((found.start(), bool(_ARCHITECTURE.search(rest))))
        elif word == b"elif" and open_:
            start, named = open_[-1]
            open_[-1] = (start, named or bool(_ARCHITECTURE.search(rest)))
        elif word == b"endif" and open_:
            start, named = open_.pop()
            if named:
                yield start, found.end()
