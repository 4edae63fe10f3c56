"""Is what a result rests on still the same? The state of files, folders and names of one run, each asked once.

A state is a short text: equal texts mean equal contents. Absent files have a state too.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from bpflint._hot import stat_of
from bpflint.engine.remembered import Remembered, Row
from bpflint.engine.states import ABSENT, OTHER, digest, digest_of, file_state, folder_state, settled, settled_at
from bpflint.reading import Reads, SourceFile

Footing = tuple[tuple[str, str, str], ...]
"""What a result rests on: (kind, name, state) rows."""

KINDS = ("file", "folder", "named", "suffix")
"""As they stand in Reads."""


class Inputs:
    """The states at one run. `files` are those the run has found; their bytes are read once."""

    def __init__(self, root: Path, files: Iterable[SourceFile], remembered: Remembered) -> None:
        self.started = time.time_ns()
        self._root, self._remembered = root, remembered
        self._found: Mapping[str, SourceFile] = {item.path: item for item in files}
        self._known: dict[tuple[str, str], str] = {}
        self._by_name: dict[str, list[str]] = {}
        for path in self._found:
            self._by_name.setdefault(path.rpartition("/")[2], []).append(path)
        self._settled: dict[str, bool] = {}
        self._left_out: set[str] = set()
        """Files that are not read as source, of which each run says so."""

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

    def file_at(self, path: str) -> str:
        """Return the state of a file by its absolute path."""
        return self.state("file", path.removeprefix(f"{self._root}{os.sep}"))

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
            self._settled[path] = settled(self._place(path), self.started)
        return self._settled[path]

    def is_plain(self, path: str) -> bool:
        """Return whether a file is known to hold no comment to us."""
        return self._remembered.is_plain(path, self._place(path))

    def remember(self, plain: Collection[str]) -> None:
        """Write down the states of files; `plain` are those without a comment to us."""
        rows: dict[str, Row] = {}
        for (kind, path), state in self._known.items():
            if kind == "file" and state not in (ABSENT, OTHER) and path not in self._left_out:
                stat = stat_of(self._place(path))
                if stat is not None and settled_at(stat[0], stat[1], self.started):
                    rows[path] = (stat, state, path in plain or self.is_plain(path))
        self._remembered.keep(rows)

    def _file(self, path: str) -> str:
        place = self._place(path)
        known = self._remembered.state(path, place)
        if known is not None:
            return known
        found = self._found.get(path)
        data = found.read() if found is not None else b""
        if found is not None and not data:
            self._left_out.add(path)
        return digest(data) if data else file_state(place)

    def _folder(self, path: str) -> str:
        return folder_state(self._place(path))

    def _named(self, name: str) -> str:
        return digest_of(sorted(self._by_name.get(name, ())))

    def _suffix(self, end: str) -> str:
        rows = (f"{path}\0{self.state('file', path)}" for path in sorted(self._found) if path.endswith(end))
        return digest_of(list(rows))

    def _place(self, path: str) -> str:
        return os.path.join(self._root, path)

