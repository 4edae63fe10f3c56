"""May a type of the kernel stand for the program's, as a field on the way or as a type asked for?

Source: bpf_core_fields_are_compat and __bpf_core_types_are_compat (relo_core.c).
"""

from __future__ import annotations

from bpflint.btf import types as t
from bpflint.btf.core.names import essential
from bpflint.btf.core.side import MAX_HOPS, Refused, Side, kinds_fit


def fields_fit(local: Side, local_id: int, target: Side, target_id: int) -> bool:
    """Tell whether a field of one type may be read as the other; sizes, signs and lengths do not count."""
    while True:
        local_id, mine = local.bare(local_id)
        target_id, theirs = target.bare(target_id)
        match mine, theirs:
            case t.Composite(), t.Composite():
                return True
            case (t.Ptr(), t.Ptr()) | (t.Float(), t.Float()):
                return True
            case (t.Fwd(name=ours), t.Fwd(name=other)) | (t.Enum(name=ours), t.Enum(name=other)):
                return not ours or not other or essential(ours) == essential(other)
            case t.Int(), t.Int():
                return mine.bit_offset == theirs.bit_offset == 0
            case t.Array(), t.Array():
                local_id, target_id = mine.type, theirs.type
            case _:
                return False


def types_fit(local: Side, local_id: int, target: Side, target_id: int, level: int = MAX_HOPS) -> bool:
    """Tell whether a type asked for by name is there; Refused when it is nested too deep."""
    if not kinds_fit(local.btf.kind(local_id), target.btf.kind(target_id)):
        return False
    for _ in range(MAX_HOPS):
        local_id, mine = local.bare(local_id)
        target_id, theirs = target.bare(target_id)
        if not kinds_fit(local.btf.kind(local_id), target.btf.kind(target_id)):
            return False
        match mine, theirs:
            case t.Int(), t.Int():
                return mine.bit_offset == theirs.bit_offset == 0
            case t.Ptr(), t.Ptr():
                local_id, target_id = mine.type, theirs.type
            case t.Array(), t.Array():
                local_id, target_id = mine.type, theirs.type
            case t.FuncProto(), t.FuncProto():
                if not _params_fit(local, mine, target, theirs, level):
                    return False
                local_id, target_id = local.bare(mine.result)[0], target.bare(theirs.result)[0]
            case ((None | t.Composite() | t.Enum() | t.Fwd()), _):
                return True
            case _:
                return False
    raise Refused(f"more than {MAX_HOPS} pointers and arrays in a row")


def _params_fit(local: Side, mine: t.FuncProto, target: Side, theirs: t.FuncProto, level: int) -> bool:
    if len(mine.params) != len(theirs.params):
        return False
    if mine.params and level <= 0:
        raise Refused(f"more than {MAX_HOPS} prototypes inside each other")
    pairs = zip(mine.params, theirs.params, strict=True)
    return all(types_fit(local, local.bare(a.type)[0], target, target.bare(b.type)[0], level - 1) for a, b in pairs)
