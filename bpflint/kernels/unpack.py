"""Which types do the lines of one kernel declare? So that whoever reads BTF reads shipped kernels too.

A type is read when it is asked for, and so are the lines of a name: what a program asks of a kernel is a few dozen of
its 15,000 declarations. Two types of one name cannot be told apart by what mentions them: each mention means the first.
Of tags only those that mark kfuncs are kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import Final, Literal

from bpflint.btf import types as t
from bpflint.btf.encode import encode
from bpflint.btf.errors import BtfError
from bpflint.btf.lookup import Listed, Types
from bpflint.btf.wire import ByteOrder
from bpflint.kernels.lines import NAMELESS
from bpflint.kernels.members import members_in, parts_in
from bpflint.kernels.pack import Line

_NAME: Final = re.compile(r"[^@;,|(){}<>\[\]*$%!~'?=]+")
_PARAM: Final = re.compile(r"(?:(\w*):)?(.*)", re.S)
"""Parameters have names in the line of a function only, and perhaps an empty one there."""
_SIGNS: Final = {"s": "$", "u": "%", "e": "!", "t": "~", "i": ""}
"""What stands before a name where a type is mentioned, by the kind of its line; nothing mentions a function."""
_FUNCTIONS: Final = ("f", "k")
_KINDS: Final = {"s": t.STRUCT, "u": t.UNION, "t": t.TYPEDEF, "f": t.FUNC, "k": t.FUNC}
_QUALIFIERS: Final[dict[str, Literal["const", "volatile", "restrict"]]] = {
    "c": "const", "v": "volatile", "r": "restrict",
}  # fmt: skip


def btf_of(lines: Iterable[Line], byte_order: ByteOrder) -> bytes:
    """Return raw BTF of one kernel's declarations; BtfError for a line that is none."""
    return encode((one for _, one in types_of(lines, byte_order).types()), byte_order)


def types_of(lines: Iterable[Line], byte_order: ByteOrder) -> Listed:
    """Return the types of one kernel's declarations; BtfError for a line that is none."""
    kept = list(lines)
    by_name: dict[tuple[str, bool], list[Line]] = {}
    for line in kept:
        by_name.setdefault((line.name, line.kind in _FUNCTIONS), []).append(line)
    types = Declared(lambda name, functions: by_name.get((name, functions), ()), byte_order)
    named = [item for name, functions in by_name for item in types.named(name, functions=functions)]
    tags = [t.DeclTag("bpf_kfunc", number, -1) for number, line in named if line.kind == "k"]
    return Listed([*types.every(), *tags], byte_order)


