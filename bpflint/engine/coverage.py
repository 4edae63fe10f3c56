"""What did a run look at? Counts by kind, and why records could not be laid out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from bpflint.analysis.abi import bpf_target
from bpflint.api import Context, Coverage, Project
from bpflint.model.layout import RecordDecl
from bpflint.model.unit import MapDef, Program, Unit


def coverage_of(ctx: Context) -> Coverage:
    """Return the counts of a run; every file, map and record counts once, however many units saw it."""
    project = ctx.project
    records, opaque = _records(ctx)
    programs, maps = _places(project, lambda unit: unit.programs), _places(project, lambda unit: unit.maps)
    compared = ((pair.bpf.path, pair.map) for pair in project.pairs if pair.map)
    return Coverage(
        files=_files(project),
        programs=len({(place, name) for (_, name), place in programs.items()}),
        maps=len({(place, name) for (_, name), place in maps.items()}),
        maps_compared=len({(maps.get((path, name), path), name) for path, name in compared}),
        pairs=_sorted(Counter(pair.evidence[0].kind.name.lower() for pair in project.pairs if pair.evidence)),
        records=records,
        records_opaque=opaque,
    )


def _places(project: Project, of: Callable[[Unit], Sequence[MapDef | Program]]) -> dict[tuple[str, str], str]:
    """Where what a unit has under a name is declared; an object's own are its source's, where that is at hand."""
    sources = [unit for unit in project.bpf_units() if unit.language != "object"]
    written = {item.name for unit in sources for item in of(unit)}
    return {
        (unit.path, item.name): item.span.path
        for unit in project.bpf_units() for item in of(unit)
        if unit.language != "object" or item.name not in written
    }  # fmt: skip


def _files(project: Project) -> dict[str, int]:
    """Kernel-side C counts as `bpf-c`, so that the user side can be told from it."""
    seen = {(_kind(unit), unit.origin or unit.path) for unit in project.units if _shares_bytes(unit)}
    return _sorted(Counter(kind for kind, _ in seen))


def _shares_bytes(unit: Unit) -> bool:
    """A user-side file without a type, a map or a loaded program was read and is none of ours."""
    return unit.side == "bpf" or any((unit.records, unit.uses, unit.links, unit.references, unit.maps))


def _kind(unit: Unit) -> str:
    return "bpf-c" if unit.language == "c" and unit.side == "bpf" else unit.language


def _records(ctx: Context) -> tuple[int, dict[str, int]]:
    reasons: Counter[str] = Counter()
    count = 0
    for decl, target in _declared(ctx):
        count += 1
        why = ctx.layout(decl, target).opaque
        if why is not None:
            reasons[why.rpartition(": ")[2]] += 1
    return count, _sorted(reasons)


def _declared(ctx: Context) -> Iterator[tuple[RecordDecl, str]]:
    seen: set[tuple[object, ...]] = set()
    for unit in ctx.project.units:
        target = bpf_target(unit.byte_order) if unit.side == "bpf" else ctx.settings.targets[0]
        for decl in unit.records:
            key = (unit.side, *decl.key()) if decl.span is not None else (unit.path, *decl.key())
            if key not in seen:
                seen.add(key)
                yield decl, target


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))
