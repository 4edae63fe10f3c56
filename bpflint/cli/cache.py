"""What is kept between runs, and how does it go away? `bpflint cache [clean|dir]`."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from bpflint.cli._args import cache_folder
from bpflint.model.errors import ConfigError

HELP = "show or clean the cache"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `cache`."""
    parser.add_argument("action", nargs="?", default="dir", choices=("dir", "clean"), help="dir (default) or clean")


def run(args: argparse.Namespace) -> int:
    """Print the folder and its size, or remove it."""
    folder = cache_folder()
    size = _size(folder)
    if args.action == "dir":
        print(f"{folder} ({size >> 10} KiB)")
        return 0
    if folder.is_dir():
        try:
            shutil.rmtree(folder)
        except OSError as error:
            raise ConfigError(f"{folder}: cannot be removed: {error.strerror or error}") from None
    print(f"removed {size >> 10} KiB from {folder}")
    return 0


def _size(folder: Path) -> int:
    return sum(item.stat().st_size for item in folder.rglob("*") if item.is_file()) if folder.is_dir() else 0
