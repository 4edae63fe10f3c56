"""How does a file appear whole or not at all? It is written beside its place and then renamed."""

from __future__ import annotations

import os

_OWN = 0o600
"""How a file is created; any other mode is set before the file has its name."""


def write_whole(path: str | os.PathLike[str], data: bytes, mode: int = _OWN) -> None:
    """Write a file so that a reader sees the old bytes or the new ones; OSError leaves the old ones, and no rest."""
    name = os.path.join(os.path.dirname(path), f".bpflint-{os.getpid()}-{os.urandom(6).hex()}")
    handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWN)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        if mode != _OWN:
            os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
