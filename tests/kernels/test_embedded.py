"""Are the shipped kernel types whole, described truly, and found inside the containers kernels come in?"""

from __future__ import annotations

import gzip
import lzma
import struct
from pathlib import Path

import pytest

import bpflint
from bpflint.btf import Btf
from bpflint.btf import types as t
from bpflint.btf.c_writer import write_c
from bpflint.btf.encode import encode
from bpflint.btf.lookup import Listed
from bpflint.kernels.deb import kernel_image
from bpflint.kernels.embedded import default_kernel, shipped_btf
from bpflint.kernels.extract import extract_btf
from bpflint.kernels.vmlinux import cached_vmlinux_h, write_text
from bpflint.model.errors import BpflintError

DATA = Path(bpflint.__file__).parent / "data"
SMALL = encode((
    t.Int("int", 4, 32, 0, 1), t.Composite("struct", "kept", 4, (t.Member("a", 1, 0, 0),)), t.Ptr(2),
    t.FuncProto(1, (t.Param("it", 3),)), t.Func("plain", 4, 0), t.Func("kernel_function", 4, 0),
    t.DeclTag("bpf_kfunc", 6, -1), t.Var("dropped", 1, 0), t.Datasec(".data", 4, (t.SecVar(8, 0, 4),)),
))  # fmt: skip


def test_the_types_of_the_default_kernel_are_complete_and_sound():
    types = Btf(shipped_btf(default_kernel()))
    types.check()
    assert types.byte_order == "little"
    for name in ("task_struct", "sk_buff", "sock", "pt_regs", "bpf_map_type", "u32", "trace_event_raw_sys_enter"):
        assert types.find(name), name
    kfuncs = [i for i in types.own_ids() if types.kind(i) == t.FUNC]
    assert len(kfuncs) > 300
    assert types.find("bpf_task_from_pid", t.FUNC)


def test_the_header_of_a_list_of_types_is_that_of_their_bytes(tmp_path):
    kernel = default_kernel()
    header = cached_vmlinux_h(tmp_path).read_text()
    assert header.startswith(write_c(Btf(shipped_btf(kernel))))
    some = Btf(SMALL)
    assert write_c(Listed([one for _, one in some.types()], "little")) == write_c(some)


def bzimage(payload: bytes) -> bytes:
    head = bytearray(1024)
    head[0x1F1] = 1
    head[0x202:0x206] = b"HdrS"
    struct.pack_into("<II", head, 0x248, 16, len(payload))
    return bytes(head) + bytes(16) + payload


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_btf_is_found_in_a_bzimage(pack):
    # the kernel's build appends the unpacked size to an xz payload
    assert extract_btf(bzimage(pack(SMALL)), "k") == SMALL
    assert extract_btf(SMALL, "k") == SMALL


def bare(btf: bytes) -> bytes:
    """Memory as an architecture without sections packs it: a damaged look-alike, the BTF, and bytes behind both."""
    return b"code" * 9 + btf[:40] + b"\xff" * 400 + btf + b"data" * 9


def arm64(btf: bytes) -> bytes:
    return b"MZ".ljust(0x38, b"\0") + b"ARM\x64" + bare(btf)


def zboot(btf: bytes) -> bytes:
    payload = gzip.compress(arm64(btf), mtime=0)
    return struct.pack("<4s4sII", b"MZ\0\0", b"zimg", 64, len(payload)).ljust(64, b"\0") + payload + bytes(8)


def s390x(btf: bytes) -> bytes:
    # no field tells where the payload is, and the decompressor's own code holds its magic numbers
    return bytes(0x10008) + b"S390EP" + b"\x1f\x8b" * 3 + gzip.compress(bare(btf), mtime=0) + b"rest"


@pytest.mark.parametrize("image", [arm64, lambda btf: gzip.compress(arm64(btf), mtime=0), zboot, s390x])
@pytest.mark.parametrize("order", ["little", "big"])
def test_btf_is_found_in_an_image_without_sections(image, order):
    small = encode([one for _, one in Btf(SMALL).types()], order)
    assert extract_btf(image(small), "k") == small


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "neither raw BTF"),
        (arm64(b""), "no BTF in the image"),
        (zboot(SMALL)[:90], "damaged gzip"),
        (s390x(b""), "no packed kernel"),
        (b"\x7fELF" + bytes(60), "damaged ELF|no .BTF section"),
        (bzimage(b"????"), "unknown compression"),
        (bzimage(gzip.compress(SMALL, mtime=0)[:30]), "damaged gzip"),
        (bzimage(b"")[:0x210], "cut off"),
    ],
)
def test_anything_else_is_one_clear_error(data, text):
    with pytest.raises(BpflintError, match=rf"^k: [^\n]*({text})[^\n]*$"):
        extract_btf(data, "k")


def test_a_package_without_a_kernel_is_an_error():
    with pytest.raises(BpflintError, match="not a Debian package"):
        kernel_image(b"PK", "x.deb")
    with pytest.raises(BpflintError, match="not a Debian package with files"):
        kernel_image(b"!<arch>\n", "x.deb")


def test_headers_are_keyed_by_content_and_written_whole(tmp_path):
    first = cached_vmlinux_h(tmp_path, SMALL)
    assert first.name == "vmlinux.h"
    assert "struct kept {" in first.read_text()
    assert cached_vmlinux_h(tmp_path, SMALL) == first
    assert cached_vmlinux_h(tmp_path, encode((t.Int("int", 4, 32, 0, 1),))) != first
    with pytest.raises(OSError, match="absent"):
        write_text("x", tmp_path / "absent" / "x.h")
    assert [path.name for path in first.parent.iterdir()] == ["vmlinux.h"]
