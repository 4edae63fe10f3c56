"""What does a loader make of a unit's CO-RE relocations on each kernel? Its own types against the kernel's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.analysis.core_uses import CoreUse, core_uses
from bpflint.analysis.guarded import loader_settings
from bpflint.btf import Btf
from bpflint.btf import types as t
from bpflint.btf.core import Resolver
from bpflint.btf.core import resolve as core
from bpflint.btf.core.local import local_types
from bpflint.btf.core.names import essential
from bpflint.btf.ext import CoreRelo
from bpflint.kernels.catalogue import Answers
from bpflint.kernels.subset import Wanted
from bpflint.kernels.types import TypeSource
from bpflint.model.core import Relocation, Resolution
from bpflint.model.data import dataclass
from bpflint.model.errors import BpflintError
from bpflint.model.unit import Unit
from bpflint.model.verdict import Kernel


@dataclass(frozen=True, slots=True)
class _Local:
    """The relocations of a unit and the BTF that they are about: its own, or one that sources share."""

    unit: Unit
    btf: Btf | None
    relocations: tuple[Relocation, ...]
    words: tuple[str, ...] = ()
    """What each asks for, in words that are the same in every source; () for an object."""


class CoreTypes:
    """The relocations of each unit, read once, and what becomes of them."""

    def __init__(self, source: TypeSource, answers: Answers) -> None:
        self._source, self._answers = source, answers
        self._units: dict[int, _Local] = {}
        self._members: frozenset[str] = frozenset()
        self._resolvers: dict[tuple[int, int], tuple[Btf, Resolver]] = {}
        self._known: dict[tuple[int, int, int, int, str], Resolution] = {}

    def expect(self, units: Iterable[Unit]) -> None:
        """Let the types of several units be looked up at once: most sources ask for the same ones again and again."""
        fresh = [unit for unit in units if id(unit) not in self._units]
        for item in [*_sources(fresh), *(_object(unit) for unit in fresh if not _is_source(unit))]:
            self._units[id(item.unit)] = item  # the unit is kept: its id stays taken
        members = set(self._members)
        for btf in {id(item.btf): item.btf for item in self._units.values() if item.btf is not None}.values():
            members.update(_member_names(btf))
        self._members = frozenset(members)

    def relocations(self, unit: Unit) -> tuple[Relocation, ...]:
        """Return where a BPF unit asks for the kernel's types."""
        return self._local(unit).relocations

    def resolutions(self, unit: Unit, kernel: Kernel) -> tuple[Resolution, ...]:
        """Return what becomes of each of them on a kernel; () where the kernel's types cannot be had."""
        local = self._local(unit)
        if local.btf is None or not local.relocations:
            return ()
        words = local.words or (None,) * len(local.relocations)
        found = [self._found(item, text, kernel, local.btf)
                 for item, text in zip(local.relocations, words, strict=True)]  # fmt: skip
        return tuple(item for item in found if item is not None) if None not in found else ()

    def _found(self, item: Relocation, words: str | None, kernel: Kernel, local: Btf) -> Resolution | None:
        """What becomes of one relocation, perhaps as an earlier run found it."""
        asked = ("core", str(kernel), words or "")
        known = self._answers.get(asked) if words is not None else None
        if isinstance(known, tuple):
            return Resolution(*known)
        wanted = Wanted(frozenset((essential(local.name(item.type)),)), self._members)
        try:
            target = self._source.types(kernel, wanted)  # kernels that agree about it share one BTF
        except BpflintError:
            return None
        found = self._resolution(local, target, item)
        if words is not None:
            self._answers[asked] = (found.kind, found.words, found.outcome, found.why, found.widths, found.unfit)
        return found

    def _local(self, unit: Unit) -> _Local:
        if id(unit) not in self._units:
            self.expect((unit,))
        return self._units[id(unit)]

    def _resolution(self, local: Btf, target: Btf, item: Relocation) -> Resolution:
        key = (id(local), id(target))
        if key not in self._resolvers:
            self._resolvers[key] = (target, Resolver(local, target))
        asked = (*key, item.kind, item.type, item.access)
        if asked not in self._known:
            found = self._resolvers[key][1].resolve(CoreRelo("", 0, item.type, item.access, item.kind))
            self._known[asked] = Resolution(found.kind, found.words, found.outcome, found.why, _widths(found),
                                            found.unfit)  # fmt: skip
        return self._known[asked]


def _is_source(unit: Unit) -> bool:
    return unit.language == "c" and unit.side == "bpf" and unit.dialect != "bcc"


def _object(unit: Unit) -> _Local:
    return _Local(unit, Btf(unit.btf) if unit.relocations else None, unit.relocations)


def _sources(units: Iterable[Unit]) -> Iterator[_Local]:
    """What the sources among some units ask for, in one BTF."""
    asked: list[tuple[Unit, list[CoreUse]]] = []
    for unit in filter(_is_source, units):
        uses = core_uses(unit.functions, {item.name for item in unit.programs}, loader_settings(unit))
        asked.append((unit, [use for use in uses if not use.question]))
    local, every = local_types(use.asked for _, uses in asked for use in uses)
    places = iter(every)
    for unit, uses in asked:
        found = [(use, place) for use, place in zip(uses, places, strict=False) if place is not None]
        yield _Local(unit, local, tuple(
            Relocation(*place[:3], use.asked.span, use.function, use.programs, not use.programs, use.asked.direct)
            for use, place in found
        ), tuple(place[3] for _, place in found))  # fmt: skip


def _member_names(local: Btf) -> Iterator[str]:
    """Every name that a path may lead through: all members of the program's own types."""
    for _, one in local.types():
        if isinstance(one, t.Composite):
            yield from (item.name for item in one.members)


def _widths(found: core.Resolution) -> tuple[int, int] | None:
    """The sizes of a whole field that differ; those of bitfields are not compared, a program asks for them itself."""
    before, after = found.before, found.after
    if not found.changes or before is None or after is None or not (before.size and after.size):
        return None
    return (before.size, after.size) if before.size != after.size else None
