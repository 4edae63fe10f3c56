"""Where does the project begin, and which file configures it?"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from bpflint.engine.names import CONFIG_NAMES
from bpflint.model.data import dataclass
from bpflint.model.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Root:
    """The project's folder, the file that configures it (None: none) and what decided it.

    `sure` is false where neither a configuration nor a git work tree was found and a folder was merely assumed.
    """

    path: Path
    config: Path | None = None
    sure: bool = True

    @property
    def read(self) -> bool:
        """Whether all of it is read: not the file system's top or a home folder that was only assumed."""
        return self.sure or self.path not in (Path(self.path.anchor), Path.home())


def find_root(cwd: Path, paths: Sequence[Path] = (), *, isolated: bool = False) -> Root:
    """Return the root for a run started in `cwd`.

    Going up from `cwd`: the folder of a configuration, else the top of the git work tree, else `cwd`. Where a PATH
    lies outside of that, or `cwd` is in no project and the PATHs are, the search starts again at the folder they share.
    """
    found = _search(cwd.resolve(), isolated)
    if all(_inside(_absolute(cwd, path), found.path) for path in paths):
        if found.sure or not paths:
            return found
        there = [full for path in paths if os.path.lexists(full := _absolute(cwd, path))]
        again = _search(_shared_folder(there), isolated) if there else found
        return again if again.sure else found
    shared = _shared_folder([_absolute(cwd, path) for path in paths])
    again = _search(shared, isolated)
    return again if again.path != Path(again.path.anchor) else Root(shared, sure=False)


def _search(start: Path, isolated: bool) -> Root:
    git: Path | None = None
    for folder in (start, *start.parents):
        config = None if isolated else _config_in(folder)
        if config is not None:
            return Root(folder, config)
        if git is None and os.path.exists(folder / ".git"):
            git = folder
    return Root(git) if git is not None else Root(start, sure=False)


def _config_in(folder: Path) -> Path | None:
    own = folder / CONFIG_NAMES[0]
    if os.path.isfile(own):
        return own
    project = folder / CONFIG_NAMES[1]
    try:
        data = project.read_bytes()
    except OSError:
        return None
    return project if b"[tool.bpflint" in data or b"[[tool.bpflint" in data else None


def _absolute(cwd: Path, path: Path) -> Path:
    # not resolve(): a symbolic link inside the project belongs to the project
    joined = Path(os.path.normpath(cwd.resolve() / path))
    parent = joined.parent.resolve()
    return parent / joined.name if joined.name else parent


def _inside(path: Path, root: Path) -> bool:
    return path == root or root in path.parents


def _shared_folder(paths: Sequence[Path]) -> Path:
    absent = next((path for path in paths if not os.path.lexists(path)), None)
    if absent is not None:
        raise ConfigError(f"{absent}: no such file or folder")
    shared = Path(os.path.commonpath([str(path) for path in paths]))
    if not os.path.isdir(shared):
        shared = shared.parent
    if shared == Path(shared.anchor):
        if len(paths) == 1:
            raise ConfigError(f"{paths[0]}: lies in no folder below {shared}: name the folder of a project")
        raise ConfigError("the PATHs share no folder below /: run bpflint once for each of them")
    return shared


def relative(root: Path, cwd: Path, path: Path) -> str:
    """Return `path` relative to the root with `/`; "" is the root itself. Raises ConfigError for one outside."""
    full = _absolute(cwd, path)
    if not _inside(full, root):
        raise ConfigError(f"{path}: lies outside of the root {root}; run bpflint from a folder that holds both")
    text = full.relative_to(root).as_posix()
    return "" if text == "." else text
