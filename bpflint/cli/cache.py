"""What is kept between runs, and how does it go away? `bpflint cache [clean|dir]`."""

from __future__ import annotations

import argparse
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from bpflint.cli._args import cache_folder
from bpflint.model.errors import ConfigError

HELP = "show or clean the cache"
_ENTRY = re.compile(
    r"results-\d+|vmlinux-[0-9a-f]{24}-\d+|\.?pch-[0-9a-f]{32}[-.].+|btf-.+-[0-9a-f]{12}|\.bpflint-\d+-[0-9a-f]{12}"
)
"""What bpflint keeps: results, headers, precompiled ones, types, and what a killed run left half written."""
_RECORD = re.compile(r"[\dT-]+Z-[0-9a-f]{8}\.json")
"""A record of `check`, in the folder `checks`."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `cache`."""
    parser.add_argument("action", nargs="?", default="dir", choices=("dir", "clean"), help="dir (default) or clean")


def run(args: argparse.Namespace) -> int:
    """Print the folder and its size, or remove what is ours there: `BPFLINT_CACHE_DIR` may name anybody's folder."""
    folder = cache_folder()
    kept = [*_entries(folder, _ENTRY), *_entries(folder / "checks", _RECORD)]
    size = sum(map(_size, kept))
    if args.action == "dir":
        print(f"{folder} ({size >> 10} KiB)")
        return 0
    for path in kept:
        _remove(path)
    for emptied in (folder / "checks", folder):
        if emptied.is_dir() and not os.listdir(emptied):
            _remove(emptied)
    left = "; what bpflint has not written stays" if folder.is_dir() else ""
    print(f"removed {size >> 10} KiB from {folder}{left}")
    return 0


def _entries(folder: Path, names: re.Pattern[str]) -> Iterator[Path]:
    try:
        yield from (folder / name for name in sorted(os.listdir(folder)) if names.fullmatch(name))
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be read: {error.strerror or error}") from None


def _remove(path: Path) -> None:
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be removed: {error.strerror or error}") from None


def _size(path: Path) -> int:
    return sum(item.stat().st_size for item in (path, *path.rglob("*")) if item.is_file())
