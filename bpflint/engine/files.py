"""How is a file replaced? Atomically, in its own folder, keeping its mode."""

from __future__ import annotations

import os
from pathlib import Path

from bpflint._whole import write_whole


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that a reader sees the old or the new bytes; raises OSError."""
    if path.exists() and (not path.is_file() or path.is_relative_to("/dev")):
        with path.open("ab") as stream:  # a pipe; /dev/stdout, which may be a file that holds the report already
            stream.write(data)
        return
    target = Path(os.path.realpath(path))
    mode = target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask()
    write_whole(target, data, mode)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
