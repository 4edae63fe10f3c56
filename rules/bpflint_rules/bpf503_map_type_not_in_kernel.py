"""BPF503: does a program define a map of a type that one of its kernels does not have?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bpflint.api import (
    Assign,
    Context,
    Finding,
    Function,
    Kernel,
    MapDef,
    Rule,
    RuleMeta,
    Select,
    Severity,
    Unit,
    calls,
    facts,
    operations,
)  # fmt: skip
from bpflint_rules._kernels import architectures, offered, presence, where
from bpflint_rules._targets import mentioned, takes_from

_CHOICES = frozenset((
    "bpf_map__set_autocreate", "bpf_map__set_type", "set_autocreate", "set_type", "SetType", "HaveMapType",
))  # fmt: skip
"""Calls by which a loader leaves a map out or gives it another type, or asks the kernel: libbpf, libbpf-rs, libbpfgo,
cilium/ebpf."""


class MapTypeNotInKernel(Rule):
    """A map has a type that a configured kernel does not know, and newer kernels do.

    ## What it does
    Takes the map types that each configured kernel creates, measured on that kernel.

    ## Why is this bad
    The kernel creates no such map (EINVAL), and none of the object's programs is loaded.

    ## Example
    ```toml
    [tool.bpflint]
    targets = ["x86_64:5.10", "x86_64:6.12"]
    ```
    ```c
    struct { __uint(type, BPF_MAP_TYPE_BLOOM_FILTER); … } seen SEC(".maps");   // since 5.16
    ```

    ## Use instead
    A type that all of the kernels have, or a loader that asks (`libbpf_probe_bpf_map_type()`) and calls
    `bpf_map__set_autocreate()`.

    ## Known limits
    Silent where no kernel is configured by `targets` or `min-kernel`, for kernels that were not measured, for maps that
    no program names, and where the user side changes or leaves out maps.
    """

    meta = RuleMeta(
        code="BPF503", name="map-type-not-in-kernel", summary="a map type that a configured kernel does not have",
        severity=Severity.ERROR, references=("https://docs.ebpf.io/linux/map-type/",),
    )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Report each such map once, with what every kernel has."""
        if not ctx.chosen:
            return
        names = frozenset(item.name for unit in ctx.project.bpf_units() for item in unit.maps)
        chosen = [words for unit in ctx.project.user_units() for item in unit.functions
                  for words in _choices(item, names)]  # fmt: skip
        for unit in ctx.project.bpf_units():
            for map_ in unit.maps:
                if not any(not words or map_.name in words for words in chosen):
                    yield from self._map(unit, map_, ctx)

    def _map(self, unit: Unit, map_: MapDef, ctx: Context) -> Iterator[Finding]:
        has = _kernels_with(map_, ctx)
        lacking = [kernel for kernel in ctx.kernels if has.get(kernel) is False]
        if lacking and not map_.external:
            kind = f"BPF_MAP_TYPE_{map_.kind.upper()}"
            yield self.finding(
                map_.span, f"`{map_.name}` cannot be created in {where(lacking)}, which has no {kind}",
                subject=map_.name, targets=architectures(lacking),
                table=presence(has),
            )  # fmt: skip


def _kernels_with(map_: MapDef, ctx: Context) -> Mapping[Kernel, bool]:
    kind = facts.map_types().get(f"BPF_MAP_TYPE_{map_.kind.upper()}")
    return {} if kind is None else offered(ctx, lambda table: kind.id in table.map_types)


def _choices(function: Function, names: frozenset[str]) -> Iterator[frozenset[str]]:
    """The maps that each choice about maps mentions; empty where it may mean any of them."""
    for call, _ in calls(function):
        if call.callee.rpartition(".")[2] in _CHOICES or (call.callee == "delete" and takes_from(call, "Maps")):
            yield frozenset(mentioned(call)) & names
    for op in operations(function):
        match op:
            case Assign(target=Select(field="Type")) if named := frozenset(mentioned(op.target)) & names:
                yield named
