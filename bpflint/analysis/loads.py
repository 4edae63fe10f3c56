"""Does a loader's link mean this program? By the names that a source, its object and its skeleton have in common."""

from __future__ import annotations

from bpflint.model.patterns import pattern
from bpflint.model.unit import Link, Unit

_TAIL = pattern(r"(?:\.bpf|_bpf|_kern|\.kern)?\.(?:o|c)$")


def stem(name: str) -> str:
    """Return what `probe.bpf.c`, `probe_kern.c` and `probe.bpf.o` have in common."""
    return _TAIL.sub("", name).replace("-", "_")


def means(link: Link, unit: Unit) -> bool:
    """Return whether a link may mean a program; one of Rust, which link names by its path, is for the caller."""
    base, wanted = unit.path.rsplit("/", 1)[-1], link.name.rsplit("/", 1)[-1]
    match link.kind:
        case "inline":
            return unit.path == link.name
        case "source":
            return base == wanted
        case "skeleton":  # `probe.skel.h`, or `probe_bpf.skel.h` of a build whose targets are named so
            return stem(base) in (wanted.replace("-", "_"), stem(f"{wanted}.c"))
        case "object":
            return stem(base) == stem(wanted)
