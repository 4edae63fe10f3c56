"""How do the bytes of a type lie? `bpflint layout STRUCT PATH...` or `--all PATH...`, both sides, per target.

With `--kernels` in every shipped kernel; what a project needs is not loaded for that, and where there is no other
option not even this (`_kernel_layouts.answer`).
"""

from __future__ import annotations

import argparse

from bpflint.cli import _flags
from bpflint.model.errors import ConfigError

HELP = "show the layout of a type byte by byte, on both sides and for every target"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `layout`."""
    parser.add_argument("names", nargs="*", metavar="STRUCT PATH", help="the type, and where to look")
    parser.add_argument(
        "--kernels", nargs="?", const="", metavar="ARCH",
        help="a kernel's struct, or STRUCT.FIELD, over all shipped kernels",
    )
    parser.add_argument("--all", action="store_true", help="every type")
    parser.add_argument("--output-format", choices=("text", "json"), default="text", help="text (default) or json")
    parser.add_argument("-q", "--quiet", action="store_true", help="no progress")
    _flags.add_selection(parser)
    _flags.add_reading(parser)


def run(args: argparse.Namespace) -> int:
    """Print the layouts; 2 where the type is not found."""
    if args.kernels is not None:
        from bpflint.cli._kernel_layouts import print_kernels

        if args.output_format == "json":
            raise ConfigError("layout --kernels: prints text only; `bpflint kernels vmlinux-h` writes C for a program")
        return print_kernels(args.names, args.kernels)
    from bpflint.cli._project_layouts import print_layouts

    return print_layouts(args)
