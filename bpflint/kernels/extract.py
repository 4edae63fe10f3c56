"""Where is the BTF inside a kernel image? In an ELF file's .BTF section, in a packed payload, or bare among the code.

Facts: Documentation/arch/x86/boot.rst for the bzImage header ("HdrS" at 0x202, setup sectors at 0x1f1, payload
offset and length at 0x248 and 0x24c, counted from the protected-mode code) · Documentation/arch/arm64/booting.rst
("ARM\\x64" at 0x38 of an Image, which may be packed as a whole) · drivers/firmware/efi/libstub/zboot-header.S ("zimg"
at 4, payload offset and size at 8 and 12) · arch/s390/boot/head.S ("S390EP" at 0x10008; no field tells where the packed
kernel begins). What arm64 and s390x unpack to is memory as it will stand, without sections: its BTF is looked for.
"""

from __future__ import annotations

import io
import lzma
import shutil
import struct
import subprocess
import zlib
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from bpflint.btf import Btf, BtfError
from bpflint.model.errors import BpflintError

_ELF: Final = b"\x7fELF"
_DAMAGE: Final = (ValueError, AttributeError, TypeError, KeyError, IndexError, OverflowError, MemoryError)
_BTF: Final = (b"\x9f\xeb", b"\xeb\x9f")
_MACHINES: Final = {62: ("x86_64",), 3: ("i386",), 183: ("arm64",), 22: ("s390x",)}
"""EM_X86_64, EM_386, EM_AARCH64 and EM_S390 of elf.h: a vmlinux."""
_TRIES: Final = 16
"""Places looked at in an image that does not say where its BTF or its payload is."""


def extract_btf(data: bytes, name: str) -> bytes:
    """Return the raw BTF inside a file's bytes; BpflintError names the file when there is none."""
    if data[:2] in _BTF:
        return data
    if data[:4] == _ELF:
        return elf_section(data, ".BTF", name)
    if data[0x202:0x206] == b"HdrS":
        return extract_btf(unpack_bzimage(data, name), name)
    if data[:2] == b"\x1f\x8b":
        return _bare(_gzip(data, name), name)
    if data[4:8] == b"zimg":
        start, size = struct.unpack_from("<II", data.ljust(16, b"\0"), 8)
        return _bare(_unpacked(data[start : start + size], name), name)
    if data[0x38:0x3C] == b"ARM\x64":
        return _bare(data, name)
    if data[0x10008:0x1000E] == b"S390EP":
        return _inside_s390(data, name)
    raise BpflintError(f"{name}: neither raw BTF nor an ELF file nor a kernel image (bzImage, arm64, s390x)")


def image_architectures(data: bytes) -> tuple[str, ...]:
    """Return the architectures that a kernel image may be of, by what it begins with; none: it is no kernel image."""
    if data[0x202:0x206] == b"HdrS":
        return ("x86_64", "i386")
    if data[:4] == _ELF:
        return _MACHINES.get(int.from_bytes(data[18:20], "big" if data[5:6] == b"\2" else "little"), ())
    if data[0x38:0x3C] == b"ARM\x64" or data[:2] == b"\x1f\x8b":
        return ("arm64",)
    if data[4:8] == b"zimg":
        return ("arm64", "riscv64", "loong64")
    return ("s390x",) if data[0x10008:0x1000E] == b"S390EP" else ()


def _inside_s390(data: bytes, name: str) -> bytes:
    """Unpack what begins like a payload, until it is one."""
    starts = sorted(start for magic in _UNPACKERS for start in islice(_places(data, magic), _TRIES))
    for start in starts:
        try:
            return _bare(_unpacked(data[start:], name), name)
        except BpflintError as error:
            if "not installed" in str(error):
                raise
    raise BpflintError(f"{name}: no packed kernel with BTF in this s390x image")


def _places(data: bytes, magic: bytes) -> Iterator[int]:
    place = data.find(magic)
    while place >= 0:
        yield place
        place = data.find(magic, place + 1)


def _bare(image: bytes, name: str) -> bytes:
    """Return the longest stretch of an image that is BTF from its magic number to its last name."""
    found = sorted(_headers(image), key=lambda bounds: bounds[0] - bounds[1])
    for start, end in found[:_TRIES]:
        try:
            Btf(image[start:end])
        except BtfError:
            continue
        return image[start:end]
    raise BpflintError(f"{name}: no BTF in the image (was it built with debug information?)")


def _headers(image: bytes) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of what may be BTF: version 1, no flags, types and names one after the other."""
    for magic, mark in zip(_BTF, "<>", strict=True):
        for start in _places(image, magic + b"\1\0"):
            if start + 24 > len(image):
                return
            header, type_off, type_len, str_off, str_len = struct.unpack_from(f"{mark}5I", image, start + 4)
            end = start + header + str_off + str_len
            if 24 <= header <= 32 and type_off == 0 < type_len <= str_off and str_len and end <= len(image):
                yield start, end


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
    return _unpacked(data[start : start + int(struct.unpack_from("<I", data, 0x24C)[0])], name)


def _unpacked(payload: bytes, name: str) -> bytes:
    for magic, unpack in _UNPACKERS.items():
        if payload.startswith(magic):
            return unpack(payload, name)
    raise BpflintError(f"{name}: unknown compression (payload begins with {payload[:4].hex()})")


def _gzip(payload: bytes, name: str) -> bytes:
    stream = zlib.decompressobj(wbits=31)  # gzip.decompress takes nothing behind the stream
    try:
        content = stream.decompress(payload)
    except zlib.error as error:
        raise BpflintError(f"{name}: damaged gzip payload: {error}") from error
    if not stream.eof:
        raise BpflintError(f"{name}: damaged gzip payload: it is cut off")
    return content


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
        # what stands behind the stream (its size, or the rest of an image) makes the tool complain; the output is whole
        if not done.stdout:
            raise BpflintError(f"{name}: {command} could not unpack the payload")
        return done.stdout

    return unpack


_UNPACKERS: Final[dict[bytes, Callable[[bytes, str], bytes]]] = {
    b"\x1f\x8b": _gzip,
    b"\xfd7zXZ": _xz,
    b"\x28\xb5\x2f\xfd": _tool("zstd"),
    b"\x02\x21\x4c\x18": _tool("lz4"),
}
