"""Which kernels are at hand, to boot and for their types? `bpflint kernels list|add|fetch|probe|remove|vmlinux-h`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bpflint.cli._output import print_text, write_file
from bpflint.model.errors import ConfigError

if TYPE_CHECKING:
    from bpflint.api import KernelProvider
    from bpflint.kernels.store import Image

HELP = "list, fetch, add, probe or remove kernels, or write a vmlinux.h"
_STRICT = "5.10.218"
DEFAULTS = (f"x86_64:{_STRICT}", "x86_64:6.1", "x86_64:6.12", "x86_64:7.2")
"""What `fetch` without a name brings: one that is strict about unwritten stack bytes, and three newer ones."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `kernels`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="list the kernels that are at hand")
    fetch = actions.add_parser("fetch", help="bring kernels to boot in guests; no root needed")
    fetch.add_argument("names", nargs="*", metavar="ARCH:RELEASE", help=f"default: {' '.join(DEFAULTS)}")
    add = actions.add_parser("add", help="store a kernel image, or a package that holds one")
    add.add_argument("file", type=Path, metavar="FILE", help="bzImage, Image or Debian package (.deb)")
    add.add_argument("name", metavar="ARCH:RELEASE", help="what it is: x86_64:6.1.192")
    probe = actions.add_parser("probe", help="measure which program types, map types and helpers a kernel has")
    probe.add_argument("names", nargs="+", metavar="host|ARCH:RELEASE", help="the running kernel, or stored ones")
    probe.add_argument("-o", "--output", type=Path, metavar="FILE", help="write here, not to the data folder")
    remove = actions.add_parser("remove", help="remove a stored kernel")
    remove.add_argument("name", metavar="ARCH:RELEASE")
    header = actions.add_parser("vmlinux-h", help="write a vmlinux.h")
    source = header.add_mutually_exclusive_group()
    source.add_argument("--btf", type=Path, metavar="FILE", help="raw BTF, an ELF file with BTF, or a kernel image")
    source.add_argument("--target", metavar="host|ARCH:RELEASE", help="a kernel of the list (default: the shipped one)")
    header.add_argument("-o", "--output", type=Path, metavar="FILE", help="write here instead of standard output")
    header.add_argument("--type", action="append", metavar="NAME", help="only this type and what it needs; repeatable")


def run(args: argparse.Namespace) -> int:
    """Do one of them; ConfigError where a file cannot be read or written or a kernel cannot be had."""
    match args.action:
        case "list":
            return _list()
        case "fetch":
            return _fetch(args.names or DEFAULTS)
        case "add":
            return _add(args.file, args.name)
        case "remove":
            return _remove(args.name)
        case "probe":
            return _probe(args.names, args.output)
    return _vmlinux_h(args)


def _fetch(names: Sequence[str]) -> int:
    """Bring each kernel and what a guest of its architecture runs on."""
    from bpflint.engine.plugins import load_providers
    from bpflint.kernels import guest, store

    providers, work = tuple(load_providers().values()), store.data_folder() / "work"
    for name in names:
        arch, prefix = store.split(name)
        image = _fetched(providers, arch, prefix, work)
        print(f"{image.kernel}  {image.path.stat().st_size >> 20} MiB  {image.source}", flush=True)
        guest.base(arch, providers, work)
    return 0


def _fetched(providers: Sequence[KernelProvider], arch: str, prefix: str, work: Path) -> Image:
    """The best release that a provider has, unless it is stored already."""
    from bpflint.kernels import store

    for provider in providers:
        releases = provider.available(arch, prefix, work)
        if releases:
            known = next((item for item in store.stored() if (item.arch, item.release) == (arch, releases[0])), None)
            if known is not None:
                return known
            files = provider.fetch(arch, releases[0], work)
            return store.add(files.image, arch, releases[0], files.source, files.uname)
    older = _oldest(providers, arch, prefix, work) if prefix == _STRICT else ""
    if older:
        print(f"{arch}:{prefix} is gone from the archive; the oldest of its series is {older}", file=sys.stderr)
        return _fetched(providers, arch, older, work)
    asked = ", ".join(provider.name for provider in providers) or "nobody"
    raise ConfigError(
        f"{arch}:{prefix}: no such kernel at {asked}; `bpflint kernels add FILE {arch}:RELEASE` stores one"
    )


def _oldest(providers: Sequence[KernelProvider], arch: str, prefix: str, work: Path) -> str:
    """The oldest release of the series that any provider has."""
    series = ".".join(prefix.split(".")[:2])
    return next((found[-1] for item in providers if (found := item.available(arch, series, work))), "")


def _add(file: Path, name: str) -> int:
    from bpflint.kernels import store
    from bpflint.kernels.deb import kernel_image
    from bpflint.kernels.extract import image_architectures

    arch, release = store.split(name)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror or error}") from None
    uname = ""
    if data.startswith(b"!<arch>\n"):
        uname, data = kernel_image(data, str(file))
    fitting = image_architectures(data)
    if arch not in fitting:
        what = f"is a kernel of {' or '.join(fitting)}, not of {arch}" if fitting else "is no kernel image"
        raise ConfigError(f"{file}: {what}; name a bzImage, an Image or a package that holds one")
    print(store.add(data, arch, release, str(file), uname).kernel)
    return 0


def _remove(name: str) -> int:
    from bpflint.kernels import store

    image = store.find(name)
    store.remove(image)
    print(f"removed {image.kernel}")
    return 0


def _probe(names: Sequence[str], output: Path | None) -> int:
    """Measure each kernel, and keep the tables with the stored kernels or in a file."""
    from bpflint.check.machines import machine_of
    from bpflint.check.probe import probed
    from bpflint.kernels.availability import keep, text_of

    tables = []
    for name in names:
        table = probed(machine_of(name))
        tables.append(table)
        helpers = frozenset().union(*table.helpers.values())
        print(f"{table.kernel}  {len(table.program_types)} program types, {len(table.map_types)} map types, "
              f"{len(helpers)} helpers", flush=True)  # fmt: skip
        if output is None:
            print(f"  {keep(table)}")
    if output is not None:
        write_file(output, text_of(tables))
    return 0


def _list() -> int:
    import os

    from bpflint.kernels.catalogue import HOST
    from bpflint.kernels.guest import has_base
    from bpflint.kernels.pack import shipped
    from bpflint.kernels.store import stored

    for kernel in shipped().kernels:
        print(f"{kernel}  shipped: types and functions")
    if HOST.is_file():
        print(f"host  {os.uname().machine}:{os.uname().release}")
    for image in stored():
        guest = "" if has_base(image.arch) else "  (fetch it again: what its guest runs on is missing)"
        print(f"{image.kernel}  boots  {image.source}{guest}")
    return 0


def _vmlinux_h(args: argparse.Namespace) -> int:
    from bpflint.kernels.vmlinux import header_text, write_text

    text = header_text(_btf(args.btf, args.target), args.type)
    if args.output is None:
        print_text(text)
        return 0
    try:
        write_text(text, args.output)
    except OSError as error:
        raise ConfigError(f"{args.output}: cannot be written: {error.strerror or error}") from None
    return 0


def _btf(path: Path | None, target: str | None) -> bytes:
    from bpflint.kernels.catalogue import HOST, named_kernel, raw_btf
    from bpflint.kernels.embedded import default_kernel
    from bpflint.kernels.extract import extract_btf

    if path is None and target == "host":
        path = HOST
    if path is None:
        return raw_btf(named_kernel(target) if target is not None else default_kernel())
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from None
    return extract_btf(data, str(path))
