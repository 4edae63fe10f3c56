"""What does one type record say? One function a kind, from words to the classes of `types`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from bpflint.btf import types as t
from bpflint.btf.errors import BtfError

if TYPE_CHECKING:
    from bpflint.btf.reader import Btf


class Record(NamedTuple):
    """One type record: the reader it belongs to, its id, the index of its first word, and its info word."""

    btf: Btf
    id: int
    words: memoryview
    at: int
    info: int
    limit: int
    """The first id that does not exist."""

    @property
    def name(self) -> str:
        """The type's name, "" when it has none."""
        return self.btf.string(self.words[self.at])

    @property
    def vlen(self) -> int:
        """The number of elements (of a FUNC: its linkage)."""
        return self.info & 0xFFFFFF

    @property
    def flag(self) -> bool:
        """The kind flag."""
        return bool(self.info >> 31)

    @property
    def size(self) -> int:
        """The third word as a size in bytes."""
        return self.words[self.at + 2]

    @property
    def kind(self) -> int:
        """The kind."""
        return self.info >> 24 & 0x7F

    @property
    def type(self) -> int:
        """The third word as an id that exists."""
        return self.known(self.words[self.at + 2])

    def known(self, type_id: int) -> int:
        """Return an id that exists; BtfError for any other."""
        if type_id >= self.limit:
            raise self.error(f"refers to type {type_id}; the last is {self.limit - 1}")
        return type_id

    def error(self, text: str) -> BtfError:
        """Return an error that names this type."""
        return BtfError(f"BTF: type {self.id} ({t.kind_name(self.kind)}) {text}")


def _int(r: Record) -> t.Int:
    word = r.words[r.at + 3]
    bits, offset = word & 0xFF, word >> 16 & 0xFF
    if not 1 <= r.size <= 16 or not 0 < bits <= r.size * 8 or bits + offset > r.size * 8:
        raise r.error(f"has {bits} bits from bit {offset} in {r.size} bytes")
    return t.Int(r.name, r.size, bits, offset, word >> 24 & 0xF)


def _array(r: Record) -> t.Array:
    element, index, length = r.words[r.at + 3 : r.at + 6]
    if r.known(element) == t.VOID:
        raise r.error("has elements of type void")
    return t.Array(element, r.known(index), length)


def _composite(r: Record) -> t.Composite:
    keyword: Literal["struct", "union"] = "struct" if r.kind == t.STRUCT else "union"
    size, flag, string, limit = r.size, r.flag, r.btf.string, r.limit
    words = r.words[r.at + 3 : r.at + 3 + 3 * r.vlen]
    members = []
    for name, type_id, place in zip(words[0::3], words[1::3], words[2::3], strict=True):
        offset, bits = (place & 0xFFFFFF, place >> 24) if flag else (place, 0)
        if offset + bits > size * 8 or not 0 < type_id < limit:
            raise r.error(f"has a member of type {type_id} at bit {offset}+{bits}, itself {size} bytes long")
        members.append(t.Member(string(name), type_id, offset, bits))
    return t.Composite(keyword, r.name, size, tuple(members), flag)


def _enum_size(r: Record) -> int:
    if r.size not in (1, 2, 4, 8):
        raise r.error(f"is {r.size} bytes wide")
    return r.size


def _enum(r: Record) -> t.Enum:
    words = r.words[r.at + 3 : r.at + 3 + 2 * r.vlen]
    top = 1 << 31 if r.flag else 1 << 32
    pairs = zip(words[0::2], words[1::2], strict=True)
    values = tuple(t.Enumerator(r.btf.string(n), v if v < top else v - (1 << 32)) for n, v in pairs)
    return t.Enum(r.name, _enum_size(r), values, r.flag)


def _enum64(r: Record) -> t.Enum:
    words = r.words[r.at + 3 : r.at + 3 + 3 * r.vlen]
    top = 1 << 63 if r.flag else 1 << 64
    values = []
    for name, low, high in zip(words[0::3], words[1::3], words[2::3], strict=True):
        value = high << 32 | low
        values.append(t.Enumerator(r.btf.string(name), value if value < top else value - (1 << 64)))
    return t.Enum(r.name, _enum_size(r), tuple(values), r.flag, wide=True)


def _qualifier(r: Record) -> t.Qualifier:
    words: dict[int, Literal["const", "volatile", "restrict"]]
    words = {t.CONST: "const", t.VOLATILE: "volatile", t.RESTRICT: "restrict"}
    return t.Qualifier(words[r.kind], r.type)


def _typedef(r: Record) -> t.Typedef:
    if not r.name:
        raise r.error("has no name")
    return t.Typedef(r.name, r.type)


def _func_proto(r: Record) -> t.FuncProto:
    words = r.words[r.at + 3 : r.at + 3 + 2 * r.vlen]
    pairs = zip(words[0::2], words[1::2], strict=True)
    return t.FuncProto(r.type, tuple(t.Param(r.btf.string(n), r.known(i)) for n, i in pairs))


def _func(r: Record) -> t.Func:
    if r.type == t.VOID or r.btf.kind(r.type) != t.FUNC_PROTO:
        raise r.error(f"refers to type {r.type}, which is no prototype")
    return t.Func(r.name, r.type, r.vlen)


def _datasec(r: Record) -> t.Datasec:
    words = r.words[r.at + 3 : r.at + 3 + 3 * r.vlen]
    triples = zip(words[0::3], words[1::3], words[2::3], strict=True)
    return t.Datasec(r.name, r.size, tuple(t.SecVar(r.known(i), o, s) for i, o, s in triples))


def _decl_tag(r: Record) -> t.DeclTag:
    index = r.words[r.at + 3]
    return t.DeclTag(r.name, r.type, index if index < 1 << 31 else index - (1 << 32), r.flag)


def _float(r: Record) -> t.Float:
    if not 1 <= r.size <= 16:
        raise r.error(f"is {r.size} bytes wide")
    return t.Float(r.name, r.size)


def _fwd(r: Record) -> t.Fwd:
    return t.Fwd("union" if r.flag else "struct", r.name)


def decode_other(r: Record) -> t.Other:
    """Decode a kind that has no class of its own: its words as they stand."""
    fixed, each = r.btf._sections.kinds[r.kind]
    words = r.words[r.at + 3 : r.at + 3 + fixed + each * r.vlen]
    return t.Other(r.kind, r.name, r.info, r.size, tuple(words))


DECODERS: Final[dict[int, Callable[[Record], t.BtfType]]] = {
    t.INT: _int,
    t.PTR: lambda r: t.Ptr(r.type),
    t.ARRAY: _array,
    t.STRUCT: _composite,
    t.UNION: _composite,
    t.ENUM: _enum,
    t.FWD: _fwd,
    t.TYPEDEF: _typedef,
    t.VOLATILE: _qualifier,
    t.CONST: _qualifier,
    t.RESTRICT: _qualifier,
    t.FUNC: _func,
    t.FUNC_PROTO: _func_proto,
    t.VAR: lambda r: t.Var(r.name, r.type, r.words[r.at + 3]),
    t.DATASEC: _datasec,
    t.FLOAT: _float,
    t.DECL_TAG: _decl_tag,
    t.TYPE_TAG: lambda r: t.TypeTag(r.name, r.type, r.flag),
    t.ENUM64: _enum64,
}
