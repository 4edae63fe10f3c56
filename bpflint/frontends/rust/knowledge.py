"""What do aya, libbpf-rs, plain, bytemuck, zerocopy and `core::ptr` do with bytes? Their calls as tables."""

from __future__ import annotations

from collections.abc import Mapping

from bpflint.model.data import dataclass
from bpflint.model.layout import ByteOrder

LOADERS = frozenset(("Ebpf", "Bpf", "EbpfLoader", "BpfLoader", "ObjectBuilder", "OpenObject", "Object"))
"""Types of aya and libbpf-rs that hold maps and programs (aya 0.13, libbpf-rs 0.26)."""

MAP_GETTERS = frozenset(("map", "map_mut", "take_map"))
PROGRAM_GETTERS = frozenset(("program", "program_mut", "take_program", "prog", "prog_mut"))

AYA_MAPS: Mapping[str, tuple[int, int]] = {
    "HashMap": (1, 2), "PerCpuHashMap": (1, 2), "LruHashMap": (1, 2), "LruPerCpuHashMap": (1, 2), "Array": (-1, 1),
    "PerCpuArray": (-1, 1), "LpmTrie": (1, 2), "Queue": (-1, 1), "Stack": (-1, 1), "BloomFilter": (-1, 1),
    "SkStorage": (-1, 1), "RingBuf": (-1, -1), "PerfEventArray": (-1, -1), "AsyncPerfEventArray": (-1, -1),
    "SockHash": (1, -1), "StackTraceMap": (-1, -1), "ProgramArray": (-1, -1), "SockMap": (-1, -1), "XskMap": (-1, -1),
    "DevMap": (-1, -1), "DevMapHash": (-1, -1), "CpuMap": (-1, -1),
}  # fmt: skip
"""aya's typed maps: at which generic argument the key and the value stand, -1 for neither (aya 0.13, `aya::maps`)."""

FROM_PIN = frozenset(("MapData::from_pin", "MapHandle::from_pinned_path"))
"""Functions that open a map by its place in the BPF file system (aya 0.13 `maps::MapData`, libbpf-rs 0.26)."""

PER_CPU = frozenset(("PerCpuHashMap", "LruPerCpuHashMap", "PerCpuArray"))
READERS = frozenset(("RingBuf", "PerfEventArray", "AsyncPerfEventArray"))


@dataclass(frozen=True, slots=True)
class Touch:
    """Which arguments of a map's method are key and value, and what it gives: "value", "key", "pairs", or ""."""

    op: str
    key: int | None = None
    value: int | None = None
    gives: str = ""
    per_cpu: bool = False


AYA_METHODS: Mapping[str, Touch] = {
    "insert": Touch("update", 0, 1), "get": Touch("lookup", 0, gives="value"), "remove": Touch("delete", 0),
    "set": Touch("update", None, 1), "push": Touch("update", None, 0), "pop": Touch("lookup", gives="value"),
    "iter": Touch("iterate", gives="pairs"), "keys": Touch("iterate", gives="key"),
    "values": Touch("iterate", gives="value"), "contains": Touch("lookup", None, 0),
}  # fmt: skip
"""Methods of aya's typed maps (aya 0.13)."""
INDEXED = frozenset(("Array", "PerCpuArray"))
"""aya's maps whose `get` takes an index."""

LIBBPF_METHODS: Mapping[str, Touch] = {
    "lookup": Touch("lookup", 0, gives="value"), "lookup_percpu": Touch("lookup", 0, gives="value", per_cpu=True),
    "lookup_and_delete": Touch("lookup", 0, gives="value"), "lookup_bloom_filter": Touch("lookup", None, 0),
    "lookup_into": Touch("lookup", 0), "lookup_batch": Touch("iterate", gives="pairs"),
    "lookup_and_delete_batch": Touch("iterate", gives="pairs"), "update": Touch("update", 0, 1),
    "update_percpu": Touch("update", 0, 1, per_cpu=True), "update_batch": Touch("update", 0, 1),
    "delete": Touch("delete", 0), "delete_batch": Touch("delete", 0), "keys": Touch("iterate", gives="key"),
}  # fmt: skip
"""Methods of libbpf-rs' `MapCore` (libbpf-rs 0.26)."""

