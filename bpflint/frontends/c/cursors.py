"""What do cursors say? Operators, constants, and places in the project's files."""

from __future__ import annotations

import ctypes
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from clang import cindex
from clang.cindex import CursorKind

from bpflint.frontends.c.conditions import architecture_regions, conditions, included_names, unrolled_loops
from bpflint.frontends.c.nodes import Node, api, references, text_of
from bpflint.model.source import Span, Text

EMBEDDED = "<embedded>/"
"""Prefix of the path of a header that ships with bpflint; nothing is reported there."""
OUTSIDE = "<outside>/"
"""Prefix of the path of a file outside the root."""

_BINARY = (
    "", ".*", "->*", "*", "/", "%", "+", "-", "<<", ">>", "<=>", "<", ">", "<=", ">=", "==", "!=", "&", "^", "|",
    "&&", "||", "=", "*=", "/=", "%=", "+=", "-=", "<<=", ">>=", "&=", "^=", "|=", ",",
)  # fmt: skip
_UNARY = ("", "post++", "post--", "++", "--", "&", "*", "+", "-", "~", "!")


def functions_in(declaration: Node) -> set[str]:
    """Return the names of the functions that stand anywhere inside a declaration: those of a table of operations."""
    return {item.spelling for item in references(declaration)
            if (found := item.referenced) is not None and found.kind is CursorKind.FUNCTION_DECL}  # fmt: skip


def binary_operator(cursor: Node) -> str:
    """Return `+`, `+=`, `==` … of a binary or compound-assignment operator."""
    return _BINARY[api().binary(cursor)]


def unary_operator(cursor: Node) -> str:
    """Return `!`, `*`, `&`, `++`, `post++` … of a unary operator; "" for one of the GNU extensions."""
    kind = api().unary(cursor)
    return _UNARY[kind] if kind < len(_UNARY) else ""


def pretty(cursor: Node, *, terse: bool = True) -> str:
    """Return a declaration as clang prints it, attributes expanded; `terse` leaves function bodies out."""
    policy = api().policy(cursor)
    try:
        if terse:
            api().policy_set(policy, 14, 1)  # CXPrintingPolicy_TerseOutput
        return text_of(api().pretty(cursor, policy))
    finally:
        api().policy_free(policy)


def constant(cursor: Node) -> int | str | None:
    """Return the value of a constant expression: an int, a string, or None where clang cannot fold it."""
    result = api().evaluate(cursor)
    if not result:
        return None
    try:
        kind = api().result_kind(result)
        if kind == 1:  # CXEval_Int
            unsigned = api().result_unsigned(result)
            return int(api().result_uint(result) if unsigned else api().result_int(result))
        if kind in (3, 4):  # CXEval_ObjCStrLiteral, CXEval_StrLiteral
            raw = api().result_str(result)
            return raw.decode("utf-8", "replace") if raw is not None else None
        return None
    finally:
        api().result_free(result)


def initialiser(cursor: Node) -> Node | None:
    """Return the initialiser of a variable, None without one."""
    found: Node = api().var_initialiser(cursor)
    if found.kind.is_invalid():
        return None
    found._tu = cursor._tu
    return found


