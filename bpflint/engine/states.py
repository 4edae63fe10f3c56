"""What is at a path, in a few characters? Equal texts mean equal contents; what is absent has a state too.

Imported before anything else is: the standard library only, and little of it.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Mapping
from functools import partial

_TICK = 50_000_000
"""Nanoseconds: the clock that stamps files moves in steps of up to 10 ms."""
_COARSE = 2_000_000_000
"""The same for file systems that keep whole seconds (FAT: two of them)."""
_SECOND = 1_000_000_000
_BLOCK = 1 << 20
ABSENT, OTHER = "absent", "no file"


def digest(data: bytes) -> str:
    """Return 32 hexadecimal digits that stand for some bytes."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def digest_of(parts: list[str]) -> str:
    """Return the digest of a list of texts, which may hold the undecodable bytes of paths."""
    return digest("\0".join(parts).encode("utf-8", "surrogateescape"))


def file_state(path: str) -> str:
    """Return the state of a file's content; it matters too that there is none, or something else."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return OTHER
        hashed = hashlib.blake2b(digest_size=16)
        with open(path, "rb", buffering=0) as stream:
            for block in iter(partial(stream.read, _BLOCK), b""):
                hashed.update(block)
    except OSError:
        return ABSENT
    return hashed.hexdigest()


def folder_state(path: str) -> str:
    """Return the state of a folder: its names, which of them are folders, and where links lead."""
    try:
        with os.scandir(path) as entries:
            return digest_of(sorted(map(_entry, entries)))
    except OSError:
        return ABSENT


def _entry(entry: os.DirEntry[str]) -> str:
    kind = "/" if entry.is_dir(follow_symlinks=False) else f"\0{os.readlink(entry.path)}" if entry.is_symlink() else ""
    return entry.name + kind


def libraries_state(path: str) -> str:
    """Return the state of a folder of Python's path: the libraries installed there, and which build of ours.

    The name of a `.dist-info` folder holds the version; its RECORD tells two builds of one version apart.
    """
    try:
        names = sorted(name for name in os.listdir(path or ".") if name.endswith((".dist-info", ".egg-info")))
    except OSError:
        return ABSENT
    own = [file_state(os.path.join(path, name, "RECORD")) for name in names if name.startswith("bpflint-")]
    return digest_of([*names, *own])


STATES: Mapping[str, Callable[[str], str]] = {
    "file": file_state, "folder": folder_state, "libraries": libraries_state,
}  # fmt: skip


def settled(path: str, started: int) -> bool:
    """Return whether a file, or the nearest folder above an absent one, is older than a run that began at `started`."""
    while True:
        try:
            status = os.stat(path)
            break
        except OSError:
            above = os.path.dirname(path)
            if above == path:
                return False
            path = above
    return settled_at(status.st_mtime_ns, status.st_ctime_ns, started)


def settled_at(changed: int, moved: int, started: int) -> bool:
    """Return whether a file with these times (mtime and ctime in nanoseconds) is older than a run."""
    newest = max(changed, moved)
    whole = changed % _SECOND == 0 and moved % _SECOND == 0
    return newest < started - (_COARSE if whole else _TICK)
