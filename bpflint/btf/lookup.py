"""What may be asked of a set of types, wherever it comes from: the bytes of a BTF blob, lines of text, a list?"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Final

from bpflint.btf import types as t
from bpflint.btf.errors import BtfError
from bpflint.btf.wire import ByteOrder

MAX_CHAIN: Final = 1000
"""Most typedefs, qualifiers and array dimensions in a row; more is a cycle or an attack."""
_TRANSPARENT: Final = frozenset((t.TYPEDEF, t.CONST, t.VOLATILE, t.RESTRICT, t.TYPE_TAG))


class Types(ABC):
    """Types by id. Ids count from 1; 0 is `void`."""

    __slots__ = ()

    @property
    @abstractmethod
    def byte_order(self) -> ByteOrder:
        """The byte order of the target the types were made for."""

    @abstractmethod
    def type(self, type_id: int) -> t.BtfType:
        """Return a type by id; BtfError when it does not exist, is `void`, or makes no sense."""

    @abstractmethod
    def find(self, name: str, *kinds: int) -> tuple[int, ...]:
        """Return the ids of exactly that name; of these kinds when any are given."""

    def kind(self, type_id: int) -> int:
        """Return the kind of an id (0 for `void`); BtfError when the id does not exist."""
        return t.kind_of(self.type(type_id)) if type_id else t.VOID

    def name(self, type_id: int) -> str:
        """Return the name of an id, "" for `void` and unnamed types."""
        return str(getattr(self.type(type_id), "name", "")) if type_id else ""

    def holding(self, mark: str) -> dict[str, tuple[int, ...]]:
        """Return the ids of every name that holds a text before its end; none where names are only looked up."""
        return {}

    def resolve(self, type_id: int) -> int:
        """Return the id behind typedefs, qualifiers and type tags; BtfError when they run in a circle."""
        for _ in range(MAX_CHAIN):
            if self.kind(type_id) not in _TRANSPARENT:
                return type_id
            found = self.type(type_id)
            if isinstance(found, t.Typedef | t.Qualifier | t.TypeTag):
                type_id = found.type
        raise BtfError(f"BTF: type {type_id} is a circle of typedefs or qualifiers")

    def size(self, type_id: int, pointer: int = 8) -> int:
        """Return the size of a type in bytes, given a pointer's; BtfError for void and functions."""
        count = 1
        for _ in range(MAX_CHAIN):
            type_id = self.resolve(type_id)
            found = self.type(type_id) if type_id else None
            match found:
                case t.Array(type=inner, length=length):
                    count *= length
                    type_id = inner
                case t.Ptr():
                    return _bounded(count * pointer)
                case t.Int(size=size) | t.Float(size=size) | t.Composite(size=size) | t.Enum(size=size):
                    return _bounded(count * size)
                case t.Datasec(size=size):
                    return size
                case t.Var(type=inner):
                    type_id = inner
                case _:
                    raise BtfError(f"BTF: type {type_id} ({t.kind_name(self.kind(type_id))}) has no size")
        raise BtfError(f"BTF: type {type_id} is an array of itself")

    def bit_width(self, member: t.Member) -> int:
        """Return the width in bits of a bitfield, 0 for an ordinary member, in the old encoding too."""
        if member.bits:
            return member.bits
        found = self.type(resolved) if (resolved := self.resolve(member.type)) else None
        return found.bits if isinstance(found, t.Int) and found.bits < found.size * 8 else 0


class Listed(Types):
    """Types in a list: the first has id 1."""

    __slots__ = ("_byte_order", "_listed")

    def __init__(self, listed: Sequence[t.BtfType], byte_order: ByteOrder) -> None:
        self._listed, self._byte_order = listed, byte_order

    def __len__(self) -> int:
        return len(self._listed) + 1

    @property
    def byte_order(self) -> ByteOrder:
        """The byte order of the target the types were made for."""
        return self._byte_order

    def type(self, type_id: int) -> t.BtfType:
        """Return a type by id; BtfError when it does not exist or is `void`."""
        if not 0 < type_id <= len(self._listed):
            raise BtfError(f"BTF: there is no type {type_id}; the last is {len(self._listed)}")
        return self._listed[type_id - 1]

    def types(self) -> Iterator[tuple[int, t.BtfType]]:
        """Yield each id with its type."""
        return enumerate(self._listed, 1)

    def find(self, name: str, *kinds: int) -> tuple[int, ...]:
        """Return the ids of exactly that name; of these kinds when any are given."""
        return tuple(n for n, one in self.types() if self.name(n) == name and (not kinds or t.kind_of(one) in kinds))


def _bounded(size: int) -> int:
    if size >= 1 << 32:
        raise BtfError(f"BTF: a type of {size} bytes")
    return size
