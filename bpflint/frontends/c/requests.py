"""How is one C file to be parsed? Its request: folders, macros, embedded headers, and what makes a parse quick."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Literal

from clang import cindex

from bpflint import headers
from bpflint.frontends.c.classify import CPP, Mode
from bpflint.frontends.c.includes import HeaderIndex, include_dirs
from bpflint.frontends.c.parse import Request, error_text
from bpflint.frontends.c.pch import HEADER, HELPERS, precompiled, with_pch
from bpflint.frontends.c.trail import Trail
from bpflint.model.errors import FrontEndError
from bpflint.reading import Job, Settings


class Reader:
    """Reads project files by relative path; an absent one is empty."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._cache: dict[str, bytes] = {}

    def __call__(self, path: str) -> bytes:
        """Return a file's bytes."""
        if path not in self._cache:
            try:
                self._cache[path] = (self._root / path).read_bytes()
            except OSError:
                self._cache[path] = b""
        return self._cache[path]

    def asked(self) -> tuple[str, ...]:
        """Return every path that was asked for, there or not."""
        return tuple(self._cache)

    def required(self, path: str) -> bytes:
        """Return a file's bytes; raises FrontEndError where it cannot be read."""
        try:
            return (self._root / path).read_bytes()
        except OSError as error:
            raise FrontEndError(f"{path}: cannot be read ({error.strerror})") from error


@lru_cache(maxsize=2)
def _header_index(files: tuple[str, ...], arch: str) -> HeaderIndex:
    return HeaderIndex(files, arch)


def request_for(
    job: Job, mode: Mode, settings: Settings, reader: Reader, data: bytes, trail: Trail, *, arch: str = "x86_64"
) -> tuple[Request, tuple[str, ...]]:
    """Return how to parse a job's file with the headers of an architecture, and the names of those nobody has."""
    embedded = headers.include_dirs(mode)
    given = [path.relative_to(settings.root).as_posix() for path in settings.include_dirs
             if path.is_relative_to(settings.root)]  # fmt: skip
    outside = [str(path) for path in settings.include_dirs if not path.is_relative_to(settings.root)]

    def read(path: str) -> bytes:
        return data if path == job.path else reader(path)

    index = trail.watch(_header_index(job.files, arch))
    found = include_dirs(job.path, read, index, given, partial(headers.has, mode), headers.is_libc)
    own = [str(settings.root / item) for item in (*given, *found.folders)]
    system = [str(path) for path in embedded]
    missing: Sequence[str] = found.missing
    vmlinux = str(settings.vmlinux_dir) if mode != "user" and settings.vmlinux_dir is not None else ""
    if vmlinux:
        system.append(vmlinux)
        missing = [name for name in missing if name != HEADER]
    if settings.system_headers:
        system.append("/usr/include")
    path = str(settings.root / job.path)
    texts: dict[str, str] = {str(settings.root / name): text for name, text in found.generated.items()}
    forced: tuple[str, ...] = ()
    if elsewhere := headers.libbpf_overlay(missing, vmlinux=bool(vmlinux)):
        texts.update((f"{headers.KERNEL_OVERLAY}/{name}", text) for name, text in elsewhere.items())
        system.append(str(headers.KERNEL_OVERLAY))
        missing = [name for name in missing if name not in elsewhere]
    if mode == "bcc":
        texts.update(headers.kernel_overlay(missing))
        forced, missing = headers.forced_includes("bcc"), []
    if job.text is not None:
        path += ".bpf.c"
        texts[path] = job.text
    language: Literal["c", "c++"] = "c++" if job.path.endswith(CPP) else "c"
    if language == "c++":
        texts.update(headers.cxx_overlay(missing))
        system.append(str(headers.CXX))
        missing = [name for name in missing if not name.isidentifier()]
    target = "x86_64" if mode == "user" else "bpfel"
    defines = (*headers.builtin_defines[mode], *settings.defines)
    request = Request(path, target, [*own, *outside], system, defines, forced, texts, mode, asked=found.asked,
                      language=language)  # fmt: skip
    if mode == "bpf" and vmlinux:
        kernel = partial(_kernel_request, request, job.path, read, found.folders, settings, vmlinux)
        request = replace(request, kernel=kernel)
    return request, tuple(missing)


def _kernel_request(
    request: Request, path: str, read: Callable[[str], bytes], folders: Sequence[str], settings: Settings, vmlinux: str
) -> Request:
    """The file as the kernel's own build sees it: no folder of kernel headers but ours, types from vmlinux.h."""
    kept = [item for item in folders if not any((settings.root / item / name).is_dir() for name in ("linux", "asm"))]
    system = headers.include_dirs("kernel")
    found = include_dirs(path, read, HeaderIndex(()), kept, partial(headers.has, "kernel"), headers.is_libc)
    return replace(
        request, kernel=None, include_dirs=[str(settings.root / item) for item in kept],
        system_dirs=[*(str(item) for item in system), vmlinux],
        defines=(*headers.builtin_defines["kernel"], *settings.defines), forced=headers.forced_includes("kernel"),
        texts={**(request.texts or {}), **dict(headers.kernel_overlay(found.missing))},
    )  # fmt: skip


_PCH_FAILED = "precompiled header"


def parse_quickly(
    request: Request, settings: Settings, data: bytes, job: Job, trail: Trail
) -> tuple[Request, cindex.TranslationUnit]:
    """Parse with a precompiled vmlinux.h where that is safe; on an error with it plainly, then with what helps.

    A text for bcc stays as it is where nothing would help: whether a header was precompiled must not decide the result.
    """
    quick = _quick(request, settings, data, job)
    if quick is not None:
        try:
            unit = trail.parse(quick)
        except FrontEndError:  # libclang recovered from a crash: seen on one program in a hundred with 14 MB of header
            pass
        else:
            errors = error_text(unit)
            if not errors or not _may_be_better(request, errors):
                return quick, unit
    from bpflint.frontends.c.retries import better  # late: 3 ms, and most programs parse at once

    return better(request, trail.parse(request), trail.parse)


def _first(name: str, folders: Sequence[str]) -> str | None:
    """The first of some folders' headers of a name."""
    return next((path for folder in folders if os.path.isfile(path := os.path.join(folder, name))), None)


def _may_be_better(request: Request, errors: Sequence[str]) -> bool:
    """Whether a parse without the precompiled header, or with what helps, may have fewer errors."""
    from bpflint.frontends.c.retries import helps

    return request.kind == "bpf" or helps(request, errors) or any(_PCH_FAILED in item for item in errors)


def _quick(request: Request, settings: Settings, data: bytes, job: Job) -> Request | None:
    vmlinux = _first(HEADER, (*request.include_dirs, *request.system_dirs))
    names = precompiled(data)
    if settings.cache_dir is None or vmlinux is None or not (request.kind == "bcc" or names):
        return None
    own = (os.path.dirname(request.path), *request.include_dirs)
    helpers = HELPERS in names and not request.forced and _first(HELPERS, own) is None
    build = bool(job.extra.get("many"))
    return with_pch(request, Path(vmlinux), settings.cache_dir, helpers=helpers, build=build)
