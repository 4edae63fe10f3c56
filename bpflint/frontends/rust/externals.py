"""What bytes do the types of well-known crates take? Primitives, `core::ffi`, libc, nix and the wrappers of `core`."""

from __future__ import annotations

from collections.abc import Mapping

from bpflint.model.layout import Bits, ByteOrder, Scalar, Width

PRIMITIVES: Mapping[str, Scalar] = {
    **{
        f"{sign}{bits}": Scalar((f"{sign}{bits}",), Bits(bits), signed=sign == "i")
        for sign in "ui"
        for bits in (8, 16, 32, 64)
    },
    "u128": Scalar(("u128",), Width.INT128), "i128": Scalar(("i128",), Width.INT128, signed=True),
    "usize": Scalar(("usize",), Width.POINTER), "isize": Scalar(("isize",), Width.POINTER, signed=True),
    "f32": Scalar(("f32",), Bits(32), "float", signed=True), "f64": Scalar(("f64",), Bits(64), "float", signed=True),
    "bool": Scalar(("bool",), Bits(8), "bool"), "char": Scalar(("char",), Bits(32), "char", signed=False),
}  # fmt: skip
"""The primitive types (Rust Reference, "Type Layout")."""

_C = {
    "c_char": Scalar(("c_char",), Bits(8), "char", signed=None),
    "c_schar": Scalar(("c_schar", "i8"), Bits(8), signed=True), "c_uchar": Scalar(("c_uchar", "u8"), Bits(8)),
    "c_short": Scalar(("c_short", "i16"), Bits(16), signed=True), "c_ushort": Scalar(("c_ushort", "u16"), Bits(16)),
    "c_int": Scalar(("c_int", "i32"), Bits(32), signed=True), "c_uint": Scalar(("c_uint", "u32"), Bits(32)),
    "c_long": Scalar(("c_long",), Width.LONG, signed=True), "c_ulong": Scalar(("c_ulong",), Width.LONG),
    "c_longlong": Scalar(("c_longlong", "i64"), Bits(64), signed=True),
    "c_ulonglong": Scalar(("c_ulonglong", "u64"), Bits(64)),
    "c_float": Scalar(("c_float", "f32"), Bits(32), "float"),
    "c_double": Scalar(("c_double", "f64"), Bits(64), "float"),
}  # fmt: skip
_LIBC = {
    **_C,
    "size_t": Scalar(("size_t", "usize"), Width.POINTER), "uintptr_t": Scalar(("uintptr_t", "usize"), Width.POINTER),
    "ssize_t": Scalar(("ssize_t", "isize"), Width.POINTER, signed=True),
    "intptr_t": Scalar(("intptr_t", "isize"), Width.POINTER, signed=True),
    "pid_t": Scalar(("pid_t", "i32"), Bits(32), signed=True), "uid_t": Scalar(("uid_t", "u32"), Bits(32)),
    "gid_t": Scalar(("gid_t", "u32"), Bits(32)), "mode_t": Scalar(("mode_t", "u32"), Bits(32)),
    "socklen_t": Scalar(("socklen_t", "u32"), Bits(32)), "in_addr_t": Scalar(("in_addr_t", "u32"), Bits(32)),
    "in_port_t": Scalar(("in_port_t", "u16"), Bits(16)), "sa_family_t": Scalar(("sa_family_t", "u16"), Bits(16)),
    "dev_t": Scalar(("dev_t", "u64"), Bits(64)), "clockid_t": Scalar(("clockid_t", "i32"), Bits(32), signed=True),
    **{f"__{name}": Scalar((f"__{name}", name), PRIMITIVES[name].width, signed=name[0] == "s")
       for name in ("u8", "u16", "u32", "u64")},
    **{f"{sign}int{bits}_t": Scalar((f"{sign}int{bits}_t",), Bits(bits), signed=not sign)
       for sign in ("", "u") for bits in (8, 16, 32, 64)},
}  # fmt: skip
"""libc's scalars that have one width on every Linux target, or C's own."""

_FD = {"RawFd": Scalar(("RawFd", "i32"), Bits(32), signed=True)}

_CMP = {"Ordering": Scalar(("Ordering", "i8"), Bits(8), signed=True)}
"""An enum that is `repr(i8)` (core::cmp)."""

