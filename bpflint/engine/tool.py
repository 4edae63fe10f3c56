"""Which tool made a result? A text that changes with our version, Python's, and those of every library and plugin."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

from bpflint import __version__
from bpflint.engine.inputs import digest

_INSTALLED = ("site-packages", "dist-packages")


def tool_state(packages: tuple[str, ...]) -> str:
    """Return the state of the tool; `packages` are the plugins' modules by name, which have been imported."""
    parts = [__version__, sys.version, sys.implementation.cache_tag or "", platform.machine()]
    for folder in sys.path:
        parts.extend(_distributions(folder))
    for package in packages:
        parts.append(package)
        parts.extend(f"{path}:{size}:{time}" for path, size, time in source_files(package))
    return digest("\0".join(parts).encode("utf-8", "surrogateescape"))


def _distributions(folder: str) -> list[str]:
    """The name of a `.dist-info` folder holds the version; its RECORD tells two builds of one version apart."""
    try:
        names = sorted(name for name in os.listdir(folder or ".") if name.endswith((".dist-info", ".egg-info")))
    except OSError:
        return []
    own = [name for name in names if name.startswith("bpflint-")]
    records = (Path(folder, name, "RECORD") for name in own)
    return [*names, *(digest(path.read_bytes()) for path in records if path.is_file())]


def source_files(package: str) -> Iterator[tuple[str, int, int]]:
    """Yield (path, bytes, modification time in ns) of a package's files; none where it was installed as a whole."""
    paths = list(getattr(sys.modules.get(package.partition(".")[0]), "__path__", ()))
    for top in paths:
        if any(part in _INSTALLED for part in Path(top).parts):
            continue
        for folder, folders, names in os.walk(top):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            for name in sorted(names):
                path = os.path.join(folder, name)
                status = os.stat(path)
                yield path, status.st_size, status.st_mtime_ns
