"""Is everything there that bpflint needs? `bpflint doctor`: one line a thing, and the one command to run next."""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bpflint import __version__
from bpflint.model.data import dataclass
from bpflint.model.errors import BpflintError

HELP = "check the installation and say what to do next"
MISSING = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `step` is the command that repairs it, "" where nothing is wrong."""

    name: str
    state: str
    step: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`doctor` has no arguments."""


def run(args: argparse.Namespace) -> int:
    """Print what was found; 0 when ready, 2 when a step is left."""
    found = [item for check in CHECKS for item in check()]
    for item in found:
        print(f"{'ok  ' if not item.step else 'MISS'}  {item.name}: {item.state}")
        if item.step:
            print(f"      -> {item.step}")
    steps = [item.step for item in found if item.step]
    print(f"next: {steps[0]}" if steps else "ready")
    return MISSING if steps else 0


def python() -> Iterator[Finding]:
    """The interpreter and ourselves."""
    version = ".".join(map(str, sys.version_info[:3]))
    old = sys.version_info < (3, 11)
    yield Finding("python", version, "install Python 3.11 or later" if old else "")
    yield Finding("bpflint", __version__)


def libclang() -> Iterator[Finding]:
    """The binding, what shadows it, and the library behind it."""
    if _installed("clang"):
        both = "python -m pip uninstall -y clang && python -m pip install --force-reinstall 'libclang>=18.1.1,<19'"
        yield Finding("libclang", "the package 'clang' writes over the files of 'libclang'", both)
        return
    pip = "python -m pip install 'libclang>=18.1.1,<19'"
    try:
        cindex = importlib.import_module("clang.cindex")
    except ImportError as error:
        yield Finding("libclang", f"not importable ({error})", pip)
        return
    chosen = os.environ.get("BPFLINT_LIBCLANG", "")
    if chosen and not Path(chosen).is_file():
        yield Finding("libclang", f"BPFLINT_LIBCLANG={chosen}: no such file", "unset BPFLINT_LIBCLANG")
        return
    try:
        if chosen and not cindex.Config.loaded:
            cindex.Config.set_library_file(chosen)
        cindex.Index.create()
    except (cindex.LibclangError, AttributeError, OSError) as error:
        text = " ".join(str(error).split())[:120]
        step = "unset BPFLINT_LIBCLANG" if chosen else pip.replace("install", "install --force-reinstall", 1)
        yield Finding("libclang", f"cannot be loaded ({text})", step)
        return
    yield Finding("libclang", chosen or "bundled with the package 'libclang'")


def libraries() -> Iterator[Finding]:
    """The other libraries, each imported only by the stage that needs it."""
    needs = (("elftools", "pyelftools"), ("sarif_om", "sarif-om"), ("pathspec",) * 2, ("platformdirs",) * 2)
    for module, package in needs:
        try:
            importlib.import_module(module)
        except ImportError as error:
            yield Finding(package, f"not importable ({error})", f"python -m pip install {package}")
        else:
            yield Finding(package, "importable")


def embedded() -> Iterator[Finding]:
    """What the package itself must carry: headers and the types of one kernel."""
    again = "python -m pip install --force-reinstall bpflint"
    headers = Path(__file__).resolve().parent.parent / "headers"
    for name in ("freestanding", "libbpf", "uapi"):
        if not any((headers / name).rglob("*.h")):
            yield Finding("headers", f"embedded '{name}' headers are missing", again)
            break
    else:
        yield Finding("headers", "embedded")
    try:
        from bpflint.kernels.pack import shipped

        yield Finding("kernel types", f"embedded, {len(shipped().kernels)} kernels")
    except (BpflintError, ImportError) as error:
        yield Finding("kernel types", str(error), again)


def plugins() -> Iterator[Finding]:
    """Rules, front ends and formats of every distribution."""
    from bpflint.engine.plugins import find, load_plugins, load_reporters

    try:
        loaded, formats = load_plugins(), load_reporters()
        rules = loaded.rules
    except BpflintError as error:
        name = str(error).partition(":")[0]
        yield Finding("plugins", str(error), f"python -m pip uninstall {name}")
        return
    owners = {item.distribution for kind in ("rules", "frontends", "reporters") for item in find(kind)}
    third = ", ".join(sorted(owners - {"bpflint"})) or "none of third parties"
    languages = " ".join(item.name for item in loaded.frontends)
    yield Finding("plugins", f"{len(rules)} rules, reads {languages}, {len(formats)} formats, {third}")


def project() -> Iterator[Finding]:
    """The configuration here, and where derived data is kept."""
    from bpflint.cli._args import cache_folder
    from bpflint.engine.config import load_config
    from bpflint.engine.root import find_root

    root = find_root(Path.cwd())
    try:
        load_config(root)
        yield Finding("configuration", str(root.config or f"none needed (root {root.path})"))
    except BpflintError as error:
        yield Finding("configuration", str(error), f"edit {root.config}")
    folder = cache_folder()
    there = next(item for item in (folder, *folder.parents) if item.exists())
    writable = there.is_dir() and os.access(there, os.W_OK)
    step = "" if writable else "export BPFLINT_CACHE_DIR=/tmp/bpflint-cache"
    yield Finding("cache", f"{folder}{'' if writable else ' cannot be written'}", step)


def check_mode() -> Iterator[Finding]:
    """What `bpflint check` would use; it is optional, so nothing of it counts as missing."""
    from bpflint.check.build import NotBuilt, compiler
    from bpflint.check.qemu import MACHINES
    from bpflint.kernels.store import stored

    there = [arch for arch, machine in MACHINES.items() if shutil.which(machine.program)]
    lacking = MACHINES["x86_64"].package
    yield Finding("check mode: QEMU", " ".join(there) or f"optional, not installed (Debian: apt install {lacking})")
    try:
        yield Finding("check mode: compiler", " ".join(compiler()))
    except NotBuilt as error:
        yield Finding("check mode: compiler", f"optional, {str(error).partition(': ')[2]}")
    names = ", ".join(str(image.kernel) for image in stored())
    yield Finding("check mode: kernels", names or "optional, none stored: `bpflint kernels fetch` gets four small ones")


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    python, libclang, libraries, embedded, plugins, project, check_mode,
)  # fmt: skip


def _installed(distribution: str) -> bool:
    from importlib.metadata import PackageNotFoundError, version

    try:
        version(distribution)
    except PackageNotFoundError:
        return False
    return True
