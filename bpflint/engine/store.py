"""Where are results kept between runs? In small files in the user's cache folder, each with its own digest."""

from __future__ import annotations

import contextlib
import hashlib
import time
from pathlib import Path

from bpflint._hot import FORMAT
from bpflint._whole import write_whole

_SIZE = 16
_OLD = 30 * 24 * 3600.0
_OFTEN = 24 * 3600.0
_SWEPT = "swept"


class Store:
    """Entries by name. Nothing here raises: what cannot be read is absent, what cannot be written is lost."""

    def __init__(self, cache: Path) -> None:
        self.folder = cache / FORMAT

    def read(self, name: str) -> bytes | None:
        """Return an entry, None where there is none or where its bytes are not those that were written."""
        try:
            with open(self._place(name), "rb") as stream:
                data = stream.read()
        except OSError:
            return None
        return data[_SIZE:] if data[:_SIZE] == _digest(name, data[_SIZE:]) else None

    def write(self, name: str, data: bytes) -> None:
        """Write an entry whole or not at all."""
        place, whole = self._place(name), _digest(name, data) + data
        with contextlib.suppress(OSError):
            try:
                write_whole(place, whole)
            except FileNotFoundError:
                place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_whole(place, whole)

    def sweep(self) -> None:
        """Once a day, remove what was written more than a month ago, and what killed runs left behind."""
        now = time.time()
        mark = self.folder / _SWEPT
        with contextlib.suppress(OSError):
            if mark.exists() and now - mark.stat().st_mtime < _OFTEN:
                return
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            mark.touch()
            cache = self.folder.parent
            kept = ("results-*/**/*", "pch-*", ".pch-*", "vmlinux-*/part-*/*")
            for path in (path for pattern in kept for path in cache.glob(pattern)):
                if path.is_file() and now - path.stat().st_mtime > (_OFTEN if path.name.startswith(".") else _OLD):
                    path.unlink(missing_ok=True)

    def _place(self, name: str) -> Path:
        return self.folder / name[:2] / name[2:]


def _digest(name: str, data: bytes) -> bytes:
    """The name is part of it: an entry under another one's name is a foreign one."""
    return hashlib.blake2b(data, digest_size=_SIZE, key=name.encode()).digest()
