"""Which parameters do the kernel's functions and tracepoints take? By the chosen kernel's BTF or the shipped one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

from bpflint.btf import Btf, BtfError
from bpflint.btf import types as t
from bpflint.btf.lookup import Types
from bpflint.kernels.catalogue import Answers
from bpflint.kernels.embedded import default_kernel
from bpflint.kernels.types import TypeSource, attachable
from bpflint.model.errors import BpflintError
from bpflint.model.prototype import Prototype, Prototypes
from bpflint.model.verdict import Kernel


def prototypes_of(
    vmlinux_btf: Path | None, kernels: Sequence[Kernel] = (), answers: Answers | None = None
) -> Prototypes:
    """Return a lookup by name of function, or by `btf_trace_` and the name of a tracepoint; the BTF is read at need.

    Of several configured kernels the one whose function takes the fewest parameters answers. `answers` are those of
    earlier runs with the same kernels; more are added.
    """
    known: Answers = {} if answers is None else answers
    types = TypeSource()
    sources: Sequence[_Source] = [_Known(kernel, types) for kernel in kernels]
    if not sources:
        sources = [_Known(default_kernel(), types, chosen=False) if vmlinux_btf is None else _File(vmlinux_btf)]

    def find(name: str) -> Prototype | None:
        asked = ("prototype", name)
        if asked not in known:
            found = [item for source in sources if (item := _prototype(source, name)) is not None]
            least = min(found, key=lambda item: len(item.params), default=None)
            known[asked] = None if least is None else astuple(least)
        kept = known[asked]
        return Prototype(*kept) if isinstance(kept, tuple) else None

    return find


class _File:
    """The chosen kernel's own BTF, read at need."""

    chosen = True

    def __init__(self, path: Path) -> None:
        self._path, self._opened = path, list[Btf | None]()
        self.title = f"the kernel of {path.name}"

    def types(self) -> Types | None:
        if not self._opened:
            try:
                self._opened.append(Btf(self._path.read_bytes()))
            except (OSError, BtfError):  # the stage that makes vmlinux.h of it has said so
                self._opened.append(None)
        return self._opened[0]


class _Known:
    """A kernel that the configuration names, or the newest shipped one."""

    def __init__(self, kernel: Kernel, types: TypeSource, *, chosen: bool = True) -> None:
        self._kernel, self._types, self.chosen = kernel, types, chosen
        self.title = f"Linux {kernel.release} ({kernel.arch})" if chosen else f"Linux {kernel.release}"

    def types(self) -> Types | None:
        return self._types.types(self._kernel)


_Source = _Known | _File


def _prototype(source: _Source, name: str) -> Prototype | None:
    try:
        types = source.types()
        made = {_signature(types, item) for item in types.find(name, attachable(name))} if types is not None else set()
    except BpflintError:
        return None
    only = made.pop() if len(made) == 1 else None
    return None if only is None else Prototype(name, only[0], only[1], source.title, source.chosen)


def _signature(types: Types, number: int) -> tuple[tuple[str, ...], bool] | None:
    inner, hidden = types.type(number), 0
    while isinstance(inner, t.Typedef | t.Ptr):
        inner, hidden = types.type(inner.type), 1
    if isinstance(inner, t.Func):
        inner = types.type(inner.type)
    if not isinstance(inner, t.FuncProto) or any(not item.type for item in inner.params):
        return None
    return tuple(item.name for item in inner.params[hidden:]), inner.result != 0
