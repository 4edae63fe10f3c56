"""Which arguments do several subcommands share, and which request do they make?"""

from __future__ import annotations

import argparse
import os
import platform
from pathlib import Path
from typing import Literal

from bpflint import _hot
from bpflint.analysis.abi import canonical_target
from bpflint.api import ConfigError, Settings
from bpflint.cli._progress import Progress
from bpflint.engine.config import Config, load_config, severity_of
from bpflint.engine.request import Flags, Request, per_file_wishes, wishes
from bpflint.engine.root import Root, find_root, relative
from bpflint.model.finding import Severity

BIG_ENDIAN = frozenset({"s390x"})


def add_selection(parser: argparse.ArgumentParser) -> None:
    """Add which rules run and what raises the exit code."""
    group = parser.add_argument_group("rules")
    group.add_argument("--select", type=_codes, metavar="CODES", help="run these rules instead of the configured ones")
    group.add_argument("--extend-select", type=_codes, default=(), metavar="CODES", help="run these rules as well")
    group.add_argument("--ignore", type=_codes, default=(), metavar="CODES", help="do not run these rules")
    group.add_argument("--persona", choices=("regular", "pedantic"), help="pedantic also runs the rules about style")
    group.add_argument("--fail-on", type=_severity, metavar="error|warning|info", help="exit 1 from this severity on")


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Add how the project is read."""
    group = parser.add_argument_group("reading")
    group.add_argument(
        "--target", action="append", default=[], metavar="ARCH[:RELEASE]|host", help="lay out for this target (repeat)"
    )
    group.add_argument("--only", action="store_true", help="read nothing but the PATHs and headers")
    group.add_argument("-I", dest="include", action="append", default=[], metavar="DIR", help="include folder (repeat)")
    group.add_argument("-D", dest="define", action="append", default=[], metavar="X=Y", help="macro (repeat)")
    group.add_argument("--object", action="append", default=[], metavar="GLOB", help="compiled objects to read too")
    group.add_argument("-j", dest="jobs", type=_jobs, default=0, metavar="N", help="processes (default: all)")
    group.add_argument("--no-cache", action="store_true", help="keep nothing between runs")
    group.add_argument("--isolated", action="store_true", help="ignore every configuration file")


def _codes(text: str) -> tuple[str, ...]:
    return tuple(item for item in text.replace(",", " ").split() if item)


def _severity(text: str) -> Severity:
    return severity_of(text, lambda complaint: ConfigError(f"--fail-on: {complaint}"))


def _jobs(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of processes above 0")
    return int(text)


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
        cache=not args.no_cache,
        allow_empty=getattr(args, "allow_empty", False),
    )


def request_of(args: argparse.Namespace, paths: list[str], *, quiet: bool = False) -> Request:
    """Return the request of a command line; raises ConfigError for what cannot be understood."""
    cwd = Path.cwd()
    root = find_root(cwd, [Path(path) for path in paths], isolated=args.isolated)
    config = load_config(root)
    flags = flags_of(args)
    select, ignore = wishes(config, flags)
    return Request(
        root=root,
        config=config,
        settings=settings_of(root, config, flags, cwd),
        paths=tuple(dict.fromkeys(relative(root.path, cwd, Path(path)) for path in paths)),
        select=select,
        ignore=ignore,
        per_file=tuple(per_file_wishes(config)),
        persona=flags.persona or config.persona,
        fail_on=flags.fail_on or config.fail_on,
        objects=(*config.objects, *flags.objects),
        only=flags.only,
        allow_empty=flags.allow_empty,
        progress=Progress(quiet=quiet),
    )


def settings_of(root: Root, config: Config, flags: Flags, cwd: Path) -> Settings:
    """Return what travels to the workers. Paths in the configuration are relative to the root, flags to `cwd`."""
    wanted = flags.targets or config.targets
    targets = tuple(dict.fromkeys(_target(item) for item in wanted))
    orders: tuple[Literal["little", "big"], ...] = ("little",)
    if config.bpfeb or BIG_ENDIAN & set(targets):
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
        libclang_path=os.environ.get("BPFLINT_LIBCLANG") or config.libclang_path,
        cache_dir=cache_folder() if flags.cache else None,
        vmlinux_btf=_vmlinux(root, config, wanted),
        min_kernel=config.min_kernel,
        jobs=flags.jobs or available_processors(),
    )


def _target(text: str) -> str:
    return canonical_target(platform.machine() if text == "host" else text.partition(":")[0])


def _vmlinux(root: Root, config: Config, wanted: tuple[str, ...]) -> Path | None:
    """The raw BTF that a missing vmlinux.h is made from: the configured file, the host's; None: the embedded one."""
    if config.vmlinux_btf:
        return root.path / config.vmlinux_btf
    if "host" in wanted:
        return Path("/sys/kernel/btf/vmlinux")
    named = [item for item in wanted if ":" in item]
    return _btf_file(named[0]) if named else None


def _btf_file(target: str) -> Path:
    """The types of `ARCH:RELEASE` as a file in the cache; ConfigError for a kernel that is not at hand."""
    from bpflint.engine.files import write_atomically
    from bpflint.kernels.embedded import digest_of, shipped_btf, shipped_kernel  # late: only for such a target

    kernel = shipped_kernel(target)
    if kernel is None:
        raise ConfigError(
            f"no kernel {target} is at hand: see 'bpflint kernels list', or name its types with vmlinux-btf"
        )
    path = cache_folder() / f"btf-{kernel.arch}-{kernel.release}-{digest_of(kernel)[:12]}"
    if not path.is_file():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, shipped_btf(kernel))
        except OSError as error:
            raise ConfigError(f"{path}: cannot be written: {error.strerror or error}") from None
    return path


def cache_folder() -> Path:
    """Return where derived data is kept: below `BPFLINT_CACHE_DIR` or the user's cache folder."""
    return Path(_hot.cache_folder())


def available_processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
