"""Which kernel's types are shipped? The BTF of one release, so that a project without a vmlinux.h still parses."""

from __future__ import annotations

import hashlib
import lzma
import re
from functools import cache
from pathlib import Path
from typing import Final

from bpflint.model.errors import BpflintError

_DATA: Final = Path(__file__).resolve().parent.parent / "data"
_NAME = re.compile(r"vmlinux-(?P<arch>[^-]+)-(?P<release>.+)\.btf\.xz")
_FUNCTIONS: Final = ".functions"


def embedded_release() -> str:
    """Return the shipped kernel's release, such as `7.3.4+deb13-amd64`."""
    return _named()["release"]


def embedded_arch() -> str:
    """Return the architecture of the shipped kernel, in bpflint's spelling."""
    return _named()["arch"]


def embedded_digest() -> str:
    """Return the sha256 of the shipped file, without unpacking it."""
    return hashlib.sha256(_path().read_bytes()).hexdigest()


def embedded_btf() -> bytes:
    """Return raw little-endian BTF: every record, enumeration and typedef, and the kfuncs' prototypes."""
    return _unpack(_path().name)


def embedded_functions_btf() -> bytes:
    """Return raw BTF split from `embedded_btf()`: the prototypes of all other functions (attach targets)."""
    return _unpack(_path().name.replace(".btf.xz", f"{_FUNCTIONS}.btf.xz"))


@cache
def _path() -> Path:
    found = sorted(p for p in _DATA.glob("vmlinux-*.btf.xz") if _FUNCTIONS not in p.name)
    if not found:
        raise BpflintError(f"{_DATA}: the shipped kernel types are missing; reinstall bpflint")
    return found[-1]


def _named() -> dict[str, str]:
    match = _NAME.fullmatch(_path().name)
    assert match is not None  # the glob and the pattern are written side by side
    return match.groupdict()


def _unpack(name: str) -> bytes:
    try:
        return lzma.decompress((_DATA / name).read_bytes())
    except (OSError, lzma.LZMAError) as error:
        raise BpflintError(f"{_DATA / name}: damaged: {error}; reinstall bpflint") from error
