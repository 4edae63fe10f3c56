"""Do the staged files take part in a fault? `bpflint hook FILES...`, for pre-commit.

The names are hints: the configured project is analysed, and what touches the files is reported.
"""

from __future__ import annotations

import argparse
import os

from bpflint.cli import _flags
from bpflint.engine.names import CONFIG_NAMES, HEADERS, OBJECTS

HELP = "scan for pre-commit: report what touches the given files"
_SOURCES = (".c", ".cc", ".cpp", ".cxx", ".py", ".go", ".rs", *HEADERS, *OBJECTS)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `hook`."""
    parser.add_argument("files", nargs="*", metavar="FILE", help="the staged files")
    _flags.add_selection(parser)
    _flags.add_reading(parser)
    parser.add_argument("--output-format", default="full", metavar="FORMAT", help="format of stdout (default: full)")


def run(args: argparse.Namespace) -> int:
    """Report the findings that touch the files; 0 at once where none of them can matter."""
    names = [name for name in args.files if name.endswith(_SOURCES) or os.path.basename(name) in CONFIG_NAMES]
    if not names:
        return 0
    from bpflint.cli import _staged  # late: the engine, and most commits have none of these files

    return _staged.report_staged(args, names)
