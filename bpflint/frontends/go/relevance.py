"""Which Go files and functions are worth lowering? Those whose words have to do with maps, events or raw bytes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bpflint.frontends.go.declarations import FuncDecl, GoFile

_FILE = re.compile(rb"cilium/ebpf|libbpfgo|ebpf-manager|gobpf|RawSample|\"encoding/binary\"|\"unsafe\"|bpf2go|/netns\"")
_FUNCTION = re.compile(
    rb"\bebpf\.|\bbinary\.|\bunsafe\.|RawSample|\bringbuf\.|\bperf\.|\blink\.|\bMaps\b|libbpfgo|\bbpf\w*\.|Endian|"
    rb"\.(?:Lookup|Update|Put|Delete|NextKey|Iterate|Next|Batch|GetValue|Read|ReadInto|GetMap|GetProgram|Load|Attach)\w*\("
    rb"|(?i:close|stop|destroy|detach|unpin|unload|clean)|\bnetns\.|\bunix\.|\bsyscall\.|\.R?(?:Un)?[Ll]ock\(|SetFinalizer"
)
_BYTES = re.compile(rb"\[\]byte|\*ebpf\.|\*bytes\.|io\.Reader|interface\{|\bany\b|unsafe\.Pointer")


def worth(file: GoFile) -> bool:
    """Return whether a file's bodies may touch maps, events, raw bytes or what holds them."""
    return _FILE.search(file.source.data) is not None


def telling(decls: Sequence[FuncDecl]) -> list[FuncDecl]:
    """Return the functions to lower: those with telling words, and those that hand bytes on to one of them."""
    texts = {id(decl): decl.file.source.data[decl.head.start_byte : decl.head.end_byte] for decl in decls}
    chosen = [decl for decl in decls if _FUNCTION.search(texts[id(decl)])]
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


def _head(text: bytes) -> bytes:
    """A function's signature."""
    return text[: max(text.find(b"{\n"), 0) or len(text)]
