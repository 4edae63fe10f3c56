"""Is what a result rests on still the same? The state of files, folders and names of one run, each asked once.

A state is a short text: equal texts mean equal contents. Absent files have a state too.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from bpflint.api import Reads, SourceFile

Footing = tuple[tuple[str, str, str], ...]
"""What a result rests on: (kind, name, state) rows."""

KINDS = ("file", "folder", "named", "suffix")
"""As they stand in Reads."""
_TICK = 50_000_000
"""Nanoseconds: the clock that stamps files moves in steps of up to 10 ms."""
_COARSE = 2_000_000_000
"""The same for file systems that keep whole seconds (FAT: two of them)."""
ABSENT, OTHER = "absent", "no file"


class Inputs:
    """The states at one run. `files` are those the run has found; their bytes are read once."""

    def __init__(self, root: Path, files: Iterable[SourceFile]) -> None:
        self.started = time.time_ns()
        self._root = root
        self._found: Mapping[str, SourceFile] = {item.path: item for item in files}
        self._known: dict[tuple[str, str], str] = {}
        self._by_name: dict[str, list[str]] = {}
        for path in self._found:
            self._by_name.setdefault(path.rpartition("/")[2], []).append(path)
        self._settled: dict[str, bool] = {}

    def footing(self, reads: Reads | None) -> Footing:
        """Return the states of everything that was read; None: of every file of the project."""
        if reads is None:
            return (("suffix", "", self.state("suffix", "")),)
        rows = zip(KINDS, (reads.files, reads.folders, reads.named, reads.suffixes), strict=True)
        return tuple((kind, name, self.state(kind, name)) for kind, names in rows for name in names)

    def holds(self, footing: Footing) -> bool:
        """Return whether all of it is as it was."""
        return all(self.state(kind, name) == state for kind, name, state in footing)

    def state(self, kind: str, name: str) -> str:
        """Return the state of one thing; what is of no known kind never has the state it had."""
        key = (kind, name)
        if key not in self._known:
            ask = {"file": self._file, "folder": self._folder, "named": self._named, "suffix": self._suffix}.get(kind)
            self._known[key] = ask(name) if ask is not None else "unknown"
        return self._known[key]

    def settled(self, footing: Footing) -> bool:
        """Return whether nothing of it changed since shortly before the run began.

        What a front end read and what was asked for its state here may otherwise be two versions of a file.
        """
        names = {name for kind, name, _ in footing if kind in ("file", "folder")}
        ends = tuple(name for kind, name, _ in footing if kind == "suffix")
        if ends:
            names.update(path for path in self._found if path.endswith(ends))
        return all(map(self._is_settled, names))

    def _is_settled(self, path: str) -> bool:
        if path not in self._settled:
            self._settled[path] = settled(self._root / path, self.started)
        return self._settled[path]

    def _file(self, path: str) -> str:
        found = self._found.get(path)
        data = found.read() if found is not None else b""
        return digest(data) if data else file_state(self._root / path)

    def _folder(self, path: str) -> str:
        try:
            names = sorted(os.listdir(self._root / path))
        except OSError:
            return ABSENT
        return digest("\0".join(names).encode("utf-8", "surrogateescape"))

    def _named(self, name: str) -> str:
        return digest("\0".join(sorted(self._by_name.get(name, ()))).encode("utf-8", "surrogateescape"))

    def _suffix(self, end: str) -> str:
        rows = (f"{path}\0{self.state('file', path)}" for path in sorted(self._found) if path.endswith(end))
        return digest("\0".join(rows).encode("utf-8", "surrogateescape"))


def digest(data: bytes) -> str:
    """Return 32 hexadecimal digits that stand for some bytes."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def file_state(path: Path) -> str:
    """Return the state of what is at a path: a file's content, or that there is none."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return OTHER
        with open(path, "rb") as stream:
            hashed = hashlib.blake2b(digest_size=16)
            for block in iter(partial(stream.read, 1 << 20), b""):
                hashed.update(block)
            return hashed.hexdigest()
    except OSError:
        return ABSENT


def settled(path: Path, started: int) -> bool:
    """Return whether a file, or the nearest folder above an absent one, is older than a run that began at `started`."""
    place = path
    while True:
        try:
            status = os.stat(place)
            break
        except OSError:
            if place == place.parent:
                return False
            place = place.parent
    newest = max(status.st_mtime_ns, status.st_ctime_ns)
    whole = status.st_mtime_ns % 1_000_000_000 == 0 and status.st_ctime_ns % 1_000_000_000 == 0
    return newest < started - (_COARSE if whole else _TICK)
