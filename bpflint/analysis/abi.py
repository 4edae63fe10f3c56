"""What does each target decide about layouts? One table, by target name."""

from __future__ import annotations

from collections.abc import Mapping

from bpflint.model.errors import ConfigError
from bpflint.model.layout import Abi, Bits, ByteOrder


def _lp64(name: str, order: ByteOrder = "little", *, char_signed: bool = True) -> Abi:
    return Abi(name, order, Bits(64), Bits(64), Bits(64), Bits(128), char_signed)


def _ilp32(name: str, align_u64: int, go_align_u64: int, *, char_signed: bool) -> Abi:
    return Abi(
        name, "little", Bits(32), Bits(32), Bits(align_u64), None, char_signed, go_align_u64=Bits(go_align_u64)
    )


# Alignment of __int128: 16 bytes on every 64-bit psABI but s390x, where it is 8 (s390x ELF ABI, table 1.1) and on
# bpf 16 (clang BPF data layout "i128:128"). Plain char is unsigned on arm, arm64, s390x, riscv and ppc64le.
ABIS: Mapping[str, Abi] = {
    item.name: item
    for item in (
        _lp64("bpfel"),
        _lp64("bpfeb", "big"),
        _lp64("x86_64"),
        _lp64("arm64", char_signed=False),
        Abi("s390x", "big", Bits(64), Bits(64), Bits(64), Bits(64), char_signed=False),
        _lp64("riscv64", char_signed=False),
        _lp64("ppc64le", char_signed=False),
        _lp64("mips64le"),
        _lp64("loong64"),
        _ilp32("arm", 64, 32, char_signed=False),
        _ilp32("i386", 32, 32, char_signed=True),
    )
}

TARGETS = tuple(name for name in ABIS if not name.startswith("bpf"))
"""The user targets, by the names that are printed."""

# Go's GOARCH, Debian's architecture and uname -m, where they differ from ours. Not `x86`: to the kernel it is both.
_ALIASES = {
    "amd64": "x86_64", "x86-64": "x86_64", "x64": "x86_64", "aarch64": "arm64", "386": "i386", "i686": "i386",
    "armhf": "arm", "armv7l": "arm", "armel": "arm", "ppc64el": "ppc64le", "mips64el": "mips64le",
    "mips64": "mips64le", "loongarch64": "loong64", "riscv": "riscv64", "s390": "s390x",
}  # fmt: skip


def abi(name: str) -> Abi:
    """Return the ABI of a target by its printed name; raises ConfigError for a name that is none."""
    try:
        return ABIS[name]
    except KeyError:
        raise ConfigError(f"unknown target '{name}': known are {' '.join(TARGETS)}") from None


def canonical_target(name: str) -> str:
    """Return the printed name of a target given by our, Go's, Debian's or uname's name."""
    lowered = name.strip().lower()
    found = _ALIASES.get(lowered, lowered)
    if found not in TARGETS:
        raise ConfigError(f"unknown target '{name}': known are {' '.join(TARGETS)}")
    return found


def bpf_target(byte_order: ByteOrder) -> str:
    """Return the BPF target of a byte order: bpfel or bpfeb."""
    return "bpfeb" if byte_order == "big" else "bpfel"
