"""Which Go files and functions are worth lowering? Those whose words have to do with maps, events or raw bytes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bpflint.frontends.go.declarations import FuncDecl, GoFile

_FILE = (
    b"cilium/ebpf", b"libbpfgo", b"ebpf-manager", b"gobpf", b"RawSample", b'"encoding/binary"', b'"unsafe"', b"bpf2go",
)  # fmt: skip
_FUNCTION = re.compile(
    rb"\bebpf\.|\bbinary\.|\bunsafe\.|RawSample|\bringbuf\.|\bperf\.|\blink\.|\bMaps\b|libbpfgo|\bbpf\w*\.|Endian|"
    rb"\.(?:Lookup|Update|Put|Delete|NextKey|Iterate|Next|Batch|GetValue|Read|ReadInto|GetMap|GetProgram|Load|Attach)\w*\("
)
_PARTS = (
    b"bpf", b"binary.", b"unsafe.", b"RawSample", b"ringbuf.", b"perf.", b"link.", b"Maps", b"Endian", b".Lookup",
    b".Update", b".Put", b".Delete", b".Next", b".Iterate", b".Batch", b".Get", b".Read", b".Load", b".Attach",
)  # fmt: skip
"""One of these stands in whatever _FUNCTION finds: plain words are looked for 100 times as fast as the pattern."""
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
    return any(part in text for part in _PARTS) and _FUNCTION.search(text) is not None


def _head(text: bytes) -> bytes:
    """A function's signature."""
    return text[: max(text.find(b"{\n"), 0) or len(text)]
