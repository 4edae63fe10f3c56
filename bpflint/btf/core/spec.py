"""What does a relocation ask for? Its access path, read along the program's own types.

Source: bpf_core_parse_spec and is_flex_arr (relo_core.c). The path "0:1:2" is an index from a pointer, then for each
record the member's number and for each array the element's. Only named members and elements are looked for in the
kernel, so only they become accessors; unnamed records in between may be there or not.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from bpflint.btf import types as t
from bpflint.btf.core.side import Refused, Side
from bpflint.btf.ext import CORE_KINDS, CoreRelo
from bpflint.model.data import dataclass

MAX_DEPTH: Final = 64
"""Most steps of a path (BPF_CORE_SPEC_MAX_LEN)."""
_PATH: Final = re.compile(r"\d{1,9}(:\d{1,9})*")

FIELD_KINDS: Final = CORE_KINDS[:6]
TYPE_KINDS: Final = ("local_type_id", "target_type_id", "type_exists", "type_size", "type_matches")
VALUE_KINDS: Final = ("enumval_exists", "enumval_value")


class Accessor(NamedTuple):
    """A step of a path: an element of an array of `type`, or a member, called `name`, of the record `type`."""

    type: int
    number: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Spec:
    """A path in one BTF: where it starts, its meaningful steps, every step's number, and where it leads in bits."""

    root: int
    accessors: tuple[Accessor, ...] = ()
    raw: tuple[int, ...] = ()
    bit_offset: int = 0


def parse(local: Side, relo: CoreRelo, kind: str) -> Spec:
    """Return what a relocation asks for; Refused when its path leaves the program's own types."""
    if kind in TYPE_KINDS:
        if relo.access != "0":
            raise Refused(f"a type has no path '{relo.access[:80]}'")
        return Spec(relo.type)
    if not _PATH.fullmatch(relo.access) or relo.access.count(":") >= MAX_DEPTH:
        raise Refused(f"'{relo.access[:80]}' is no path of at most {MAX_DEPTH} steps")
    raw = tuple(int(part) for part in relo.access.split(":"))
    type_id, root = local.bare(relo.type)
    first = Accessor(type_id, raw[0])
    if kind in VALUE_KINDS:
        if not isinstance(root, t.Enum) or len(raw) > 1 or raw[0] >= len(root.values):
            raise Refused(f"enumerator {relo.access[:80]} of what has no such")
        return Spec(relo.type, (first._replace(name=root.values[raw[0]].name),), raw)
    return _walk(local, Spec(relo.type, (first,), raw, raw[0] * local.size(type_id) * 8))


def _walk(local: Side, start: Spec) -> Spec:
    accessors, bits, type_id = list(start.accessors), start.bit_offset, start.accessors[0].type
    for index in start.raw[1:]:
        type_id, one = local.bare(type_id)
        match one:
            case t.Composite(members=members) if index < len(members):
                member = members[index]
                bits += member.offset
                if member.name:
                    accessors.append(Accessor(type_id, index, member.name))
                type_id = member.type
            case t.Array(type=element) if index < one.length or is_flexible(local, accessors[-1], one):
                type_id = local.bare(element)[0]
                accessors.append(Accessor(type_id, index))
                bits += index * local.size(type_id) * 8
            case _:
                raise Refused(f"step {index} of the path leads nowhere in type {type_id}")
    return Spec(start.root, tuple(accessors), start.raw, bits & 0xFFFFFFFF)


def is_flexible(side: Side, last: Accessor, array: t.Array) -> bool:
    """Tell whether an array without elements is the last member of its record, so that any element may be meant."""
    if not last.name or array.length > 0:
        return False
    record = side.type(last.type)
    return isinstance(record, t.Composite) and last.number == len(record.members) - 1


def type_words(side: Side, type_id: int) -> str:
    """Return a type as C names it: `struct sock`, `size_t`."""
    one = side.type(type_id) if type_id else None
    name = side.btf.name(type_id) or "(unnamed)"
    match one:
        case t.Composite(keyword=keyword) | t.Fwd(keyword=keyword):
            return f"{keyword} {name}"
        case t.Enum():
            return f"enum {name}"
        case None:
            return "void"
        case _:
            return name


def words(side: Side, spec: Spec, kind: str, upto: int | None = None) -> str:
    """Return a path as C would write it: `struct sock.__sk_common.skc_num`, `enum colour::RED`."""
    text = type_words(side, spec.root)
    if kind in VALUE_KINDS:
        return text + "".join(f"::{step.name}" for step in spec.accessors[:upto])
    for number, step in enumerate(spec.accessors[:upto]):
        if step.name:
            text += f".{step.name}"
        elif number or step.number:
            text += f"[{step.number}]"
    return text
