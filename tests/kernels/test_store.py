"""Does what fails halfway leave nothing behind, and what is damaged one line?"""

from __future__ import annotations

import argparse
import io
import random
import tarfile
from pathlib import Path

import pytest

from bpflint.cli.kernels import run
from bpflint.kernels import store
from bpflint.kernels.deb import kernel_image
from bpflint.kernels.extract import extract_btf, image_architectures
from bpflint.model.errors import BpflintError, ConfigError


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BPFLINT_DATA_DIR", str(tmp_path))
    return tmp_path


class CutOff(Exception):
    """The connection is gone, or somebody pressed Ctrl-C."""


def fill_half(folder: Path, error: type[BaseException]) -> None:
    with store.filling(folder) as half:
        (half / "image").write_bytes(b"half of it")
        raise error


@pytest.mark.parametrize("error", [CutOff, KeyboardInterrupt, OSError])
def test_a_folder_that_is_not_filled_to_the_end_is_never_there(data: Path, error: type[BaseException]) -> None:
    with pytest.raises((error, BpflintError)):
        fill_half(data / "kernels" / "x86_64-6.1.1", error)
    assert list((data / "kernels").iterdir()) == []
    assert store.stored() == ()


def test_the_kernel_that_was_there_stays_when_its_successor_is_cut_off(data: Path) -> None:
    store.add(b"whole", "x86_64", "6.1.1", "a test")
    with pytest.raises(CutOff):
        fill_half(data / "kernels" / "x86_64-6.1.1", CutOff)
    (image,) = store.stored()
    assert image.path.read_bytes() == b"whole"
    assert [path.name for path in (data / "kernels").iterdir()] == ["x86_64-6.1.1"]


def package(members: dict[str, bytes]) -> bytes:
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w:xz") as archive:
        for name, body in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(body)
            archive.addfile(entry, io.BytesIO(body))
    parts = {"debian-binary": b"2.0\n", "data.tar.xz": inner.getvalue()}
    deb = b"!<arch>\n"
    for name, body in parts.items():
        deb += f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(body):<10}`\n".encode() + body + b"\n" * (len(body) % 2)
    return deb


def test_a_damaged_package_or_image_is_one_line_and_nothing_else() -> None:
    whole = package({"./boot/vmlinuz-6.1.0-1-amd64": bytes(range(256)) * 8})
    assert kernel_image(whole, "k.deb")[0] == "6.1.0-1-amd64"
    chance = random.Random(7)
    for _ in range(400):
        damaged = bytearray(whole[: chance.randrange(8, len(whole))] if chance.random() < 0.5 else whole)
        for _ in range(chance.randrange(4)):
            damaged[chance.randrange(8, len(damaged))] = chance.randrange(256)
        with pytest.raises(BpflintError, match=r"\Ak\.deb: [^\n]+\Z"):
            extract_btf(kernel_image(bytes(damaged), "k.deb")[1], "k.deb")


@pytest.mark.parametrize(
    ("start", "archs"),
    [
        (bytes(0x202) + b"HdrS", ("x86_64", "i386")),
        (b"MZ" + bytes(0x36) + b"ARM\x64", ("arm64",)),
        (b"\x1f\x8b\x08", ("arm64",)),
        (bytes(0x10008) + b"S390EP", ("s390x",)),
        (b"\x7fELF\2\1\1" + bytes(9) + b"\2\0\x3e\0", ("x86_64",)),
        (b"\x7fELF\2\2\1" + bytes(9) + b"\0\2\0\x16", ("s390x",)),
        (b"root:x:0:0:root:/root:/bin/bash\n", ()),
        (b"", ()),
    ],
)
def test_an_image_is_known_by_its_beginning(start: bytes, archs: tuple[str, ...]) -> None:
    assert image_architectures(start) == archs


@pytest.mark.parametrize(
    ("start", "told"),
    [
        (b"root:x:0:0:root:/root:/bin/bash\n", "is no kernel image; name a bzImage"),
        (b"MZ" + bytes(0x36) + b"ARM\x64", "is a kernel of arm64, not of x86_64; name a bzImage"),
    ],
)
def test_what_is_no_kernel_is_not_stored(tmp_path: Path, start: bytes, told: str) -> None:
    (tmp_path / "file").write_bytes(start)
    args = argparse.Namespace(action="add", file=tmp_path / "file", name="x86_64:6.1")
    with pytest.raises(ConfigError, match=told):
        run(args)
    assert store.stored() == ()


def test_a_kernel_is_stored(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(bytes(0x202) + b"HdrS")
    assert run(argparse.Namespace(action="add", file=tmp_path / "file", name="x86_64:6.1")) == 0
    assert [str(image.kernel) for image in store.stored()] == ["x86_64:6.1"]