class Places:
    """Turns libclang locations into Spans of one translation unit; knows which files are the project's own."""

    def __init__(self, root: Path, embedded: tuple[Path, ...], written: frozenset[str] = frozenset()) -> None:
        """`written` are the names of headers that we wrote for this parse: nothing is reported there."""
        self._root, self._written = root, written
        self._embedded = tuple(str(path) for path in embedded)
        self._files: dict[int, tuple[str, Text, bool]] = {}
        self._presets: dict[str, tuple[str, Text]] = {}
        self._packs: dict[int, list[tuple[int, int | None]]] = {}
        self._conditions: dict[int, tuple[int, ...]] = {}
        self._spans: dict[tuple[int, int, int], Span] = {}
        self._extents: dict[tuple[int, int], Span] = {}
        self._located: dict[int, tuple[int, int]] = {}
        self._written_at: dict[int, tuple[int, int]] = {}
        self.wrapped = False
        """Whether what is asked for stands in an argument of a macro that makes a whole function: at its own place."""
        self._starts: list[int] = []
        """Where libclang's numbers of places begin for each inclusion of a file that was met, in order."""
        self._entries: list[tuple[int, int]] = []
        """The file's number, and the place behind its last byte."""
        self._handle, self._offset = ctypes.c_void_p(), ctypes.c_uint()
        self._answer = (ctypes.byref(self._handle), None, None, ctypes.byref(self._offset))

    def preset(self, name: str, path: str, text: Text) -> None:
        """Say that the file libclang calls `name` is `text`, shown as `path`."""
        self._presets[name] = (path, text)

    def file(self, number: int) -> tuple[str, Text, bool]:
        """Return (path, text, is system) of a file by the number that `locate` gives."""
        if number not in self._files:
            name = str(cindex.File(ctypes.cast(number, cindex.c_object_p)).name)
            self._files[number] = self._describe(name)
        return self._files[number]

    def _describe(self, name: str) -> tuple[str, Text, bool]:
        if name in self._presets:
            return *self._presets[name], False
        path = EMBEDDED + name.rsplit("/", 1)[-1] if name in self._written else self.relative(name)
        if path.startswith("<"):
            return path, Text(b""), True
        try:
            data = Path(name).read_bytes()
        except OSError:
            data = b""
        return path, Text(data), is_system(path, data)

    def relative(self, name: str) -> str:
        """Return the path to show for a file name that libclang gave."""
        for folder in self._embedded:
            if name.startswith(folder):
                return EMBEDDED + name[len(folder) :].lstrip("/")
        path = Path(name)
        try:
            full = path if path.is_absolute() else self._root / path
            normal = Path(_normal(str(full)))
            return normal.relative_to(self._root).as_posix()
        except ValueError:
            return OUTSIDE + path.name

    def locate(self, location: cindex.SourceLocation) -> tuple[int, int]:
        """Return (number of the file, byte offset) of a location's expansion; the number is 0 without a file."""
        raw = location.int_data  # all that tells two locations of one translation unit apart
        found = self._located.get(raw)
        if found is None:
            found = self._located[raw] = self._counted(raw) or self._asked(location, raw)
        return found

    def _counted(self, raw: int) -> tuple[int, int] | None:
        """A place in a file of which another is known: clang numbers the bytes of an included file one by one."""
        at = bisect_right(self._starts, raw) - 1
        if at < 0:
            return None
        number, end = self._entries[at]
        return (number, raw - self._starts[at]) if raw <= end else None

    def _asked(self, location: cindex.SourceLocation, raw: int) -> tuple[int, int]:
        api().expansion_location(location, *self._answer)
        number, offset = self._handle.value or 0, self._offset.value
        if number and not raw & _IN_MACRO and not self.file(number)[2]:
            at = bisect_right(self._starts, raw)
            self._starts.insert(at, raw - offset)
            self._entries.insert(at, (number, raw - offset + len(self.file(number)[1].data)))
        return number, offset

    def written_in_macro(self, location: cindex.SourceLocation) -> tuple[int, int] | None:
        """Return (number of the file, byte offset) where a token of a macro's expansion was written: an argument at its
        own place. None for a token that stands in the file itself."""
        raw = location.int_data
        if not raw & _IN_MACRO:
            return None
        found = self._written_at.get(raw)
        if found is None:
            api().file_location(location, *self._answer)
            found = self._written_at[raw] = self._handle.value or 0, self._offset.value
        return found

    def span(self, cursor: Node) -> Span:
        """Return the Span of a cursor's expansion."""
        extent = cursor.extent
        key = (extent.begin_int_data, extent.end_int_data)
        found = self._extents.get(key)
        if found is None:
            number, start = self._counted(key[0]) or self._told(extent.start)
            _, end = self._counted(key[1]) or self._told(extent.end)
            found = self._extents[key] = self._span(number, start, end)
        return found

    def _told(self, location: cindex.SourceLocation) -> tuple[int, int]:
        return (self.written_in_macro(location) if self.wrapped else None) or self.locate(location)

    def is_wrapped(self, cursor: Node) -> bool:
        """Return whether a macro's expansion begins with a cursor, or has it inside."""
        return bool(cursor.extent.begin_int_data & _IN_MACRO)

    def name_span(self, cursor: Node) -> Span:
        """Return the Span of a declaration's name."""
        number, start = self.locate(cursor.location)
        length = len(cursor.spelling.encode())
        return self._span(number, start, start + length)

    def point(self, location: cindex.SourceLocation) -> Span:
        """Return an empty Span at a location."""
        number, start = self.locate(location)
        return self._span(number, start, start)

    def _span(self, number: int, start: int, end: int) -> Span:
        if not number:
            return Span(OUTSIDE, 1)
        path, text, _ = self.file(number)
        key = (number, start, end)
        if key not in self._spans:
            if end <= start and (word := _WORD.match(text.data, start)):
                end = word.end()  # a macro's expansion is one point: show its name
            self._spans[key] = text.span(path, start, max(start, end))
        return self._spans[key]

    def is_system(self, cursor: Node) -> bool:
        """Return whether a cursor stands in a header that is not the project's own work."""
        number, _ = self.locate(cursor.location)
        if not number:
            return True
        return self.file(number)[2]

    def is_stand_in(self, cursor: Node) -> bool:
        """Return whether a class is one of ours that stands for the C++ library's."""
        number, _ = self.locate(cursor.location)
        return bool(number) and self.file(number)[0].endswith(_STAND_IN)

    def pack_at(self, cursor: Node) -> int | None:
        """Return what `#pragma pack` says where a declaration stands, in bits; None without one in its own file."""
        number, offset = self.locate(cursor.location)
        if not number or self.file(number)[2]:
            return None
        if number not in self._packs:
            self._packs[number] = list(_pragma_packs(self.file(number)[1].data))
        found: int | None = None
        for at, pack in self._packs[number]:
            if at > offset:
                break
            found = pack
        return found

    def is_conditional(self, cursor: Node) -> bool:
        """Return whether the preprocessor decides on a part of what a cursor of the project's own files covers."""
        number, offset = self.locate(cursor.location)
        if not number or self.file(number)[2]:
            return False
        if number not in self._conditions:
            self._conditions[number] = tuple(conditions(self.file(number)[1].data))
        found = self._conditions[number]
        behind = bisect_right(found, offset)
        return behind < len(found) and found[behind] < self.locate(cursor.extent.end)[1]

    def architectures(self) -> tuple[Span, ...]:
        """Return the regions of the project's own files that are compiled for some architectures only.

        A file that such a region includes is one region.
        """
        own = [(path, text) for path, text, system in self._files.values() if not system]
        regions = [(path, text, at) for path, text in own for at in architecture_regions(text.data)]
        included = tuple({name for _, text, at in regions for name in included_names(text.data[slice(*at)])})
        whole = [(path, text, (0, len(text.data))) for path, text in own if f"/{path}".endswith(included)]
        return tuple(text.span(path, *at) for path, text, at in (*regions, *whole))

    def unrolled(self) -> tuple[Span, ...]:
        """Return the pragmas of the project's own files that ask for a loop to be unrolled."""
        return self._own_places(unrolled_loops)

    def _own_places(self, find: Callable[[bytes], Iterator[tuple[int, int]]]) -> tuple[Span, ...]:
        own = [(path, text) for path, text, system in self._files.values() if not system]
        return tuple(text.span(path, start, end) for path, text in own for start, end in find(text.data))

    def is_written(self, word: str, cursor: Node) -> bool:
        """Return whether a word is spelled out shortly before a declaration's name, as `SEC("…")` is."""
        number, end = self.locate(cursor.location)
        return bool(number) and word.encode() in self.file(number)[1].data[max(end - _SECTION_DISTANCE, 0) : end]

    def project_files(self) -> tuple[str, ...]:
        """Return the project's own files that were asked for so far."""
        return tuple(sorted(path for path, _, _ in self._files.values() if not path.startswith("<")))