_HOMES: tuple[tuple[str, Mapping[str, Scalar]], ...] = (
    ("libc", _LIBC), ("std::ffi", _C), ("std::cmp", _CMP), ("std::os::fd", _FD), ("std::os::fd::raw", _FD),
    ("std::os::unix::io", _FD), ("std::os::raw", _C), ("aya_ebpf::cty", _C), ("aya_bpf::cty", _C),
    ("cty", _LIBC), ("nix::libc", _LIBC), ("aya_ebpf_cty", _C),
)  # fmt: skip

TRANSPARENT: Mapping[str, Scalar] = {
    "nix::unistd::Pid": _LIBC["pid_t"], "nix::unistd::Uid": _LIBC["uid_t"], "nix::unistd::Gid": _LIBC["gid_t"],
}  # fmt: skip
"""`repr(transparent)` types of other crates (nix 0.31, unistd.rs)."""

STRUCTS: Mapping[str, tuple[tuple[str, str, int], ...]] = {
    "in_addr": (("s_addr", "u32", 1),),
    "sockaddr_in": (("sin_family", "u16", 1), ("sin_port", "u16", 1), ("sin_addr", "u32", 1), ("sin_zero", "u8", 8)),
    "sockaddr_in6": (
        ("sin6_family", "u16", 1), ("sin6_port", "u16", 1), ("sin6_flowinfo", "u32", 1), ("sin6_addr", "u8", 16),
        ("sin6_scope_id", "u32", 1),
    ),
}  # fmt: skip
"""`repr(C)` structs of libc as (field, element, count): netinet/in.h on Linux. `in6_addr` aligns to 4 there."""

WRAPPED = {"nix::sys::socket::SockaddrIn": "sockaddr_in", "nix::sys::socket::SockaddrIn6": "sockaddr_in6"}
"""`repr(transparent)` over a libc struct (nix 0.31, sys/socket/addr.rs)."""

SAME_AS_ARGUMENT = frozenset(
    ("std::mem::ManuallyDrop", "std::num::Wrapping", "std::num::Saturating",
     "std::cell::Cell", "std::cell::UnsafeCell", "std::cell::SyncUnsafeCell")
)  # fmt: skip
"""Wrappers that have the layout of what they hold (their documentation in `core` promises it)."""

_ORDERS: Mapping[str, ByteOrder] = {
    "BigEndian": "big", "BE": "big", "NetworkEndian": "big", "LittleEndian": "little", "LE": "little",
}  # fmt: skip


def scalar_of(path: str) -> Scalar | None:
    """Return the scalar that an external type is, None for any other."""
    home, _, name = path.rpartition("::")
    for prefix, table in _HOMES:
        if home == prefix or (prefix == "libc" and home.startswith("libc::")):
            return table.get(name)
    if path in TRANSPARENT:
        return TRANSPARENT[path]
    if home.startswith("std") and (found := _std(home, name)) is not None:
        return found
    return _ordered(path)


def _std(home: str, name: str) -> Scalar | None:
    """`NonZeroU32` and `AtomicU64`: the size of the integer; an atomic is aligned to its size everywhere."""
    if home in ("std::num", "std::num::nonzero") and name.startswith("NonZero"):
        plain = PRIMITIVES.get(name.removeprefix("NonZero").lower())
        return None if plain is None else Scalar((name, plain.name), plain.width, signed=plain.signed)
    if home in ("std::sync::atomic",) and name.startswith("Atomic"):
        plain = PRIMITIVES.get(name.removeprefix("Atomic").lower())
        if plain is not None:
            align = None if isinstance(plain.width, Width) else plain.width
            return Scalar((name, plain.name), plain.width, plain.kind, plain.signed, align)
    return None


def _ordered(path: str) -> Scalar | None:
    """zerocopy's `big_endian::U32` and its kin: bytes without alignment in a fixed order."""
    home, _, name = path.rpartition("::")
    if not home.startswith("zerocopy") or name[:1] not in ("U", "I") or name[1:] not in ("16", "32", "64"):
        return None
    order: ByteOrder | None = "big" if home.endswith(("big_endian", "network_endian")) else None
    order = "little" if home.endswith("little_endian") else order
    return Scalar((name,), Bits(int(name[1:])), signed=name[0] == "I", align=Bits(8), order=order) if order else None


def byte_order_named(name: str) -> ByteOrder | None:
    """Return the order that a `byteorder` marker type names."""
    return _ORDERS.get(name)
