"""What types and functions has each kernel? From the pack a few lines, else from the kernel's own BTF."""

from __future__ import annotations

from collections.abc import Mapping

from bpflint.btf import Btf, BtfError
from bpflint.btf import types as t
from bpflint.kernels.catalogue import raw_btf
from bpflint.kernels.pack import shipped
from bpflint.kernels.subset import Subset, Wanted
from bpflint.model.core import KernelField
from bpflint.model.errors import BpflintError
from bpflint.model.verdict import Kernel


class TypeSource:
    """Reads each kernel's types once."""

    def __init__(self) -> None:
        self._whole: dict[Kernel, Btf | BpflintError] = {}
        self._subset: Subset | None = None

    def types(self, kernel: Kernel, wanted: Wanted) -> Btf:
        """Return at least what is wanted of a kernel's types; BpflintError where it tells nothing."""
        if kernel in shipped().kernels:
            return self._shipped().types(kernel, wanted)
        if kernel not in self._whole:
            self._whole[kernel] = _read(kernel)
        found = self._whole[kernel]
        if isinstance(found, BpflintError):
            raise found
        return found

    def has_function(self, kernel: Kernel, name: str) -> bool | None:
        """Tell whether a kernel's BTF has a function, or a typedef, of that name; None where it cannot be had."""
        if kernel in shipped().kernels:
            return self._shipped().has_function(kernel, name)
        try:
            return bool(self.types(kernel, Wanted(frozenset((name,)))).find(name, t.FUNC, t.TYPEDEF))
        except BpflintError:
            return None

    def fields(self, kernel: Kernel, record: str) -> Mapping[str, KernelField] | None:
        """Return the members of a struct by name; None where there is no such struct, or several that differ."""
        try:
            btf = self.types(kernel, Wanted(frozenset((record,))))
            found = [_fields(btf, item) for item in btf.find(record, t.STRUCT)]
        except BpflintError:
            return None
        return found[0] if found and all(one == found[0] for one in found) else None

    def enumerators(self, kernel: Kernel, enum: str) -> Mapping[str, int] | None:
        """Return the values of an enumeration by name; None where there is none, or several that differ."""
        try:
            btf = self.types(kernel, Wanted(frozenset((enum,))))
            found = [_values(btf, item) for item in btf.find(enum, t.ENUM, t.ENUM64)]
        except BpflintError:
            return None
        return found[0] if found and all(one == found[0] for one in found) else None

    def _shipped(self) -> Subset:
        if self._subset is None:
            self._subset = Subset(shipped())
        return self._subset


def _read(kernel: Kernel) -> Btf | BpflintError:
    try:
        return Btf(raw_btf(kernel))
    except BpflintError as error:
        return error


def _fields(btf: Btf, type_id: int) -> dict[str, KernelField]:
    one = btf.type(type_id)
    members = one.members if isinstance(one, t.Composite) else ()
    return {item.name: KernelField(item.offset, item.bits or _size(btf, item.type)) for item in members if item.name}


def _values(btf: Btf, type_id: int) -> dict[str, int]:
    one = btf.type(type_id)
    return {item.name: item.value for item in one.values} if isinstance(one, t.Enum) else {}


def _size(btf: Btf, type_id: int) -> int:
    try:
        return btf.size(type_id) * 8
    except BtfError:
        return 0
