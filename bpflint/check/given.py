"""Which compiled object was given for a source, and for which kernels was it built? By its lines and its path."""

from __future__ import annotations

import platform
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bpflint.analysis.abi import TARGETS, abi, canonical_target
from bpflint.api import BpflintError, ConfigError, Unit
from bpflint.btf import Btf
from bpflint.btf.ext import read_ext
from bpflint.kernels.extract import elf_section

_WORD = re.compile(r"[/._-]")
_GENERIC = re.compile(r"_bpfe[lb]\.o$")
"""How bpf2go names what it compiles without `__TARGET_ARCH_x`, for every machine of a byte order."""


@dataclass(frozen=True, slots=True)
class Given:
    """An object of the project; `targets` are the architectures whose kernels it was built for."""

    path: str
    targets: frozenset[str]
    data: bytes


def given_objects(units: Sequence[Unit], root: Path) -> Iterator[Given]:
    """Yield the compiled objects among the units of a project; one that is gone by now is left out."""
    for unit in units:
        if unit.language == "object":
            try:
                yield Given(unit.path, targets_of(unit), (root / unit.path).read_bytes())
            except OSError:
                continue


def targets_of(unit: Unit) -> frozenset[str]:
    """Return the architectures an object was built for.

    A folder or a word of its name tells (`arm64/x.o`, `probe_arm64_bpfel.o`); bpf2go's plain `_bpfel.o` is for every
    machine of its byte order. Any other was built where it lies, as its macros of registers may say so without a trace.
    """
    named = {target for word in _WORD.split(unit.path) if (target := _target(word))}
    fitting = {name for name in TARGETS if abi(name).byte_order == unit.byte_order}
    if named & fitting:
        return frozenset(named & fitting)
    if unit.byte_order == "big" or _GENERIC.search(unit.path):
        return frozenset(fitting)
    return frozenset({canonical_target(platform.machine())})


def _target(word: str) -> str:
    if word == "x86":
        return "x86_64"
    try:
        return canonical_target(word)
    except ConfigError:
        return ""


def by_source(objects: Sequence[Given], units: Sequence[Unit], root: Path) -> Mapping[str, Sequence[Given]]:
    """Return the objects by the path of the C unit they were compiled from, as far as one can be told.

    One that is older than its source is not taken for it, as `make` would not.
    """
    sources = [unit.path for unit in units if unit.side == "bpf" and unit.language == "c" and not unit.origin]
    found: dict[str, list[Given]] = {}
    for item in objects:
        source = _source_of(item, sources)
        if source and _changed(root / item.path) >= _changed(root / source):
            found.setdefault(source, []).append(item)
    return found


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _source_of(item: Given, sources: Sequence[str]) -> str:
    """The unit that most lines of an object stand in, told by the ends of the paths; "" where two fit as well."""
    try:
        btf = Btf(elf_section(item.data, ".BTF", item.path))
        lines = read_ext(elf_section(item.data, ".BTF.ext", item.path), btf).lines
    except BpflintError:
        return ""
    for file, _ in Counter(line.file for line in lines).most_common():
        ends = sorted(((_shared_end(file, path), path) for path in sources), reverse=True)
        if ends and ends[0][0] and (len(ends) == 1 or ends[0][0] > ends[1][0]):
            return ends[0][1]
    return ""


def _shared_end(file: str, path: str) -> int:
    """How many folders and names two paths share, counted from their ends."""
    count = 0
    for one, other in zip(reversed(file.split("/")), reversed(path.split("/")), strict=False):
        if one != other:
            break
        count += 1
    return count

