"""How do the lines of one kernel become BTF again? So that whoever reads BTF reads shipped kernels too.

Two types of one name cannot be told apart by what mentions them: each mention means the first. Of tags only those that
mark kfuncs are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from bpflint.btf import types as t
from bpflint.btf.encode import encode
from bpflint.btf.wire import ByteOrder
from bpflint.kernels.lines import NAMELESS
from bpflint.kernels.members import members_in
from bpflint.kernels.pack import Line
from bpflint.model.errors import BpflintError

_WORD = re.compile(r"[^@;,|(){}<>\[\]*$%!~'?=]+")
_BRACKET = re.compile(r"[{}<>]")
_NUMBER = re.compile(r"-?\d+")
_QUALIFIERS = {"c": "const", "v": "volatile", "r": "restrict"}


def btf_of(lines: Iterable[Line], byte_order: ByteOrder) -> bytes:
    """Return raw BTF of one kernel's declarations; BpflintError for a line that is none."""
    builder = _Builder(list(lines))
    return encode(builder.types(), byte_order)


class _Builder:
    """Gives ids to named types first, then to what they are made of, each shape once."""

    def __init__(self, lines: list[Line]) -> None:
        self._lines = lines
        self._made: dict[int, t.BtfType] = {}
        self._named: dict[tuple[str, str], int] = {}
        self._shapes: dict[t.BtfType, int] = {}
        self._read: dict[str, int] = {}
        self._next = 1
        for line in lines:
            self._named.setdefault((_space(line.kind), line.name), self._next)
            self._next += 1

    def types(self) -> list[t.BtfType]:
        """Return the types in the order of their ids."""
        for number, line in enumerate(self._lines, 1):
            self._made[number] = self._declared(line)
            if line.kind == "k":
                self.add(t.DeclTag("bpf_kfunc", number, -1))
        return [self._made[number] for number in sorted(self._made)]

    def _declared(self, line: Line) -> t.BtfType:
        try:
            match line.kind:
                case "i":
                    size, _, encoding = line.text.partition(" ")
                    whole = int(size)
                    return t.Float(line.name, whole) if encoding == "F" else t.Int(
                        line.name, whole, whole * 8, 0, int(encoding))  # fmt: skip
                case "s" | "u":
                    return self.record("struct" if line.kind == "s" else "union", line.name, line.text)
                case "e":
                    return _Reader(line.text, self).enum("" if line.name == NAMELESS else line.name)
                case "t":
                    return t.Typedef(line.name, self.type(line.text))
                case "f" | "k":
                    return t.Func(line.name, self.type(line.text), 0)
        except (ValueError, IndexError) as error:
            raise BpflintError(f"kernel types: `{line.name}`: {error}") from None
        raise BpflintError(f"kernel types: `{line.name}` is of no known kind '{line.kind}'")

    def record(self, keyword: Literal["struct", "union"], name: str, text: str) -> t.Composite:
        """Return the record of `SIZE MEMBERS`."""
        size, _, inside = text.partition(" ")
        members = tuple(t.Member(word, self.type(kind), *place) for word, kind, *place in members_in(inside))
        return t.Composite(keyword, name, int(size), members, any(item.bits for item in members))

    def type(self, text: str) -> int:
        """Return the id of a type; a kernel's 150,000 members and parameters have few different ones."""
        if text not in self._read:
            reader = _Reader(text, self)
            self._read[text] = reader.type()
            reader.end()
        return self._read[text]

    def named(self, space: str, name: str) -> int:
        """Return the id of a named type; one that is only mentioned is a declaration, or says nothing."""
        found = self._named.get((space, name))
        if found is not None:
            return found
        if space in ("struct", "union"):
            made = self.add(t.Fwd("struct" if space == "struct" else "union", name))
        elif space == "enum":
            made = self.add(t.Enum(name, 4, ()))
        else:
            made = self.add(t.Typedef(name, t.VOID))
        self._named[space, name] = made
        return made

    def add(self, one: t.BtfType) -> int:
        """Return the id of a type without a name of its own; equal ones are one."""
        if one not in self._shapes:
            self._shapes[one] = self._next
            self._made[self._next] = one
            self._next += 1
        return self._shapes[one]


