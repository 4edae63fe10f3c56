"""Which kernels' types are at hand, and what C header do they make? `bpflint kernels list|vmlinux-h`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bpflint.api import ConfigError

HELP = "list kernel types, or write a vmlinux.h from them"
_HOST = Path("/sys/kernel/btf/vmlinux")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `kernels`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="list the kernels whose types are at hand")
    header = actions.add_parser("vmlinux-h", help="write a vmlinux.h")
    source = header.add_mutually_exclusive_group()
    source.add_argument("--btf", type=Path, metavar="FILE", help="raw BTF, an ELF file with BTF, or a bzImage")
    source.add_argument("--target", metavar="host|ARCH:RELEASE", help="a kernel of the list (default: the shipped one)")
    header.add_argument("-o", "--output", type=Path, metavar="FILE", help="write here instead of standard output")
    header.add_argument("--type", action="append", metavar="NAME", help="only this type and what it needs; repeatable")


def run(args: argparse.Namespace) -> int:
    """List or write; ConfigError where a file cannot be read or written."""
    if args.action == "list":
        return _list()
    return _vmlinux_h(args)


def _list() -> int:
    import os

    from bpflint.kernels.embedded import embedded_arch, embedded_release

    print(f"{embedded_arch()}:{embedded_release()}  shipped")
    if _HOST.is_file():
        print(f"host  {os.uname().machine}:{os.uname().release}")
    return 0


def _vmlinux_h(args: argparse.Namespace) -> int:
    from bpflint.kernels.vmlinux import header_text, write_text

    text = header_text(_btf(args.btf, args.target), args.type)
    if args.output is None:
        sys.stdout.write(text)
        return 0
    try:
        write_text(text, args.output)
    except OSError as error:
        raise ConfigError(f"{args.output}: cannot be written: {error.strerror or error}") from None
    return 0


def _btf(path: Path | None, target: str | None) -> bytes:
    from bpflint.api import canonical_target
    from bpflint.kernels.embedded import embedded_arch, embedded_btf, embedded_release
    from bpflint.kernels.extract import extract_btf

    if path is None and target == "host":
        path = _HOST
    if path is not None:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from None
        return extract_btf(data, str(path))
    arch, _, release = (target or embedded_arch()).partition(":")
    known = embedded_arch() == canonical_target(arch) and _release_matches(embedded_release(), release)
    if not known:
        raise ConfigError(f"{target}: no such kernel; see `bpflint kernels list`, or give its BTF with --btf FILE")
    return embedded_btf()


def _release_matches(release: str, prefix: str) -> bool:
    """Tell whether a release begins with a prefix of whole parts: 7.3 fits 7.3.4, 7.30 does not."""
    if not release.startswith(prefix):
        return False
    rest = release[len(prefix) :]
    return not prefix or not (rest[:1].isdigit() and prefix[-1:].isdigit())
