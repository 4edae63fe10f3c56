"""BPF703: has user space room for one value of each CPU?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    Array,
    Codec,
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
)  # fmt: skip

_EBPF = "github.com/cilium/ebpf.Map."
_WITH_SLICE = tuple(f"{_EBPF}{name}" for name in ("Lookup", "Put", "Update", "LookupAndDelete"))
_STRIDE = 8


class PerCpuBufferSize(Rule):
    """The value of a per-CPU map is read or written through a buffer for one CPU.

    ## What it does
    Compares what user space passes as the value of a per-CPU map with what the kernel copies: `round_up(value_size, 8)`
    bytes for each possible CPU. In Go, cilium/ebpf wants a slice and refuses anything else.

    ## Why is this bad
    In C, a lookup overwrites whatever lies behind the buffer, an update sends it to the kernel. With one CPU in the test
    machine nothing shows. In Go, every call fails.

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
    Arrays of a constant length above one are not judged: nobody knows how many CPUs a machine has.
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
        why = _go(use) if unit.language == "go" else _c(use, map_, ctx) if unit.language == "c" else ""
        if why:
            yield self.finding(
                use.span, f"`{use.map}` is a per-CPU map: {why}", subject=f"{use.function}:{use.map}",
                related=[Related(map_.span, "map", f"`{map_.name}` is defined here")],
            )  # fmt: skip


def _go(use: Use) -> str:
    raw = use.codec is not Codec.GO_PACKED or use.type is None or isinstance(use.type, Opaque)
    if raw or use.per_cpu or use.how not in _WITH_SLICE or (isinstance(use.type, Array) and use.type.length is None):
        return ""
    return "cilium/ebpf refuses a value that is no slice, one element a CPU"


def _c(use: Use, map_: MapDef, ctx: Context) -> str:
    if map_.value_size is None or use.how.endswith("_flags"):
        return ""  # newer kernels copy one CPU's value on request
    stride = -(-map_.value_size // _STRIDE) * _STRIDE
    element = _bytes(use.type, ctx)
    if use.per_cpu:
        wrong = element is not None and element == map_.value_size and element % _STRIDE
        return f"its values lie {stride} bytes apart, those of the buffer {element}" if wrong else ""
    room = use.size if use.size is not None else element
    if room is None or room >= 2 * stride:
        return ""
    return f"the kernel copies {stride} bytes for each possible CPU, and the buffer has {room}"


def _bytes(type_: Type | None, ctx: Context) -> int | None:
    bits = None if isinstance(type_, Opaque) else ctx.size_of(type_, "x86_64")
    return None if bits is None else bits // 8
