"""Which compiled object belongs to a unit? One that was given, else built here with the front end's own flags."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path
from threading import Lock

from bpflint.analysis.abi import abi, bpf_target
from bpflint.api import Job, Settings, Unit
from bpflint.check.given import by_source, given_objects
from bpflint.frontends.c.parse import Request, arguments, parse
from bpflint.frontends.c.requests import Reader, request_for
from bpflint.frontends.c.retries import better
from bpflint.frontends.c.trail import Trail
from bpflint.headers import ARCH_DEFINES
from bpflint.kernels.catalogue import default_kernels
from bpflint.kernels.embedded import DEFAULT_ARCH
from bpflint.kernels.vmlinux import cached_vmlinux_h, is_part, whole_of
from bpflint.model.errors import FrontEndError

_CLANGS = ("clang", *(f"clang-{version}" for version in range(22, 13, -1)))
_SECONDS = 120
_BUILD_FILES = ("Makefile", "makefile", "GNUmakefile", "CMakeLists.txt")
_CPU = re.compile(r"-mcpu=(v\d)\b")
_NEWER = "v3"
"""What compiles programs that use the result of an atomic operation, as of Linux 5.12."""


class NotBuilt(Exception):
    """A unit without an object; the text is why, after its kind (`object-unreadable: …`)."""


class Builder:
    """Finds the given object of a unit, else compiles it; `built` raises NotBuilt each time for the same reason."""

    def __init__(self, units: Sequence[Unit], settings: Settings, files: Sequence[str]) -> None:
        self._units = {unit.path: unit for unit in units if unit.side == "bpf" and unit.language == "c"}
        self._settings, self._files = settings, tuple(files)
        objects = tuple(given_objects(units, settings.root))
        self._objects = {item.path: item for item in objects}
        self._given = by_source(objects, units, settings.root)
        self._made: dict[tuple[str, str], bytes | NotBuilt] = {}
        self._requests: dict[tuple[str, str], Request] = {}
        self._types: dict[str, Settings] = {}
        self._one = Lock()
        """libclang and the reader of headers work for one thread at a time."""

    @property
    def root(self) -> Path:
        """The folder that paths are relative to."""
        return self._settings.root

    def source_of(self, path: str) -> str:
        """Return the unit of the project that an object was compiled from; "" where there is none, or it is newer."""
        return next((source for source, items in self._given.items() if path in {item.path for item in items}), "")

    def prepare(self, paths: Iterable[str], arch: str) -> None:
        """Compile units, as many at a time as there are processors; `built` tells what came of each."""
        with ThreadPoolExecutor(max_workers=max(1, len(os.sched_getaffinity(0)))) as pool:
            list(pool.map(lambda path: self._keep(path, arch), dict.fromkeys(paths)))

    def built(self, path: str, arch: str) -> bytes:
        """Return the object of a unit for the kernels of an architecture."""
        self._keep(path, arch)
        found = self._made[(path, arch)]
        if isinstance(found, NotBuilt):
            raise found
        return found

    def _keep(self, path: str, arch: str) -> None:
        if (path, arch) not in self._made:
            try:
                self._made[(path, arch)] = self._compile(path, arch)
            except NotBuilt as error:
                self._made[(path, arch)] = error

    def _compile(self, path: str, arch: str) -> bytes:
        """What was given; else the unit as it stands, with what the front end mends, for a newer instruction set."""
        given = [self._objects[path]] if path in self._objects else self._given.get(path, ())
        for item in given:
            if arch in item.targets:
                return item.data
        if path in self._objects:
            built_for = " ".join(sorted(self._objects[path].targets))
            raise NotBuilt(f"object-unreadable: {path} was built for {built_for}")
        request, cpu = self._request(path, arch), cpu_of(self._settings.root, path)
        try:
            return self._object(path, request, arch, cpu)
        except NotBuilt:
            mended = self._mended(path, arch, request)
        try:
            return self._object(path, mended, arch, cpu)
        except NotBuilt:
            if cpu:
                raise
            return self._object(path, mended, arch, _NEWER)

    def _request(self, path: str, arch: str) -> Request:
        unit = self._units.get(path)
        if unit is None or unit.dialect == "bcc":
            raise NotBuilt("object-unreadable: bcc compiles this text itself, at run time")
        with self._one:
            if (path, arch) not in self._requests:
                reader = Reader(self._settings.root)
                job = Job("c", path, "bpf", files=self._files)
                if arch not in self._types:
                    self._types[arch] = self._types_of(arch)
                settings = self._types[arch]
                self._requests[path, arch], _ = request_for(
                    job, "bpf", settings, reader, reader(path), Trail(settings), arch=arch
                )
            return self._requests[path, arch]

    def _types_of(self, arch: str) -> Settings:
        """The settings with the shipped types of an architecture's newest kernel, where those of x86_64 stand in."""
        settings = self._settings
        if settings.vmlinux_dir is None or settings.vmlinux_btf is not None:
            return settings
        kernels = default_kernels((arch,), "")
        if (arch == DEFAULT_ARCH and not is_part(settings.vmlinux_dir)) or not kernels:
            return settings
        cache = whole_of(settings.vmlinux_dir).parent
        return replace(settings, vmlinux_dir=cached_vmlinux_h(cache, kernel=kernels[-1]).parent)

    def _mended(self, path: str, arch: str, request: Request) -> Request:
        """What the front end reads a unit with that does not compile as it stands (`retries.py`)."""
        with self._one:
            if self._requests[path, arch] is request:
                try:
                    self._requests[path, arch], _ = better(request, parse(request), parse)
                except FrontEndError:
                    return request
            return self._requests[path, arch]

    def _object(self, path: str, request: Request, arch: str, cpu: str) -> bytes:
        with tempfile.TemporaryDirectory(prefix="bpflint-build-") as folder:
            out = Path(folder) / "out.o"
            args = [*_spelled(flags(request, arch, cpu)), *_overlay(request, Path(folder)), "-c", request.path]
            try:
                done = subprocess.run([*compiler(), *args, "-o", str(out)], capture_output=True, check=False,
                                      timeout=_SECONDS, stdin=subprocess.DEVNULL, cwd=self._settings.root)  # fmt: skip
            except subprocess.TimeoutExpired:
                raise NotBuilt(f"object-unreadable: {path} did not compile in {_SECONDS} s") from None
            if done.returncode:
                raise NotBuilt(f"object-unreadable: {path} does not compile: {_first_error(done.stderr)}")
            return out.read_bytes()


