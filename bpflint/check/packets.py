"""Which packets reach the paths of network programs? A few, so that what parses headers gets past them."""

from __future__ import annotations

import struct

_MACS = bytes.fromhex("020000000001020000000002")


def _ip4(protocol: int, payload: bytes) -> bytes:
    return struct.pack(
        ">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0, bytes((10, 0, 0, 1)), bytes((10, 0, 0, 2))
    ) + payload  # fmt: skip


def _ip6(protocol: int, payload: bytes) -> bytes:
    return struct.pack(">IHBB", 6 << 28, len(payload), protocol, 64) + bytes(15) + b"\1" + bytes(15) + b"\2" + payload


_TCP = struct.pack(">HHIIBBHHH", 40000, 443, 1, 0, 0x50, 0x02, 1024, 0, 0) + bytes(20)
_UDP = struct.pack(">HHHH", 40000, 53, 28, 0) + bytes(20)
_ICMP = struct.pack(">BBHHH", 8, 0, 0, 1, 1) + bytes(24)

PACKETS = tuple(
    (_MACS + body).ljust(64, b"\0").hex()
    for body in (
        b"\x08\x00" + _ip4(6, _TCP), b"\x08\x00" + _ip4(17, _UDP), b"\x08\x00" + _ip4(1, _ICMP),
        b"\x86\xdd" + _ip6(6, _TCP), b"\x86\xdd" + _ip6(17, _UDP),
        b"\x81\x00\x00\x0a\x08\x00" + _ip4(6, _TCP), b"\x08\x06" + bytes(28),
    )
)  # fmt: skip
"""TCP, UDP and ICMP over IPv4, TCP and UDP over IPv6, TCP in a VLAN, ARP: whole Ethernet frames, in hex."""
