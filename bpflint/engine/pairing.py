"""Which user type meets which BPF type? Pairs by map, link, name and comment, each with its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import field, replace

from bpflint.analysis.abi import abi
from bpflint.analysis.go_codec import BY_HAND
from bpflint.analysis.layout import size_of_type
from bpflint.analysis.names import matched, same_name, similarity, words_of
from bpflint.analysis.walk import expressions, operations
from bpflint.engine.links import Linked, common_folders, linked_units
from bpflint.engine.nearest import nearest
from bpflint.engine.overrides import PairOverride
from bpflint.engine.shared import Shared, identity, meets, parts_of, records_in, shared_types, unwrapped
from bpflint.model.data import dataclass
from bpflint.model.flow import AddressOf, Cast, Declare, Name, SizeOf
from bpflint.model.layout import Array, Codec, Opaque, Pointer, RecordDecl, Scalar, Type
from bpflint.model.pair import Evidence, EvidenceKind, Pair, PairSide
from bpflint.model.patterns import pattern
from bpflint.model.source import Span
from bpflint.model.unit import Problem, Unit, Use
from bpflint.reading import Settings

_STRUCT = pattern(r"\bstruct\s+(\w+)")
_MIRRORS = pattern(
    r"\b(?:mirrors?|match(?:es)?|same|sync|corresponds?|represents?|equivalent|copy|as in|defined in|layout)\b",
    re.I,
)
"""How a comment says that two types are one."""
_PASTED = pattern(r"\bstruct\s+(\w+)\s*\{")
_WORD = pattern(r"\b([a-z]\w*_\w+)\b")
"""A C type's name as comments write it without `struct`."""
_SERIALISED = pattern(r'\b(?:json|yaml|xml|toml|mapstructure):"')
_LIKE_ENOUGH = 0.3
"""Field-name similarity that an equal name of two words or more needs besides."""
_IN_ORDER = 5
"""Field names in the same order that a decoded event needs, where no other event has half as many."""
_MUCH_ALIKE = 0.65
"""Field-name similarity that an equal name of one word needs, where nothing else links the two files."""
_DECODED = 0.7
"""Field-name similarity that decoded bytes of unknown origin need."""
_ALIKE = 0.5
"""Field-name similarity below which an equal type name alone is a coincidence (`Data`, `Event` are everywhere)."""


