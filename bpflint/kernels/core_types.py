"""What does a loader make of a unit's CO-RE relocations on each kernel? Its own types against the kernel's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.analysis.core_uses import core_uses
from bpflint.api import BpflintError, Kernel, Relocation, Resolution, Unit
from bpflint.btf import Btf
from bpflint.btf import types as t
from bpflint.btf.core import Resolver
from bpflint.btf.core import resolve as core
from bpflint.btf.core.local import local_types
from bpflint.btf.core.names import essential
from bpflint.btf.ext import CoreRelo
from bpflint.kernels.subset import Wanted
from bpflint.kernels.types import TypeSource


class CoreTypes:
    """The relocations of each unit, read once, and what becomes of them."""

    def __init__(self, source: TypeSource) -> None:
        self._source = source
        self._units: dict[int, tuple[Unit, Btf | None, tuple[Relocation, ...]]] = {}
        self._wanted = Wanted(frozenset(), frozenset())
        self._found: dict[tuple[int, int], tuple[Btf, tuple[Resolution, ...]]] = {}

    def expect(self, units: Iterable[Unit]) -> None:
        """Let the types of several units be looked up at once: most projects ask for the same ones again and again."""
        names, members = set(self._wanted.names), set(self._wanted.members or ())
        for unit in units:
            _, local, relocations = self._local(unit)
            if local is not None:
                names.update(essential(local.name(item.type)) for item in relocations)
                members.update(_member_names(local))
        self._wanted = Wanted(frozenset(names), frozenset(members))

    def relocations(self, unit: Unit) -> tuple[Relocation, ...]:
        """Return where a BPF unit asks for the kernel's types."""
        return self._local(unit)[2]

    def resolutions(self, unit: Unit, kernel: Kernel) -> tuple[Resolution, ...]:
        """Return what becomes of each of them on a kernel; () where the kernel's types cannot be had."""
        _, local, relocations = self._local(unit)
        if local is None or not relocations:
            return ()
        if any(essential(local.name(item.type)) not in self._wanted.names for item in relocations):
            self.expect((unit,))
        try:
            target = self._source.types(kernel, self._wanted)
        except BpflintError:
            return ()
        key = (id(unit), id(target))  # kernels that agree about these types share one BTF
        if key not in self._found:
            resolver = Resolver(local, target)
            self._found[key] = (target, tuple(_resolution(resolver, item) for item in relocations))
        return self._found[key][1]

    def _local(self, unit: Unit) -> tuple[Unit, Btf | None, tuple[Relocation, ...]]:
        if id(unit) not in self._units:
            self._units[id(unit)] = (unit, *_local_types(unit))  # the unit is kept: its id stays taken
        return self._units[id(unit)]


def _local_types(unit: Unit) -> tuple[Btf | None, tuple[Relocation, ...]]:
    if unit.language == "object":
        return (Btf(unit.btf), unit.relocations) if unit.relocations else (None, ())
    if unit.language != "c" or unit.side != "bpf" or unit.dialect == "bcc":
        return None, ()
    settings = {item.name for item in unit.maps if item.kind.startswith(".rodata") and item.volatile}
    programs = {item.name for item in unit.programs}
    uses = [use for use in core_uses(unit.functions, programs, settings) if not use.question]
    local, places = local_types(use.asked for use in uses)
    return local, tuple(
        Relocation(*place, use.asked.span, use.function, use.programs, not use.programs, use.asked.direct)
        for use, place in zip(uses, places, strict=True) if place is not None
    )  # fmt: skip


def _member_names(local: Btf) -> Iterator[str]:
    """Every name that a path may lead through: all members of the program's own types."""
    for _, one in local.types():
        if isinstance(one, t.Composite):
            yield from (item.name for item in one.members)


def _resolution(resolver: Resolver, relocation: Relocation) -> Resolution:
    found = resolver.resolve(CoreRelo("", 0, relocation.type, relocation.access, relocation.kind))
    return Resolution(found.kind, found.words, found.outcome, found.why, _widths(found), found.unfit)


def _widths(found: core.Resolution) -> tuple[int, int] | None:
    """The sizes of a whole field that differ; those of bitfields are not compared, a program asks for them itself."""
    before, after = found.before, found.after
    if not found.changes or before is None or after is None or not (before.size and after.size):
        return None
    return (before.size, after.size) if before.size != after.size else None
