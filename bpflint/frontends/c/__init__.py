"""How is C read? libclang in a worker: BPF programs, bcc's dialect, user-side C and C++, hermetic on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from ctypes import ArgumentError

from bpflint.frontends.c.classify import SOURCES, header_roots, marked_headers, roots
from bpflint.model.errors import FrontEndError
from bpflint.model.traces import traces
from bpflint.reading import FrontEnd, Job, Loaded, Settings, SourceFile, is_utf8

_SUFFIXES = (*SOURCES, ".h")
_MANY = 4
"""Building a precompiled header costs as much as three plain parses."""


def _may_define(path: str) -> bool:
    return path.endswith(".h") and "vmlinux" not in path.rsplit("/", 1)[-1]


class CFrontEnd(FrontEnd):
    """Reads C. `plan` decides by names and bytes; libclang is imported in the worker only."""

    name = "c"
    suffixes = _SUFFIXES

    def plan(self, files: Sequence[SourceFile], settings: Settings) -> Sequence[Job]:
        """Return a job for each source that is compiled by itself and has to do with BPF."""
        sources = {item.path: item.read() for item in files if item.path.endswith(SOURCES)}
        headers = tuple(sorted(item.path for item in files if is_utf8(item.path)))
        defining = {item.path: item.read() for item in files if _may_define(item.path)}
        marked = marked_headers(defining)
        found = roots(sources, marked) or header_roots(marked)
        extra = {"many": "1"} if len(found) >= _MANY else {}
        if any(mode == "user" for _, mode in found):
            extra |= traces((*sources.items(), *defining.items()))
        return [Job("c", path, mode, files=headers, extra=extra) for path, mode in found]

    def load(self, job: Job, settings: Settings) -> Loaded:
        """Parse one root; raises FrontEndError when libclang gives no tree."""
        from bpflint.frontends.c.unit import load_unit  # late: 17 ms of clang.cindex

        if not is_utf8(job.path):
            raise FrontEndError(f"{job.path}: its name is not UTF-8, which libclang needs; rename it")
        try:
            return load_unit(job, settings)
        except (RecursionError, ArgumentError) as error:  # ctypes wraps what a callback raises
            raise FrontEndError(f"{job.path}: nested too deeply to follow") from error
