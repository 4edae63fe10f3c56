"""Which C does a Go package compile? Its `//go:generate … bpf2go` lines, and the Go names bpf2go gives to C's."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator

from bpflint.frontends.go.declarations import GoFile
from bpflint.model.data import dataclass
from bpflint.model.source import Span

_LINE = re.compile(rb"^//go:generate[ \t]+([^\r\n]*bpf2go[^\r\n]*)", re.M)
_VARIABLE = re.compile(r"\$(?:\{\w+\}|\w+)/")
# cmd/bpf2go: these take no value; all others do, as `-flag value` or `-flag=value`
_SWITCHES = frozenset(("verbose", "no-strip", "no-global-types"))
_BIG = ("bpfeb", "mips", "mips64", "ppc64", "s390x")


@dataclass(frozen=True, slots=True)
class Bpf2Go:
    """One run of bpf2go. `source` and `folder` (of the Go files it writes) are relative to the root.

    `targets` is empty where an environment variable decides; a `source` that starts with `$` could not be found.
    """

    ident: str
    source: str
    types: tuple[str, ...]
    targets: tuple[str, ...]
    span: Span
    folder: str = ""
    stem: str = ""
    """What the names of the generated files start with."""
    package: str = ""
    global_types: bool = True
    cflags: tuple[str, ...] = ()
    big: str = ""
    """The first big-endian target that the line asks for by name; that bpf2go builds both by default says nothing."""

    def go_name(self, c_name: str) -> str:
        """Return the Go name of a C type, map, program or variable of this run's types."""
        return generated_name(self.ident, c_name)


def directives(file: GoFile) -> Iterator[Bpf2Go]:
    """Yield the runs of bpf2go that a file asks for."""
    data = file.source.data
    if b"bpf2go" not in data:
        return
    for found in _LINE.finditer(data):
        span = file.source.text.span(file.path, found.start(), found.end())
        run = _read(found[1].decode("utf-8", "replace"), file, span)
        if run is not None:
            yield run


def _read(line: str, file: GoFile, span: Span) -> Bpf2Go | None:
    words = _words(line, file)
    start = next((index for index, word in enumerate(words) if re.search(r"(?:^|/)bpf2go(?:@\S*)?$", word)), None)
    if start is None:
        return None
    flags, rest = _flags(words[start + 1 :])
    cut = rest.index("--") if "--" in rest else len(rest)
    args, cflags = rest[:cut], rest[cut + 1 :]
    if len(args) < 2:
        return None
    ident, source = args[0], _place(args[1], file)
    asked = flags.get("target", [""])[-1]
    target = asked or "bpfel,bpfeb"
    folder = posixpath.normpath(posixpath.join(file.folder or ".", flags.get("output-dir", ["."])[-1]))
    return Bpf2Go(
        ident, source, tuple(flags.get("type", ())), () if "$" in target else tuple(target.split(",")), span,
        "" if folder == "." else folder, flags.get("output-stem", [ident.lower()])[-1],
        flags.get("go-package", [file.package_name])[-1], "no-global-types" not in flags, tuple(cflags),
        next((name for name in asked.split(",") if name in _BIG), ""),
    )  # fmt: skip


def _place(name: str, file: GoFile) -> str:
    """Return the C file relative to the root; `$REPO_ROOT/bpf/x.c` is looked for beside and above the Go file."""
    found = _VARIABLE.match(name)
    if found is None:
        return posixpath.normpath(posixpath.join(file.folder, name))
    rest, folder = name[found.end() :], file.folder
    while True:
        path = posixpath.normpath(posixpath.join(folder, rest))
        if not path.startswith("..") and file.exists(path):
            return path
        if not folder:
            return name
        folder = posixpath.dirname(folder)


def _words(line: str, file: GoFile) -> list[str]:
    """Split as `go generate` does, near enough: quotes group, and its own variables are expanded."""
    known = {"GOFILE": file.path.rpartition("/")[2], "GOPACKAGE": file.package_name, "DOLLAR": "$"}
    line = re.sub(r"\$(?:\{(\w+)\}|(\w+))", lambda found: known.get(found[1] or found[2], found[0]), line)
    try:
        return shlex.split(line)
    except ValueError:
        return line.split()


def _flags(words: list[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Part the flags from the arguments as Go's package flag does: flags end at the first word that is none."""
    found: dict[str, list[str]] = {}
    at = 0
    while at < len(words):
        word = words[at]
        if word == "--" or not word.startswith("-") or word == "-":
            break
        name, given, value = word.lstrip("-").partition("=")
        at += 1
        if not given and name not in _SWITCHES:
            value = words[at] if at < len(words) else ""
            at += 1
        found.setdefault(name, []).append(value)
    rest = words[at:]
    return found, rest[1:] if rest[:1] == ["--"] else rest


def generated_name(ident: str, c_name: str) -> str:
    """Return the Go identifier bpf2go gives to a C name: the ident, then the name exported.

    The rule (cilium/ebpf, internal.Identifier): the first letter is raised; an underscore at the start or behind a
    lower-case letter or a digit goes and raises the next letter; what no identifier holds is dropped.
    """
    return ident + exported(c_name)


def exported(c_name: str) -> str:
    """Return a C name as bpf2go exports it, as used for fields, maps and programs."""
    parts: list[str] = []
    last = ""
    for letter in c_name:
        if letter.isalpha():
            last = letter if last or len(letter.upper()) > 1 else letter.upper()
        elif letter == "_":
            if not last or last.isdigit() or last.islower():
                last = ""
                continue
            last = letter
        elif letter.isdecimal():
            last = letter
        else:
            continue
        parts.append(last)
    return "".join(parts)