@dataclass(frozen=True, slots=True)
class PairingResult:
    """The pairs, and what could not be paired or compared."""

    pairs: tuple[Pair, ...]
    problems: tuple[Problem, ...]


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
    _everything: list[Shared] = field(default_factory=list)
    _parts: list[Shared] = field(default_factory=list)
    _decoded: frozenset[Span | None] = frozenset()
    """Where the types are declared that user space takes as bytes, and those inside them."""
    _own: frozenset[Span] = frozenset()
    """Where the shared types are declared; a crate or header of both sides declares them for user space as well."""

    _named: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    """Where BPF code declares types of a name, for the names that were asked for."""

    def run(self) -> None:
        bpf = [unit for unit in self.units if unit.side == "bpf" and unit.language != "object"]
        for unit in bpf:
            self._shared[unit.path] = list(shared_types(unit))
        self._everything = [item for items in self._shared.values() for item in items]
        self._parts = list(parts_of(self._everything))
        own = (item.type for item in (*self._everything, *self._parts) if isinstance(item.type, RecordDecl))
        self._own = frozenset(decl.span for decl in own if decl.span is not None)
        used = [use.type for unit in self.units if unit.side == "user" for use in unit.uses if use.type is not None]
        self._decoded = frozenset(decl.span for decl in records_in(used))
        self._configured()
        for user in (unit for unit in self.units if unit.side == "user"):
            linked = linked_units(user, bpf)
            near = [item for unit in linked.units for item in self._shared.get(unit.path, ())]
            self._commented(user, bpf)
            self._by_use(user, linked, near)
            self._by_header(user, bpf)
            self._by_mention(user, linked, near)
            self._by_name(user, linked, near)
            self._by_decode(user, linked, near)

    # -- what the user said ----------------------------------------------------------------------------------

    def _configured(self) -> None:
        for override in self.overrides:
            if override.ignore:
                continue
            ours = [item for item in self._everything if _wanted(item, override)]
            theirs = [(unit, decl) for unit in self.units if unit.side == "user" for decl in unit.records
                      if _named(unit, decl, override.user)]  # fmt: skip
            if not ours or not theirs:
                self._unknown_name(override, self._everything, found_bpf=bool(ours))
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

    def _by_use(self, user: Unit, linked: Linked, near: Sequence[Shared]) -> None:
        for found in user.uses:
            use = found if found.map else self._map_by_variable(found, near)
            if not use.map:
                continue
            ours, why = [item for item in near if meets(item, use)], linked.why
            if not ours and use.role != "global":
                ours, why = [item for item in self._everything if meets(item, use)], "the only map of that name"
                if len({_content(item.type) for item in ours}) > 1 or self._others(use.map, ours):
                    continue  # maps of one name in programs that this file does not load
            if not ours:
                continue
            if use.type is None or isinstance(use.type, Opaque):
                reason = use.type.reason if isinstance(use.type, Opaque) else "its type is not known"
                self._not_compared(use, reason)
                continue
            chosen = self._choose(ours, use)
            if chosen is None:
                continue
            if isinstance(chosen.type, Opaque):
                self._not_compared(use, f"{chosen.type.spelling}: {chosen.type.reason}")
                continue
            kind = EvidenceKind.GENERATED if _is_generated(use.type, chosen) else EvidenceKind.MAP_USE
            text = f"{use.op} on map `{use.map}`" + (f" ({why})" if why else "")
            if not found.map:
                kind, text = EvidenceKind.NAME, f"{use.op} on `{use.expression}`, which is named like map `{use.map}`"
            span = use.type.span if isinstance(use.type, RecordDecl) and use.type.span else use.span
            self._add(chosen, user, unwrapped(use.type, chosen), use.codec, span, use.span,
                      Evidence(kind, text, use.span))  # fmt: skip

    def _others(self, name: str, ours: Sequence[Shared]) -> bool:
        """Whether programs besides those found have a map of this name too, of types that are not known."""
        known = {item.unit.path for item in ours}
        others = (unit for unit in self.units if unit.side == "bpf" and unit.path not in known)
        return any(item.name == name and not item.external for unit in others for item in unit.maps)

    def _map_by_variable(self, use: Use, near: Sequence[Shared]) -> Use:
        """A map that nobody could follow, held in `flowsMap`: the one map of the program of that name."""
        wanted = _map_words(use.expression) if use.expression else ()
        if not wanted or use.role == "global":
            return use
        for items in (near, self._everything):
            names = {item.map for item in items
                     if item.role == use.role and item.map and _map_words(item.map) == wanted and _may_be(use, item)}
            if names:
                return replace(use, map=next(iter(names))) if len(names) == 1 else use
        return use

    def _choose(self, ours: list[Shared], use: Use) -> Shared | None:
        """The one BPF type a use meets: the only one, the namesake, or the one with the same fields; else a notice."""
        distinct = list({_bytes_of(item.type): item for item in ours}.values())
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
        names = sorted({item.name or "?" for item in distinct})
        one = f"{len(distinct)} types" + (f" `{names[0]}`" if names[0] != "?" else "")
        several = f"several types ({', '.join(names[:4])})" if len(names) > 1 else one
        text = f"map `{use.map}` carries {several}: say which with a `bpflint: pair=NAME` comment"
        self.problems.append(Problem("BPF010", use.span.path, use.span.line, text, "info"))
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

    def _by_mention(self, user: Unit, linked: Linked, near: Sequence[Shared]) -> None:
        """A comment above the user's type that names a shared type, or pastes it, where fields are alike as well."""
        taken = self._taken(user)
        copied = _copied(user) if user.language == "c" else None
        for decl in user.records:
            if decl.span is None or decl.span in taken or not decl.comment or _holds_handles(decl):
                continue
            if copied is not None and decl.key() not in copied:
                continue  # C has the program's own type at hand: another is filled field by field
            named = _named_in(decl.comment)
            least = 0.0 if decl.codec is Codec.HAND else _ALIKE
            for items in (near, self._everything):
                found = {
                    identity(item.type): item
                    for item in items
                    if isinstance(item.type, RecordDecl) and item.type.span != decl.span
                    and named & {item.type.name, *item.type.names} and similarity(item.type, decl) >= least
                }  # fmt: skip
                if len(found) == 1:
                    break
            else:
                found = self._mentioned_anywhere(named, decl, least)
            if len(found) == 1:
                item = next(iter(found.values()))
                reason = Evidence(EvidenceKind.NAMED_IN_COMMENT, f"its comment names `{item.name}`", decl.span)
                self._add(item, user, decl, self._codec(decl, item), decl.span, None, reason)

    def _mentioned_anywhere(self, named: set[str], decl: RecordDecl, least: float) -> dict[object, Shared]:
        """BPF structs of the named names that no map was seen to carry: they may be sent piece by piece."""
        return {
            _content(item.type): item
            for unit in self.units if unit.side == "bpf" and unit.language != "object"
            for item in (Shared(unit, record, "event", "", "", record.span) for record in unit.records if record.span)
            if isinstance(item.type, RecordDecl) and named & {item.type.name, *item.type.names}
            and similarity(item.type, decl) >= least
        }  # fmt: skip

    def _by_name(self, user: Unit, linked: Linked, near: Sequence[Shared]) -> None:
        """A type of the same name and like fields that was not met through a map.

        The program that the file loads is asked first, then its parts, then the whole project: there a name of one word
        asks for more likeness, since `event` and `config` are everywhere, and for no program that the file names.
        """
        taken = self._taken(user)
        for decl in user.records:
            if decl.span is None or decl.span in taken or decl.codec in (Codec.HAND, Codec.STRUCT):
                continue
            if _holds_handles(decl) or BY_HAND in decl.attributes or self._is_report(decl):
                continue
            if decl.span not in self._decoded and decl.name in user.sources.get("map-keys", "").split():
                continue
            if any(same_name(decl.name, item) for item in user.sources.get("c-structs", "").split()):
                continue
            telling = len(words_of(decl.name)) > 1
            wide = user.language in ("go", "rust") and (telling or not (linked.sure and user.links))
            least_anywhere = _LIKE_ENOUGH if telling else _MUCH_ALIKE
            groups: list[tuple[Iterable[Shared], float, str]] = []
            if linked.sure:
                groups += [(near, _ALIKE, linked.why), (parts_of(near), _ALIKE, linked.why)]
            if wide:
                only = "no other type of the project has the name"
                groups += [(self._everything, least_anywhere, only),
                           (self._parts, max(_ALIKE, least_anywhere), only)]  # fmt: skip
            for items, least, why in groups:
                found = _namesakes(decl, items, least)
                if len(found) == 1:
                    item = found[0]
                    if decl.span not in self._decoded and self._is_taken_apart(item, user):
                        break  # the numbers that were cut out are put into it, in any order
                    if items is not near and self._has_nearer(decl, item, user):
                        break  # the program beside the file has a type of that name itself
                    reason = Evidence(EvidenceKind.NAME, f"same name and fields as `{item.name}` ({why})", decl.span)
                    self._add(item, user, decl, self._codec(decl, item), decl.span, None, reason)
                if found:
                    break

    def _has_nearer(self, decl: RecordDecl, ours: Shared, user: Unit) -> bool:
        """Whether BPF code nearer to a file than a shared type declares another type of the name."""
        found = ours.type.span if isinstance(ours.type, RecordDecl) else None
        if found is None:
            return False
        if decl.name not in self._named:
            self._named[decl.name] = tuple(dict.fromkeys(
                item.span for unit in self.units if unit.side == "bpf" and unit.language != "object"
                for item in unit.records if item.span is not None and same_name(item.name, decl.name)
            ))  # fmt: skip
        least = common_folders(user.path, found.path)
        return any(common_folders(user.path, span.path) > least for span in self._named[decl.name])

    def _is_taken_apart(self, ours: Shared, user: Unit) -> bool:
        """Whether a file cuts the bytes of a shared type into numbers by hand."""
        return any(
            pair.user.codec is Codec.HAND and pair.user.path == user.path
            and identity(pair.bpf.type) == identity(ours.type)
            for pair in self.pairs.values()
        )  # fmt: skip

    def _is_report(self, decl: RecordDecl) -> bool:
        """A Go type that is made for JSON and the like, and that no code of the project takes as bytes."""
        return any(_SERIALISED.search(item.tag) for item in decl.members) and decl.span not in self._decoded

    def _by_decode(self, user: Unit, linked: Linked, near: Sequence[Shared]) -> None:
        """Raw bytes of unknown origin that are decoded into a type with the fields of exactly one shared type."""
        taken = self._taken(user)
        for use in user.uses:
            decl = use.type
            if use.map or not isinstance(decl, RecordDecl) or decl.span is None or decl.span in taken:
                continue
            for items in (near, self._everything) if linked.sure else (self._everything,):
                sent = [item for item in items if item.role == "event"]  # first: a map's value may be sent as well
                best, kind = _most_alike(decl, [*sent, *(item for item in items if item.role == "value")], use)
                if best is not None:
                    text = f"{use.how or use.op} of bytes with the fields of `{best.name}`"
                    self._add(best, user, decl, use.codec, decl.span, use.span, Evidence(kind, text, use.span))
                    break

    def _codec(self, decl: RecordDecl, ours: Shared) -> Codec:
        """How a type that no use was seen of becomes bytes: Go packs or not; what fits is what is meant."""
        if decl.codec is not Codec.GO:
            return decl.codec
        used = {use.codec for unit in self.units if unit.language == "go" for use in unit.uses if use.type is decl}
        if len(used) == 1:
            return next(iter(used))
        theirs = abi("x86_64")
        sizes = {codec: size_of_type(decl, theirs, codec) for codec in (Codec.GO, Codec.GO_PACKED)}
        size = size_of_type(ours.type, abi("bpfel"))
        return Codec.GO_PACKED if sizes[Codec.GO] != size and sizes[Codec.GO_PACKED] == size else Codec.GO

    def _taken(self, user: Unit) -> set[Span]:
        """The declarations that need no likeness any more: paired ones, and those that a BPF program shares itself."""
        paired = {pair.user.span for pair in self.pairs.values() if pair.user.path == user.path}
        return paired | self._own

    def _add(
        self, ours: Shared, user: Unit, type_: Type, codec: Codec, span: Span | None, use: Span | None, reason: Evidence
    ) -> None:
        name = type_.name if isinstance(type_, RecordDecl) else ""
        if span is None or self._ignored(ours, user, name):
            return
        bpf_span = ours.type.span if isinstance(ours.type, RecordDecl) and ours.type.span else ours.span
        if reason.kind >= EvidenceKind.NAMED_IN_COMMENT and ours.map_kind == "percpu_array":
            ours = replace(ours, role="event")  # a program's scratch memory: what is sent from it may be its head
        key = (identity(ours.type), bpf_span, span, name, codec)
        if key in self.pairs:
            return
        self.pairs[key] = Pair(
            PairSide(ours.unit.path, ours.type, Codec.C, bpf_span, None, ours.name),
            PairSide(user.path, type_, codec, span, use, name, user.targets),
            ours.role, (reason,), ours.map, ours.unit.byte_order, ours.map_kind,
        )  # fmt: skip


