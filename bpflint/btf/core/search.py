"""Where in a kernel's type is what the program asks for? The same names in the same order, wherever they moved.

Source: bpf_core_spec_match and bpf_core_match_member (relo_core.c).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from bpflint.btf import types as t
from bpflint.btf.core.compat import fields_fit, types_fit
from bpflint.btf.core.matches import types_match
from bpflint.btf.core.names import essential
from bpflint.btf.core.side import Refused, Side
from bpflint.btf.core.spec import MAX_DEPTH, TYPE_KINDS, VALUE_KINDS, Accessor, Spec, is_flexible
from bpflint.btf.ext import CoreRelo


class Miss(NamedTuple):
    """Why a candidate does not match: at which step, and whether it is not there or of another kind of type."""

    step: int
    why: Literal["missing", "incompatible"]


class _Found(NamedTuple):
    accessor: Accessor
    raw: tuple[int, ...]
    bits: int
    type: int


def search(local: Side, spec: Spec, relo: CoreRelo, kind: str, target: Side, candidate: int) -> Spec | Miss:
    """Return the path in a candidate, or why it has none; Refused where libbpf stops."""
    if kind in TYPE_KINDS:
        fits = types_match if kind == "type_matches" else types_fit
        return Spec(candidate) if fits(local, relo.type, target, candidate) else Miss(0, "incompatible")
    if kind in VALUE_KINDS:
        return _enumerator(spec, target, candidate)
    return _path(local, spec, target, candidate)


def _enumerator(spec: Spec, target: Side, candidate: int) -> Spec | Miss:
    type_id, one = target.bare(candidate)
    if not isinstance(one, t.Enum):
        return Miss(0, "incompatible")
    wanted = essential(spec.accessors[0].name)
    for index, value in enumerate(one.values):
        if essential(value.name) == wanted:
            return Spec(candidate, (Accessor(type_id, index, value.name),), (index,))
    return Miss(0, "missing")


def _path(local: Side, spec: Spec, target: Side, candidate: int) -> Spec | Miss:
    accessors: list[Accessor] = []
    raw: tuple[int, ...] = ()
    bits, type_id = 0, candidate
    for number, step in enumerate(spec.accessors):
        type_id, one = target.bare(type_id)
        if step.name:
            found = _member(local, step, target, type_id, raw)
            if found is None or isinstance(found, Miss):
                return Miss(number, found.why if found else "missing")
            accessors.append(found.accessor)
            raw, bits, type_id = found.raw, bits + found.bits, found.type
            continue
        if number:
            if not isinstance(one, t.Array):
                return Miss(number, "incompatible")
            if step.number >= one.length and not is_flexible(target, accessors[-1], one):
                return Miss(number, "missing")
            type_id = target.bare(one.type)[0]
        if len(raw) == MAX_DEPTH:
            raise Refused(f"more than {MAX_DEPTH} steps")
        accessors.append(Accessor(type_id, step.number))
        raw, bits = (*raw, step.number), bits + step.number * target.size(type_id) * 8
    return Spec(candidate, tuple(accessors), raw, bits & 0xFFFFFFFF)


def _member(local: Side, step: Accessor, target: Side, type_id: int, raw: tuple[int, ...]) -> _Found | Miss | None:
    """Look for a member by name, in unnamed records too; a first one of that name with another type ends the search."""
    type_id, record = target.bare(type_id)
    if not isinstance(record, t.Composite):
        return None
    if record.members and len(raw) == MAX_DEPTH:
        raise Refused(f"more than {MAX_DEPTH} steps")
    for index, member in enumerate(record.members):
        if not member.name:
            inner = _member(local, step, target, member.type, (*raw, index))
            if isinstance(inner, Miss):
                return inner
            if inner is not None:
                return inner._replace(bits=inner.bits + member.offset)
        elif member.name == step.name:
            mine = local.type(step.type)
            wanted = mine.members[step.number].type if isinstance(mine, t.Composite) else t.VOID
            if not fields_fit(local, wanted, target, member.type):
                return Miss(0, "incompatible")
            return _Found(Accessor(type_id, index, member.name), (*raw, index), member.offset, member.type)
    return None
