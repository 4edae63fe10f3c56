"""Which Go calls pass keys, values and events? Argument positions, by full method name.

Sources: cilium/ebpf map.go, ringbuf/reader.go and perf/reader.go; libbpfgo map-common.go and map-low.go; gobpf
elf/table.go; the standard library's encoding/binary.
"""

from __future__ import annotations

from collections.abc import Mapping

from bpflint.frontends.go.provenance import EBPF, LIBBPFGO
from bpflint.model.data import dataclass
from bpflint.model.layout import ByteOrder, Codec


@dataclass(frozen=True, slots=True)
class MapCall:
    """Argument positions of a map operation; `next` is a second key. `batch`: slices with one element an entry."""

    op: str
    key: int | None = None
    value: int | None = None
    next: int | None = None
    batch: bool = False
    map: int | None = None
    """The argument that is the map; None: the receiver."""


_CILIUM = {
    "Lookup": MapCall("lookup", 0, 1), "LookupWithFlags": MapCall("lookup", 0, 1),
    "LookupAndDelete": MapCall("lookup", 0, 1), "LookupAndDeleteWithFlags": MapCall("lookup", 0, 1),
    "LookupBytes": MapCall("lookup", 0), "Put": MapCall("update", 0, 1), "Update": MapCall("update", 0, 1),
    "Delete": MapCall("delete", 0), "NextKey": MapCall("iterate", 0, next=1), "NextKeyBytes": MapCall("iterate", 0),
    "BatchLookup": MapCall("lookup", 1, 2, batch=True), "BatchLookupAndDelete": MapCall("lookup", 1, 2, batch=True),
    "BatchUpdate": MapCall("update", 0, 1, batch=True), "BatchDelete": MapCall("delete", 0, batch=True),
}  # fmt: skip
_LIBBPFGO = {
    "GetValue": MapCall("lookup", 0), "GetValueFlags": MapCall("lookup", 0), "GetValueReadInto": MapCall("lookup", 0),
    "Update": MapCall("update", 0, 1), "UpdateValueFlags": MapCall("update", 0, 1), "DeleteKey": MapCall("delete", 0),
    "GetNextKey": MapCall("iterate", 0, next=1),
}  # fmt: skip
_GOBPF = {
    "LookupElement": MapCall("lookup", 1, 2, map=0), "UpdateElement": MapCall("update", 1, 2, map=0),
    "DeleteElement": MapCall("delete", 1, map=0), "LookupNextElement": MapCall("iterate", 1, 3, next=2, map=0),
}  # fmt: skip

MAP_CALLS: Mapping[str, MapCall] = {
    **{f"{EBPF}.Map.{name}": item for name, item in _CILIUM.items()},
    **{f"{LIBBPFGO}.{owner}.{name}": item for owner in ("BPFMap", "BPFMapLow") for name, item in _LIBBPFGO.items()},
    **{f"github.com/iovisor/gobpf/elf.Module.{name}": item for name, item in _GOBPF.items()},
}
BY_METHOD: Mapping[str, MapCall] = _CILIUM
"""The same operations through an interface of the project's own, where the value is known to be a map."""
ITERATE = f"{EBPF}.MapIterator.Next"

DECODERS: Mapping[str, tuple[int, int, int]] = {
    "encoding/binary.Read": (0, 1, 2), "encoding/binary.Decode": (0, 1, 2),
}  # fmt: skip
"""Positions of the source, the byte order and the target."""

HAND: Mapping[str, int] = {
    f"{prefix}int{width}": width for width in (16, 32, 64) for prefix in ("U", "PutU")
}
"""Methods of `binary.ByteOrder` that take a slice, and how many bits they read or write."""

_ORDERS: Mapping[str, ByteOrder] = {
    "encoding/binary.LittleEndian": "little", "encoding/binary.BigEndian": "big",
}  # fmt: skip


def order_of(name: str) -> ByteOrder | None:
    """Return the byte order that `binary.LittleEndian` or `binary.BigEndian` fixes, None for the machine's own."""
    return _ORDERS.get(name)


def codec_of(callee: str) -> Codec:
    """Return how a map call turns a Go value into bytes: cilium/ebpf packs what has holes, the others take pointers."""
    return Codec.GO_PACKED if callee.startswith(EBPF) else Codec.GO
