"""Which tool made a result? A text that changes with our version, Python's, and those of every library and plugin."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from bpflint import __version__
from bpflint.engine.states import digest_of, file_state, libraries_state

_INSTALLED = ("site-packages", "dist-packages")
_OURS = ("bpflint", "bpflint_rules")
"""Where these are installed, the RECORD that `libraries_state` reads tells every change."""


def tool_state(packages: Iterable[str]) -> str:
    """Return the state of the tool; `packages` are the plugins' modules by name, which have been imported."""
    parts = [__version__, sys.version, sys.implementation.cache_tag or "", os.uname().machine]
    parts.extend(map(libraries_state, sys.path))
    for package in sorted({name.partition(".")[0] for name in packages}):
        parts.append(package)
        parts.extend(f"{path}:{_state(path)}" for path in sources_of(package))
    return digest_of(parts)


def _state(path: str) -> str:
    if _installed(Path(path)):
        return file_state(path)  # a new environment stamps the same files anew
    status = os.stat(path)
    return f"{status.st_size}:{status.st_mtime_ns}"


def sources_of(package: str) -> Iterator[str]:
    """Yield the files of a package that may change under one version: edited in place, or a plugin installed again."""
    module = sys.modules.get(package)
    places = list(getattr(module, "__path__", ())) or [getattr(module, "__file__", None) or ""]
    for top in map(Path, places):
        if package in _OURS and _installed(top):
            continue
        if top.is_file():
            yield str(top)
        for folder, folders, names in os.walk(top):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            yield from (os.path.join(folder, name) for name in sorted(names))


def _installed(path: Path) -> bool:
    return any(part in _INSTALLED for part in path.parts)
