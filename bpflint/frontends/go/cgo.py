"""What does `C.name` mean? C's basic types by their size; numbers that the preamble or a header of the tree defines."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bpflint.frontends.go.gotypes import Basic, GoType, OtherType
from bpflint.frontends.go.values import Value, whole

if TYPE_CHECKING:
    from bpflint.frontends.go.declarations import GoFile
    from bpflint.frontends.go.workspace import Workspace

LONG, ULONG = "C.long", "C.ulong"
"""Basic names for C's long: 32 bits or 64 by the target, though of one size to Go's encoders."""
# cmd/cgo documentation, "Go references to C"
_BASIC = {
    "char": "int8", "schar": "int8", "uchar": "uint8", "short": "int16", "ushort": "uint16", "int": "int32",
    "uint": "uint32", "long": LONG, "ulong": ULONG, "longlong": "int64", "ulonglong": "uint64", "float": "float32",
    "double": "float64", "size_t": ULONG, "ssize_t": LONG, "bool": "bool", "_Bool": "bool", "uintptr_t": "uintptr",
    "complexfloat": "complex64", "complexdouble": "complex128",
}  # fmt: skip
_SIZED = re.compile(r"(?:__)?(?:([us])(8|16|32|64)|(be|le)(16|32|64))|(u?)int(8|16|32|64)_t|u_int(8|16|32|64)_t")
REASON = "declared in C (cgo)"
_FUNCTION = re.compile(r"(?!struct_|union_|enum_|sizeof_)(?:(?:lib)?bpf_\w+|\w*[a-z0-9]__[a-z]\w*)(?<!_t)")
"""How libbpf, libxdp and skeletons name their functions; any other `C.name(x)` may as well convert x to a typedef."""

_PREAMBLE = re.compile(rb"((?:^//[^\n]*\n)+|/\*.*?\*/[ \t]*\n)import[ \t]+\"C\"", re.M | re.S)
_DEFINE = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]+(.*)$", re.M)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+"([^"\n]+)"', re.M)
_FOLDERS = re.compile(r"-I[ \t]*(\S+)")
_NUMBER = re.compile(r"\(*\s*(0[xX][0-9a-fA-F]+|\d+)[uUlL]*\s*\)*")
_MOST_HEADERS = 64
_MOST_BYTES = 1 << 20


def type_of(name: str) -> GoType:
    """Return the type that `C.name` is; a struct or a typedef of C's own has a name only."""
    if name in _BASIC:
        return Basic(_BASIC[name])
    sized = _SIZED.fullmatch(name)
    if sized is not None:
        bits = sized[2] or sized[4] or sized[6] or sized[7]
        signed = sized[1] == "s" or (sized[6] is not None and not sized[5])
        return Basic(f"{'' if signed else 'u'}int{bits}")
    return OtherType(f"C.{name}", REASON)


def is_function(name: str) -> bool:
    """Return whether `C.name` is a function by the look of it: a type otherwise."""
    return name[:1].isupper() or _FUNCTION.fullmatch(name) is not None


class Defines:
    """The numbers that `#define` gives, as one Go file sees them; a name with two values has none."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._memo: dict[str, dict[str, str | None]] = {}

    def constant(self, file: GoFile, name: str) -> Value | None:
        """Return the value of `C.name`."""
        if file.path not in self._memo:
            self._memo[file.path] = self._read(file)
        found = self._memo[file.path]
        text = found.get(name)
        for _ in range(16):
            if text is None:
                return None
            number = _NUMBER.fullmatch(text.strip())
            if number is not None:
                return _integer(number[1])
            text = found.get(text.strip("() \t"))
        return None

    def _read(self, file: GoFile) -> dict[str, str | None]:
        found: dict[str, str | None] = {}
        for text in self._texts(file):
            for match in _DEFINE.finditer(text):
                value = re.sub(r"/\*.*?\*/|//.*", "", match[2]).strip()
                found[match[1]] = value if found.get(match[1], value) == value else None
        return found

    def _texts(self, file: GoFile) -> Iterator[str]:
        preamble = _PREAMBLE.search(file.source.data)
        if preamble is None:
            return
        text = re.sub(r"^(?://|/\*)|\*/\s*$", "", preamble[1].decode("utf-8", "replace"), flags=re.M)
        yield text
        flags = [found[1].replace("${SRCDIR}", ".") for found in _FOLDERS.finditer(text)]
        folders = [file.folder, *(posixpath.normpath(posixpath.join(file.folder or ".", item)) for item in flags)]
        seen: set[str] = set()
        pending = [(file.folder, text)]
        while pending and len(seen) < _MOST_HEADERS:
            folder, current = pending.pop(0)
            for name in _INCLUDE.findall(current):
                found = self._header(name, [folder, *folders])
                if found is not None and found[0] not in seen:
                    seen.add(found[0])
                    pending.append((posixpath.dirname(found[0]), found[1]))
                    yield found[1]

    def _header(self, name: str, folders: list[str]) -> tuple[str, str] | None:
        for folder in folders:
            path = posixpath.normpath(posixpath.join(folder or ".", name))
            if path.startswith(("..", "/")):
                continue
            self._workspace.looked.add(path)
            try:
                with (self._workspace.root / path).open("rb") as stream:
                    data = stream.read(_MOST_BYTES)
            except OSError:
                continue
            self._workspace.note(path)
            return path, data.decode("utf-8", "replace")
        return None


def _integer(text: str) -> Value | None:
    try:
        return whole(int(text, 8) if re.fullmatch(r"0\d+", text) else int(text, 0))
    except ValueError:
        return None
