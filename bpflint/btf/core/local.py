"""Which BTF would a compiler have written for what a source asks for? Each path as types of its own, just so wide.

A loader compares names and kinds along a path and, at its end, sizes; so a root with the one member on the path stands
for the whole struct.
"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.btf import types as t
from bpflint.btf.errors import BtfError
from bpflint.btf.ext import CORE_KINDS
from bpflint.btf.lookup import Types
from bpflint.btf.wire import ByteOrder
from bpflint.model.core import Asked
from bpflint.model.layout import Array, Bits, Enum, Opaque, Pointer, RecordDecl, Scalar, Type, Width

_LONG = 8
"""Bytes of a `long` in a BPF program, whatever the kernel's architecture."""


class LocalTypes(Types):
    """Collects paths, and is the types of all of them."""

    def __init__(self) -> None:
        self._types: list[t.BtfType] = []
        self._known: dict[t.BtfType, int] = {}

    @property
    def byte_order(self) -> ByteOrder:
        """The byte order that sources are judged by."""
        return "little"

    def type(self, type_id: int) -> t.BtfType:
        """Return a type by id; BtfError when there is none."""
        if not 0 < type_id <= len(self._types):
            raise BtfError(f"BTF: there is no type {type_id}")
        return self._types[type_id - 1]

    def find(self, name: str, *kinds: int) -> tuple[int, ...]:
        """Return the ids of exactly that name; of these kinds when any are given."""
        named = (type_id for type_id in range(1, len(self._types) + 1) if name and self.name(type_id) == name)
        return tuple(type_id for type_id in named if not kinds or self.kind(type_id) in kinds)

    def add(self, asked: Asked) -> tuple[int, int, str] | None:
        """Return kind number, type id and path of a relocation; None where the source does not tell its types."""
        if asked.kind.startswith("enumval"):
            value = t.Enumerator(str(asked.steps[0]), 0)
            return CORE_KINDS.index(asked.kind), self._id(t.Enum(asked.root, 4, (value,))), "0"
        end = self._end(asked.type) if asked.steps else None
        if end is None:
            return None
        for step in reversed(asked.steps[1:]):
            inner = t.Member(str(step), end, 0, 0)
            one = t.Array(end, self._int(), step + 1) if isinstance(step, int) else _holder("struct", "", inner)
            end = self._id(one)
        path = "".join(f":{step if isinstance(step, int) else 0}" for step in asked.steps)
        root = self._id(_holder(asked.keyword, asked.root, t.Member(str(asked.steps[0]), end, 0, 0)))
        return CORE_KINDS.index(asked.kind), root, f"0{path}"

    def spelled(self, number: int) -> str:
        """Return a type in words that are the same wherever it was added: all that a loader looks at."""
        one = self._types[number - 1]
        match one:
            case t.Composite():
                members = ",".join(f"{item.name} {self.spelled(item.type)}" for item in one.members)
                return f"{one.keyword} {one.name}:{one.size}{{{members}}}"
            case t.Array():
                return f"[{one.length}]{self.spelled(one.type)}"
            case _:
                return repr(one)

    def _id(self, one: t.BtfType) -> int:
        if one not in self._known:
            self._types.append(one)
            self._known[one] = len(self._types)
        return self._known[one]

    def _int(self) -> int:
        return self._id(t.Int("int", 4, 32, 0, 1))

    def _end(self, type_: Type | None) -> int | None:
        """The type a path ends at, as far as a loader looks at it."""
        match type_:
            case Pointer():
                return self._id(t.Ptr(t.VOID))
            case Scalar(kind="float", width=width):
                return self._id(t.Float("", _bytes(width)))
            case Scalar(width=width, signed=signed, kind=kind):
                encoding = 4 if kind == "bool" else int(signed is not False and kind == "int")
                return self._id(t.Int("", _bytes(width), _bytes(width) * 8, 0, encoding))
            case Enum(scalar=Scalar(width=width, signed=signed), names=names):
                return self._id(t.Enum(names[-1] if names else "", _bytes(width), (), bool(signed)))
            case Array(element=element, length=length):
                inner = self._end(element)
                return None if inner is None else self._id(t.Array(inner, self._int(), length or 0))
            case RecordDecl(kind=keyword):
                return self._id(t.Composite(keyword, "", 8, ()))
            case Opaque(spelling=spelling) if spelling.startswith(("struct ", "union ")) and "*" not in spelling:
                return self._id(t.Composite("union" if spelling.startswith("union") else "struct", "", 8, ()))
        return None


def _holder(keyword: str, name: str, *members: t.Member) -> t.Composite:
    return t.Composite("union" if keyword == "union" else "struct", name, 8, members)


def _bytes(width: Bits | Width) -> int:
    if isinstance(width, Width):
        return 16 if width in (Width.INT128, Width.LONG_DOUBLE) else _LONG
    return width // 8


Place = tuple[int, int, str, str]
"""Kind number, type id, path, and a text that says the same of another source's types."""


def local_types(asked: Iterable[Asked]) -> tuple[LocalTypes, list[Place | None]]:
    """Return the types of everything a source asks for, and where each of it is there."""
    types = LocalTypes()
    found = [types.add(one) for one in asked]
    return types, [None if one is None else (*one, f"{one[0]} {one[2]} {types.spelled(one[1])}") for one in found]