class Declared(Types):
    """The types that lines declare. `lines` gives those of a name: of functions, or of types."""

    def __init__(self, lines: Callable[[str, bool], Sequence[Line]], byte_order: ByteOrder) -> None:
        self._lines, self._order = lines, byte_order
        self._sources: list[str | Line] = ["void"]
        """By id: the line of a named type, or the text of any other."""
        self._ids: dict[str, int] = {"void": t.VOID, "?": t.VOID}
        """By text as it is mentioned: `*$sk_buff`."""
        self._names: dict[int, str] = {}
        """Of types that have lines, or are looked for there."""
        self._known: dict[tuple[str, bool], list[tuple[int, Line]]] = {}
        self._types: dict[int, t.BtfType] = {}
        self.asked: set[str] = set()
        """The names whose lines have answered since this was emptied."""

    @property
    def byte_order(self) -> ByteOrder:
        """The byte order of the kernel."""
        return self._order

    def type(self, type_id: int) -> t.BtfType:
        """Return a type by id; BtfError when it does not exist, is `void`, or its text makes no sense."""
        name = self._names.get(type_id)
        if name is not None:
            self.asked.add(name)
        found = self._types.get(type_id)
        if found is None:
            found = self._types[type_id] = self._read(type_id)
        return found

    def kind(self, type_id: int) -> int:
        """Return the kind of an id (0 for `void`), mostly by the first letter of its line."""
        source = self._sources[type_id] if 0 < type_id < len(self._sources) else ""
        if isinstance(source, str) or source.kind not in _KINDS:
            return super().kind(type_id)
        self.asked.add(source.name)
        return _KINDS[source.kind]

    def find(self, name: str, *kinds: int) -> tuple[int, ...]:
        """Return the ids of exactly that name; of these kinds when any are given."""
        self.asked.add(name)
        found = self.named(name, functions=False) if not kinds or set(kinds) - {t.FUNC} else []
        if not kinds or t.FUNC in kinds:
            found = [*found, *self.named(name, functions=True)]
        return tuple(type_id for type_id, _ in found if not kinds or self.kind(type_id) in kinds)

    def every(self) -> Iterator[t.BtfType]:
        """Yield the types met so far, and all that they mention, in the order of their ids."""
        for type_id in count(1):
            if type_id == len(self._sources):
                return
            yield self.type(type_id)

    def named(self, name: str, *, functions: bool) -> list[tuple[int, Line]]:
        """Return (id, line) of each type, or function, of a name."""
        key = (name, functions)
        if key not in self._known:
            self._known[key] = [(self._id_of_line(line), line) for line in self._lines(name, functions)]
        return self._known[key]

    def _id_of_line(self, line: Line) -> int:
        """The first of a name is what is meant where the name is mentioned."""
        mention = f"{_SIGNS[line.kind]}{line.name}" if line.kind in _SIGNS else None
        type_id = self._ids.get(mention) if mention is not None else None
        if type_id is None or isinstance(self._sources[type_id], Line):
            type_id = self._add(line)
            if mention is not None:
                self._ids.setdefault(mention, type_id)
        self._sources[type_id] = line
        self._names[type_id] = line.name
        return type_id

    def _add(self, source: str | Line) -> int:
        self._sources.append(source)
        return len(self._sources) - 1

    def _id(self, text: str) -> int:
        """The id of a type by its text; what it is nobody has to know yet."""
        found = self._ids.get(text)
        if found is None:
            found = self._ids[text] = self._add(text)
            if name := _mentioned(text):
                self._names[found] = name
        return found

    def _read(self, type_id: int) -> t.BtfType:
        if not 0 < type_id < len(self._sources):
            raise BtfError(f"kernel types: there is no type {type_id}")
        if isinstance(self._sources[type_id], str) and type_id in self._names:
            self.named(self._names[type_id], functions=False)  # tells the source where there is a line
        source = self._sources[type_id]
        try:
            return self._of_line(source) if isinstance(source, Line) else self._of_text(source)
        except (ValueError, KeyError) as error:
            shown = source.name if isinstance(source, Line) else source
            raise BtfError(f"kernel types: `{shown}`: {error}") from None

    def _of_line(self, line: Line) -> t.BtfType:
        match line.kind:
            case "i":
                size, _, encoding = line.text.partition(" ")
                whole = int(size)
                return t.Float(line.name, whole) if encoding == "F" else t.Int(
                    line.name, whole, whole * 8, 0, int(encoding))  # fmt: skip
            case "s" | "u":
                return self._record("struct" if line.kind == "s" else "union", line.name, line.text)
            case "e":
                return _enum("" if line.name == NAMELESS else line.name, line.text)
            case "t":
                return t.Typedef(line.name, self._id(line.text))
            case "f" | "k":
                return t.Func(line.name, self._id(line.text), 0)
        raise ValueError(f"is of no known kind '{line.kind}'")

    def _of_text(self, text: str) -> t.BtfType:
        sign, rest = text[:1], text[1:]
        match sign:
            case "*":
                return t.Ptr(self._id(rest))
            case "'":
                return t.Qualifier(_QUALIFIERS[rest[:1]], self._id(rest[1:]))
            case "[":
                length, _, element = rest.partition("]")
                return t.Array(self._id(element), self._id("unsigned int"), int(length))
            case "(":
                return self._prototype(_inside(text, "()"))
            case "{":
                return self._record("struct", "", _inside(text, "{}"))
            case "<":
                return self._record("union", "", _inside(text, "<>"))
            case "!" if rest.startswith("{"):
                return _enum("", _inside(rest, "{}"))
        return _only_mentioned(text)

    def _record(self, keyword: Literal["struct", "union"], name: str, text: str) -> t.Composite:
        size, _, inside = text.partition(" ")
        members = tuple(t.Member(word, self._id(kind), *place) for word, kind, *place in members_in(inside))
        return t.Composite(keyword, name, int(size), members, any(item.bits for item in members))

    def _prototype(self, text: str) -> t.FuncProto:
        result, params = parts_in(text, "|")
        named = (_PARAM.match(part) for part in parts_in(params, ","))
        return t.FuncProto(self._id(result), tuple(t.Param(item[1] or "", self._id(item[2])) for item in named if item))


def _enum(name: str, text: str) -> t.Enum:
    size, _, inside = text.partition(" ")
    pairs = (item.rpartition("=") for item in inside.split(";")) if inside else ()
    values = tuple(t.Enumerator(word, int(number)) for word, _, number in pairs)
    whole = int(size.removesuffix("+"))
    wide = whole == 8 or any(not -(1 << 31) <= item.value < 1 << 32 for item in values)
    return t.Enum(name, whole, values, size.endswith("+"), wide)


def _mentioned(text: str) -> str:
    """The name of a type that a text mentions, "" where it says what the type is."""
    if text[:1] in "$%~" or (text[:1] == "!" and text[1:2] != "{"):
        return text[1:]
    return text if text[:1].isalnum() or text[:1] == "_" else ""


def _only_mentioned(text: str) -> t.BtfType:
    """What no line declares is a declaration, or says nothing."""
    name = _mentioned(text)
    if not _NAME.fullmatch(name):
        raise ValueError("is no type")
    match text[0]:
        case "$":
            return t.Fwd("struct", name)
        case "%":
            return t.Fwd("union", name)
        case "!":
            return t.Enum(name, 4, ())
    return t.Typedef(name, t.VOID)


def _inside(text: str, brackets: str) -> str:
    if not text.endswith(brackets[1]):
        raise ValueError(f"'{brackets[1]}' expected at its end")
    return text[1:-1]
