"""BPF703: has user space room for one value of each CPU?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    Array,
    BufferClaim,
    Codec,
    Constant,
    Context,
    Finding,
    MapDef,
    Opaque,
    Related,
    Rule,
    RuleMeta,
    Severity,
    Type,
    Unit,
    Use,
    calls,
    strip,
)  # fmt: skip

_EBPF = "github.com/cilium/ebpf.Map."
_WITH_SLICE = tuple(f"{_EBPF}{name}" for name in ("Lookup", "Put", "Update", "LookupAndDelete"))
_STRIDE = 8
_FEW = 16
"""CPUs that today's machines have more of: a longer array may have been sized on purpose."""
_CPU_FLAGS = 8 | 16


class PerCpuBufferSize(Rule):
    """The value of a per-CPU map is read or written through a buffer for one CPU.

    ## What it does
    Compares what user space passes as the value of a per-CPU map with what the kernel copies: `round_up(value_size, 8)`
    bytes for each possible CPU. In Go, cilium/ebpf wants a slice and refuses anything else.

    ## Why is this bad
    In C, a lookup overwrites whatever lies behind the buffer, an update sends it to the kernel. With one CPU in the
    test machine nothing shows. In Go, every call fails.

    ## Example
    ```c
    __u64 count;
    bpf_map_lookup_elem(fd, &key, &count);             /* BPF_MAP_TYPE_PERCPU_ARRAY */
    ```
    ```go
    var count uint64
    err := m.Lookup(key, &count)
    ```

    ## Use instead
    ```c
    __u64 counts[libbpf_num_possible_cpus()];
    bpf_map_lookup_elem(fd, &key, counts);
    ```
    ```go
    var counts []uint64
    err := m.Lookup(key, &counts)
    ```

    ## Known limits
    Arrays of sixteen elements and more are not judged: they may have been sized for the machines at hand.
    """

    meta = RuleMeta(
        code="BPF703", name="per-cpu-buffer-size", summary="a per-CPU value goes through a buffer for one CPU",
        severity=Severity.ERROR, cross_file=True,
        references=("https://docs.kernel.org/bpf/map_array.html",),
    )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Look at every value that user space passes for a per-CPU map."""
        maps: dict[str, list[MapDef]] = {}
        for unit in ctx.project.bpf_units():
            for item in unit.maps:
                maps.setdefault(item.name, []).append(item)
        per_cpu = {name: found[0] for name, found in maps.items() if all("percpu" in item.kind for item in found)}
        for unit in ctx.project.user_units():
            for use in unit.uses:
                map_ = per_cpu.get(use.map)
                if map_ is not None and use.role == "value" and use.op in ("lookup", "update"):
                    yield from self._use(use, map_, unit, ctx)

    def _use(self, use: Use, map_: MapDef, unit: Unit, ctx: Context) -> Iterator[Finding]:
        why = _go(use) if unit.language == "go" else _c(use, map_, unit, ctx) if unit.language == "c" else ""
        if why:
            yield self.finding(
                use.span, f"`{use.map}` is a per-CPU map: {why}", subject=f"{use.function}:{use.map}",
                related=[Related(map_.span, "map", f"`{map_.name}` is defined here")],
                claim=_claim(use, map_, ctx) if unit.language == "c" else None,
            )  # fmt: skip


def _claim(use: Use, map_: MapDef, ctx: Context) -> BufferClaim | None:
    """What the buffer has room for: one element for each CPU, or so many bytes in all."""
    room = _bytes(use.type, ctx) if use.per_cpu else use.size
    return BufferClaim(map_.kind, map_.value_size, room, use.per_cpu) if map_.value_size and room else None


def _go(use: Use) -> str:
    raw = use.codec is not Codec.GO_PACKED or use.type is None or isinstance(use.type, Opaque)
    if raw or use.per_cpu or use.how not in _WITH_SLICE or (isinstance(use.type, Array) and use.type.length is None):
        return ""
    return "cilium/ebpf refuses a value that is no slice, one element a CPU"


def _c(use: Use, map_: MapDef, unit: Unit, ctx: Context) -> str:
    if map_.value_size is None or _one_cpu(use, unit):
        return ""
    stride = -(-map_.value_size // _STRIDE) * _STRIDE
    does = "reads" if use.op == "update" else "writes"
    element = _bytes(use.type, ctx)
    if use.per_cpu:
        if element is None or element >= stride:
            return ""
        return f"an element of this buffer has {element} bytes, but the kernel {does} {stride} bytes for each CPU"
    room = use.size
    if room is None or use.how.endswith("_batch"):
        return ""  # a pointer to one element says nothing of how many there are
    if room < 2 * stride:
        held = "one value at most, but the kernel" if room >= stride else "the kernel"
        return f"this buffer has {room} bytes: {held} {does} {stride} bytes for each possible CPU"
    cpus = room // stride
    if cpus >= _FEW:
        return ""
    return f"this buffer has room for {cpus} CPUs; ask libbpf_num_possible_cpus() how many there are"


def _one_cpu(use: Use, unit: Unit) -> bool:
    """Whether the call's flags ask for one CPU's value, or give one value for all (linux/bpf.h, BPF_F_CPU)."""
    for function in unit.functions if use.how.endswith(("_elem", "_flags")) else ():
        for call, _ in calls(function) if function.name == use.function else ():
            if call.callee == use.how and call.args and any(item.span == use.span for item in call.args):
                flags = strip(call.args[-1])
                return isinstance(flags, Constant) and isinstance(flags.value, int) and bool(flags.value & _CPU_FLAGS)
    return False


def _bytes(type_: Type | None, ctx: Context) -> int | None:
    bits = None if isinstance(type_, Opaque) else ctx.size_of(type_, "x86_64")
    return None if bits is None else bits // 8
