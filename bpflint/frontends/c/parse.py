"""How is one C file parsed, on any machine alike? Hermetic flags and embedded headers."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from clang import cindex

from bpflint.frontends.c.nodes import api
from bpflint.model.data import dataclass
from bpflint.model.errors import FrontEndError

_OPTIONS = (
    cindex.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD | 0x200  # CXTranslationUnit_KeepGoing
)
IMPLICIT = "implicit-function-declaration"
"""Clang's name for a call of what nothing declares: a function, or a macro of a header that is not there."""
_WARNINGS = (
    "-Wno-everything", "-Wuninitialized", "-Wtautological-unsigned-zero-compare", "-Wsizeof-pointer-memaccess",
)  # fmt: skip
_LANGUAGE = {"c": ("-x", "c", "-std=gnu11"), "c++": ("-x", "c++", "-std=gnu++17", "-D_Bool=bool")}
_COMMON = (
    "-nostdinc", "-ffreestanding", "-fparse-all-comments", "-ferror-limit=5000",
    "-fno-spell-checking", "-Wno-int-conversion", "-Wno-incompatible-pointer-types", *_WARNINGS,
    f"-W{IMPLICIT}", f"-Wno-error={IMPLICIT}",
)  # fmt: skip
_ALLOWED_DEFINE = "_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_TRIPLES = {
    "bpfel": "bpfel", "bpfeb": "bpfeb", "x86_64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu",
    "s390x": "s390x-linux-gnu", "riscv64": "riscv64-linux-gnu", "arm": "arm-linux-gnueabihf", "i386": "i386-linux-gnu",
    "ppc64le": "powerpc64le-linux-gnu", "mips64le": "mips64el-linux-gnuabi64", "loong64": "loongarch64-linux-gnu",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """What to parse: the file, the target that decides its layouts, where headers are, what is defined."""

    path: str
    target: str
    include_dirs: Sequence[str]
    system_dirs: Sequence[str]
    defines: Sequence[str] = ()
    forced: Sequence[str] = ()
    texts: Mapping[str, str] | None = None
    kind: Literal["bpf", "bcc", "user"] = "bpf"
    pch: str = ""
    """A precompiled header that stands in for the forced ones or for vmlinux.h."""
    asked: Sequence[str] = ()
    """Macros by which the program's headers ask whether the BPF side compiles them."""
    language: Literal["c", "c++"] = "c"
    kernel: Callable[[], Request] | None = None
    """The same file as one compiled inside a kernel's tree; None where no vmlinux.h is at hand."""


@cache
def use_library(path: str) -> None:
    """Choose the libclang to load, once a process; raises FrontEndError when it cannot be."""
    chosen = path or os.environ.get("BPFLINT_LIBCLANG", "")
    if chosen:
        if not Path(chosen).is_file():
            raise FrontEndError(f"libclang-path {chosen}: no such file")
        cindex.Config.set_library_file(chosen)
    api()


@cache
def _index(hide_pch: bool) -> cindex.Index:
    return cindex.Index.create(excludeDecls=hide_pch)


def parse(request: Request) -> cindex.TranslationUnit:
    """Parse one file once. Raises FrontEndError when libclang gives no tree; errors in the source are diagnostics."""
    args = arguments(request, request.forced)
    unsaved = list(request.texts.items()) if request.texts else None
    try:
        return _index(bool(request.pch)).parse(request.path, args=args, unsaved_files=unsaved, options=_OPTIONS)
    except cindex.TranslationUnitLoadError as error:
        raise FrontEndError(f"{request.path}: libclang could not read it ({error})") from error


def error_text(unit: cindex.TranslationUnit) -> list[str]:
    """Return the text of each error of a parse."""
    return [item.spelling for item in unit.diagnostics if item.severity >= cindex.Diagnostic.Error]


def arguments(request: Request, forced: Sequence[str]) -> list[str]:
    """Return the compiler arguments of a request."""
    args = ["-target", _TRIPLES[request.target], *_LANGUAGE[request.language], *_COMMON]
    if request.pch:
        args += ["-include-pch", request.pch]
    args += [f"-D{item}" for item in request.defines if item and item[0] in _ALLOWED_DEFINE]
    for folder in request.include_dirs:
        args += ["-I", folder]
    for folder in request.system_dirs:
        args += ["-isystem", folder]
    for header in forced:
        args += ["-include", header]
    return args
