"""Do the project's maps behave as maps of their kind? Seeded operations against a model, and definitions at the edge.

The boundaries and their errors: htab_map_alloc_check and array_map_alloc_check of kernel/bpf/hashtab.c and arraymap.c.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bpflint.api import Finding, MapDef, Rule, Unit, facts
from bpflint.check.jobs import Facts, Job
from bpflint.model.verdict import Kernel, Outcome, Verdict

_MODELLED = ("hash", "array")
_CREATED = (*_MODELLED, "percpu_hash", "percpu_array", "lru_hash", "lru_percpu_hash")
_SECONDS = 60.0
_PAGE = 4096
_MOST_ENTRIES = 1 << 16


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """One map on one kernel, and what came of it."""

    map: MapDef
    kernel: Kernel
    answer: Facts


def jobs_of(units: Iterable[Unit], count: int, seed: int) -> Iterator[tuple[MapDef, Job]]:
    """Yield a job for each map definition whose kind and sizes are known, each definition once."""
    seen: set[object] = set()
    for unit in units:
        for item in unit.maps:
            shape = _shape(item)
            if shape is not None and item.span not in seen:
                seen.add(item.span)
                tried = count if item.kind in _MODELLED and not item.flags else 0
                arguments = {"map": shape, "creates": list(_edges(shape)), "count": tried, "seed": seed,
                             "milliseconds": int(_SECONDS * 500)}  # fmt: skip
                yield item, Job("fuzz", arguments, _SECONDS)


def _shape(item: MapDef) -> tuple[int, int, int, int, int] | None:
    if item.kind not in _CREATED or item.external or item.style == "global":
        return None
    if not item.key_size or not item.value_size or not item.max_entries or item.flags is None:
        return None
    entries = min(item.max_entries, _MOST_ENTRIES)
    return (facts.map_type(item.kind).id, item.key_size, item.value_size, entries, item.flags)


def _edges(shape: tuple[int, int, int, int, int]) -> Iterator[tuple[Sequence[int], str]]:
    """(definition, error that it must give): as it is, without a key, without entries, with a value past a page."""
    kind, key, value, entries, flags = shape
    yield shape, ""
    yield (kind, 0, value, entries, flags), "EINVAL"
    yield (kind, key, value, 0, flags), "EINVAL"
    if kind in (facts.map_type("hash").id, facts.map_type("array").id):
        yield (kind, key, _PAGE + 1, min(entries, 16), flags), ""


def findings_of(rule: Rule, found: Sequence[Fuzzed]) -> Iterator[Finding]:
    """Yield BPF803 for each map and first failure, with the kernels that show it."""
    groups: dict[tuple[object, str], list[Fuzzed]] = {}
    for item in found:
        if failure := item.answer.get("failure"):
            groups.setdefault((item.map.span, str(failure)), []).append(item)
    for (_, failure), items in groups.items():
        map_ = items[0].map
        runs = tuple(Outcome(item.kernel, "confirmed", "", "mechanism", "fuzz", failure) for item in items)
        kernels = ", ".join(str(item.kernel) for item in items)
        made = rule.finding(map_.span, f"`{map_.name}` ({map_.kind}) on {kernels}: {failure}", subject=map_.name)
        yield replace(made, verdict=Verdict(runs))
