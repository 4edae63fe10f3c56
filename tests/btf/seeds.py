"""Which small BTF blobs cover the format? Every kind, both byte orders, .BTF.ext, split BTF, the layout section."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from bpflint.btf import Btf
from bpflint.btf import types as t
from bpflint.btf.encode import encode
from bpflint.btf.wire import KIND_WORDS, ByteOrder


@dataclass(frozen=True)
class Seed:
    """A blob with what belongs to it."""

    name: str
    data: bytes
    base: bytes | None = None
    ext: bytes | None = None


EVERY_KIND: tuple[t.BtfType, ...] = (
    t.Int("int", 4, 32, 0, 1),  # 1
    t.Int("long unsigned int", 8, 64, 0, 0),
    t.Int("char", 1, 8, 0, 1),
    t.Int("_Bool", 1, 8, 0, 4),
    t.Ptr(6),  # 5
    t.Composite("struct", "node", 32, (
        t.Member("next", 5, 0, 0), t.Member("tag", 7, 64, 0), t.Member("", 9, 128, 0), t.Member("low", 1, 192, 3),
        t.Member("high", 1, 195, 29), t.Member("on", 4, 224, 1),
    ), kind_flag=True),
    t.Array(3, 1, 8),
    t.Composite("struct", "", 8, (t.Member("id", 2, 0, 0),)),
    t.Composite("union", "", 8, (t.Member("", 8, 0, 0), t.Member("raw", 7, 0, 0))),
    t.Enum("colour", 4, (t.Enumerator("RED", 0), t.Enumerator("BLUE", -1)), signed=True),  # 10
    t.Enum("wide", 8, (t.Enumerator("TOP", 1 << 63), t.Enumerator("NONE", 0)), wide=True),
    t.Fwd("struct", "later"),
    t.Fwd("union", "also_later"),
    t.Typedef("node_t", 6),
    t.Qualifier("volatile", 1),  # 15
    t.Qualifier("const", 14),
    t.Ptr(16),
    t.Qualifier("restrict", 17),
    t.FuncProto(1, (t.Param("first", 18), t.Param("colour", 10), t.Param("", 0))),
    t.Func("entry", 19, 1),  # 20
    t.Var("counter", 2, 1),
    t.Datasec(".bss", 16, (t.SecVar(21, 0, 8),)),
    t.Float("double", 8),
    t.DeclTag("note", 6, -1),
    t.DeclTag("field_note", 6, 2),  # 25
    t.TypeTag("user", 6),
    t.Ptr(26),
    t.Typedef("callback", 29),
    t.Ptr(19),
    t.Composite("struct", "packed", 7, (t.Member("a", 3, 0, 0), t.Member("b", 1, 8, 0), t.Member("c", 3, 40, 0))),
    t.Composite("struct", "apart", 64, (t.Member("a", 3, 0, 0), t.Member("b", 2, 256, 0))),
    t.Int("unsigned int", 4, 5, 3, 0),  # 32: a bitfield in the old encoding
    t.Composite("struct", "old_bits", 4, (t.Member("five", 32, 0, 0),)),
    t.Composite("struct", "node", 4, (t.Member("other", 1, 0, 0),)),  # a second of that name
    t.Enum("", 1, (t.Enumerator("SMALL", 1),)),  # 35
    t.Other(t.LOC_PARAM, "", t.LOC_PARAM << 24 | 1, 4, (8, 3)),
    t.Other(t.LOC_PROTO, "", t.LOC_PROTO << 24 | 1, 0, (36,)),
    t.Other(t.LOCSEC, "inline.text", t.LOCSEC << 24 | 1, 0, (20, 37, 64)),
)  # fmt: skip

SPLIT: tuple[t.BtfType, ...] = (
    t.Composite("struct", "module_node", 40, (t.Member("base", 6, 0, 0), t.Member("extra", 2, 256, 0))),
    t.Ptr(len(EVERY_KIND) + 1),
    t.Typedef("module_t", len(EVERY_KIND) + 2),
    t.Typedef("counter", 14),
)


def ext_blob(order: ByteOrder, btf: Btf, line_size: int = 16) -> bytes:
    """Return a .BTF.ext with one record of each sort; `line_size` may exceed what the reader knows."""
    mark = "<" if order == "little" else ">"
    name = btf.name_offsets()
    section, text = name["entry"], name["note"]
    functions = struct.pack(f"{mark}5I", 8, section, 1, 0, 20)
    lines = struct.pack(f"{mark}7I", line_size, section, 1, 0, text, text, 7 << 10 | 3)
    lines += b"\0" * (line_size - 16)
    relocations = struct.pack(f"{mark}7I", 16, section, 1, 8, 6, name["node_t"], 0)
    sizes = len(functions), len(lines), len(relocations)
    header = struct.pack(
        f"{mark}HBBI6I", 0xEB9F, 1, 0, 32, 0, sizes[0], sizes[0], sizes[1], sizes[0] + sizes[1], sizes[2]
    )
    return header + functions + lines + relocations


def with_layout(blob: bytes, extra: dict[int, tuple[int, int]] | None = None) -> bytes:
    """Return a blob with the 32-byte header of Linux 7.x and a layout section; `extra` adds kinds in bytes."""
    mark = "<" if blob[:2] == b"\x9f\xeb" else ">"
    fields = list(struct.unpack_from(f"{mark}HBBIIIII", blob))
    body = blob[24:]
    kinds = {k: (a * 4, b * 4) for k, (a, b) in KIND_WORDS.items()} | (extra or {})
    layout = b"".join(struct.pack(f"{mark}BBH", *kinds.get(k, (0, 0)), 0) for k in range(max(kinds) + 1))
    padding = b"\0" * (-len(body) % 4)
    fields[3] = 32
    return struct.pack(f"{mark}HBBIIIIIII", *fields, len(body + padding), len(layout)) + body + padding + layout


def seeds() -> list[Seed]:
    """Return the seeds in a fixed order."""
    found = []
    orders: tuple[ByteOrder, ...] = ("little", "big")
    for order in orders:
        whole = encode(EVERY_KIND, order)
        base = Btf(whole)
        found += [
            Seed(f"kinds-{order}", whole, ext=ext_blob(order, base)),
            Seed(f"ext-long-{order}", whole, ext=ext_blob(order, base, 24)),
            Seed(f"split-{order}", encode(SPLIT, order, base), base=whole),
            Seed(f"layout-{order}", with_layout(whole)),
            Seed(f"new-kind-{order}", new_kind(order)),
        ]
    return found


def new_kind(order: ByteOrder) -> bytes:
    """Return a blob with a kind 40 that only its layout section describes: 4 bytes, and 8 for each element."""
    strange = t.Other(40, "strange", 40 << 24 | 2, 0, (1, 2, 3, 4, 5))
    return with_layout(encode((*EVERY_KIND, strange, t.Ptr(1)), order), {40: (4, 8)})
