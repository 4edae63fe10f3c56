"""Which parameters do the kernel's functions and tracepoints take? By the chosen kernel's BTF or the shipped one."""

from __future__ import annotations

from pathlib import Path

from bpflint.api import Prototype, Prototypes
from bpflint.btf import Btf, BtfError
from bpflint.btf import types as t
from bpflint.kernels.embedded import embedded_btf, embedded_functions_btf, embedded_release

TRACEPOINT = "btf_trace_"
"""The typedef that holds a tracepoint's prototype; its first parameter is the tracer's own."""


def prototypes_of(vmlinux_btf: Path | None) -> Prototypes:
    """Return a lookup by name of function, or by `btf_trace_` and the name of a tracepoint; the BTF is read at need."""
    opened: list[Btf | None] = []
    known: dict[str, Prototype | None] = {}
    kernel = f"Linux {embedded_release()}" if vmlinux_btf is None else f"the kernel of {vmlinux_btf.name}"

    def find(name: str) -> Prototype | None:
        if not opened:
            opened.append(_open(vmlinux_btf))
        if name not in known:
            known[name] = None if opened[0] is None else _prototype(opened[0], name, kernel, vmlinux_btf is not None)
        return known[name]

    return find


def _open(vmlinux_btf: Path | None) -> Btf | None:
    try:
        if vmlinux_btf is not None:
            return Btf(vmlinux_btf.read_bytes())
        return Btf(embedded_functions_btf(), Btf(embedded_btf()))
    except (OSError, BtfError):  # the stage that makes vmlinux.h of it has said so
        return None


def _prototype(btf: Btf, name: str, kernel: str, chosen: bool) -> Prototype | None:
    try:
        found = btf.find(name, t.TYPEDEF if name.startswith(TRACEPOINT) else t.FUNC)
        made = {_signature(btf, item) for item in found}
    except BtfError:
        return None
    only = made.pop() if len(made) == 1 else None
    return None if only is None else Prototype(name, only[0], only[1], kernel, chosen)


def _signature(btf: Btf, number: int) -> tuple[tuple[str, ...], bool] | None:
    inner, hidden = btf.type(number), 0
    while isinstance(inner, t.Typedef | t.Ptr):
        inner, hidden = btf.type(inner.type), 1
    if isinstance(inner, t.Func):
        inner = btf.type(inner.type)
    if not isinstance(inner, t.FuncProto) or any(not item.type for item in inner.params):
        return None
    return tuple(item.name for item in inner.params[hidden:]), inner.result != 0
