"""Which parameters do the kernel's functions and tracepoints take? By the chosen kernel's BTF or the shipped one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bpflint.btf import Btf, BtfError
from bpflint.btf import types as t
from bpflint.kernels.embedded import default_kernel, function_lines
from bpflint.kernels.subset import Wanted
from bpflint.kernels.types import TypeSource
from bpflint.kernels.unpack import btf_of
from bpflint.model.errors import BpflintError
from bpflint.model.prototype import Prototype, Prototypes
from bpflint.model.verdict import Kernel

TRACEPOINT = "btf_trace_"
"""The typedef that holds a tracepoint's prototype; its first parameter is the tracer's own."""


def prototypes_of(vmlinux_btf: Path | None, kernels: Sequence[Kernel] = ()) -> Prototypes:
    """Return a lookup by name of function, or by `btf_trace_` and the name of a tracepoint; the BTF is read at need.

    Of several configured kernels the one whose function takes the fewest parameters answers.
    """
    known: dict[str, Prototype | None] = {}
    types = TypeSource()
    sources: Sequence[_Source] = [_Configured(kernel, types) for kernel in kernels]
    if not sources:
        sources = [_Shipped() if vmlinux_btf is None else _File(vmlinux_btf)]

    def find(name: str) -> Prototype | None:
        if name not in known:
            found = [item for source in sources if (item := _prototype(source, name)) is not None]
            known[name] = min(found, key=lambda item: len(item.params), default=None)
        return known[name]

    return find


class _Shipped:
    """The newest shipped kernel: only the lines of the function that is asked for are read."""

    chosen = False

    @property
    def title(self) -> str:
        return f"Linux {default_kernel().release}"

    def btf(self, name: str) -> Btf | None:
        lines = function_lines(default_kernel(), name)
        return Btf(btf_of(lines, "little")) if lines else None


class _File:
    """The chosen kernel's own BTF, read at need."""

    chosen = True

    def __init__(self, path: Path) -> None:
        self._path, self._opened = path, list[Btf | None]()
        self.title = f"the kernel of {path.name}"

    def btf(self, name: str) -> Btf | None:
        if not self._opened:
            try:
                self._opened.append(Btf(self._path.read_bytes()))
            except (OSError, BtfError):  # the stage that makes vmlinux.h of it has said so
                self._opened.append(None)
        return self._opened[0]


class _Configured:
    """A kernel that the configuration names."""

    chosen = True

    def __init__(self, kernel: Kernel, types: TypeSource) -> None:
        self._kernel, self._types = kernel, types
        self.title = f"Linux {kernel.release} ({kernel.arch})"

    def btf(self, name: str) -> Btf | None:
        return self._types.types(self._kernel, Wanted(frozenset((name,))))


_Source = _Shipped | _File | _Configured


def _prototype(source: _Source, name: str) -> Prototype | None:
    try:
        btf = source.btf(name)
        if btf is None:
            return None
        found = btf.find(name, t.TYPEDEF if name.startswith(TRACEPOINT) else t.FUNC)
        made = {_signature(btf, item) for item in found}
    except BpflintError:
        return None
    only = made.pop() if len(made) == 1 else None
    return None if only is None else Prototype(name, only[0], only[1], source.title, source.chosen)


def _signature(btf: Btf, number: int) -> tuple[tuple[str, ...], bool] | None:
    inner, hidden = btf.type(number), 0
    while isinstance(inner, t.Typedef | t.Ptr):
        inner, hidden = btf.type(inner.type), 1
    if isinstance(inner, t.Func):
        inner = btf.type(inner.type)
    if not isinstance(inner, t.FuncProto) or any(not item.type for item in inner.params):
        return None
    return tuple(item.name for item in inner.params[hidden:]), inner.result != 0
