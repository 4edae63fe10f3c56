"""How was the embedded kernel BTF made? `python -m bpflint.kernels.rebuild PACKAGE.deb` makes it again.

From a Debian kernel package to two files under `bpflint/data`: the types (records, enumerations, typedefs and the
kfuncs' prototypes), and, split from it, the prototypes of all other functions. Variables and unused types go.
The files depend on the package's bytes alone. Some packages need the programs `zstd` or `lz4` to be unpacked.
"""

from __future__ import annotations

import hashlib
import lzma
import sys
from pathlib import Path
from typing import Final

from bpflint.btf import Btf
from bpflint.btf import types as t
from bpflint.btf.encode import encode
from bpflint.btf.subset import closure, in_order
from bpflint.kernels.deb import kernel_image
from bpflint.kernels.extract import extract_btf

DATA: Final = Path(__file__).resolve().parent.parent / "data"
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


def main(package: Path) -> None:
    """Write the two files and print what the README beside them records."""
    content = package.read_bytes()
    release, image = kernel_image(content, package.name)
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
