"""How do types become BTF bytes again? The inverse of the reader, in either byte order."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from bpflint.btf import types as t
from bpflint.btf.errors import BtfError
from bpflint.btf.reader import Btf
from bpflint.btf.wire import MAGIC, ByteOrder

_QUALIFIERS = {"const": t.CONST, "volatile": t.VOLATILE, "restrict": t.RESTRICT}


class Strings:
    """A string section being written: each name once, the empty one at offset 0; it may continue a base's."""

    def __init__(self, base: Btf | None = None) -> None:
        self._next = base.string_bytes if base else 0
        self._offsets: dict[str, int] = base.name_offsets() if base else {}
        self._parts: list[bytes] = []
        self.offset("")

    def offset(self, name: str) -> int:
        """Return the offset of a name, adding it when it is new."""
        found = self._offsets.get(name)
        if found is None:
            found = self._offsets[name] = self._append(name.encode("utf-8", "surrogatepass"))
        return found

    def data(self) -> bytes:
        """Return the section's bytes."""
        return b"".join(self._parts)

    def _append(self, name: bytes) -> int:
        at = self._next
        self._parts.append(name + b"\0")
        self._next += len(name) + 1
        return at


def encode(types: Iterable[t.BtfType], byte_order: ByteOrder = "little", base: Btf | None = None) -> bytes:
    """Return a blob that holds the types in order: the first gets id 1, or the first id after its base.

    Ids inside the types are written as they stand; a value that does not fit its word is a BtfError.
    """
    strings = Strings(base)
    words: list[int] = []
    for one in types:
        words += record_words(one, strings)
    mark = "<" if byte_order == "little" else ">"
    try:
        section = struct.pack(f"{mark}{len(words)}I", *words)
    except struct.error as error:
        raise BtfError(f"BTF: a value does not fit its 32-bit word: {error}") from error
    names = strings.data()
    header = struct.pack(f"{mark}HBBIIIII", MAGIC, 1, 0, 24, 0, len(section), len(section), len(names))
    return header + section + names


def record_words(one: t.BtfType, strings: Strings) -> list[int]:
    """Return the 32-bit words of one type record."""
    match one:
        case t.Composite():
            return _composite(one, strings)
        case t.Enum():
            return _enum(one, strings)
        case t.FuncProto(result=result, params=params):
            tail = [word for name, i in params for word in (strings.offset(name), i)]
            return [*_head(t.FUNC_PROTO, "", result, strings, len(params)), *tail]
        case t.Datasec(name=name, size=size, variables=variables):
            head = _head(t.DATASEC, name, size, strings, len(variables))
            return [*head, *(word for variable in variables for word in variable)]
        case t.Array():
            return [*_head(t.ARRAY, "", 0, strings), one.type, one.index_type, one.length]
        case t.Int():
            word = one.encoding << 24 | one.bit_offset << 16 | one.bits
            return [*_head(t.INT, one.name, one.size, strings), word]
        case t.Other():
            return [strings.offset(one.name), one.info, one.size_or_type, *one.words]
        case _:
            return _reference(one, strings)


def _reference(one: t.BtfType, strings: Strings) -> list[int]:
    match one:
        case t.Ptr():
            return _head(t.PTR, "", one.type, strings)
        case t.Qualifier():
            return _head(_QUALIFIERS[one.keyword], "", one.type, strings)
        case t.Typedef():
            return _head(t.TYPEDEF, one.name, one.type, strings)
        case t.Fwd():
            return _head(t.FWD, one.name, 0, strings, flag=one.keyword == "union")
        case t.Func():
            return _head(t.FUNC, one.name, one.type, strings, one.linkage)
        case t.Float():
            return _head(t.FLOAT, one.name, one.size, strings)
        case t.TypeTag():
            return _head(t.TYPE_TAG, one.name, one.type, strings, flag=one.attribute)
        case t.Var():
            return [*_head(t.VAR, one.name, one.type, strings), one.linkage]
        case t.DeclTag():
            head = _head(t.DECL_TAG, one.name, one.type, strings, flag=one.attribute)
            return [*head, one.component & 0xFFFFFFFF]
        case _:
            raise BtfError(f"BTF: {type(one).__name__} has no wire form")


def _head(kind: int, name: str, size: int, strings: Strings, vlen: int = 0, flag: bool = False) -> list[int]:
    if not 0 <= vlen <= 0xFFFFFF:
        raise BtfError(f"BTF: {t.kind_name(kind)} {name} with {vlen} elements")
    return [strings.offset(name), flag << 31 | kind << 24 | vlen, size]


def _composite(one: t.Composite, strings: Strings) -> list[int]:
    kind = t.STRUCT if one.keyword == "struct" else t.UNION
    words = _head(kind, one.name, one.size, strings, len(one.members), one.kind_flag)
    for name, type_id, offset, bits in one.members:
        if bits > (0xFF if one.kind_flag else 0) or offset > (0xFFFFFF if one.kind_flag else 0xFFFFFFFF):
            raise BtfError(f"BTF: {one.keyword} {one.name}: {name} at {offset}+{bits} cannot be written")
        words += (strings.offset(name), type_id, bits << 24 | offset)
    return words


def _enum(one: t.Enum, strings: Strings) -> list[int]:
    kind = t.ENUM64 if one.wide else t.ENUM
    words = _head(kind, one.name, one.size, strings, len(one.values), one.signed)
    for name, value in one.values:
        words += (strings.offset(name), value & 0xFFFFFFFF)
        if one.wide:
            words.append(value >> 32 & 0xFFFFFFFF)
    return words