_IN_MACRO = 1 << 31
"""The bit of a place that is part of a macro's expansion (clang/Basic/SourceLocation.h, MacroIDBit)."""
_SECTION_DISTANCE = 400
"""Bytes between a section's name and the function's: attributes, a type, a macro."""
_GENERATED = 1_500_000
_LIBRARY = 256_000
"""Bytes: a C++ header of that size is a library in one file (catch, json), and nobody's own work."""
_STAND_IN = "bpflint_std.hpp"
_WORD = re.compile(rb"\w+")
_PACK = re.compile(rb"^[ \t]*#[ \t]*pragma[ \t]+pack[ \t]*\(([^)\n]*)\)", re.M)


def _pragma_packs(data: bytes) -> Iterator[tuple[int, int | None]]:
    """(offset, pack in bits from there on) of each `#pragma pack` of a file; None lifts it."""
    stack: list[int | None] = []
    current: int | None = None
    for match in _PACK.finditer(data):
        words = [word.strip() for word in match[1].split(b",")]
        number = next((int(word) * 8 for word in words if word.isdigit()), None)
        if b"push" in words:
            stack.append(current)
            current = number if number is not None else current
        elif b"pop" in words:
            current = stack.pop() if stack else None
        else:
            current = number
        yield match.end(), current


_LIBBPF_HEADERS = frozenset(
    ("bpf_helpers.h", "bpf_helper_defs.h", "bpf_core_read.h", "bpf_tracing.h", "bpf_endian.h", "usdt.bpf.h",
     "libbpf.h", "bpf.h", "btf.h", "libbpf_common.h", "libbpf_legacy.h", "skel_internal.h")
)  # fmt: skip


def is_system(path: str, data: bytes) -> bool:
    """Return whether a header is one that a project carries but did not write: vmlinux.h, libbpf, kernel UAPI."""
    pure = PurePosixPath(path)
    if path.startswith("<"):
        return True
    if pure.suffix not in (".h", ".hpp", ".hh"):
        return False
    if "vmlinux" in pure.name or pure.name in _LIBBPF_HEADERS:
        return True
    folders = "/" + str(pure.parent) + "/"
    if "/uapi/" in folders or "/libbpf/src/" in folders or folders.endswith(("/include/linux/", "/include/asm/")):
        return True
    return b"__VMLINUX_H__" in data[:4096] or len(data) > (_GENERATED if pure.suffix == ".h" else _LIBRARY)


def _normal(path: str) -> str:
    """Return a path with `.` and `..` folded as text, so that a header has one name."""
    import posixpath

    return posixpath.normpath(path)
