"""Which types does a selection need, and what are they numbered alone? A smaller BTF that is still complete."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bpflint.btf import types as t
from bpflint.btf.reader import Btf


def closure(btf: Btf, roots: Iterable[int]) -> list[int]:
    """Return the ids that the roots reach by value, by pointer or in prototypes, in order of id, without `void`."""
    seen = {t.VOID}
    todo = list(roots)
    while todo:
        type_id = todo.pop()
        if type_id not in seen:
            seen.add(type_id)
            todo += references(btf.type(type_id))
    return sorted(seen - {t.VOID})


def select(btf: Btf, roots: Iterable[int]) -> list[t.BtfType]:
    """Return the closure of the roots, renumbered from 1, in the order of their old ids; ready for `encode`."""
    return in_order(btf, closure(btf, roots))


def in_order(btf: Btf, ids: Iterable[int]) -> list[t.BtfType]:
    """Return types numbered from 1 in the given order, which must hold everything they mention."""
    kept = list(ids)
    fresh = {old: new for new, old in enumerate(kept, 1)}
    fresh[t.VOID] = t.VOID
    return [renumber(btf.type(old), fresh) for old in kept]


def references(one: t.BtfType) -> list[int]:
    """Return every id a type mentions, `void` included; the LOC_* kinds, which no type needs, mention none."""
    match one:
        case t.Composite(members=members):
            return [member.type for member in members]
        case t.FuncProto(result=result, params=params):
            return [result, *(param.type for param in params)]
        case t.Array():
            return [one.type, one.index_type]
        case t.Datasec(variables=variables):
            return [variable.type for variable in variables]
        case t.Int() | t.Float() | t.Enum() | t.Fwd() | t.Other():
            return []
        case _:
            return [one.type]


def renumber(one: t.BtfType, fresh: dict[int, int]) -> t.BtfType:
    """Return a type with each id replaced."""
    match one:
        case t.Composite(members=members):
            return replace(one, members=tuple(m._replace(type=fresh[m.type]) for m in members))
        case t.FuncProto(result=result, params=params):
            return t.FuncProto(fresh[result], tuple(t.Param(p.name, fresh[p.type]) for p in params))
        case t.Array():
            return t.Array(fresh[one.type], fresh[one.index_type], one.length)
        case t.Datasec(variables=variables):
            return replace(one, variables=tuple(v._replace(type=fresh[v.type]) for v in variables))
        case t.Int() | t.Float() | t.Enum() | t.Fwd() | t.Other():
            return one
        case _:
            return replace(one, type=fresh[one.type])
