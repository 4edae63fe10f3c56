"""Where is a vmlinux.h for these types? Written from BTF once, kept by content."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from bpflint._whole import write_whole
from bpflint.btf import Btf
from bpflint.btf.c_writer import write_c
from bpflint.kernels.embedded import default_kernel, digest_of, shipped_btf
from bpflint.model.verdict import Kernel

WRITER_VERSION: Final = 3
"""Raised when the text for the same BTF changes, so that cached headers are written anew."""


def header_text(btf: bytes, names: Iterable[str] | None = None) -> str:
    """Return the C header of raw BTF, with all types or those names and what they need; BtfError when it is none."""
    return write_c(Btf(btf), names)


def write_vmlinux_h(btf: bytes, out: Path) -> None:
    """Write the C header of raw BTF to `out`, whole or not at all. BtfError, or OSError when it cannot be written."""
    write_text(header_text(btf), out)


def write_text(text: str, out: Path) -> None:
    """Write a text that everybody may read, whole or not at all."""
    write_whole(out, text.encode(), 0o644)


def cached_vmlinux_h(cache_dir: Path, btf: bytes | None = None, kernel: Kernel | None = None) -> Path:
    """Return the path of a `vmlinux.h` for raw BTF, else for a shipped kernel; made when it is not there.

    It stands in a folder of its own, so that the folder can be an include path. Two processes may race for it:
    both write the same bytes, and the last one wins.
    """
    kernel = kernel or default_kernel()
    path = _place(cache_dir, btf, kernel)
    if not _is_whole(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        text = header_text(shipped_btf(kernel) if btf is None else btf)
        write_text(text + _mark(text.encode()), path)
    return path


def is_cached(cache_dir: Path, btf: bytes | None = None) -> bool:
    """Return whether the header for these types is there already."""
    return _is_whole(_place(cache_dir, btf, default_kernel()))


def _place(cache_dir: Path, btf: bytes | None, kernel: Kernel) -> Path:
    digest = digest_of(kernel) if btf is None else hashlib.sha256(btf).hexdigest()
    return cache_dir / f"vmlinux-{digest[:24]}-{WRITER_VERSION}" / "vmlinux.h"


def _mark(data: bytes) -> str:
    """The last line of a cached header: its checksum."""
    return f"/* {zlib.crc32(data):08x} */\n"


def _is_whole(path: Path) -> bool:
    """Whether a cached header holds what was written; disks lose bytes, and people edit files."""
    try:
        data = path.read_bytes()
    except OSError:
        return False
    length = len(_mark(b""))
    return data[-length:] == _mark(data[:-length]).encode()
