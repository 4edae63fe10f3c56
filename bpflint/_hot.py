"""Is everything as it was at the last run? Then what that run printed is printed again, and nothing else is loaded.

Imports are what costs: this module has none but those that every Python has made before its first line. It reads one
file, which the last full run has written, and asks the file system about each thing in it. On any doubt it says
nothing and the full run decides.
"""

import marshal
import os
import sys
from _imp import source_hash

from bpflint import __version__

FORMAT = "results-1"
"""The folder in the cache. Raised when the form of its files changes."""
Asked = tuple[list[str], str, list[tuple[str, str]], bool, str, str, list[str]]
"""Command line, folder, environment, whether stdout is a terminal, Python's version, program and path."""
Stat = tuple[int, int, int, int, int]
Watched = tuple[str, Stat | None, str]
"""A path, its stat (None: absent), the state of its content by `engine/inputs.py` ("": only the stat counts)."""
Found = tuple[list[Watched], bytes, int]
"""A run: what it rests on, what it printed, its exit code."""
_MAGIC = 0x62_70_66_6C_69_6E_74_31
_SUM = 8
_ENVIRONMENT = (
    "COLUMNS", "FORCE_COLOR", "HOME", "NO_COLOR", "PATH", "PYTHONPATH", "TERM", "XDG_CACHE_HOME", "XDG_DATA_HOME",
)  # fmt: skip
CONFIG_NAMES = ("bpflint.toml", "pyproject.toml")


def replay(argv: list[str]) -> int | None:
    """Print what the last run of this command line printed and return its exit code; None where a full run is due."""
    if not argv or sys.stdout is None or sys.stderr is None:
        return None
    try:
        if argv == ["--version"]:
            return show(([], f"bpflint {__version__}\n".encode(), 0))
        if argv[0] not in ("scan", "hook"):
            return None
        found = load(key(argv))
        if found is None or changed(found[0]):
            return None
        return show(found)
    except (OSError, ValueError, TypeError, LookupError, EOFError):
        return None


def changed(watched: list[Watched]) -> bool:
    """Return whether any of the things has another stat than it had."""
    return any(stat_of(path) != told for path, told, _ in watched)


def show(found: Found) -> int:
    """Print what a run printed and return its exit code."""
    data = found[1]
    try:
        sys.stdout.flush()
        while data:
            data = data[os.write(1, data) :]
    except BrokenPipeError:
        return 0  # whoever read our output has seen enough
    return found[2]


def key(argv: list[str]) -> Asked:
    """Return what tells this run from others."""
    told = sorted(item for item in os.environ.items() if item[0] in _ENVIRONMENT or item[0].startswith("BPFLINT_"))
    return (argv, os.getcwd(), told, os.isatty(1), sys.version, sys.executable, list(sys.path))


def place(asked: Asked) -> str:
    """Return the file that a run of this key is kept in."""
    return os.path.join(cache_folder(), FORMAT, "runs", source_hash(_MAGIC, repr(asked).encode()).hex())


def load(asked: Asked) -> Found | None:
    """Return the run that is kept for a key; None where there is none that can be relied on."""
    path = place(asked)
    try:
        with open(path, "rb", buffering=0) as stream:
            data = stream.read()
    except OSError:
        return None
    if source_hash(_MAGIC, data[_SUM:]) != data[:_SUM] or within_tree(asked, path):
        return None
    told, found = marshal.loads(data[_SUM:])
    return found if told == asked else None


def packed(asked: Asked, found: Found) -> bytes:
    """Return the bytes of a run as `load` reads them."""
    data = marshal.dumps((asked, found))
    return source_hash(_MAGIC, data) + data


def stat_of(path: str) -> Stat | None:
    """Return what changes whenever a file or folder does, None for one that is not there."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino, status.st_mode)


def cache_folder() -> str:
    """Return where derived data is kept: below `BPFLINT_CACHE_DIR` or the user's cache folder."""
    given = os.environ.get("BPFLINT_CACHE_DIR")
    if given:
        return given
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Caches/bpflint")
    return os.path.join(os.environ.get("XDG_CACHE_HOME", "").strip() or os.path.expanduser("~/.cache"), "bpflint")


def within_tree(asked: Asked, path: str) -> bool:
    """Return whether a file lies in what may be the scanned tree, from which nothing is ever loaded."""
    path = os.path.realpath(path)
    argv, cwd = asked[:2]
    named = [os.path.join(cwd, word) for word in argv[1:] if not word.startswith("-")]
    return any(path.startswith(root.rstrip("/") + "/") for start in (cwd, *named) for root in _roots(start))


def _roots(start: str) -> list[str]:
    """The folders that may be a run's root: the start, the nearest work tree, all that may hold a configuration."""
    folder = os.path.realpath(start)
    found, git = [folder], False
    while True:
        if not git and os.path.lexists(os.path.join(folder, ".git")):
            git = True
            found.append(folder)
        if any(os.path.lexists(os.path.join(folder, name)) for name in CONFIG_NAMES):
            found.append(folder)
        above = os.path.dirname(folder)
        if above == folder:
            return found
        folder = above
