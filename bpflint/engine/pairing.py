"""Which user type meets which BPF type? Pairs by map, link, name and comment, each with its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bpflint.analysis.names import same_name, similarity
from bpflint.analysis.walk import expressions, operations
from bpflint.api import Settings
from bpflint.engine.links import Linked, linked_units
from bpflint.engine.nearest import nearest
from bpflint.engine.overrides import PairOverride
from bpflint.model.flow import Declare, SizeOf
from bpflint.model.layout import Array, Codec, Opaque, Pointer, RecordDecl, Type
from bpflint.model.pair import Evidence, EvidenceKind, Pair, PairSide
from bpflint.model.source import Span
from bpflint.model.unit import MapDef, Problem, Role, Unit, Use

_STRUCT = re.compile(r"\bstruct\s+(\w+)")
_ALIKE = 0.5
"""Field-name similarity below which an equal type name alone is a coincidence (`Data`, `Event` are everywhere)."""


@dataclass(frozen=True, slots=True)
class PairingResult:
    """The pairs, and what could not be paired or compared."""

    pairs: tuple[Pair, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """A type that the BPF side writes into, or reads from, shared bytes."""

    unit: Unit
    type: Type
    role: Role
    map: str
    map_kind: str
    span: Span

    @property
    def name(self) -> str:
        """The type's name, "" for one without."""
        return self.type.name if isinstance(self.type, RecordDecl) else ""


def pair_units(
    units: Sequence[Unit], settings: Settings, overrides: Sequence[PairOverride] = ()
) -> PairingResult:
    """Return every pair of the project, strongest evidence first in each; an ambiguous one is a notice, no guess."""
    work = _Pairing(units, overrides)
    work.run()
    return PairingResult(tuple(work.pairs.values()), tuple(dict.fromkeys(work.problems)))


