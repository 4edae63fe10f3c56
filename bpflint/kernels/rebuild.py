"""How was the embedded kernel BTF made? `python -m bpflint.kernels.rebuild PACKAGE.deb` makes it again.

From a Debian kernel package to two files under `bpflint/data`: the types (records, enumerations, typedefs and the
kfuncs' prototypes), and, split from it, the prototypes of all other functions. Variables and unused types go.
The files depend on the package's bytes alone. Some packages need the programs `zstd` or `lz4` to be unpacked.
"""

from __future__ import annotations

import hashlib
import io
import lzma
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bpflint.btf import Btf
from bpflint.btf import types as t
from bpflint.btf.encode import encode
from bpflint.btf.subset import closure, in_order
from bpflint.kernels.extract import extract_btf
from bpflint.model.errors import BpflintError

DATA: Final = Path(__file__).resolve().parent.parent / "data"
_IMAGE = re.compile(r"(?:^|/)(?:boot/vmlinuz-([^/]+)|lib/modules/([^/]+)/vmlinuz)$")
_TYPES = (t.STRUCT, t.UNION, t.ENUM, t.ENUM64, t.TYPEDEF)
_PRESET = lzma.PRESET_EXTREME | 9


def split_kernel(raw: bytes) -> tuple[bytes, bytes]:
    """Return (types, functions): a BTF of the types, and one split from it that holds the prototypes."""
    btf = Btf(raw)
    tags = {i: one for i, one in btf.types() if isinstance(one, t.DeclTag)}
    roots = [i for i in btf.own_ids() if btf.kind(i) in _TYPES]
    kfuncs = {one.type for one in tags.values() if btf.kind(one.type) == t.FUNC and one.name == "bpf_kfunc"}
    roots += kfuncs
    kept = closure(btf, roots + [i for i, one in tags.items() if one.type in kfuncs])
    types = encode(in_order(btf, kept), btf.byte_order)
    inside = set(kept)
    more = [i for i in closure(btf, (i for i in btf.own_ids() if btf.kind(i) == t.FUNC)) if i not in inside]
    # functions of one prototype side by side: 4 % smaller when compressed
    more.sort(key=lambda i: (one.type, one.name) if isinstance(one := btf.type(i), t.Func) else (0, ""))
    everything = in_order(btf, kept + more)
    return types, encode(everything[len(kept) :], btf.byte_order, Btf(types))


def kernel_image(package: bytes) -> tuple[str, bytes]:
    """Return (release, image) from a Debian kernel package's bytes."""
    for name, content in _members(package):
        if name.startswith("data.tar"):
            with tarfile.open(fileobj=io.BytesIO(_plain(name, content))) as archive:
                for entry in archive:
                    match = _IMAGE.search(entry.name)
                    stream = archive.extractfile(entry) if match and entry.isfile() else None
                    if match and stream is not None:
                        return match[1] or match[2], stream.read()
    raise BpflintError("the package holds no kernel image")


def _members(package: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the members of an `ar` archive: 60-byte headers, name in bytes 0-15, decimal size in 48-57."""
    if not package.startswith(b"!<arch>\n"):
        raise BpflintError("not a Debian package")
    at = 8
    while at + 60 <= len(package):
        name = package[at : at + 16].decode("ascii", "replace").strip().rstrip("/")
        size = int(package[at + 48 : at + 58])
        yield name, package[at + 60 : at + 60 + size]
        at += 60 + size + size % 2


def _plain(name: str, content: bytes) -> bytes:
    if not name.endswith(".zst"):
        return content  # tarfile knows xz, gzip and bzip2
    return subprocess.run(["zstd", "-dcq"], input=content, capture_output=True, check=True).stdout


def main(package: Path) -> None:
    """Write the two files and print what the README beside them records."""
    content = package.read_bytes()
    release, image = kernel_image(content)
    types, functions = split_kernel(extract_btf(image, package.name))
    for old in DATA.glob("vmlinux-*.btf.xz"):
        old.unlink()
    print(f"package {package.name}\nsha256  {hashlib.sha256(content).hexdigest()}")
    for part, data in (("", types), (".functions", functions)):
        packed = lzma.compress(data, preset=_PRESET)
        out = DATA / f"vmlinux-x86_64-{release}{part}.btf.xz"
        out.write_bytes(packed)
        print(f"{out.name}  {len(data)} bytes, {len(packed)} compressed")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m bpflint.kernels.rebuild PACKAGE.deb")
    main(Path(sys.argv[1]))
