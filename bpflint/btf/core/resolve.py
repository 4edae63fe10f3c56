"""What becomes of each relocation of an object on one kernel? Candidates by name, the path in each, one number or none.

Source: bpf_core_find_cands and bpf_core_add_cands (libbpf.c), bpf_core_calc_relo and bpf_core_calc_relo_insn
(relo_core.c). Relocations of one local type share their candidates: once one of them has matched, only those that
matched stay for the next, so an object's relocations are resolved in their order.
"""

from __future__ import annotations

from bpflint.btf import types as t
from bpflint.btf.core.names import SEPARATOR, essential
from bpflint.btf.core.search import Miss, search
from bpflint.btf.core.side import ANY_ENUM, STEPS, Refused, Side, kinds_fit, pointer_size
from bpflint.btf.core.spec import FIELD_KINDS, VALUE_KINDS, Spec, parse, words
from bpflint.btf.core.value import Value, signed, value_of
from bpflint.btf.errors import BtfError
from bpflint.btf.ext import CORE_KINDS, CoreRelo
from bpflint.btf.lookup import Types
from bpflint.model.core import Outcome
from bpflint.model.data import dataclass


@dataclass(frozen=True, slots=True)
class Resolution:
    """What libbpf makes of one relocation; the numbers are None where there is none to put into the instruction."""

    relo: CoreRelo
    kind: str
    words: str
    """What the program asks for: `struct sock.__sk_common.skc_num`."""
    outcome: Outcome
    why: str = ""
    before: Value | None = None
    after: Value | None = None
    spec: Spec | None = None
    candidates: tuple[tuple[int, Spec | None], ...] = ()
    """Each type tried, in order, with the path in it or None."""
    changes: tuple[str, ...] = ()
    """What differs in the field itself: `size 4 -> 8`, `unsigned -> signed`."""
    unfit: bool = False
    """Whether a load or store of the field cannot be narrowed or widened (libbpf makes it invalid)."""

    @property
    def poisoned(self) -> bool:
        """Tell whether the instruction becomes an invalid one, which only dead code survives."""
        return self.after is None and not self.fatal

    @property
    def fatal(self) -> bool:
        """Tell whether libbpf gives up the whole object here."""
        return self.outcome in ("ambiguous", "refused")


