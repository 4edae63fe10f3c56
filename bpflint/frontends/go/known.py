"""What is known of packages outside the tree? Types, functions and constants that BPF users' code meets."""

from __future__ import annotations

from bpflint.frontends.go.gotypes import Basic, GoType, OtherType, Signature, Slice
from bpflint.frontends.go.values import Value, whole

_UNDER: dict[str, GoType] = {
    "time.Duration": Basic("int64"), "net.IP": Slice(Basic("uint8")), "net.HardwareAddr": Slice(Basic("uint8")),
    "net.IPMask": Slice(Basic("uint8")), "time.Time": OtherType("time.Time", "a struct that holds a pointer"),
}
_CONST: dict[str, int] = {"net.IPv4len": 4, "net.IPv6len": 16, "golang.org/x/sys/unix.AF_INET": 2}


def is_type(full: str) -> bool:
    """Return whether a type of an outside package is known by its full name."""
    return full in _UNDER


def underlying(full: str) -> GoType | None:
    """Return what an outside type is made of."""
    return _UNDER.get(full)


def signature(callee: str) -> Signature | None:
    """Return the signature of an outside function or method."""
    return None


def constant(full: str) -> Value | None:
    """Return an outside constant."""
    return whole(_CONST[full]) if full in _CONST else None


def cgo(name: str) -> GoType:
    """Return what `C.name` means."""
    return OtherType(f"C.{name}", "declared in C (cgo)")
