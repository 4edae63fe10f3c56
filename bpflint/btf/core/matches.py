"""Does a type of the kernel match the program's in every member the program declares? (`bpf_core_type_matches`)

Source: __bpf_core_types_match, bpf_core_composites_match and bpf_core_enums_match (relo_core.c).
"""

from __future__ import annotations

from bpflint.btf import types as t
from bpflint.btf.core.names import names_match
from bpflint.btf.core.side import MAX_HOPS, Refused, Side


def types_match(
    local: Side, local_id: int, target: Side, target_id: int, pointed: bool = False, level: int = MAX_HOPS
) -> bool:
    """Tell whether types match; `pointed` when a pointer led here. Refused when they are nested too deep."""
    if level <= 0:
        raise Refused(f"more than {MAX_HOPS} records inside each other")
    for _ in range(MAX_HOPS):
        local_id, mine = local.bare(local_id)
        target_id, theirs = target.bare(target_id)
        if not names_match(local.btf.name(local_id), target.btf.name(target_id)):
            return False
        match mine, theirs:
            case t.Ptr(), t.Ptr():
                pointed = True
                local_id, target_id = mine.type, theirs.type
            case t.Array(), t.Array():
                if mine.length != theirs.length:
                    return False
                local_id, target_id = mine.type, theirs.type
            case t.FuncProto(), t.FuncProto():
                if not _params_match(local, mine, target, theirs, pointed, level):
                    return False
                local_id, target_id = mine.result, theirs.result
            case t.Composite(), t.Composite() if not pointed:
                return mine.keyword == theirs.keyword and _members_match(local, mine, target, theirs, level)
            case _:
                return _ends_match(local, mine, theirs, pointed)
    raise Refused(f"more than {MAX_HOPS} pointers and arrays in a row")


def _ends_match(local: Side, mine: t.BtfType | None, theirs: t.BtfType | None, pointed: bool) -> bool:
    match mine, theirs:
        case None, None:
            return True
        case t.Int(), t.Int():
            return mine.size == theirs.size and mine.signed == theirs.signed
        case t.Enum(), t.Enum():
            return _enums_match(local, mine, theirs)
        case t.Fwd(), t.Fwd():
            return mine.keyword == theirs.keyword
        case ((t.Composite() | t.Fwd()), (t.Composite() | t.Fwd())):
            return pointed and mine.keyword == theirs.keyword
        case _:
            return False


def _enums_match(local: Side, mine: t.Enum, theirs: t.Enum) -> bool:
    if mine.size != theirs.size or len(mine.values) > len(theirs.values):
        return False
    local.spend(len(mine.values) * len(theirs.values))
    return all(any(names_match(ours.name, other.name) for other in theirs.values) for ours in mine.values)


def _members_match(local: Side, mine: t.Composite, target: Side, theirs: t.Composite, level: int) -> bool:
    """A type that is here only by value cannot be behind a pointer, so members start anew."""
    if len(mine.members) > len(theirs.members):
        return False
    for member in mine.members:
        local.spend(len(theirs.members))
        named = (other for other in theirs.members if names_match(member.name, other.name))
        if not any(types_match(local, member.type, target, other.type, False, level - 1) for other in named):
            return False
    return True


def _params_match(local: Side, mine: t.FuncProto, target: Side, theirs: t.FuncProto, pointed: bool, level: int) -> bool:
    if len(mine.params) != len(theirs.params):
        return False
    pairs = zip(mine.params, theirs.params, strict=True)
    return all(types_match(local, a.type, target, b.type, pointed, level - 1) for a, b in pairs)
