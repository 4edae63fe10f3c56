"""What is a front end asked, and what does it give? Settings, jobs, what comes of them, and the class itself.

Public through `bpflint.api`. Apart from it, because a worker begins to read before what only rules need is there.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import ClassVar, Literal

from bpflint.model.data import dataclass
from bpflint.model.unit import Unit
from bpflint.model.verdict import Kernel


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What one run was asked to do. Plain data: it travels to the workers."""

    root: Path
    targets: tuple[str, ...] = ("x86_64", "arm64")
    bpf_byte_orders: tuple[Literal["little", "big"], ...] = ("little",)
    include_dirs: tuple[Path, ...] = ()
    defines: tuple[str, ...] = ()
    system_headers: bool = False
    libclang_path: str = ""
    cache_dir: Path | None = None
    """Where derived headers and results are kept; None: nowhere (a temporary folder is used)."""
    vmlinux_btf: Path | None = None
    """Raw BTF to make `vmlinux.h` from; None: the embedded kernel."""
    vmlinux_dir: Path | None = None
    """The folder of the `vmlinux.h` made from it, for programs whose project has none; None: there is none."""
    kernels: tuple[Kernel, ...] = ()
    """The kernels that the configuration names (`x86_64:6.1`); empty: none, and rules judge by the shipped ones."""
    min_kernel: str = ""
    jobs: int = 1
    all_files: bool = False
    """Read files without a trace of BPF too: `layout` may be asked for any type."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file found below the root. `path` is relative with `/`; `read` returns its bytes (cached by the caller)."""

    path: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work for one front end; plain data. `text` is set when the bytes are not a file's own."""

    frontend: str
    path: str
    mode: str = ""
    text: str | None = None
    places: tuple[tuple[int, int, int], ...] = ()
    """For embedded text: (offset in text, line, column in the holding file), ascending; code points."""
    files: tuple[str, ...] = ()
    """Every path of the project the front end may consult (headers), shared by reference within a run."""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reads:
    """What the result of a job rests on besides the job: as long as all of it is the same, the result is.

    Paths are relative to the root, or absolute. A file that was looked for and is not there counts as much as one that
    was read, and so does what else is found at its place.
    """

    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    """Folders whose names were listed."""
    named: tuple[str, ...] = ()
    """Last parts of paths that were looked up among `Job.files`."""
    suffixes: tuple[str, ...] = ()
    """Ends of names: all such files of the project, with what they hold."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a job gave: units, and further jobs it uncovered (C text inside Python).

    `reads` None: anything may have been read, so any change of any file of the project makes the result an old one.
    """

    units: tuple[Unit, ...]
    follow_up: tuple[Job, ...] = ()
    reads: Reads | None = None


class FrontEnd(ABC):
    """Reads one language. One instance a process; `plan` runs in the parent, `load` in a worker."""

    name: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]

    @abstractmethod
    def plan(self, files: Sequence[SourceFile], settings: Settings) -> Sequence[Job]:
        """Return the jobs for those of `files` this front end takes as roots; cheap, by names and a byte prefilter."""

    @abstractmethod
    def load(self, job: Job, settings: Settings) -> Loaded:
        """Read one root. Raises FrontEndError with one line when nothing can be read; degrades otherwise."""


def is_utf8(path: str) -> bool:
    """Return whether a path holds none of the surrogates that stand for bytes that are no text."""
    return path.isascii() or not any("\ud800" <= char <= "\udfff" for char in path)