@dataclass(slots=True)
class _Pairing:
    units: Sequence[Unit]
    overrides: Sequence[PairOverride]
    pairs: dict[tuple[object, ...], Pair] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _shared: dict[str, list[Shared]] = field(default_factory=dict)

    def run(self) -> None:
        bpf = [unit for unit in self.units if unit.side == "bpf" and unit.language != "object"]
        for unit in bpf:
            self._shared[unit.path] = list(shared_types(unit))
        self._configured()
        for user in (unit for unit in self.units if unit.side == "user"):
            linked = linked_units(user, bpf)
            self._commented(user, bpf)
            self._by_use(user, linked)
            self._by_header(user, bpf)
            self._by_mention(user, linked)
            self._by_name(user, linked)

    # -- what the user said ----------------------------------------------------------------------------------

    def _configured(self) -> None:
        everything = [item for items in self._shared.values() for item in items]
        for override in self.overrides:
            if override.ignore:
                continue
            ours = [item for item in everything if _wanted(item, override)]
            theirs = [(unit, decl) for unit in self.units if unit.side == "user" for decl in unit.records
                      if _named(unit, decl, override.user)]  # fmt: skip
            if not ours or not theirs:
                self._unknown_name(override, everything, found_bpf=bool(ours))
                continue
            reason = Evidence(EvidenceKind.CONFIG, f"configured in {override.file or 'the configuration'}")
            for item in ours[:1]:
                for unit, decl in theirs:
                    codec = Codec(override.codec) if override.codec else decl.codec
                    self._add(item, unit, decl, codec, decl.span, None, reason)

    def _unknown_name(self, override: PairOverride, shared: Sequence[Shared], *, found_bpf: bool) -> None:
        if found_bpf:
            asked = override.user
            known = [decl.name for unit in self.units if unit.side == "user" for decl in unit.records]
        else:
            asked = (override.bpf or override.map).removeprefix("struct ").removeprefix("union ")
            known = [item.name for item in shared] + [item.map for item in shared]
        near = nearest(asked.rpartition(":")[2], known)
        hint = f"; did you mean '{near}'?" if near else ""
        message = f"the configured pair names '{asked}', which does not exist{hint}"
        self.problems.append(Problem("BPF003", override.file, override.line, message))

    def _ignored(self, ours: Shared, unit: Unit, name: str) -> bool:
        return any(
            not override.user or _is_named(unit.path, name, override.user)
            for override in self.overrides
            if override.ignore and _wanted(ours, override)
        )

    def _commented(self, user: Unit, bpf: Sequence[Unit]) -> None:
        for directive in user.directives:
            if directive.kind != "pair" or not directive.args:
                continue
            wanted = directive.args[0].removeprefix("struct ").strip()
            line = directive.span.line
            decls = [decl for decl in user.records if decl.span is not None and decl.span.path == directive.span.path
                     and decl.span.line in (line, line + 1)]  # fmt: skip
            ours = self._declared(wanted, bpf)
            if not ours or not decls:
                what = f"'{wanted}' is no BPF type" if decls else "no type is declared on this line or the next"
                near = nearest(wanted, [decl.name for unit in bpf for decl in unit.records]) if decls else None
                hint = f"; did you mean '{near}'?" if near else ""
                self.problems.append(Problem("BPF003", directive.span.path, line, f"pair comment: {what}{hint}"))
                continue
            reason = Evidence(EvidenceKind.COMMENT, "named by a pair comment", directive.span)
            for decl in decls:
                self._add(ours, user, decl, decl.codec, decl.span, None, reason)

    def _declared(self, name: str, bpf: Sequence[Unit]) -> Shared | None:
        """The shared type of a name; else any BPF struct of that name."""
        for items in self._shared.values():
            for item in items:
                if isinstance(item.type, RecordDecl) and name in (item.type.name, *item.type.names):
                    return item
        for unit in bpf:
            for decl in unit.records:
                if name in (decl.name, *decl.names) and decl.span is not None:
                    return Shared(unit, decl, "value", "", "", decl.span)
        return None

    # -- what the code shows ---------------------------------------------------------------------------------

    def _by_use(self, user: Unit, linked: Linked) -> None:
        for use in user.uses:
            ours = [item for unit in linked.units for item in self._shared.get(unit.path, ()) if _meets(item, use)]
            if not ours:
                continue
            if use.type is None or isinstance(use.type, Opaque):
                why = use.type.reason if isinstance(use.type, Opaque) else "its type is not known"
                self._not_compared(use, why)
                continue
            chosen = self._choose(ours, use)
            if chosen is None:
                continue
            if isinstance(chosen.type, Opaque):
                self._not_compared(use, f"{chosen.type.spelling}: {chosen.type.reason}")
                continue
            kind = EvidenceKind.MAP_USE
            text = f"{use.op} on map `{use.map}`" + (f" ({linked.why})" if linked.why else "")
            span = use.type.span if isinstance(use.type, RecordDecl) and use.type.span else use.span
            self._add(chosen, user, _unwrapped(use.type, chosen), use.codec, span, use.span,
                      Evidence(kind, text, use.span))  # fmt: skip

    def _choose(self, ours: list[Shared], use: Use) -> Shared | None:
        """The one BPF type a use meets: the only one, the namesake, or the one with the same fields; else a notice."""
        distinct = list({_identity(item.type): item for item in ours}.values())
        if len(distinct) == 1:
            return distinct[0]
        if isinstance(use.type, RecordDecl):
            mine = use.type
            named = [item for item in distinct if item.name and same_name(item.name, mine.name)]
            if len(named) == 1:
                return named[0]
            ranked = sorted(
                ((similarity(item.type, mine), index) for index, item in enumerate(distinct)
                 if isinstance(item.type, RecordDecl)),
                reverse=True,
            )  # fmt: skip
            if ranked and ranked[0][0] >= _ALIKE and (len(ranked) == 1 or ranked[0][0] - ranked[1][0] > 0.1):
                return distinct[ranked[0][1]]
        names = ", ".join(sorted({item.name or "?" for item in distinct})[:4])
        self.problems.append(
            Problem("BPF010", use.span.path, use.span.line,
                    f"map `{use.map}` carries several types ({names}): say which with a `bpflint: pair=NAME` comment",
                    "info")
        )  # fmt: skip
        return None

    def _not_compared(self, use: Use, why: str) -> None:
        text = f"{use.role} of map `{use.map}` not compared: {why}"
        self.problems.append(Problem("BPF003", use.span.path, use.span.line, text, "info"))

    def _by_header(self, user: Unit, bpf: Sequence[Unit]) -> None:
        """The same declaration, seen by both sides: one header under two ABIs."""
        if user.language != "c":
            return
        used = _mentioned(user)
        mine = {decl.key(): decl for decl in user.records if decl.key() in used}
        for unit in bpf:
            for item in self._shared[unit.path]:
                if not isinstance(item.type, RecordDecl) or item.type.key() not in mine:
                    continue
                decl = mine[item.type.key()]
                assert decl.span is not None  # a record without a place is in no unit
                reason = Evidence(EvidenceKind.SAME_HEADER, f"{decl.span.path} is included by both sides", decl.span)
                self._add(item, user, decl, Codec.C, decl.span, None, reason)

    def _by_mention(self, user: Unit, linked: Linked) -> None:
        """A comment above the user's type that says `struct NAME`, or pastes it, where fields are alike as well."""
        taken = {pair.user.span for pair in self.pairs.values() if pair.user.path == user.path}
        for decl in user.records:
            if decl.span is None or decl.span in taken or not decl.comment:
                continue
            named = set(_STRUCT.findall(decl.comment))
            found = {
                _identity(item.type): item
                for unit in linked.units
                for item in self._shared.get(unit.path, ())
                if isinstance(item.type, RecordDecl) and item.type.span != decl.span
                and named & {item.type.name, *item.type.names} and similarity(item.type, decl) >= _ALIKE
            }  # fmt: skip
            if len(found) == 1:
                item = next(iter(found.values()))
                reason = Evidence(EvidenceKind.NAMED_IN_COMMENT, f"its comment names `struct {item.name}`", decl.span)
                self._add(item, user, decl, decl.codec, decl.span, None, reason)

    def _by_name(self, user: Unit, linked: Linked) -> None:
        """A type of the same name and like fields in a file that loads the program, not met through a map."""
        taken = {pair.user.span for pair in self.pairs.values() if pair.user.path == user.path}
        for decl in user.records:
            if decl.span is None or decl.span in taken or not linked.sure:
                continue
            found = {
                _identity(item.type): item
                for unit in linked.units
                for item in self._shared.get(unit.path, ())
                if isinstance(item.type, RecordDecl) and item.type.span != decl.span
                and any(same_name(item.name, name) for name in (decl.name, *decl.names))
                and similarity(item.type, decl) >= _ALIKE
            }  # fmt: skip
            if len(found) == 1:
                item = next(iter(found.values()))
                reason = Evidence(EvidenceKind.NAME, f"same name and fields as `{item.name}` ({linked.why})", decl.span)
                self._add(item, user, decl, decl.codec, decl.span, None, reason)

    def _add(
        self, ours: Shared, user: Unit, type_: Type, codec: Codec, span: Span | None, use: Span | None, reason: Evidence
    ) -> None:
        name = type_.name if isinstance(type_, RecordDecl) else ""
        if span is None or self._ignored(ours, user, name):
            return
        bpf_span = ours.type.span if isinstance(ours.type, RecordDecl) and ours.type.span else ours.span
        key = (_identity(ours.type), bpf_span, span, name, codec)
        if key in self.pairs:
            return
        self.pairs[key] = Pair(
            PairSide(ours.unit.path, ours.type, Codec.C, bpf_span, None, ours.name),
            PairSide(user.path, type_, codec, span, use, name, user.targets),
            ours.role, (reason,), ours.map, ours.unit.byte_order, ours.map_kind,
        )  # fmt: skip


