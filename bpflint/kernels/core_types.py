"""What does a loader make of a unit's CO-RE relocations on each kernel? Its own types against the kernel's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from typing import TYPE_CHECKING

from bpflint.analysis.core_uses import CoreUse, core_uses
from bpflint.analysis.guarded import loader_settings
from bpflint.btf import Btf
from bpflint.btf.core.local import local_types
from bpflint.btf.core.names import essential
from bpflint.btf.ext import CoreRelo
from bpflint.btf.lookup import Types
from bpflint.kernels.catalogue import Answers
from bpflint.kernels.types import TypeSource
from bpflint.kernels.unpack import Declared
from bpflint.model.core import Relocation, Resolution
from bpflint.model.data import dataclass
from bpflint.model.errors import BpflintError
from bpflint.model.unit import Unit
from bpflint.model.verdict import Kernel

if TYPE_CHECKING:
    from bpflint.btf.core import resolve as core


@dataclass(frozen=True, slots=True)
class _Local:
    """The relocations of a unit and the types that they are about: its own, or those that sources share."""

    unit: Unit
    types: Types | None
    relocations: tuple[Relocation, ...]
    words: tuple[str, ...] = ()
    """What each asks for, in words that are the same in every source; none for an object."""


class CoreTypes:
    """The relocations of each unit, read once, and what becomes of them."""

    def __init__(self, source: TypeSource, answers: Answers) -> None:
        self._source, self._answers = source, answers
        self._units: dict[int, _Local] = {}
        self._resolvers: dict[tuple[int, Kernel], core.Resolver] = {}
        self._known: dict[object, dict[Kernel, Resolution]] = {}

    def expect(self, units: Iterable[Unit]) -> None:
        """Let the types of several units be looked up at once: most sources ask for the same ones again and again."""
        fresh = [unit for unit in units if id(unit) not in self._units]
        for item in [*_sources(fresh), *(_object(unit) for unit in fresh if not _is_source(unit))]:
            self._units[id(item.unit)] = item  # the unit is kept: its id stays taken

    def relocations(self, unit: Unit) -> tuple[Relocation, ...]:
        """Return where a BPF unit asks for the kernel's types."""
        return self._local(unit).relocations

    def resolutions(self, unit: Unit, kernel: Kernel) -> tuple[Resolution, ...]:
        """Return what becomes of each of them on a kernel; () where the kernel's types cannot be had."""
        local = self._local(unit)
        if local.types is None or not local.relocations:
            return ()
        try:
            pairs = zip(local.relocations, local.words or repeat(""), strict=False)
            return tuple([self._found(local.types, item, words, kernel) for item, words in pairs])
        except BpflintError:
            return ()

    def _found(self, local: Types, item: Relocation, words: str, kernel: Kernel) -> Resolution:
        """What becomes of one relocation, perhaps as an earlier run found it."""
        question = words or (id(local), item.kind, item.type, item.access)
        known = self._known.setdefault(question, {})
        if kernel not in known:
            kept = self._answers.get(("core", str(kernel), words)) if words else None
            if isinstance(kept, tuple):
                known[kernel] = Resolution(*kept)
            else:
                found, kernels = self._resolved(local, item, kernel)
                known.update(dict.fromkeys(kernels, found))
                if words:
                    told = (found.kind, found.words, found.outcome, found.why, found.widths, found.unfit)
                    self._answers.update((("core", str(one), words), told) for one in kernels)
        return known[kernel]

    def _resolved(self, local: Types, item: Relocation, kernel: Kernel) -> tuple[Resolution, Sequence[Kernel]]:
        """What becomes of a relocation on a kernel, and the kernels that have all that was looked at as this one."""
        types, resolver = self._source.types(kernel), self._resolver(local, kernel)
        if isinstance(types, Declared):
            types.asked.clear()
        found = resolver.resolve(CoreRelo("", 0, item.type, item.access, item.kind))
        told = Resolution(found.kind, found.words, found.outcome, found.why, _widths(found), found.unfit)
        # of several types of a name, only those that earlier relocations left are tried
        if not isinstance(types, Declared) or found.fatal or len(found.candidates) > 1:
            return told, (kernel,)
        return told, self._source.alike(kernel, {essential(local.name(item.type)), *types.asked})

    def _resolver(self, local: Types, kernel: Kernel) -> core.Resolver:
        key = (id(local), kernel)
        if key not in self._resolvers:
            from bpflint.btf.core.resolve import Resolver  # late: mostly earlier runs have answered

            objects = sum(item.types is local for item in self._units.values())
            self._resolvers[key] = Resolver(local, self._source.types(kernel), objects)
        return self._resolvers[key]

    def _local(self, unit: Unit) -> _Local:
        if id(unit) not in self._units:
            self.expect((unit,))
        return self._units[id(unit)]


def _is_source(unit: Unit) -> bool:
    return unit.language == "c" and unit.side == "bpf" and unit.dialect != "bcc"


def _object(unit: Unit) -> _Local:
    return _Local(unit, Btf(unit.btf) if unit.relocations else None, unit.relocations)


def _sources(units: Iterable[Unit]) -> Iterator[_Local]:
    """What the sources among some units ask for, in types that they share."""
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


def _widths(found: core.Resolution) -> tuple[int, int] | None:
    """The sizes of a whole field that differ; those of bitfields are not compared, a program asks for them itself."""
    before, after = found.before, found.after
    if not found.changes or before is None or after is None or not (before.size and after.size):
        return None
    return (before.size, after.size) if before.size != after.size else None
