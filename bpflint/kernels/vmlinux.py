"""Where is a vmlinux.h for these types? Written from BTF once, kept by content.

    CACHE/vmlinux-DIGEST-VERSION/vmlinux.h                 the whole one
    CACHE/vmlinux-DIGEST-VERSION/part-OWNER/vmlinux.h      what one project names, a tenth of it and of the time
    CACHE/vmlinux-DIGEST-VERSION/part-OWNER/words          the words that it was made for, a line each
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Set
from pathlib import Path
from typing import Final

from bpflint._whole import write_whole
from bpflint.analysis.abi import abi
from bpflint.kernels.embedded import default_kernel, digest_of, shipped_lines
from bpflint.kernels.pack import Line
from bpflint.model.verdict import Kernel

_PART: Final = "part-"
_WORDS: Final = "words"
WRITER_VERSION: Final = 4
"""Raised when the text for the same BTF changes, so that cached headers are written anew."""


def header_text(btf: bytes, names: Iterable[str] | None = None) -> str:
    """Return the C header of raw BTF, with all types or those names and what they need; BtfError when it is none."""
    from bpflint.btf import Btf  # late, as what follows: mostly the header is there
    from bpflint.btf.c_writer import write_c

    return write_c(Btf(btf), names)


def _shipped_text(lines: Iterable[Line], kernel: Kernel) -> str:
    """The C header of what a shipped kernel declares, or of a part of it."""
    from bpflint.btf.c_writer import write_c
    from bpflint.kernels.unpack import types_of

    return write_c(types_of(lines, abi(kernel.arch).byte_order))


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
    if not is_made(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        text = _shipped_text(shipped_lines(kernel), kernel) if btf is None else header_text(btf)
        write_text(text + _mark(text.encode()), path)
    return path


def part_of_vmlinux_h(cache_dir: Path, owner: str, words: Set[str], pasted: Iterable[str] = ()) -> Path:
    """Return the path of a `vmlinux.h` with what these words can mean in the default kernel, also behind the beginnings
    that macros paste before them; made anew each time.
    """
    from bpflint.kernels.part import named_by

    kernel = default_kernel()
    path = part_path(cache_dir, owner)
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = named_by(words, shipped_lines(kernel), pasted)
    text = _shipped_text(lines, kernel)
    write_text("\n".join(sorted(words)), path.parent / _WORDS)
    write_text(text + _mark(text.encode()), path)
    return path


def part_path(cache_dir: Path, owner: str) -> Path:
    """Return where the part of a project is, or will be."""
    whole = _place(cache_dir, None, default_kernel())
    return whole.parent / f"{_PART}{hashlib.sha256(owner.encode()).hexdigest()[:24]}" / whole.name


def is_part(folder: Path) -> bool:
    """Return whether the header of a folder is a part of another."""
    return folder.name.startswith(_PART)


def whole_of(folder: Path) -> Path:
    """Return the folder of the whole header, which may not be there, for the folder of either."""
    return folder.parent if is_part(folder) else folder


def words_of(part: Path) -> frozenset[str]:
    """Return the words that the part in a folder was made for; none where that is not known."""
    try:
        return frozenset((part / _WORDS).read_text("utf-8").split("\n"))
    except (OSError, ValueError):
        return frozenset()


def is_cached(cache_dir: Path, btf: bytes | None = None) -> bool:
    """Return whether the header for these types is there already."""
    return is_made(_place(cache_dir, btf, default_kernel()))


def is_made(path: Path) -> bool:
    """Return whether a cached header is there as it was written; disks lose bytes, and people edit files."""
    try:
        data = path.read_bytes()
    except OSError:
        return False
    length = len(_mark(b""))
    return data[-length:] == _mark(data[:-length]).encode()


def _place(cache_dir: Path, btf: bytes | None, kernel: Kernel) -> Path:
    digest = digest_of(kernel) if btf is None else hashlib.sha256(btf).hexdigest()
    return cache_dir / f"vmlinux-{digest[:24]}-{WRITER_VERSION}" / "vmlinux.h"


def _mark(data: bytes) -> str:
    """The last line of a cached header: its checksum."""
    return f"/* {zlib.crc32(data):08x} */\n"
