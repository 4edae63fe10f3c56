"""Which Go files and functions are worth lowering? Those whose words have to do with maps, events or raw bytes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bpflint.frontends.go.declarations import FuncDecl, GoFile

_FILE = (
    b"cilium/ebpf", b"libbpfgo", b"ebpf-manager", b"gobpf", b"RawSample", b'"encoding/binary"', b'"unsafe"', b"bpf2go",
)  # fmt: skip
_FUNCTION_WORDS = (b"RawSample", b"libbpfgo", b"Endian")
_FUNCTION = (
    re.compile(
        rb"\.(?:(?<=\bebpf.)|(?<=\bbinary.)|(?<=\bunsafe.)|(?<=\bringbuf.)|(?<=\bperf.)|(?<=\blink.)|"
        rb"(?:Lookup|Update|Put|Delete|NextKey|Iterate|Next|Batch|GetValue|Read|ReadInto|GetMap|GetProgram|Load|Attach)"
        rb"\w*\()"
    ),
    re.compile(rb"Maps(?<=\bMaps)\b"),
    re.compile(rb"bpf(?<=\bbpf)\w*\."),
)
"""Each starts with a plain word, which is looked for ten times as fast as a choice of them."""
_BYTES = re.compile(rb"\[\]byte|\*ebpf\.|\*bytes\.|io\.Reader|interface\{|\bany\b|unsafe\.Pointer")


def worth(file: GoFile) -> bool:
    """Return whether a file's bodies may touch maps, events or raw bytes."""
    data = file.source.data
    return any(word in data for word in _FILE)


def telling(decls: Sequence[FuncDecl]) -> list[FuncDecl]:
    """Return the functions to lower: those with telling words, and those that hand bytes on to one of them."""
    texts = {id(decl): decl.file.source.data[decl.head.start_byte : decl.head.end_byte] for decl in decls}
    chosen = [decl for decl in decls if _tells(texts[id(decl)])]
    names = sorted({decl.name for decl in chosen if _BYTES.search(_head(texts[id(decl)]))})
    if not names:
        return chosen
    called = re.compile(rb"\b(?:" + b"|".join(re.escape(name.encode()) for name in names) + rb")\(")
    taken = {id(decl) for decl in chosen}
    more = [
        decl for decl in decls
        if id(decl) not in taken and called.search(texts[id(decl)], len(_head(texts[id(decl)])))
    ]  # fmt: skip
    return chosen + more


def _tells(text: bytes) -> bool:
    return any(word in text for word in _FUNCTION_WORDS) or any(item.search(text) for item in _FUNCTION)


def _head(text: bytes) -> bytes:
    """A function's signature."""
    return text[: max(text.find(b"{\n"), 0) or len(text)]