RAW_CALLS: Mapping[str, Touch] = {
    "bpf_map_lookup_elem": Touch("lookup", 1, 2), "bpf_map_update_elem": Touch("update", 1, 2),
    "bpf_map_delete_elem": Touch("delete", 1), "bpf_map_lookup_and_delete_elem": Touch("lookup", 1, 2),
}  # fmt: skip
"""libbpf's own calls through libbpf-sys: the map's descriptor is argument 0 (libbpf, bpf.h)."""

CALLBACKS: Mapping[str, tuple[int, int, int]] = {
    "ring_buffer__new": (0, 1, 1), "ring_buffer__add": (1, 2, 1), "perf_buffer__new": (0, 2, 2),
}  # fmt: skip
"""libbpf's readers: (the map's argument, the callback's, the callback's argument that is the sample) (libbpf.h)."""

FROM_BYTES: Mapping[str, int] = {
    "plain::from_bytes": 0, "plain::from_mut_bytes": 0, "plain::slice_from_bytes": 0,
    "bytemuck::from_bytes": 0, "bytemuck::from_bytes_mut": 0, "bytemuck::try_from_bytes": 0,
    "bytemuck::try_from_bytes_mut": 0, "bytemuck::pod_read_unaligned": 0, "bytemuck::try_pod_read_unaligned": 0,
    "bytemuck::checked::from_bytes": 0, "bytemuck::checked::try_from_bytes": 0,
    "bytemuck::checked::pod_read_unaligned": 0, "bytemuck::checked::try_pod_read_unaligned": 0,
    "bytemuck::must_cast_ref": 0,
}  # fmt: skip
"""Functions that make a value of their type argument from bytes: which argument holds the bytes."""

FROM_POINTER = frozenset(("read", "read_unaligned", "read_volatile"))
"""`std::ptr`'s functions and a raw pointer's methods that read what it points to."""

COPIES: Mapping[str, tuple[int, int]] = {
    "plain::copy_from_bytes": (0, 1), "std::ptr::copy_nonoverlapping": (1, 0), "std::ptr::copy": (1, 0),
    "std::intrinsics::copy_nonoverlapping": (1, 0), "libc::memcpy": (0, 1),
}  # fmt: skip
"""Functions that copy bytes over a value: (destination, source)."""

INTO_BYTES = frozenset(
    ("plain::as_bytes", "plain::as_mut_bytes", "bytemuck::bytes_of", "bytemuck::bytes_of_mut", "bytemuck::cast_slice",
     "bytemuck::must_cast_slice")
)  # fmt: skip
"""Functions that give the bytes of a value."""

TRAIT_FROM_BYTES = frozenset(
    ("from_bytes", "from_mut_bytes", "read_from", "read_from_bytes", "read_from_prefix", "ref_from", "ref_from_bytes",
     "ref_from_prefix", "mut_from", "mut_from_bytes", "try_read_from_bytes", "try_ref_from_bytes")
)  # fmt: skip
"""Associated functions of plain's `Plain` and zerocopy's `FromBytes`, where the type itself declares none."""

NUMBER_FROM: Mapping[str, ByteOrder | None] = {"from_ne_bytes": None, "from_le_bytes": "little", "from_be_bytes": "big"}
NUMBER_TO: Mapping[str, ByteOrder | None] = {"to_ne_bytes": None, "to_le_bytes": "little", "to_be_bytes": "big"}

SAME_TYPE = frozenset(
    ("clone", "to_owned", "copied", "cloned", "to_be", "to_le", "swap_bytes", "wrapping_add", "wrapping_sub",
     "saturating_add", "saturating_sub", "min", "max", "borrow", "borrow_mut", "as_ref", "as_mut", "as_deref",
     "as_deref_mut", "by_ref", "iter", "iter_mut", "into_iter", "deref", "deref_mut", "into_inner", "get_mut",
     "leak", "freeze", "take", "skip", "rev")
)  # fmt: skip
"""Methods that give what they were called on, as far as bytes go."""

UNWRAPPING = frozenset(
    ("unwrap", "expect", "unwrap_or", "unwrap_or_default", "unwrap_or_else", "ok_or", "ok_or_else", "ok", "context",
     "with_context", "map_err", "wrap_err", "wrap_err_with", "lock", "read", "write", "flatten", "unwrap_unchecked",
     "err_into", "assume_init", "wait")
)  # fmt: skip
"""Methods that take a value out of an option, result or lock."""
