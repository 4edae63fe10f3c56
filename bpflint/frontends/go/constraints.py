"""For which targets is a Go file compiled? Its `//go:build` line, the older `// +build` lines and its name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bpflint.analysis.abi import TARGETS, canonical_target

# internal/syslist of the Go distribution: the names that are meant by `_linux.go` and `_arm64.go`.
_SYSTEMS = frozenset((
    "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "nacl", "netbsd",
    "openbsd", "plan9", "solaris", "wasip1", "windows", "zos",
))  # fmt: skip
_ARCHES = frozenset((
    "386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "loong64", "mips", "mipsle", "mips64", "mips64le",
    "mips64p32", "mips64p32le", "ppc", "ppc64", "ppc64le", "riscv", "riscv64", "s390", "s390x", "sparc", "sparc64",
    "wasm",
))  # fmt: skip
_OURS = {arch: canonical_target(arch) for arch in
         ("386", "amd64", "arm", "arm64", "loong64", "mips64le", "ppc64le", "riscv64", "s390x")}  # fmt: skip
_TRUE = frozenset(("linux", "unix", "cgo", "gc"))
_ALL = frozenset(TARGETS)
_NONE: frozenset[str] = frozenset()

_HEAD = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:\s+|//[^\n]*(?:\n|\Z)|/\*.*?\*/)*", re.S)
_GO_BUILD = re.compile(rb"^//go:build[ \t]+([^\r\n]*)", re.M)
_PLUS_BUILD = re.compile(rb"^//[ \t]*\+build[ \t]+([^\r\n]*)", re.M)
_TOKEN = re.compile(r"\s*(&&|\|\||!|\(|\)|[\w.]+)")
_MOST_TOKENS = 2000


def targets_of(path: str, data: bytes) -> tuple[str, ...] | None:
    """Return the targets a file is built for: () for all of them, None for a file no Linux build takes."""
    found = _by_name(path) & _by_lines(data)
    if found == _ALL:
        return ()
    return tuple(name for name in TARGETS if name in found) or None


def covers(targets: Sequence[str] | None, target: str) -> bool:
    """Return whether a file with these targets is built for `target`."""
    return targets is not None and (not targets or target in targets)


def _by_name(path: str) -> frozenset[str]:
    """go/build, goodOSArchFile: what stands before the first underscore is no constraint."""
    stem = path.rpartition("/")[2].partition(".")[0]
    parts = stem.split("_")[1:]
    if parts and parts[-1] == "test":
        parts.pop()
    if len(parts) >= 2 and parts[-2] in _SYSTEMS and parts[-1] in _ARCHES:
        return _tag(parts[-2]) & _tag(parts[-1])
    if parts and (parts[-1] in _SYSTEMS or parts[-1] in _ARCHES):
        return _tag(parts[-1])
    return _ALL


def _by_lines(data: bytes) -> frozenset[str]:
    head = _HEAD.match(data)
    comments = head[0] if head else b""
    if b"build" not in comments:
        return _ALL
    line = _GO_BUILD.search(comments)
    if line is not None:
        return _expression(line[1].decode("utf-8", "replace"))
    found = _ALL
    # go/build: such lines count only above a blank line, so that a package comment may speak of them.
    for line in _PLUS_BUILD.finditer(comments, 0, _last_blank(comments)):
        found &= _plus(line[1].decode("utf-8", "replace"))
    return found


def _last_blank(comments: bytes) -> int:
    ends = [found.end() for found in re.finditer(rb"\n[ \t\r]*\n", comments)]
    return ends[-1] if ends else 0


def _plus(line: str) -> frozenset[str]:
    """One `// +build` line: blanks are or, commas are and (Go 1.16's go/build)."""
    found = _NONE
    for option in line.split():
        terms = _ALL
        for term in option.split(","):
            terms &= _ALL - _tag(term[1:]) if term.startswith("!") else _tag(term)
        found |= terms
    return found


def _tag(name: str) -> frozenset[str]:
    if name in _ARCHES:
        return frozenset((_OURS[name],)) if name in _OURS else _NONE
    return _ALL if name in _TRUE or re.fullmatch(r"go1(?:\.\d+)*", name) else _NONE


def _expression(text: str) -> frozenset[str]:
    """Evaluate a `//go:build` expression over the set of all targets; one that cannot be read excludes the file."""
    tokens: list[str] = []
    at = 0
    text = text.partition("//")[0].rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or len(tokens) > _MOST_TOKENS:
            return _NONE
        tokens.append(found[1])
        at = found.end()
    value = _reduce(tokens)
    return _NONE if value is None else value


_RANK = {"||": 1, "&&": 2}
_END = ""


def _reduce(tokens: list[str]) -> frozenset[str] | None:
    """Operator precedence over two stacks, so that no nesting is too deep."""
    values: list[frozenset[str]] = []
    marks: list[str] = []
    expects = True
    for token in (*tokens, _END):
        if expects and token in ("!", "("):
            marks.append(token)
            continue
        if expects:
            if token in ("&&", "||", ")", _END):
                return None
            values.append(_tag(token))
            expects = False
        elif token not in ("&&", "||", ")", _END):
            return None
        elif not _close(token, values, marks):
            return values[0] if token == _END and not marks else None
        else:
            expects = token != ")"
        while not expects and marks and marks[-1] == "!":
            marks.pop()
            values.append(_ALL - values.pop())
    return None


def _close(token: str, values: list[frozenset[str]], marks: list[str]) -> bool:
    """Apply the operators that bind at least as tightly; False at the end, or for a parenthesis that opens nowhere."""
    rank = _RANK.get(token, 0)
    while marks and marks[-1] in _RANK and _RANK[marks[-1]] >= rank:
        right, left = values.pop(), values.pop()
        values.append(left & right if marks.pop() == "&&" else left | right)
    if token in _RANK:
        marks.append(token)
        return True
    if token == ")" and marks and marks[-1] == "(":
        marks.pop()
        return True
    return False
