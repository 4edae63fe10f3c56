"""Where is the BTF inside a kernel image? Raw BTF, an ELF file's .BTF section, or the payload of an x86 bzImage.

Facts: Documentation/arch/x86/boot.rst for the bzImage header ("HdrS" at 0x202, setup sectors at 0x1f1, payload
offset and length at 0x248 and 0x24c, counted from the protected-mode code).
"""

from __future__ import annotations

import gzip
import io
import lzma
import shutil
import struct
import subprocess
import zlib
from collections.abc import Callable
from typing import Final

from bpflint.model.errors import BpflintError

_ELF: Final = b"\x7fELF"
_DAMAGE: Final = (ValueError, AttributeError, TypeError, KeyError, IndexError, OverflowError, MemoryError)
_BTF: Final = (b"\x9f\xeb", b"\xeb\x9f")


def extract_btf(data: bytes, name: str) -> bytes:
    """Return the raw BTF inside a file's bytes; BpflintError names the file when there is none."""
    if data[:2] in _BTF:
        return data
    if data[:4] == _ELF:
        return elf_section(data, ".BTF", name)
    if data[0x202:0x206] == b"HdrS":
        return extract_btf(unpack_bzimage(data, name), name)
    raise BpflintError(f"{name}: neither raw BTF nor an ELF file nor a bzImage")


def elf_section(data: bytes, section: str, name: str) -> bytes:
    """Return the bytes of an ELF section; BpflintError when the file is damaged or has no such section."""
    from elftools.common.exceptions import ELFError
    from elftools.construct import ConstructError
    from elftools.elf.elffile import ELFFile

    damage = (ELFError, ConstructError, *_DAMAGE)
    try:
        found = ELFFile(io.BytesIO(data)).get_section_by_name(section)
        start, size = (found["sh_offset"], found["sh_size"]) if found is not None else (0, 0)
        content = data[start : start + size]  # data() would inflate a section flagged as compressed
    except damage as error:
        raise BpflintError(f"{name}: damaged ELF file: {error}") from error
    if not content:
        raise BpflintError(f"{name}: no {section} section (was it built with debug information?)")
    return content


def unpack_bzimage(data: bytes, name: str) -> bytes:
    """Return the uncompressed kernel (an ELF file) of a bzImage."""
    if len(data) < 0x250:
        raise BpflintError(f"{name}: the bzImage header is cut off")
    start = (data[0x1F1] + 1) * 512 + int(struct.unpack_from("<I", data, 0x248)[0])
    payload = data[start : start + int(struct.unpack_from("<I", data, 0x24C)[0])]
    for magic, unpack in _UNPACKERS.items():
        if payload.startswith(magic):
            return unpack(payload, name)
    raise BpflintError(f"{name}: unknown compression (payload begins with {payload[:4].hex()})")


def _gzip(payload: bytes, name: str) -> bytes:
    try:
        return gzip.decompress(payload)
    except (OSError, EOFError, zlib.error) as error:
        raise BpflintError(f"{name}: damaged gzip payload: {error}") from error


def _xz(payload: bytes, name: str) -> bytes:
    try:
        # the kernel appends the unpacked size, four bytes, after the stream
        return lzma.LZMADecompressor().decompress(payload)
    except lzma.LZMAError as error:
        raise BpflintError(f"{name}: damaged xz payload: {error}") from error


def _tool(command: str) -> Callable[[bytes, str], bytes]:
    def unpack(payload: bytes, name: str) -> bytes:
        found = shutil.which(command)
        if found is None:
            raise BpflintError(f"{name}: unpacking it needs the program {command}, which is not installed")
        done = subprocess.run([found, "-dcq"], input=payload, capture_output=True, check=False)
        # the four bytes of size after the stream make the tool complain at the end; the output is whole
        if not done.stdout.startswith(_ELF):
            raise BpflintError(f"{name}: {command} could not unpack the payload")
        return done.stdout

    return unpack


_UNPACKERS: Final[dict[bytes, Callable[[bytes, str], bytes]]] = {
    b"\x1f\x8b": _gzip,
    b"\xfd7zXZ": _xz,
    b"\x28\xb5\x2f\xfd": _tool("zstd"),
    b"\x02\x21\x4c\x18": _tool("lz4"),
}
