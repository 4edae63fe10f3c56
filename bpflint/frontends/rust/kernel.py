"""What does an eBPF program in Rust define? aya's maps and programs, by the attributes of `aya_ebpf`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from tree_sitter import Node

from bpflint.frontends.rust.reading import Where
from bpflint.frontends.rust.rtypes import Ext, RType, type_argument
from bpflint.frontends.rust.scopes import Item, Scope
from bpflint.frontends.rust.syntax import nodes_below, string_of, text_of
from bpflint.frontends.rust.world import World
from bpflint.model.layout import Bits, Codec, Scalar, Type
from bpflint.model.unit import MapDef, Program, Use

KINDS: Mapping[str, tuple[str, int, int]] = {
    "HashMap": ("hash", 0, 1), "LruHashMap": ("lru_hash", 0, 1), "PerCpuHashMap": ("percpu_hash", 0, 1),
    "LruPerCpuHashMap": ("lru_percpu_hash", 0, 1), "Array": ("array", -1, 0), "PerCpuArray": ("percpu_array", -1, 0),
    "LpmTrie": ("lpm_trie", 0, 1), "Queue": ("queue", -1, 0), "Stack": ("stack", -1, 0), "RingBuf": ("ringbuf", -1, -1),
    "PerfEventArray": ("perf_event_array", -1, -1), "PerfEventByteArray": ("perf_event_array", -1, -1),
    "BloomFilter": ("bloom_filter", -1, 0), "StackTrace": ("stack_trace", -1, -1),
    "ProgramArray": ("prog_array", -1, -1),
    "SockHash": ("sockhash", 0, -1), "SockMap": ("sockmap", -1, -1), "XskMap": ("xskmap", -1, -1),
    "DevMap": ("devmap", -1, -1), "DevMapHash": ("devmap_hash", -1, -1), "CpuMap": ("cpumap", -1, -1),
}  # fmt: skip
"""aya-ebpf's map types: the kernel's kind, and at which generic argument key and value stand (aya-ebpf 0.1)."""

_PROGRAMS = frozenset(
    ("xdp", "classifier", "tc", "kprobe", "kretprobe", "uprobe", "uretprobe", "tracepoint", "raw_tracepoint",
     "btf_tracepoint", "lsm", "lsm_cgroup", "fentry", "fexit", "cgroup_skb", "cgroup_sock", "cgroup_sock_addr",
     "cgroup_sockopt", "cgroup_sysctl", "cgroup_device", "sk_msg", "sk_lookup", "socket_filter", "perf_event",
     "stream_verdict", "stream_parser", "sock_ops", "flow_dissector", "iter")
)  # fmt: skip
_NAME = re.compile(r'name\s*=\s*"(\w+)"')
_U32 = Scalar(("u32",), Bits(32))


def map_name(item: Item) -> str:
    """Return the name of the map that a static defines, "" where it defines none."""
    found = (*item.prelude.named("map"), *item.prelude.named("btf_map")) if item.kind == "static" else ()
    if not found:
        return ""
    stated = _NAME.search(found[0].args)
    return stated[1] if stated is not None else item.name


def maps_of(world: World, scopes: Iterable[Scope]) -> Iterator[MapDef]:
    """Yield the maps that a file defines."""
    for item in _items(scopes, "static"):
        name, type_ = map_name(item), _type(world, item)
        if not name:
            continue
        span = item.source.span(item.node.child_by_field_name("name") or item.node)
        if not isinstance(type_, Ext) or type_.last not in KINDS:
            yield MapDef(name, "", span, "btf", flags=None)  # of a type of the project, or one that is newer
            continue
        kind, key, value = KINDS[type_.last]
        entries, flags = _made(world, item)
        yield MapDef(
            name, kind, span, "btf", key=_part(world, type_, key) or (_U32 if "array" in kind else None),
            value=_part(world, type_, value), max_entries=entries, flags=flags, key_span=span, value_span=span,
            pinning="pinned" in text_of(item.node.child_by_field_name("value")),
        )  # fmt: skip


def events_of(world: World, scopes: Iterable[Scope]) -> Iterator[Use]:
    """Yield what a typed event array carries: `PerfEventArray<Event>`."""
    for item in _items(scopes, "static"):
        name, type_ = map_name(item), _type(world, item)
        if name and isinstance(type_, Ext) and type_.last == "PerfEventArray" and type_.args:
            span = item.source.span(item.node.child_by_field_name("type") or item.node)
            made = world.layouts.type(type_argument(type_.args, 0))
            yield Use(name, "event", "output", made, span, Codec.RUST_C, how="aya_ebpf::maps::PerfEventArray")


def programs_of(scopes: Iterable[Scope], license_: str | None) -> Iterator[Program]:
    """Yield the programs that a file defines."""
    for item in _items(scopes, "fn"):
        kinds = [one.name.rpartition("::")[2] for one in item.prelude.attributes]
        section = next((kind for kind in kinds if kind in _PROGRAMS), "")
        if section:
            span = item.source.span(item.node.child_by_field_name("name") or item.node)
            yield Program(item.name, section, span, license=license_)


def license_of(scopes: Iterable[Scope]) -> str | None:
    """Return the licence that a file puts into its object."""
    for item in _items(scopes, "static"):
        if any('"license"' in one.args for one in item.prelude.attributes):
            for node in nodes_below(item.node, "string_literal"):
                return (string_of(node) or "").replace("\\0", "")
    return None


def _items(scopes: Iterable[Scope], kind: str) -> Iterator[Item]:
    return (item for scope in scopes for item in scope.all_items() if item.kind == kind)


def _type(world: World, item: Item) -> RType:
    return world.reader.read(item.node.child_by_field_name("type"), Where(item.scope))


def _part(world: World, type_: Ext, at: int) -> Type | None:
    if at < 0 or at >= len(type_.args):
        return None
    found = type_argument(type_.args, at)
    if type_.last == "LpmTrie" and at == 0:
        found = Ext("aya::maps::lpm_trie::Key", (found,))
    return world.layouts.type(found)


def _made(world: World, item: Item) -> tuple[int | None, int | None]:
    """The most entries and the flags of `HashMap::with_max_entries(1024, 0)`."""
    call = item.node.child_by_field_name("value")
    listed = call.child_by_field_name("arguments") if call is not None and call.type == "call_expression" else None
    args: list[Node] = [node for node in (listed.named_children if listed is not None else ())
                        if not node.type.endswith("comment")]  # fmt: skip
    folded = [world.reader.fold(node, Where(item.scope)) for node in args]
    if len(folded) == 2:
        return folded[0], folded[1]
    return None, folded[0] if folded else None