def _mentioned(user: Unit) -> frozenset[object]:
    """The records that the user side's code names, by variable, parameter or `sizeof`; a header may hold many more."""
    found: set[object] = set()
    for function in user.functions:
        items = [item for op in operations(function) for item in expressions(op)]
        declared = [op.name for op in operations(function) if isinstance(op, Declare)]
        for item in (*function.params, *declared, *items):
            type_ = item.operand if isinstance(item, SizeOf) else item.type
            while isinstance(type_, Pointer | Array):
                type_ = type_.pointee if isinstance(type_, Pointer) else type_.element
            if isinstance(type_, RecordDecl):
                found.add(type_.key())
    return frozenset(found)


def shared_types(unit: Unit) -> Iterator[Shared]:
    """Yield every type of a BPF unit that shares bytes with user space: keys and values of maps, events."""
    for item in unit.maps:
        yield from _of_map(unit, item)
    kinds = {item.name: item.kind for item in unit.maps}
    declared = {(item.name, "value") for item in unit.maps if item.value is not None}
    declared |= {(item.name, "key") for item in unit.maps if item.key is not None}
    for use in unit.uses:
        if use.type is None or (use.map, use.role) in declared:
            continue
        yield Shared(unit, use.type, use.role, use.map, kinds.get(use.map, ""), use.span)


def _of_map(unit: Unit, map_: MapDef) -> Iterator[Shared]:
    if map_.style == "global":
        if map_.value is not None:
            yield Shared(unit, map_.value, "global", map_.name, map_.kind, map_.span)
        return
    if map_.key is not None:
        yield Shared(unit, map_.key, "key", map_.name, map_.kind, map_.key_span or map_.span)
    if map_.value is not None:
        yield Shared(unit, map_.value, "value", map_.name, map_.kind, map_.value_span or map_.span)


def _meets(item: Shared, use: Use) -> bool:
    return item.map == use.map and item.role == use.role


def _identity(type_: Type) -> object:
    """Two sightings of one declaration are one type; anything else is compared by value."""
    return type_.key() if isinstance(type_, RecordDecl) else type_


def _unwrapped(type_: Type, ours: Shared) -> Type:
    """A per-CPU value reaches user space as an array of values, one a CPU."""
    if ours.map_kind.startswith("percpu") and isinstance(type_, Array) and not isinstance(ours.type, Array):
        return type_.element
    return type_


def _wanted(item: Shared, override: PairOverride) -> bool:
    if override.bpf:
        wanted = override.bpf.removeprefix("struct ").removeprefix("union ").strip()
        names = item.type.names if isinstance(item.type, RecordDecl) else ()
        return wanted in (item.name, *names)
    return bool(override.map) and item.map == override.map and item.role != "key"


def _named(unit: Unit, decl: RecordDecl, wanted: str) -> bool:
    return any(_is_named(unit.path, name, wanted) for name in (decl.name, *decl.names))


def _is_named(path: str, name: str, wanted: str) -> bool:
    where, _, what = wanted.rpartition(":")
    return name == what and (not where or path == where or path.endswith("/" + where))