def flags(request: Request, arch: str, cpu: str = "") -> list[str]:
    """Return the compiler's arguments: those of the front end, for one kernel's byte order and architecture.

    A freestanding compiler would call `memcpy`, which no program can.
    """
    target = bpf_target(abi(arch).byte_order)
    left = {"-ffreestanding", *(f"-D{name}" for name in ARCH_DEFINES["x86_64"])}
    args = [item for item in arguments(request, request.forced) if item not in left]
    args[args.index("-target") + 1] = target
    args += [f"-mcpu={cpu}"] if cpu else []
    return [*args, *(f"-D{name}" for name in ARCH_DEFINES[arch]), "-O2", "-g"]


def cpu_of(root: Path, path: str) -> str:
    """Return the instruction set that the nearest build file above a unit asks for; "": what the compiler takes."""
    for folder in (root / path).parents:
        for name in _BUILD_FILES:
            try:
                text = (folder / name).read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            if (found := _CPU.search(text)) is not None:
                return found[1]
        if folder == root:
            break
    return ""


@cache
def compiler() -> Sequence[str]:
    """Return the command of a clang that knows BPF: the machine's, else the wheel of the `toolchain` extra."""
    for name in _CLANGS:
        if (path := shutil.which(name)) is not None:
            return (path,)
    if importlib.util.find_spec("ziglang") is not None:
        return (sys.executable, "-m", "ziglang", "cc")
    raise NotBuilt("object-unreadable: no compiler: install clang, or `pip install 'bpflint[toolchain]'`")


def _spelled(args: list[str]) -> list[str]:
    """The wheel's driver wants an operating system in the target: `bpfel-freestanding`."""
    if compiler()[-1] != "cc":
        return args
    return [f"{item}-freestanding" if item in ("bpfel", "bpfeb") else item for item in args]


def _overlay(request: Request, folder: Path) -> list[str]:
    """Texts that the front end makes up (generated headers), as files that stand where it put them."""
    if not request.texts:
        return []
    roots = []
    for number, (path, text) in enumerate(request.texts.items()):
        made = folder / f"text{number}"
        made.write_text(text, encoding="utf-8")
        roots.append({"type": "file", "name": path, "external-contents": str(made)})
    overlay = folder / "overlay.yaml"
    overlay.write_text(json.dumps({"version": 0, "roots": roots}), encoding="utf-8")
    return ["-ivfsoverlay", str(overlay)]


def _first_error(text: bytes) -> str:
    lines = text.decode("utf-8", "replace").splitlines()
    return next((line.partition(" error: ")[2] or line for line in lines if "error:" in line), "no message")[:200]


Objects = Callable[[str], str]
"""From a unit's path to the name of its object in the batch; raises NotBuilt."""


def objects_for(builder: Builder, arch: str, into: dict[str, bytes]) -> Objects:
    """Return what gives object names for a kernel's architecture, and fills `into` as they are asked for."""
    names: dict[str, str] = {}

    def named(path: str) -> str:
        if path not in names:
            data = builder.built(path, arch)
            names[path] = f"{len(names)}.o"
            into[names[path]] = data
        return names[path]

    return named