def _bytes_of(type_: Type) -> object:
    """What tells shared types apart: two programs may spell one number `u64` and `__u64`, but not `__be64`."""
    if isinstance(type_, Scalar):
        orders = tuple(name for name in type_.names if name.startswith(("__be", "__le")))
        return type_.width, type_.kind, type_.signed, type_.order, orders
    return identity(type_)


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


def _copied(user: Unit) -> frozenset[object]:
    """The records that a C file treats as bytes: it asks for their size, casts to them, or gives their address away."""
    found: set[object] = set()
    for function in user.functions:
        for item in (item for op in operations(function) for item in expressions(op)):
            match item:
                case SizeOf(operand=type_) | Cast(type=Pointer(pointee=type_)) | AddressOf(place=Name(type=type_)):
                    while isinstance(type_, Array):
                        type_ = type_.element
                    if isinstance(type_, RecordDecl):
                        found.add(type_.key())
    return frozenset(found)


_MAP_NOISE = frozenset(("map", "maps", "ebpf", "m"))


def _map_words(name: str) -> tuple[str, ...]:
    words = words_of(name.rsplit(".", 1)[-1])
    kept = tuple(word for word in words if word not in _MAP_NOISE)
    return kept or ()


def _holds_handles(decl: RecordDecl) -> bool:
    """Whether a struct has pointers: a table of handles shares its name with the record, not its bytes."""
    return any(isinstance(item.type, Pointer) for item in decl.members)


