"""Which request does a command line make? The configuration and the arguments that several subcommands share."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Literal

from bpflint import _hot
from bpflint.cli._progress import Progress, warn
from bpflint.engine import targets as targets_of
from bpflint.engine.config import Config, load_config, macro_complaint
from bpflint.engine.discover import objects_of
from bpflint.engine.request import Flags, Request, per_file_wishes, wishes
from bpflint.engine.root import Root, find_root, relative
from bpflint.model.errors import ConfigError
from bpflint.model.verdict import Kernel
from bpflint.reading import Settings, is_utf8


def flags_of(args: argparse.Namespace) -> Flags:
    """Return the flags of a command that has the shared arguments."""
    return Flags(
        select=args.select,
        extend_select=args.extend_select,
        ignore=args.ignore,
        persona=args.persona,
        fail_on=args.fail_on,
        targets=tuple(args.target),
        include_dirs=tuple(args.include),
        defines=tuple(args.define),
        objects=tuple(args.object),
        only=args.only,
        jobs=args.jobs,
        executor=args.executor,
        cache=not args.no_cache,
        allow_empty=getattr(args, "allow_empty", False),
    )


def request_of(args: argparse.Namespace, paths: list[str], *, quiet: bool = False) -> Request:
    """Return the request of a command line; raises ConfigError for what cannot be understood."""
    cwd = Path.cwd()
    root = find_root(cwd, [Path(path) for path in paths], isolated=args.isolated)
    if not is_utf8(str(root.path)):
        raise ConfigError(f"{root.path}: the project's folder has a name that is not UTF-8; rename it")
    config = load_config(root)
    flags = flags_of(args)
    _require_named(flags, root, cwd)
    if flags.executor:
        from bpflint.engine.remote import check_executor  # late: most runs have none

        check_executor(flags.executor)
    select, ignore = wishes(config, flags)
    places = tuple(dict.fromkeys(relative(root.path, cwd, Path(path)) for path in paths))
    trees = [root.path] if root.read else [root.path / place for place in places]
    return Request(
        root=root,
        config=config,
        settings=replace(settings_of(root, config, flags, cwd), cache_dir=_cache(trees) if flags.cache else None),
        paths=places,
        select=select,
        ignore=ignore,
        per_file=tuple(per_file_wishes(config)),
        persona=flags.persona or config.persona,
        fail_on=flags.fail_on or config.fail_on,
        objects=(*config.objects, *flags.objects),
        only=flags.only,
        executor=flags.executor,
        allow_empty=flags.allow_empty,
        progress=Progress(quiet=quiet),
    )


def _require_named(flags: Flags, root: Root, cwd: Path) -> None:
    """Whatever the command line names is there; what a configuration names may not have been built yet."""
    for folder in flags.include_dirs:
        if not os.path.isdir(cwd / folder):
            raise ConfigError(f"-I: {folder}: no such folder")
    for text in flags.defines:
        if complaint := macro_complaint(text):
            raise ConfigError(f"-D: {complaint}")
    for pattern in flags.objects:
        if next(objects_of(root.path, pattern), None) is None:
            raise ConfigError(f"--object: no file below {root.path} is named by '{pattern}'")


def settings_of(root: Root, config: Config, flags: Flags, cwd: Path) -> Settings:
    """Return what travels to the workers. Paths in the configuration are relative to the root, flags to `cwd`."""
    wanted = flags.targets or config.targets
    place = "--target" if flags.targets else config.place("targets")
    targets, kernels = targets_of.architectures(wanted), targets_of.kernels(wanted, place)
    orders: tuple[Literal["little", "big"], ...] = ("little",)
    if config.bpfeb or targets_of.BIG_ENDIAN & set(targets):
        orders = ("little", "big")
    return Settings(
        root=root.path,
        targets=targets,
        bpf_byte_orders=orders,
        include_dirs=(
            *(root.path / item for item in config.include_dirs),
            *((cwd / item).resolve() for item in flags.include_dirs),
        ),
        defines=(*config.defines, *flags.defines),
        system_headers=config.system_headers,
        libclang_path=_libclang(config, flags),
        vmlinux_btf=_vmlinux(root, config, wanted, kernels),
        kernels=kernels,
        min_kernel=config.min_kernel,
        jobs=flags.jobs or available_processors(),
    )


def _cache(trees: Iterable[Path]) -> Path | None:
    """Where to keep things: not in the tree, from which nothing is ever loaded, a precompiled header least of all."""
    folder = cache_folder()
    if not any(folder.resolve().is_relative_to(tree.resolve()) for tree in trees):
        return folder
    warn(f"the cache {folder} lies in the scanned tree, so nothing is kept: set BPFLINT_CACHE_DIR to another place")
    return None


def _libclang(config: Config, flags: Flags) -> str:
    """The library that was chosen; without it no C is read, so it has to be there (a cluster has its own files)."""
    own = os.environ.get("BPFLINT_LIBCLANG")
    path, place = (own, "BPFLINT_LIBCLANG") if own else (config.libclang_path, config.place("libclang-path"))
    if path and not flags.executor and not os.path.isfile(path):
        raise ConfigError(f"{place}: {path}: no such file; without a choice the library that came with bpflint is used")
    return path


def _vmlinux(root: Root, config: Config, wanted: tuple[str, ...], kernels: tuple[Kernel, ...]) -> Path | None:
    """The raw BTF that a missing vmlinux.h is made from: the configured file, the host's; None: the embedded one.

    A configured kernel's only where it is newer than that: a program for 5.10 names what newer kernels have, behind
    questions, and 23 of 58 programs of libbpf-tools do not parse with the types of 5.10.
    """
    if config.vmlinux_btf:
        return root.path / config.vmlinux_btf
    if "host" in wanted:
        return Path("/sys/kernel/btf/vmlinux")
    if not kernels:
        return None
    from bpflint.kernels.embedded import default_kernel  # late: only for such a target
    from bpflint.kernels.store import release_order

    newest = max(kernels, key=lambda kernel: release_order(kernel.release))
    return _btf_file(newest) if release_order(newest.release) > release_order(default_kernel().release) else None


def _btf_file(kernel: Kernel) -> Path:
    """The types of a kernel as a file in the cache."""
    from bpflint.engine.files import write_atomically
    from bpflint.kernels.catalogue import digest_of, raw_btf  # late: only for such a target

    path = cache_folder() / f"btf-{kernel.arch}-{kernel.release}-{digest_of(kernel)[:12]}"
    if not path.is_file():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, raw_btf(kernel))
        except OSError as error:
            raise ConfigError(f"{path}: cannot be written: {error.strerror or error}") from None
    return path


def cache_folder() -> Path:
    """Return where derived data is kept: below `BPFLINT_CACHE_DIR` or the user's cache folder."""
    return Path(_hot.cache_folder())


def available_processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
