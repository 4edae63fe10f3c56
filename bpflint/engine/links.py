"""Which BPF programs does a user-side file load? By skeleton, object, source or inline text; else by its folder."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from bpflint.analysis.crates import parts_of_programs
from bpflint.model.data import dataclass
from bpflint.model.patterns import pattern
from bpflint.model.unit import Link, Unit

_OBJECT_TAIL = pattern(r"(?:\.bpf|_bpf|_kern|\.kern)?\.(?:o|c)$")


@dataclass(frozen=True, slots=True)
class Linked:
    """The BPF units a user file meets. `sure`: it names them itself; else they only share its folder."""

    units: tuple[Unit, ...]
    why: str
    sure: bool


def linked_units(user: Unit, bpf: Sequence[Unit]) -> Linked:
    """Return the BPF units that a user-side unit loads."""
    inline = tuple(unit for unit in bpf if unit.origin == user.path)
    named = _named(user, bpf)
    if inline or named:
        near = named if len(named) < 2 else _nearest(named, user.path)
        near += parts_of_programs(near, bpf)
        why = "text in the same file" if inline and not named else f"it loads {near[0].path}" if near else ""
        return Linked((*inline, *near), why, sure=True)
    folder = _folder(user.path)
    same = tuple(unit for unit in bpf if not unit.origin and _folder(unit.path) == folder)
    if same:
        return Linked(same, f"in the same folder as {same[0].path}", sure=len(same) == 1)
    return Linked(tuple(unit for unit in bpf if not unit.origin), "", sure=False)


def _named(user: Unit, bpf: Sequence[Unit]) -> tuple[Unit, ...]:
    """The units that the links name; one of Rust by its whole path, for each crate has a `src/main.rs`."""
    found: set[str] = set()
    paths = {unit.path for unit in bpf}
    for link in user.links:
        whole = link.name.endswith(".rs") and link.name in paths
        found.update([link.name] if whole else [unit.path for unit in bpf if _names(link, unit)])
    return tuple(unit for unit in bpf if not unit.origin and unit.path in found)


def _names(link: Link, unit: Unit) -> bool:
    base = unit.path.rsplit("/", 1)[-1]
    match link.kind:
        case "inline":
            return unit.path == link.name
        case "source":
            return base == link.name.rsplit("/", 1)[-1]
        case "object":
            return stem(base) == stem(link.name.rsplit("/", 1)[-1])
        case "skeleton":  # `probe.skel.h`, or `probe_bpf.skel.h` of a build whose targets are named so
            wanted = link.name.rsplit("/", 1)[-1]
            return stem(base) in (stem(f"{wanted}.bpf.c"), stem(f"{wanted}.c"))


def stem(name: str) -> str:
    """Return what `probe.bpf.c`, `probe_kern.c` and `probe.bpf.o` have in common."""
    return _OBJECT_TAIL.sub("", name).replace("-", "_")


def _nearest(units: tuple[Unit, ...], path: str) -> tuple[Unit, ...]:
    """Of several files of one name keep those nearest to the loader."""
    best = max(common_folders(unit.path, path) for unit in units)
    return tuple(unit for unit in units if common_folders(unit.path, path) == best)


def common_folders(one: str, other: str) -> int:
    """Return how many folders, from the root on, two files have in common."""
    parts = zip(_folder(one).split("/"), _folder(other).split("/"), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], parts))


def _folder(path: str) -> str:
    return path.rsplit("/", 1)[0] if "/" in path else ""