def _named_in(comment: str) -> set[str]:
    """The C types that a comment calls the same as what stands below it; one that is extended is another."""
    if "extend" in comment:
        return set()
    pasted = set(_PASTED.findall(comment))
    sentences = [item for item in re.split(r"(?<=[.;])\s+|\n\s*\n", comment) if _MIRRORS.search(item) or len(item) < 60]
    return pasted or {name for item in sentences for name in (*_STRUCT.findall(item), *_WORD.findall(item))}


def _may_be(use: Use, ours: Shared) -> bool:
    """A variable's name is a hint only: two records must be alike as well."""
    if not (isinstance(use.type, RecordDecl) and isinstance(ours.type, RecordDecl)):
        return not isinstance(use.type, RecordDecl) and not isinstance(ours.type, RecordDecl)
    return same_name(use.type.name, ours.name) or similarity(use.type, ours.type) >= _LIKE_ENOUGH


def _namesakes(decl: RecordDecl, items: Iterable[Shared], least: float) -> list[Shared]:
    """The shared types of a record's name, one for each content, whose fields are alike enough."""
    found = {
        _content(item.type): item
        for item in items
        if isinstance(item.type, RecordDecl) and item.type.span != decl.span
        and any(same_name(item.name, name) for name in (decl.name, *decl.names))
        and similarity(item.type, decl) >= least
    }  # fmt: skip
    return list(found.values())


