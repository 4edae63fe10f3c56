"""What is inside a Debian package? Its files, read without unpacking anything to disk.

Facts: deb(5); ar members have 60-byte headers with the name in bytes 0-15 and the decimal size in bytes 48-57.
"""

from __future__ import annotations

import io
import lzma
import re
import subprocess
import tarfile
import zlib
from collections.abc import Iterator

from bpflint.model.data import dataclass
from bpflint.model.errors import BpflintError

_IMAGE = re.compile(r"(?:^|/)(?:boot/vmlinuz-([^/]+)|lib/modules/([^/]+)/vmlinuz)$")
_DAMAGE = (tarfile.TarError, lzma.LZMAError, zlib.error, OSError, EOFError, ValueError)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a package: its path without the leading `./`, its bytes, its mode; `link` is a symlink's target."""

    path: str
    data: bytes
    mode: int
    link: str = ""


def entries(package: bytes, name: str) -> Iterator[Entry]:
    """Yield the files and symlinks of a package in its own order; BpflintError names a damaged package."""
    try:
        for member, content in _members(package):
            if member.startswith("data.tar"):
                with tarfile.open(fileobj=io.BytesIO(_plain(member, content))) as archive:
                    for item in archive:
                        yield from _entry(archive, item)
                return
    except _DAMAGE as error:
        first = (str(error).splitlines() or [type(error).__name__])[0].rstrip(":")  # tarfile tells all that it tried
        raise BpflintError(f"{name}: damaged package: {first}") from error
    raise BpflintError(f"{name}: not a Debian package with files in it")


def kernel_image(package: bytes, name: str) -> tuple[str, bytes]:
    """Return (what `uname -r` says, image) of a kernel package; BpflintError where it holds none."""
    for entry in entries(package, name):
        match = _IMAGE.search(entry.path)
        if match and not entry.link:
            return match[1] or match[2], entry.data
    raise BpflintError(f"{name}: the package holds no kernel image")


def _entry(archive: tarfile.TarFile, item: tarfile.TarInfo) -> Iterator[Entry]:
    path = item.name.removeprefix("./")
    if item.issym():
        yield Entry(path, b"", item.mode, item.linkname)
    elif item.isfile() and (stream := archive.extractfile(item)) is not None:
        yield Entry(path, stream.read(), item.mode)


def _members(package: bytes) -> Iterator[tuple[str, bytes]]:
    if not package.startswith(b"!<arch>\n"):
        return
    at = 8
    while at + 60 <= len(package):
        name = package[at : at + 16].decode("ascii", "replace").strip().rstrip("/")
        size = int(package[at + 48 : at + 58])
        if size < 0:
            raise ValueError("a member of negative size")
        yield name, package[at + 60 : at + 60 + size]
        at += 60 + size + size % 2


def _plain(name: str, content: bytes) -> bytes:
    if not name.endswith(".zst"):
        return content  # tarfile knows xz, gzip and bzip2
    try:
        return subprocess.run(["zstd", "-dcq"], input=content, capture_output=True, check=True).stdout
    except FileNotFoundError:
        raise ValueError("unpacking it needs the program zstd, which is not installed") from None
    except subprocess.CalledProcessError:
        raise ValueError("zstd could not unpack it") from None