def _space(kind: str) -> str:
    return {"s": "struct", "u": "union", "e": "enum", "t": "typedef", "i": "int"}.get(kind, "function")


class _Reader:
    """Reads one line's text from left to right."""

    def __init__(self, text: str, builder: _Builder) -> None:
        self._text, self._at, self._builder = text, 0, builder

    def end(self) -> None:
        if self._at < len(self._text):
            raise ValueError(f"nothing expected at {self._at} of its line")

    def enum(self, name: str, close: str = "") -> t.Enum:
        size = self._number()
        signed = self._peek() == "+"
        self._at += signed
        self._expect(" ")
        values = []
        while self._peek() not in ("", close):
            word = self._until("=")
            values.append(t.Enumerator(word, self._number()))
            if self._peek() == ";":
                self._at += 1
        self._expect(close)
        wide = size == 8 or any(not -(1 << 31) <= item.value < 1 << 32 for item in values)
        return t.Enum(name, size, tuple(values), signed, wide)

    def type(self) -> int:
        """Return the id of the type that begins here."""
        builder, sign = self._builder, self._peek()
        if sign in "*'[({<!$%~?":
            self._at += 1
        match sign:
            case "*":
                return builder.add(t.Ptr(self.type()))
            case "'":
                keyword = _QUALIFIERS[self._text[self._at]]
                self._at += 1
                inner = self.type()
                return builder.add(t.Qualifier("const" if keyword == "const" else "volatile" if keyword == "volatile"
                                               else "restrict", inner))  # fmt: skip
            case "[":
                length = self._number()
                self._expect("]")
                return builder.add(t.Array(self.type(), builder.named("int", "unsigned int"), length))
            case "(":
                return builder.add(self._prototype())
            case "{":
                return builder.add(builder.record("struct", "", self._bracketed()))
            case "<":
                return builder.add(builder.record("union", "", self._bracketed()))
            case "!" if self._peek() == "{":
                self._at += 1
                return builder.add(self.enum("", "}"))
            case "!" | "$" | "%" | "~":
                space = {"!": "enum", "$": "struct", "%": "union", "~": "typedef"}[sign]
                return builder.named(space, self._word())
            case "?":
                return t.VOID
        word = self._word()
        return t.VOID if word == "void" else builder.named("int", word)

    def _prototype(self) -> t.FuncProto:
        result = self.type()
        self._expect("|")
        params = []
        while self._peek() != ")":
            start = self._at
            name = ""
            if (match := _WORD.match(self._text, start)) is not None and self._text[match.end() - 1] != " ":
                word = match[0]
                if ":" in word:
                    name, _, _ = word.partition(":")
                    self._at = start + len(name) + 1
            elif self._peek() == ":":
                self._at += 1
            params.append(t.Param(name, self.type()))
            if self._peek() == ",":
                self._at += 1
        self._expect(")")
        return t.FuncProto(result, tuple(params))

    def _bracketed(self) -> str:
        """The text up to the bracket that closes the one before it."""
        depth = 1
        for match in _BRACKET.finditer(self._text, self._at):
            depth += 1 if match[0] in "{<" else -1
            if depth == 0:
                found = self._text[self._at : match.start()]
                self._at = match.end()
                return found
        raise ValueError(f"the bracket at {self._at} of its line is not closed")

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _expect(self, text: str) -> None:
        if not self._text.startswith(text, self._at):
            raise ValueError(f"'{text}' expected at {self._at} of its line")
        self._at += len(text)

    def _until(self, mark: str) -> str:
        end = self._text.index(mark, self._at)
        found = self._text[self._at : end]
        self._at = end + 1
        return found

    def _number(self) -> int:
        match = _NUMBER.match(self._text, self._at)
        if match is None:
            raise ValueError(f"a number expected at {self._at} of its line")
        self._at = match.end()
        return int(match[0])

    def _word(self) -> str:
        match = _WORD.match(self._text, self._at)
        if match is None:
            raise ValueError(f"a name expected at {self._at} of its line")
        self._at = match.end()
        return match[0]
