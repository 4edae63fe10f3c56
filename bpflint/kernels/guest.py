"""What does a guest boot into? An initramfs of Python, libbpf and what they need, made of a distribution's packages.

Format: cpio newc (Documentation/driver-api/early-userspace/buffer-format.rst); archives may follow each other, so the
part that changes with each run is a second one. No disk, no module, no network: Debian's cloud kernels have all of it
built in that this needs.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from bpflint.api import BpflintError, KernelProvider
from bpflint.kernels.deb import Entry, entries
from bpflint.kernels.libraries import needs
from bpflint.kernels.store import data_folder, filling
from bpflint.model.data import dataclass

PACKAGES = (
    "python3.11-minimal", "libpython3.11-minimal", "libpython3.11-stdlib", "libc6", "libbpf1", "libelf1", "zlib1g",
    "libffi8", "libexpat1",
)  # fmt: skip
_MODULES = (
    "__future__", "_collections_abc", "_compat_pickle", "_weakrefset", "abc", "base64", "bisect", "bz2", "codecs",
    "collections", "contextlib", "copyreg", "ctypes", "dataclasses", "encodings", "enum", "fnmatch", "functools",
    "genericpath", "hashlib", "heapq", "importlib", "inspect", "io", "json", "keyword", "linecache", "locale",
    "operator", "os", "platform", "posixpath", "random", "re", "reprlib", "selectors", "shutil", "signal", "site",
    "socket", "stat", "string", "struct", "subprocess", "tempfile", "threading", "tokenize", "token", "traceback",
    "types", "typing", "warnings", "weakref", "_sitebuiltins", "_bootsubprocess", "statistics", "numbers", "opcode",
    "dis", "ast", "copy", "compileall", "zipimport",
)  # fmt: skip
"""What the agent imports, and what these import (tests/check/test_guest.py compares them)."""
_EXTENSIONS = ("_ctypes", "_json", "fcntl", "resource", "_hashlib")
_ROOTS = ("usr/bin/python3.11", "libbpf.so.1")
_DEVICES = (("dev/console", 5, 1), ("dev/null", 1, 3), ("dev/urandom", 1, 9))
_FOLDERS = ("dev", "proc", "sys", "tmp", "jobs", "root")


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive. `mode` holds the type bits; `device` is (major, minor) of a character device."""

    path: str
    data: bytes
    mode: int
    device: tuple[int, int] = (0, 0)


def cpio(members: Iterable[Member]) -> bytes:
    """Return a newc archive with the members in their order and every folder before what it holds."""
    out = io.BytesIO()
    seen: set[str] = set()
    for number, member in enumerate(_with_folders(members, seen), 1):
        _write(out, number, member)
    _write(out, 0, Member("TRAILER!!!", b"", 0))
    return out.getvalue()


def _with_folders(members: Iterable[Member], seen: set[str]) -> Iterator[Member]:
    for member in members:
        for parent in reversed(PurePosixPath(member.path).parents):
            if (name := str(parent)) != "." and name not in seen:
                seen.add(name)
                yield Member(name, b"", 0o40755)
        if member.path not in seen:
            seen.add(member.path)
            yield member


def _write(out: io.BytesIO, number: int, member: Member) -> None:
    name = member.path.encode() + b"\0"
    major, minor = member.device
    fields = (number, member.mode, 0, 0, 1, 0, len(member.data), 0, 0, major, minor, len(name), 0)
    head = b"070701" + b"".join(b"%08X" % field for field in fields)
    out.write(_padded(head + name) + _padded(member.data))


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)


def base(arch: str, providers: Sequence[KernelProvider], work: Path) -> bytes:
    """Return the compressed archive for an architecture, made once and kept; BpflintError where it cannot be."""
    folder = data_folder() / "guests" / arch
    kept = folder / "base.cpio.gz"
    if kept.is_file():
        return kept.read_bytes()
    for provider in providers:
        packages = provider.packages(arch, PACKAGES, work)
        if packages:
            data = gzip.compress(cpio(_chosen(packages)), 9, mtime=0)
            with filling(folder) as half:
                (half / kept.name).write_bytes(data)
            return data
    raise BpflintError(f"no provider has what a guest of {arch} runs on (Python and libbpf)")


def has_base(arch: str) -> bool:
    """Return whether a guest of an architecture can start without a network."""
    return (data_folder() / "guests" / arch / "base.cpio.gz").is_file()


def _chosen(packages: Sequence[tuple[str, bytes]]) -> Iterator[Member]:
    """The interpreter, the modules it needs, libbpf, and every library these ask for."""
    everything = {item.path: item for name, data in packages for item in entries(data, name)}
    by_name = {PurePosixPath(path).name: path for path in everything if ".so" in path}
    wanted = [path for path in everything if _is_module(path)]
    wanted += [path for path in everything if _is_extension(path)]
    wanted += [path if path in everything else by_name.get(path, "") for path in _ROOTS]
    wanted += [path for path in everything if PurePosixPath(path).name.startswith(("ld-linux", "ld64"))]
    kept: dict[str, Entry] = {}
    while wanted:
        path = wanted.pop()
        if path in kept or path not in everything:
            continue
        item = kept[path] = everything[path]
        if item.link:
            target = str(PurePosixPath(path).parent / item.link) if not item.link.startswith("/") else item.link[1:]
            wanted.append(_normal(target))
        elif item.data[:4] == b"\x7fELF":
            wanted += [by_name[name] for name in needs(item.data)[1] if name in by_name]
    yield from (Member(name, b"", 0o40755) for name in _FOLDERS)
    yield from (Member(name, b"", 0o20600, (major, minor)) for name, major, minor in _DEVICES)
    for path in sorted(kept):
        item = kept[path]
        yield Member(path, item.link.encode(), 0o120777) if item.link else Member(path, item.data, 0o100000 | item.mode)
    yield Member("usr/bin/python3", b"python3.11", 0o120777)


def _normal(path: str) -> str:
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            parts[-1:] = []
        elif part not in (".", ""):
            parts.append(part)
    return "/".join(parts)


def _is_module(path: str) -> bool:
    below = path.removeprefix("usr/lib/python3.11/")
    if below == path or not below.endswith(".py") or "/test" in below:
        return False
    return below.removesuffix(".py").split("/")[0] in _MODULES


def _is_extension(path: str) -> bool:
    return path.endswith(".so") and PurePosixPath(path).name.split(".")[0] in _EXTENSIONS


def jobs_archive(agent: bytes, files: Mapping[str, bytes], root: Mapping[str, bytes] | None = None) -> bytes:
    """Return the second archive: the agent as the first process, the files of its folder `/jobs`, and executables."""
    members = [Member("init", agent, 0o100755)]
    members += [Member(f"jobs/{name}", data, 0o100644) for name, data in sorted(files.items())]
    members += [Member(name, data, 0o100755) for name, data in sorted((root or {}).items())]
    return cpio(members)
