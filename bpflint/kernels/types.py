"""What types and functions has each kernel? From the pack a few lines, else from the kernel's own BTF."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bpflint.analysis.abi import abi
from bpflint.btf import Btf, BtfError
from bpflint.btf import types as t
from bpflint.btf.lookup import Types
from bpflint.kernels.catalogue import raw_btf
from bpflint.kernels.pack import Line, shipped
from bpflint.kernels.unpack import Declared
from bpflint.model.core import KernelField
from bpflint.model.errors import BpflintError
from bpflint.model.verdict import Kernel

TRACEPOINT = "btf_trace_"
"""What the typedef that holds a tracepoint's prototype begins with; its first parameter is the tracer's own."""


class TypeSource:
    """Reads each kernel's types once."""

    def __init__(self) -> None:
        self._types: dict[Kernel, Types | BpflintError] = {}

    def types(self, kernel: Kernel) -> Types:
        """Return a kernel's types; BpflintError where it tells nothing."""
        if kernel not in self._types:
            self._types[kernel] = shipped_types(kernel) if kernel in shipped().kernels else _read(kernel)
        found = self._types[kernel]
        if isinstance(found, BpflintError):
            raise found
        return found

    def alike(self, kernel: Kernel, names: Iterable[str]) -> tuple[Kernel, ...]:
        """Return the kernels, with this one, whose types of these names are its own, and lie in memory alike."""
        if kernel not in shipped().kernels:
            return (kernel,)
        mine = abi(kernel.arch)
        found = [(item, abi(item.arch)) for item in shipped().alike(kernel, names)]
        return tuple(item for item, other in found
                     if (other.byte_order, other.pointer) == (mine.byte_order, mine.pointer))  # fmt: skip

    def has_function(self, kernel: Kernel, name: str) -> bool | None:
        """Tell whether a kernel's BTF has a function, or the typedef of a tracepoint, of that name; None where it
        cannot be had."""
        try:
            return bool(self.types(kernel).find(name, attachable(name)))
        except BpflintError:
            return None

    def fields(self, kernel: Kernel, record: str) -> Mapping[str, KernelField] | None:
        """Return the members of a struct by name; None where there is no such struct, or several that differ."""
        try:
            types = self.types(kernel)
            found = [_fields(types, item) for item in types.find(record, t.STRUCT)]
        except BpflintError:
            return None
        return found[0] if found and all(one == found[0] for one in found) else None

    def enumerators(self, kernel: Kernel, enum: str) -> Mapping[str, int] | None:
        """Return the values of an enumeration by name; None where there is none, or several that differ."""
        try:
            types = self.types(kernel)
            found = [_values(types, item) for item in types.find(enum, t.ENUM, t.ENUM64)]
        except BpflintError:
            return None
        return found[0] if found and all(one == found[0] for one in found) else None


def shipped_types(kernel: Kernel) -> Declared:
    """Return the types of a kernel of the pack: what is asked of them is read, and nothing else."""
    pack = shipped()

    def lines(name: str, functions: bool) -> Sequence[Line]:
        return pack.declared(kernel, name, functions=functions)

    return Declared(lines, abi(kernel.arch).byte_order)


def attachable(name: str) -> int:
    """Return the kind of what a program attaches to: a function, or the typedef of a tracepoint."""
    return t.TYPEDEF if name.startswith(TRACEPOINT) else t.FUNC


def _read(kernel: Kernel) -> Btf | BpflintError:
    try:
        return Btf(raw_btf(kernel))
    except BpflintError as error:
        return error


def _fields(types: Types, type_id: int) -> dict[str, KernelField]:
    one = types.type(type_id)
    members = one.members if isinstance(one, t.Composite) else ()
    return {item.name: KernelField(item.offset, item.bits or _size(types, item.type)) for item in members if item.name}


def _values(types: Types, type_id: int) -> dict[str, int]:
    one = types.type(type_id)
    return {item.name: item.value for item in one.values} if isinstance(one, t.Enum) else {}


def _size(types: Types, type_id: int) -> int:
    try:
        return types.size(type_id) * 8
    except BtfError:
        return 0
