"""Does a `.gitignore` hide a file? The patterns of nested ignore files, deepest first."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from bpflint.model.data import dataclass


@dataclass(frozen=True, slots=True)
class Ignores:
    """The ignore files that hold in one folder. `base` is that folder's path below the topmost one, `/`-joined."""

    specs: tuple[tuple[str, Any], ...] = ()
    """(folder of the ignore file, its patterns), outermost first."""

    def below(self, folder: str, file: Path) -> Ignores:
        """Return the ignores that hold in `folder`, which may have an ignore file of its own."""
        try:
            lines = file.read_text("utf-8", "replace").splitlines()
        except OSError:
            return self
        from pathspec import GitIgnoreSpec  # late: 70 ms, only for trees that have an ignore file

        return Ignores((*self.specs, (folder, GitIgnoreSpec.from_lines(lines))))

    def hides(self, path: str, *, folder: bool) -> bool:
        """Return whether `path` is ignored; the deepest ignore file that says anything decides."""
        name = path + "/" if folder else path
        for base, spec in reversed(self.specs):
            below = name[len(base) + 1 :] if base else name
            verdict = spec.check_file(below).include
            if verdict is not None:
                return bool(verdict)
        return False


def ignores_above(root: Path) -> Ignores:
    """Return the ignore files between the top of the git work tree and the root, seen from the root.

    Patterns anchored above the root are matched against the path from where they stand.
    """
    top = next((folder for folder in (root, *root.parents) if os.path.exists(folder / ".git")), root)
    found = _Above().below("", top / ".git" / "info" / "exclude", top, root)
    for folder in reversed([root, *root.parents]):
        if folder != root and (folder == top or top in folder.parents):
            found = found.below("", folder / ".gitignore", folder, root)
    return Ignores(found.specs)


class _Shifted:
    """Patterns of a folder above the root: paths get the way from that folder to the root in front."""

    def __init__(self, spec: Any, lead: str) -> None:
        self._spec, self._lead = spec, lead

    def check_file(self, path: str) -> Any:
        return self._spec.check_file(self._lead + path)


@dataclass(frozen=True, slots=True)
class _Above:
    specs: tuple[tuple[str, Any], ...] = ()

    def below(self, base: str, file: Path, folder: Path, root: Path) -> _Above:
        found = Ignores().below(base, file).specs
        lead = root.relative_to(folder).as_posix() if root != folder else ""
        lead = "" if lead in ("", ".") else lead + "/"
        return _Above((*self.specs, *((base, _Shifted(spec, lead)) for _, spec in found)))
