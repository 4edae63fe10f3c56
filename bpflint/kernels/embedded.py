"""Which kernels' types are shipped? Those of the pack; one of them stands in where a project has no vmlinux.h."""

from __future__ import annotations

import hashlib
from functools import cache

from bpflint.analysis.abi import abi
from bpflint.kernels.pack import Line, shipped
from bpflint.kernels.store import release_order
from bpflint.model.verdict import Kernel

DEFAULT_ARCH = "x86_64"


@cache
def default_kernel() -> Kernel:
    """Return the newest x86_64 kernel of the pack: the `vmlinux.h` of a project that has none is made of it."""
    own = (item for item in shipped().kernels if item.arch == DEFAULT_ARCH)
    return max(own, key=lambda item: release_order(item.release))


@cache
def digest_of(kernel: Kernel) -> str:
    """Return what names the types of a shipped kernel: it changes with the pack, and costs no unpacking."""
    return hashlib.sha256(f"{kernel} {shipped().digest}".encode()).hexdigest()


def shipped_lines(kernel: Kernel) -> list[Line]:
    """Return what a shipped kernel declares: its types, and the functions that programs may call."""
    return [*shipped().declarations(kernel), *shipped().callable(kernel)]


def shipped_btf(kernel: Kernel) -> bytes:
    """Return raw BTF of a shipped kernel."""
    from bpflint.kernels.unpack import btf_of  # late: 3 ms of BTF

    return btf_of(shipped_lines(kernel), abi(kernel.arch).byte_order)
