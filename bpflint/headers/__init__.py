"""Which folders and macros make a parse independent of the machine it runs on?

``-nostdinc -ffreestanding`` plus ``-isystem`` for each folder of :func:`include_dirs`. A project's own
include paths go before them with ``-I``, a ``vmlinux.h`` folder after those.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

Mode = Literal["bpf", "user", "bcc", "kernel"]

ROOT = Path(__file__).resolve().parent
# Kernel folders: a name below one of them that is not found belongs to the kernel's own headers, whose types
# come from vmlinux.h.
KERNEL_FOLDERS = (
    "linux", "uapi", "asm", "asm-generic", "net", "trace", "scsi", "rdma", "drm", "sound", "crypto", "kernel",
    "generated", "bcc", "block", "fs", "mm", "vdso", "xen",
)  # fmt: skip
# Virtual: files placed here through ``unsaved_files`` exist for one parse only.
KERNEL_OVERLAY = ROOT / "overlay"


def include_dirs(mode: Mode) -> tuple[Path, ...]:
    """Folders in search order for ``-isystem``.

    ``bpf``: program sources. ``user``: loaders and shared headers under a user target. ``kernel``: programs that
    include kernel-internal headers (the kernel's ``samples/bpf``). ``bcc``: C embedded in bcc's front ends. The last
    two need :func:`forced_includes` and :func:`kernel_overlay`.
    """
    freestanding, libbpf, uapi, libc = (ROOT / n for n in ("freestanding", "libbpf", "uapi", "libc"))
    match mode:
        # libbpf/bpf makes <bpf_helpers.h> resolve, ROOT makes <uapi/linux/bpf.h>.
        case "bpf":
            return (freestanding, libbpf, uapi, libbpf / "bpf", libc, ROOT)
        case "user":
            return (freestanding, libc, uapi, libbpf, libbpf / "bpf", ROOT)
        case "kernel":
            return (freestanding, libbpf, uapi, libbpf / "bpf", libc, ROOT, ROOT / "kernel", KERNEL_OVERLAY)
        case "bcc":
            return (ROOT / "bcc", *include_dirs("kernel"))


@cache
def has(mode: Mode, name: str) -> bool:
    """Whether one of a mode's folders holds a header of that name."""
    return any(os.path.isfile(os.path.join(folder, name)) for folder in include_dirs(mode))


@cache
def is_libc(name: str) -> bool:
    """Whether a name is one of the C library's or the compiler's own, which a project's file of that name never is."""
    return (ROOT / "freestanding" / name).is_file() or ("/" not in name and (ROOT / "libc" / name).is_file())


def forced_includes(mode: Mode) -> tuple[str, ...]:
    """Names for ``-include``, in order. The caller makes ``vmlinux.h`` resolvable."""
    last = {"bcc": "bcc_dialect.h", "kernel": "kernel_environment.h"}.get(mode)
    return ("vmlinux.h", last) if last else ()


# libbpf's headers whose names others have as well: there the path must say whose they are.
_COMMON_NAMES = frozenset(("bpf.h", "btf.h", "xsk.h"))


def libbpf_overlay(missing: Iterable[str], *, vmlinux: bool = False) -> Mapping[str, str]:
    """Text by name for the missing headers that are libbpf's own in another place, and with `vmlinux` vmlinux.h.

    `../libbpf/src/bpf_helpers.h` of a submodule that is not checked out, `libbpf/libbpf.h` of another build: each
    stands for ours. They belong below :data:`KERNEL_OVERLAY`, the last include folder, for one parse only.
    """
    found: dict[str, str] = {}
    for name in missing:
        folder, _, base = name.rpartition("/")
        own = (ROOT / "libbpf" / "bpf" / base).is_file()
        if own and (base not in _COMMON_NAMES or "libbpf" in folder):
            found[name] = f"#include <bpf/{base}>\n"
        elif vmlinux and folder and base == "vmlinux.h":
            found[name] = "#include <vmlinux.h>\n"
    return found


# C++: standard headers that a user-side file includes stand in this folder for one parse only.
CXX = ROOT / "cxx"
_CXX_C = frozenset(
    ("cassert", "cctype", "cerrno", "climits", "cmath", "csignal", "cstdarg", "cstddef", "cstdint", "cinttypes",
     "cstdio", "cstdlib", "cstring", "ctime", "clocale", "csetjmp")
)  # fmt: skip


def cxx_overlay(missing: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """``unsaved_files`` for libclang: each missing header of the C++ library, below :data:`CXX`.

    A name without a suffix and without a folder is one. All give the same few declarations, so that a statement that
    uses the library still parses; what its classes look like in memory is nowhere said.
    """
    names = sorted({n for n in missing if n.isidentifier()})
    return tuple((str(CXX / n), _cxx_text(n)) for n in names)


def _cxx_text(name: str) -> str:
    own = f"#include <{name[1:]}.h>\n" if name in _CXX_C else ""
    return own + '#include "bpflint_std.hpp"\n'


# Two conditions a caller may define after a parse with errors: the vmlinux.h in use declares only a part of the
# kernel's types, so that the UAPI headers must give theirs too; the program is older than libbpf 1.0 and leaves
# ``struct bpf_map_def`` to it.
PARTIAL_VMLINUX = "BPFLINT_PARTIAL_VMLINUX"
LEGACY_LIBBPF = "BPFLINT_LEGACY_LIBBPF"
# Names (without -D) that every parse defines; values as in ``-Dname=value``.
builtin_defines: Mapping[Mode, tuple[str, ...]] = {
    # Selecting an x86 build is what projects' makefiles do for the BPF target; __x86_64 is libc's spelling.
    "bpf": ("__TARGET_ARCH_x86", "__x86_64__", "__x86_64"),
    "user": ("_GNU_SOURCE",),
    "kernel": ("__TARGET_ARCH_x86", "__x86_64__", "__x86_64", "__KERNEL__"),
    "bcc": ("__TARGET_ARCH_x86", "__x86_64__", "__x86_64", "__BCC__", "__KERNEL__", 'KBUILD_MODNAME="bcc"'),
}
# What replaces the x86 names for another machine's build, by target name.
ARCH_DEFINES: Mapping[str, tuple[str, ...]] = {
    "x86_64": ("__TARGET_ARCH_x86", "__x86_64__", "__x86_64"),
    "i386": ("__TARGET_ARCH_x86", "__i386__"),
    "arm64": ("__TARGET_ARCH_arm64", "__aarch64__"),
    "arm": ("__TARGET_ARCH_arm", "__arm__"),
    "s390x": ("__TARGET_ARCH_s390", "__s390x__", "__s390__"),
    "riscv64": ("__TARGET_ARCH_riscv", "__riscv", "__riscv_xlen=64"),
    "ppc64le": ("__TARGET_ARCH_powerpc", "__powerpc64__", "__powerpc__"),
    "mips64le": ("__TARGET_ARCH_mips", "__mips__", "__mips64"),
    "loong64": ("__TARGET_ARCH_loongarch", "__loongarch__", "__loongarch64"),
}


def is_kernel_header(name: str) -> bool:
    """Whether an include name that no folder has looks like a kernel-internal header (``net/sock.h``)."""
    return name.partition("/")[0] in KERNEL_FOLDERS and "/" in name


def kernel_overlay(missing: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """``unsaved_files`` for libclang: each missing kernel header as an empty file under :data:`KERNEL_OVERLAY`.

    Use it with ``vmlinux.h`` force-included and ``KERNEL_OVERLAY`` as the last include folder: the types that
    those headers would give come from BTF. Names outside :data:`KERNEL_FOLDERS` are left missing.
    """
    names = sorted({n for n in missing if is_kernel_header(n)})
    return tuple((str(KERNEL_OVERLAY / n), "/* types come from vmlinux.h */\n") for n in names)
