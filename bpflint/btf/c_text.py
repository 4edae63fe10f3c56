"""How is one type spelled in C? Declarators, record bodies and enumerations as text.

Bodies of records are kept by id as they are written, so a parent that holds an unnamed record only indents its text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bpflint.btf import types as t
from bpflint.btf.c_layout import Layouts, padding
from bpflint.btf.c_names import Names, identifier
from bpflint.btf.errors import BtfError
from bpflint.btf.lookup import MAX_CHAIN, Types

MAX_BODY: Final = 1 << 20
"""Largest text of one record in characters; unnamed records inside unnamed records can multiply without end."""
_MAX_DEPTH = 30
_MAX_PADDING = 64 * 8
"""Longest gap in bits that is written as unnamed bitfields; a longer one, as before a member that is aligned to a page,
becomes an array: 500 bitfields cost a compiler, and us, more than the rest of the record."""
_PLAIN: Final = {
    "char": 1, "signed char": 1, "unsigned char": 1, "_Bool": 1,
    "short int": 2, "short": 2, "short unsigned int": 2, "unsigned short": 2,
    "int": 4, "unsigned int": 4, "unsigned": 4,
    "long int": 8, "long": 8, "long unsigned int": 8, "unsigned long": 8,
    "long long int": 8, "long long": 8, "long long unsigned int": 8, "unsigned long long": 8,
    "__int128": 16, "__int128 unsigned": 16, "unsigned __int128": 16,
}  # fmt: skip
_BY_SIZE: Final = {1: "char", 2: "short", 4: "int", 8: "long long", 16: "__int128"}
_MODES: Final = {1: "QI", 2: "HI", 4: "SI", 8: "DI"}


class Speller:
    """Spells types of one BTF; everything a type needs must have been spelled before it (see `c_order`)."""

    def __init__(self, btf: Types, names: Names, layouts: Layouts) -> None:
        self._btf = btf
        self._names = names
        self._layouts = layouts
        self._bodies: dict[int, str] = {}
        self._enums: set[int] = set()
        self._starts: dict[int, str] = {}

    def declare(self, type_id: int, name: str, depth: int = 0) -> str:
        """Return the declaration of `name` with a type, without a semicolon; "" gives the type alone."""
        start = self._starts.get(type_id)
        if start is not None:
            return start + name if name else start.rstrip()
        text, simple = self._declare(type_id, name, depth)
        if simple and name:
            self._starts[type_id] = text.removesuffix(name)
        return text

    def _declare(self, type_id: int, name: str, depth: int) -> tuple[str, bool]:
        """Return the declaration, and whether it ends with its name whatever the name is."""
        inner, before, simple = name, "", True
        for _ in range(MAX_CHAIN):
            if len(inner) > MAX_BODY:
                break
            one = self._btf.type(type_id) if type_id else None
            match one:
                case t.Ptr(type=type_id):
                    inner, before = f"*{before}{inner}", ""
                case t.Qualifier(keyword="restrict", type=type_id):
                    before += "restrict " if self._btf.kind(type_id) == t.PTR else ""
                case t.Qualifier(keyword=keyword, type=type_id):
                    before += "" if f"{keyword} " in before else f"{keyword} "
                case t.TypeTag(name=tag, type=type_id, attribute=attribute):
                    before += "" if attribute else _type_tag(tag)
                case t.Array(type=type_id, length=length):
                    inner, simple = f"{_wrap(inner)}[{length}]", False
                case t.FuncProto(result=type_id, params=params):
                    inner, before, simple = f"{_wrap(inner)}({self._params(params, depth)})", "", False
                case _:
                    word = self._specifier(type_id, one)
                    simple = simple and "\n" not in word and not isinstance(one, t.Enum)
                    return (f"{before}{word} {inner}" if inner else before + word), simple
        raise BtfError(f"BTF: type {type_id} is too long to be written in C")

    def define_record(self, type_id: int, one: t.Composite) -> str:
        """Return `struct NAME {...}` with its attributes, and remember the body."""
        return f"{self._names.tag(type_id, one)} {self.record_body(type_id, one)}"

    def record_body(self, type_id: int, one: t.Composite) -> str:
        """Return `{...}` with the attributes of a record."""
        found = self._bodies.get(type_id)
        if found is None:
            found = "".join(self._body(type_id, one))
            if len(found) > MAX_BODY:
                raise BtfError(f"BTF: type {type_id} ({one.keyword} {one.name}) is too long to be written in C")
            self._bodies[type_id] = found
        return found

    def has_enum(self, type_id: int) -> bool:
        """Tell whether an enumeration was written already."""
        return type_id in self._enums

    def define_enum(self, type_id: int, one: t.Enum) -> str:
        """Return the definition of an enumeration; an unnamed one is defined once, later it is its integer."""
        if type_id in self._enums:
            return self._names.tag(type_id, one) if one.name else _integer(one.size, one.signed)
        self._enums.add(type_id)
        if sum(len(name) + 8 for name, _ in one.values) > MAX_BODY:
            raise BtfError(f"BTF: type {type_id} (enum {one.name}) is too long to be written in C")
        values = one.values or (t.Enumerator(f"{one.name or 'enum'}__empty", 0),)
        lines = "".join(f"\t{self._names.ordinary(n)} = {_literal(v)},\n" for n, v in values)
        head = f"{self._names.tag(type_id, one)} " if one.name else "enum "
        small = all(v >= -(1 << 31) for _, v in values)
        limit = 1 << (31 if any(v < 0 for _, v in values) else 32)
        natural = 4 if small and all(v < limit for _, v in values) else 8
        mode = "" if natural == one.size else f" __attribute__((mode({_MODES[one.size]})))"
        return f"{head}{{\n{lines}}}{mode}"

    def _specifier(self, type_id: int, one: t.BtfType | None) -> str:
        match one:
            case None:
                return "void"
            case t.Int(name=name, size=size):
                if _PLAIN.get(name) == size:
                    return name
                return _integer(size, one.signed) if size in _BY_SIZE else odd_name(size)
            case t.Float(size=size):
                return {4: "float", 8: "double"}.get(size) or odd_name(size)
            case t.Typedef(name=name):
                return name if name == "__builtin_va_list" else self._names.typedef(type_id, name)
            case t.Composite(name="", keyword=keyword):
                return f"{keyword} {self.record_body(type_id, one)}"
            case t.Enum(name=""):
                return self.define_enum(type_id, one)
            case t.Composite() | t.Enum() | t.Fwd():
                return self._names.tag(type_id, one)
            case _:
                raise BtfError(f"BTF: type {type_id} ({type(one).__name__}) is used as a data type")

    def _params(self, params: tuple[t.Param, ...], depth: int) -> str:
        if depth > _MAX_DEPTH:
            raise BtfError("BTF: prototypes nested too deep to be written in C")
        if not params:
            return "void"
        words: list[str] = []
        for place, param in enumerate(params):
            last = place == len(params) - 1
            if param.type == t.VOID and last and place:
                words.append("...")
            else:
                words.append(self.declare(param.type, identifier(param.name), depth + 1))
            if sum(map(len, words)) > MAX_BODY:
                raise BtfError("BTF: a prototype is too long to be written in C")
        return ", ".join(words)

    def _body(self, type_id: int, one: t.Composite) -> Iterator[str]:
        plan = self._layouts.plan(type_id)
        yield "{\n"
        if plan.opaque:
            yield f"\tunsigned char __bytes[{one.size}];\n"
        else:
            for member, gap, start in zip(one.members, plan.gaps, plan.starts, strict=True):
                yield from _padding_lines(type_id, start, gap)
                yield "\t" + self._member(member) + ";\n"
            if plan.tail and one.keyword == "union":
                yield f"\tunsigned char __size[{one.size}];\n"
            elif plan.tail:
                yield from _padding_lines(type_id, plan.tail_start, plan.tail)
        yield "} __attribute__((packed))" if plan.packed else "}"

    def _member(self, member: t.Member) -> str:
        _, width = self._layouts.place_of(member)
        type_id = member.type if member.name else self._btf.resolve(member.type)
        one = self._btf.type(type_id)
        if isinstance(one, t.Composite) and not member.name and one.name:
            # a member that has a tag but no name (-fms-extensions, Linux 6.19 on) is written out in place
            return f"{one.keyword} {self.record_body(type_id, one)}".replace("\n", "\n\t")
        text = self.declare(member.type, identifier(member.name))
        if "\n" in text:
            text = text.replace("\n", "\n\t")
        return f"{text}: {width}" if width else text


def odd_name(size: int) -> str:
    """Return the name of the helper type for a number of `size` bytes that BPF's C has no type for."""
    return f"__bytes{size}"


def _padding_lines(type_id: int, start: int, count: int) -> Iterator[str]:
    if count > _MAX_PADDING:
        first = -start % 8
        yield from _padding_lines(type_id, start, first)
        # of its own for each record: an unnamed one lends its members' names to the one around it
        name = f"__gap{type_id}_{(start + first) // 8}"
        yield f"\tunsigned char {name}[{(count - first) // 8}];\n"
        start, count = start + count - (count - first) % 8, (count - first) % 8
    if count:
        yield from (f"\tlong: {width};\n" for width in padding(start, count))


def _wrap(inner: str) -> str:
    return f"({inner})" if inner.startswith("*") else inner


def _type_tag(tag: str) -> str:
    return f'__attribute__((btf_type_tag("{tag}"))) ' if tag.isidentifier() else ""


def _integer(size: int, signed: bool) -> str:
    word = _BY_SIZE[size]
    return word if signed and size > 1 else f"{'' if signed else 'un'}signed {word}"


def _literal(value: int) -> str:
    if value == -(1 << 63):
        return "(-9223372036854775807LL - 1)"
    return f"{value}ULL" if value >= 1 << 63 else str(value)
