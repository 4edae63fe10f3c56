"""What does a whole run rest on? Every file, folder and library whose change could change what it printed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from bpflint.engine.discover import Found
from bpflint.engine.names import CONFIG_NAMES
from bpflint.engine.request import Request
from bpflint.engine.states import STATES
from bpflint.engine.tool import sources_of
from bpflint.kernels.catalogue import user_places
from bpflint.reading import Reads


def rests_of(
    request: Request, found: Found, reads: Iterable[Reads | None], packages: Sequence[str],
    file_state: Callable[[str], str],
) -> list[tuple[str, str]] | None:  # fmt: skip
    """Return (path, kind and state) rows for `engine/replays.py`, None for a run that cannot be told so."""
    if request.objects:
        return None  # globs go through folders that nobody listed
    root = str(request.root.path)
    folders = {os.path.join(root, item) for item in found.folders}
    files = {os.path.join(root, item.path) for item in found.files}
    files.update(os.path.join(root, path) for path in found.reader.problems)
    for item in reads:
        if item is not None:
            files.update(os.path.join(root, path) for path in item.files)
            folders.update(os.path.join(root, path) for path in item.folders)
    files.update(_settings_files(request))
    if request.settings.kernels or request.settings.min_kernel:
        own = user_places(request.settings.kernels)
        folders.update(str(path) for path in own.folders)
        files.update(str(path) for path in own.files)
    files.update(_above(Path.cwd()))
    files.update(_above(request.root.path))
    files.update(os.path.join(folder, ".gitignore") for folder in folders)
    rows = [("folder", path) for path in sorted(folders)]
    rows += [("file", path) for path in sorted(files) if not _told_by_folder(path, folders)]
    rows += [("libraries", path) for path in sys.path]
    states = {**STATES, "file": file_state}
    told = [(path, f"{kind}:{states[kind](path)}") for kind, path in rows]
    tops = sorted({package.partition(".")[0] for package in packages})
    return told + [(path, "") for package in tops for path in _editable(package)]


def _settings_files(request: Request) -> Iterator[str]:
    settings = request.settings
    yield from (str(path) for path in settings.include_dirs)
    yield from (str(path) for path in (settings.libclang_path, settings.vmlinux_btf) if path)


def _above(start: Path) -> Iterator[str]:
    """What may decide the root, the configuration and the ignored files, there or not."""
    for folder in (start, *start.parents):
        for name in (*CONFIG_NAMES, ".gitignore"):
            yield str(folder / name)
        git = folder / ".git"  # the folder's own time changes with every command
        yield str(git / "info" / "exclude")
        yield str(git / "HEAD" if os.path.isdir(git) else git)


def _told_by_folder(path: str, folders: set[str]) -> bool:
    """An absent file of a folder that is watched: the folder changes when it appears."""
    return os.path.dirname(path) in folders and not os.path.lexists(path)


def _editable(package: str) -> Iterator[str]:
    """A package's files and folders where they may be edited in place."""
    paths = list(sources_of(package))
    yield from sorted({os.path.dirname(path) for path in paths})
    yield from paths
