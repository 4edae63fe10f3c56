"""Which Go files and functions are worth lowering? Those whose words have to do with maps, events or raw bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from bpflint.frontends.go.declarations import FuncDecl, GoFile

_FILE = (
    b"cilium/ebpf", b"libbpfgo", b"ebpf-manager", b"gobpf", b"RawSample", b'"encoding/binary"', b'"unsafe"', b"bpf2go",
    b'/netns"', b"<bpf/", b">> 24)", b">>24)", b".GetMap(", b".Iterate()", b".NextKey(",
)  # fmt: skip
_FUNCTION_WORDS = (b"RawSample", b"libbpfgo", b"Endian", b".NewModule(", b">> 24)", b">>24)")
_FUNCTION = (
    re.compile(
        rb"\.(?:(?<=\bebpf.)|(?<=\bbinary.)|(?<=\bunsafe.)|(?<=\bringbuf.)|(?<=\bperf.)|(?<=\blink.)|"
        rb"(?<!\bos\.)(?<!\bio\.)(?<!\bbtf\.)(?<!\basm\.)"
        rb"(?:Lookup|Update|Put|Delete|NextKey|Iterate|Next|Batch|GetValue|Read|ReadInto|GetMap|GetProgram|Load|Attach)"
        rb"\w*\()"
    ),
    re.compile(rb"Maps(?<=\bMaps)\b"),
    re.compile(rb"bpf(?<=\bbpf)\w*\."),
    re.compile(
        rb"\.(?:Close|Stop|Destroy|Detach|Unpin|Unload|CleanUp|Cleanup)|\b(?:close|stop|destroy|detach|cleanup)\w*\("
    ),
    re.compile(rb"\b(?:netns|unix|syscall)\.|\.R?(?:Un)?[Ll]ock\(|SetFinalizer|\bC\.\w*(?:bpf|__)"),
)
"""The first ones start with a plain word, which is looked for ten times as fast as a choice of them. What reads files,
type information or writes instructions is told by its package.
"""
_GIVES_UP = re.compile(
    rb"func \([^)]*\) (?:Close|Stop|Shutdown|Destroy|Clean[Uu]p|Tear[Dd]own|Unload|Release|Terminate|Dispose)\("
)
"""A method by which a type is given up tells something where its body is empty, too."""
_LOCKS = (b".Lock()", b".RLock()")
_FIELD = re.compile(rb"\w\.(\w+)(?=\[)|\brange \w+\.(\w+)(?= \{)|\bdelete\(\w+\.(\w+)(?=,)")
_VARIABLE = re.compile(rb"\bdelete\((\w+),|, ok :?= (\w+)\[")
_BYTES = re.compile(rb"\[\]byte|\*ebpf\.|\*bytes\.|io\.Reader|interface\{|\bany\b|unsafe\.Pointer")


def worth(file: GoFile) -> bool:
    """Return whether a file's bodies may touch maps, events, raw bytes or what holds them."""
    data = file.source.data
    return any(word in data for word in _FILE)


def telling(decls: Sequence[FuncDecl], beside: Sequence[FuncDecl] = ()) -> list[FuncDecl]:
    """Return the functions to lower: those with telling words, those that hand bytes on to one of them, those that
    touch what a lock guards, and what calls those inside the package. Of the functions `beside` only the last count.
    """
    both = [*decls, *beside]
    texts = {id(decl): decl.file.source.data[decl.head.start_byte : decl.head.end_byte] for decl in both}
    chosen = [decl for decl in decls if _tells(texts[id(decl)])]
    chosen += _calling({decl.name for decl in chosen if _BYTES.search(_head(texts[id(decl)]))}, decls, chosen, texts)
    return chosen + _guarded(both, chosen, texts)


def _tells(text: bytes) -> bool:
    told = any(word in text for word in _FUNCTION_WORDS) or any(item.search(text) for item in _FUNCTION)
    return told or _GIVES_UP.match(text) is not None


def _calling(
    names: Iterable[str], decls: Sequence[FuncDecl], taken: Sequence[FuncDecl], texts: Mapping[int, bytes]
) -> list[FuncDecl]:
    """The functions not yet taken that call one of the named."""
    if not (listed := sorted(set(names))):
        return []
    called = re.compile(rb"\b(?:" + b"|".join(re.escape(name.encode()) for name in listed) + rb")\(")
    known = {id(decl) for decl in taken}
    return [
        decl for decl in decls
        if id(decl) not in known and called.search(texts[id(decl)], len(_head(texts[id(decl)])))
    ]  # fmt: skip


def _guarded(decls: Sequence[FuncDecl], taken: Sequence[FuncDecl], texts: Mapping[int, bytes]) -> list[FuncDecl]:
    """The functions not yet taken that take a lock, or name a container of one that does, and their callers.

    Whether a function of the package's own runs under a lock is for its callers to say, so all of them are wanted.
    """
    locking = [text for text in texts.values() if any(word in text for word in _LOCKS)]
    if not locking:
        return []
    fields = {name for text in locking for found in _FIELD.findall(text) for name in found if name}
    variables = {name for text in locking for found in _VARIABLE.findall(text) for name in found if name}
    wanted = [rb"\." + name + rb"\b" for name in sorted(fields)]
    wanted += [rb"\b" + name + rb"\b" for name in sorted(variables)]
    touched = re.compile(b"|".join((rb"\.R?Lock\(\)", *wanted)))
    known = {id(decl) for decl in taken}
    touching = [decl for decl in decls if touched.search(texts[id(decl)])]
    more = [decl for decl in touching if id(decl) not in known]
    fresh = touching
    while fresh:
        own = {decl.name for decl in fresh if not decl.name[:1].isupper()}
        fresh = _calling(own, decls, [*taken, *more], texts)
        more += fresh
    return more


def _head(text: bytes) -> bytes:
    """A function's signature."""
    return text[: max(text.find(b"{\n"), 0) or len(text)]
