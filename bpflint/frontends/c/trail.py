"""What did the parses of one file look at? Every file, and every place where clang looked for one and found none.

Which of the folders on the include path holds a header decides what a program means, so that a new header in an earlier
folder is as much of a change as an edit. Clang tells only what it opened; where else it looked follows from the names
in the include lines and the folders it was given.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from clang import cindex

from bpflint import headers
from bpflint.frontends.c.includes import Headers
from bpflint.frontends.c.parse import Request, parse
from bpflint.frontends.c.pch import HEADER
from bpflint.reading import Reads, Settings

_NAMES = re.compile(
    rb'(?:#[ \t]*(?:include|include_next|import)|__has_include(?:_next)?[ \t]*\()[ \t]*(["<])([^>"\n]+)[>"]'
)
_PROBED = (HEADER, "linux", "asm")
"""Looked for in folders by the front end itself: a vmlinux.h to precompile, folders of kernel headers."""
_OWN = str(headers.ROOT) + "/"
_FOUND = re.compile(r"^'([^']+)' file not found")


class Trail:
    """Collects, over all attempts at one file, what they rest on."""

    def __init__(self, settings: Settings) -> None:
        self._root = f"{settings.root}/"
        self._ours = (_OWN, f"{settings.vmlinux_dir}/")
        """Folders whose content the tool's version, or the folder's name, already tells."""
        self._files: set[str] = set()
        self._folders: dict[str, None] = {}
        self._names: set[str] = set(_PROBED)
        self._named: set[str] = set()

    def watch(self, index: Headers) -> Headers:
        """Return the index of the project's headers; it remembers what was looked up."""
        return _Watched(index, self._named)

    def parse(self, request: Request) -> cindex.TranslationUnit:
        """Parse a request and remember what clang read for it."""
        unit = parse(request)
        self._files.add(request.path)
        self._files.update(str(item.include.name) for item in unit.get_includes())
        for folder in (*request.include_dirs, *request.system_dirs):
            self._folders[str(folder)] = None
        for item in unit.diagnostics:
            if found := _FOUND.match(item.spelling):
                self._names.add(found[1])  # an include of a macro stands in no line
        return unit

    def reads(self, asked: Iterable[str]) -> Reads:
        """Return what was read and looked for; `asked` are further files, relative to the root."""
        asked = tuple(asked)
        files = {self._relative(path) for path in self._files}
        files.update(asked)
        for path in files:
            self._names.update(name for _, name in _spelled(self._full(path)))
        files.update([self._relative(path) for path in self._places(files)])
        named = {*self._named, *(path.rpartition("/")[2] for path in files if not path.startswith("/"))}
        kept = sorted(path for path in files if not path.startswith(self._ours))
        return Reads(tuple(kept), named=tuple(sorted(named)))

    def _places(self, files: Iterable[str]) -> Iterator[str]:
        """Yield where a name may have been looked for: in any folder of the path, or beside its includer."""
        for folder in self._folders:
            if not f"{folder}/".startswith(self._ours):
                yield from (f"{folder}/{name}" for name in self._names)
        for path in files:
            full = self._full(path)
            own = full.rpartition("/")[0]
            yield from (f"{own}/{name}" for quoted, name in _spelled(full) if quoted)

    def _full(self, path: str) -> str:
        return path if path.startswith("/") else self._root + path

    def _relative(self, path: str) -> str:
        return path.removeprefix(self._root)


class _Watched:
    """An index that remembers the names it was asked for."""

    def __init__(self, index: Headers, asked: set[str]) -> None:
        self._index, self._asked = index, asked

    def candidates(self, name: str, near: str) -> list[str]:
        self._asked.add(name.rpartition("/")[2])
        return self._index.candidates(name, near)


def _spelled(path: str) -> tuple[tuple[bool, str], ...]:
    """Return (quoted, name) of every include line of a file; headers are asked about by one program after another."""
    try:
        status = os.stat(path)
        return _read_names(path, status.st_mtime_ns, status.st_size)
    except OSError:
        return ()


@lru_cache(maxsize=4096)
def _read_names(path: str, _time: int, _size: int) -> tuple[tuple[bool, str], ...]:
    data = Path(path).read_bytes()
    names = ((quote == b'"', raw.decode("utf-8", "surrogateescape")) for quote, raw in _NAMES.findall(data))
    return tuple(dict.fromkeys(names))