class Resolver:
    """The relocations of one object on one kernel; ask in the order of the object. Or of several, each of which may
    look at so many types as one."""

    def __init__(self, local: Types, target: Types, objects: int = 1) -> None:
        self._local = Side(local, steps=STEPS * objects)
        self._target = Side(target, pointer_size(target), STEPS * objects)
        self._flavors: dict[str, list[int]] | None = None
        self._candidates: dict[int, tuple[int, ...]] = {}

    def resolve(self, relo: CoreRelo) -> Resolution:
        """Return what becomes of a relocation; damage in either BTF is an outcome as well."""
        kind = CORE_KINDS[relo.kind] if relo.kind < len(CORE_KINDS) else f"kind {relo.kind}"
        asked = f"type {relo.type}"
        try:
            spec = parse(self._local, relo, kind)
            asked = words(self._local, spec, kind)
            return self._resolve(relo, kind, asked, spec)
        except (Refused, BtfError) as error:
            return Resolution(relo, kind, asked, "refused", str(error))

    def _resolve(self, relo: CoreRelo, kind: str, asked: str, spec: Spec) -> Resolution:
        if kind == "local_type_id":
            same = Value(relo.type, checked=False)
            return Resolution(relo, kind, asked, "resolved", "", same, same, spec)
        if kind not in CORE_KINDS or not self._local.btf.name(relo.type):
            raise Refused("only named types of known kinds of relocation are looked for")
        before = value_of(self._local, spec, kind)
        tried = [(i, self._search(spec, relo, kind, i)) for i in self._cands(relo.type)]
        found = [(i, one, value_of(self._target, one, kind)) for i, one in tried if isinstance(one, Spec)]
        candidates = tuple((i, one if isinstance(one, Spec) else None) for i, one in tried)
        if not found:
            outcome, why = self._missed(spec, kind, [one for _, one in tried if isinstance(one, Miss)])
            after = value_of(self._target, None, kind)
            return Resolution(relo, kind, asked, outcome, why, before, after, spec, candidates)
        _, first, after = found[0]
        for _, other, value in found[1:]:
            if (other.bit_offset, value and value.number) != (first.bit_offset, after and after.number):
                return Resolution(relo, kind, asked, "ambiguous", f"{len(found)} types of that name differ",
                                  before, after, spec, candidates)  # fmt: skip
        self._candidates[relo.type] = tuple(i for i, _, _ in found)
        changes = self._changes(spec, first) if kind in FIELD_KINDS else ()
        return Resolution(relo, kind, asked, "changed" if changes else "resolved", ", ".join(changes), before, after,
                          spec, candidates, changes, self._unfit(before, after))  # fmt: skip

    def _search(self, spec: Spec, relo: CoreRelo, kind: str, candidate: int) -> Spec | Miss:
        return search(self._local, spec, relo, kind, self._target, candidate)

    def _cands(self, type_id: int) -> tuple[int, ...]:
        """Return the kernel's types of a local type's name and kind, in the order of their ids."""
        if type_id not in self._candidates:
            types, kind = self._target.btf, self._local.btf.kind(type_id)
            name = essential(self._local.btf.name(type_id))
            kinds = ANY_ENUM if kind in ANY_ENUM else (kind,)
            named = types.find(name, *kinds) if essential(name) == name else ()
            flavored = (i for i in self._flavored(name) if kinds_fit(types.kind(i), kind))
            self._candidates[type_id] = tuple(sorted({*named, *flavored}))
        return self._candidates[type_id]

    def _flavored(self, name: str) -> list[int]:
        if self._flavors is None:
            self._flavors = {}
            for full, ids in self._target.btf.holding(SEPARATOR).items():
                self._flavors.setdefault(essential(full), []).extend(ids)
        return self._flavors.get(name, [])

    def _missed(self, spec: Spec, kind: str, misses: list[Miss]) -> tuple[Outcome, str]:
        """Return how near the candidates came: the one that went furthest counts."""
        if not misses:
            return "missing-type", f"no {words(self._local, spec, kind, 0)}"
        miss = max(misses, key=lambda one: one.step)
        place = words(self._local, spec, kind, miss.step + 1)
        if miss.why == "incompatible":
            return "incompatible", f"{place} is of another kind of type"
        return "missing-value" if kind in VALUE_KINDS else "missing-field", f"no {place}"

    def _unfit(self, before: Value | None, after: Value | None) -> bool:
        if before is None or after is None or before.size == after.size:
            return False
        mine, theirs = self._local.bare(before.type)[1], self._target.bare(after.type)[1]
        match mine, theirs:
            case t.Ptr(), t.Ptr():
                return False
            case t.Int(), t.Int():
                return mine.encoding == 1 or theirs.encoding == 1
        return True

    def _changes(self, spec: Spec, found: Spec) -> tuple[str, ...]:
        """Return how the field itself differs: a number's or pointer's size and sign, a bitfield's width."""
        mine, theirs = _last(self._local, spec), _last(self._target, found)
        if mine is None or theirs is None:
            return ()
        changes = []
        if mine.bits != theirs.bits:
            changes.append(f"{mine.width} -> {theirs.width}")
        if mine.signed is not None and theirs.signed is not None and mine.signed != theirs.signed:
            sign = ("unsigned", "signed")
            changes.append(f"{sign[mine.signed]} -> {sign[theirs.signed]}")
        return tuple(changes)


@dataclass(frozen=True, slots=True)
class _Field:
    bits: int
    signed: bool | None
    bitfield: bool

    @property
    def width(self) -> str:
        return f"{self.bits} bits" if self.bitfield or self.bits % 8 else f"{self.bits // 8} bytes"


def _last(side: Side, spec: Spec) -> _Field | None:
    """Return the width and sign of the field a path ends at; None for a record, an array or what has no size."""
    step = spec.accessors[-1]
    record, type_id, bits = side.type(step.type), step.type, 0
    if step.name and isinstance(record, t.Composite):
        type_id, bits = record.members[step.number].type, record.members[step.number].bits
    _, one = side.bare(type_id)
    if isinstance(one, t.Int | t.Enum):
        return _Field(bits or one.size * 8, signed(one), bool(bits))
    if isinstance(one, t.Ptr | t.Float):
        return _Field(side.size(type_id) * 8, None, False)
    return None
