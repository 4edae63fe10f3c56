"""How does a file appear whole or not at all? It is written beside its place and then renamed."""

from __future__ import annotations

import os
import tempfile


def write_whole(path: str | os.PathLike[str], data: bytes, mode: int = 0o600) -> None:
    """Write a file so that a reader sees the old bytes or the new ones; OSError leaves the old ones, and no rest."""
    handle, name = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".bpflint-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