def _most_alike(decl: RecordDecl, items: Sequence[Shared], use: Use) -> tuple[Shared | None, EvidenceKind]:
    """The one shared type whose field names are by far the most alike.

    Of an event it is enough that several names stand in the same order and no other event has half as many: a decoded
    record often models one variant, or the head, of what BPF sends.
    """
    inner = _unshifted(decl)
    scores: dict[object, tuple[int, float, int]] = {}
    for index, item in enumerate(items):
        if isinstance(item.type, RecordDecl):
            scores.setdefault(
                _content(item.type), (matched(item.type, inner), similarity(item.type, inner), index)
            )
    ranked = sorted(scores.values(), key=lambda score: (-score[0], -score[1], score[2]))
    if not ranked or ranked[0][0] < 3:
        return None, EvidenceKind.FIELDS
    best, second = ranked[0], ranked[1] if len(ranked) > 1 else (0, 0.0, 0)
    if best[1] >= _DECODED and best[1] - second[1] >= 0.15:
        return items[best[2]], EvidenceKind.FIELDS
    sent = items[best[2]].role == "event"
    if use.role == "event" and sent and best[0] >= _IN_ORDER and best[0] > 2 * second[0]:
        return items[best[2]], EvidenceKind.SIMILARITY
    return None, EvidenceKind.FIELDS


def _unshifted(decl: RecordDecl) -> RecordDecl:
    """The record that a sequential read takes, without the bytes read before it."""
    last = decl.members[-1].type if decl.members else None
    return last if "shifted" in decl.attributes and isinstance(last, RecordDecl) else decl


def _content(type_: Type) -> object:
    """Two declarations that say the same are one type, wherever they stand."""
    if isinstance(type_, RecordDecl):
        members = tuple((item.name, _content(item.type), item.bit_width) for item in type_.members)
        return type_.name, type_.kind, type_.packed, members
    return type_


def _is_generated(type_: Type, ours: Shared) -> bool:
    """A type that a generator wrote from the program, by its mark and its name (`bpfEvent` for `struct event`)."""
    if not isinstance(type_, RecordDecl) or not any(item.startswith("generated:") for item in type_.attributes):
        return False
    return words_of(type_.name)[-len(words_of(ours.name)) :] == words_of(ours.name) if ours.name else False


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


