"""How do two declarations of the same bytes differ? Field by field, for each target, with the cause."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from bpflint.analysis.abi import abi as abi_of
from bpflint.analysis.abi import bpf_target
from bpflint.analysis.layout import shape_of
from bpflint.model.layout import (
    Abi,
    Array,
    Bits,
    Codec,
    Enum,
    Member,
    Pointer,
    Record,
    RecordDecl,
    Scalar,
    Type,
    Width,
    in_bytes,
    show_bytes,
)  # fmt: skip
from bpflint.model.pair import Cause, Comparison, Leaf, Mismatch, MismatchKind, Pair
from bpflint.model.patterns import pattern

_UNROLL = 16
"""Elements of an array of records that are compared one by one; longer arrays as one piece and by their element."""

_PADDING = pattern(r"^_*$|^_*(pad|padding|reserved|rsvd|unused|hole|dummy|filler|align)s?_?\d*_?$", re.I)


def is_padding_name(name: str) -> bool:
    """Return whether a field's name says that it holds nothing (`_`, `__pad2`, `reserved`)."""
    return bool(_PADDING.match(name.rsplit(".", 1)[-1]))


def normal_name(name: str) -> str:
    """Return a field or type name without case, underscores and array marks, so that snake and camel case meet."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def leaves(record: Record, prefix: str = "", base: int = 0) -> Iterator[Leaf]:
    """Yield every field of `record` at its absolute place, parents before children, in offset order per level."""
    for field in sorted(record.fields, key=lambda item: item.offset):
        path = f"{prefix}.{field.name}" if prefix and field.name else field.name or prefix
        at = base + field.offset
        if field.name:
            yield Leaf(path, Bits(at), field.size, field)
        if field.record is None or not field.record.size:
            continue
        if not isinstance(field.type, Array):
            yield from leaves(field.record, path, at)
        elif (count := field.size // field.record.size) <= _UNROLL:
            for index in range(count):
                yield from leaves(field.record, f"{path}[{index}]", at + index * field.record.size)


def compare_pair(pair: Pair, targets: Sequence[str]) -> tuple[Comparison, ...]:
    """Return one comparison for each user target: the BPF side by bpfel or bpfeb, the user side by its codec."""
    built = pair.user.targets
    return tuple(_compare(pair, target) for target in targets if not built or target in built)


def _compare(pair: Pair, target: str) -> Comparison:
    user_abi = abi_of(target)
    bpf_abi = abi_of(bpf_target(user_abi.byte_order))
    bpf = shape_of(pair.bpf.type, bpf_abi, pair.bpf.codec)
    user = shape_of(pair.user.type, user_abi, pair.user.codec)
    if bpf.opaque or user.opaque:
        return Comparison(pair, target, bpf.record, user.record, None, None, opaque=bpf.opaque or user.opaque)
    found = difference(pair.bpf.type, pair.user.type, target, pair, bpf_abi, user_abi)
    if found and any(
        not difference(pair.bpf.type, item, target, pair, bpf_abi, user_abi) for item in _variants(pair.user.type)
    ):
        found = ()  # one key for two maps: the kernel takes the bytes of the map's own
    cause = _cause(pair, target, bpf_abi, user_abi) if found else Cause.NONE
    return Comparison(pair, target, bpf.record, user.record, bpf.size, user.size, found, cause)


def difference(
    bpf_type: Type, user_type: Type, target: str, pair: Pair, bpf_abi: Abi, user_abi: Abi
) -> tuple[Mismatch, ...]:
    """Return the mismatches of two types laid out for their ABIs, named fields first; empty: the bytes agree."""
    bpf = shape_of(bpf_type, bpf_abi, pair.bpf.codec)
    user = shape_of(user_type, user_abi, pair.user.codec)
    found: list[Mismatch] = []
    prefix = _reads_prefix(user_type, pair) and user.size <= bpf.size
    if bpf.record is not None and user.record is not None and _both_records(bpf_type, user_type):
        found.extend(item for item in _fields(bpf.record, user.record, target) if not (prefix and item.user is None))
    if bpf.size != user.size and not prefix and not _open_ended(bpf_type, user_type):
        detail = f"{in_bytes(bpf.size)} in BPF, {show_bytes(user.size)} on the user side"
        found.append(Mismatch(MismatchKind.SIZE, target, None, None, "", "", detail))
    return tuple(sorted(found, key=_mismatch_order))


def _variants(type_: Type) -> Iterator[RecordDecl]:
    """Yield a record once for each member of a union inside it, with that member alone in the union.

    The union inside a Rust enum is none: its tag says which variant is there.
    """
    if not isinstance(type_, RecordDecl) or "enum" in type_.attributes:
        return
    for at, member in enumerate(type_.members):
        inner = member.type
        if isinstance(inner, RecordDecl) and inner.kind == "union":
            chosen: Iterator[RecordDecl] = (replace(inner, members=(item,)) for item in inner.members)
        else:
            chosen = _variants(inner)
        for one in chosen:
            changed = replace(member, type=one)
            yield replace(type_, members=(*type_.members[:at], changed, *type_.members[at + 1 :]))


def matched(pair: Pair, target: str) -> list[tuple[Leaf, Leaf]]:
    """Return (BPF field, user field) of a pair for one target: by name, and by place where a difference says so."""
    user_abi = abi_of(target)
    bpf_abi = abi_of(bpf_target(user_abi.byte_order))
    bpf = shape_of(pair.bpf.type, bpf_abi, pair.bpf.codec).record
    user = shape_of(pair.user.type, user_abi, pair.user.codec).record
    if bpf is None or user is None or not _both_records(pair.bpf.type, pair.user.type):
        return []
    theirs = [leaf for leaf in leaves(user) if leaf.field.record is None and not is_padding_name(leaf.path)]
    index = _Index(list(leaves(bpf)), list(leaves(user)))
    named = [(ours, leaf) for leaf in theirs if (ours := index.named(leaf)) is not None and ours.field.record is None]
    cut = [(item.bpf, item.user) for item in difference(pair.bpf.type, pair.user.type, target, pair, bpf_abi, user_abi)
           if item.bpf is not None and item.user is not None]  # fmt: skip
    known = {(ours.path, leaf.path) for ours, leaf in named}
    return named + [(ours, leaf) for ours, leaf in cut if (ours.path, leaf.path) not in known]


def _both_records(bpf: Type, user: Type) -> bool:
    return isinstance(bpf, RecordDecl) and isinstance(user, RecordDecl)


_PREFIX_CODECS = (Codec.CTYPES, Codec.C, Codec.GO, Codec.GO_PACKED, Codec.RUST_C)
"""What reads an event through these takes the bytes that its type names and leaves the rest."""


def _reads_prefix(user: Type, pair: Pair) -> bool:
    """`struct.unpack_from` takes the first bytes on purpose; a pointer cast over an event reads what it names.

    A map's value is copied whole by the kernel, so a type that is too short is overrun there.
    """
    if not isinstance(user, RecordDecl):
        return pair.role == "event" and pair.user.codec in (Codec.GO, Codec.GO_PACKED)
    return "prefix" in user.attributes or (pair.role == "event" and pair.user.codec in _PREFIX_CODECS)


def _open_ended(*types: Type) -> bool:
    """A flexible array at the end of one side makes the total size the sender's choice."""
    for item in types:
        if isinstance(item, RecordDecl) and item.members:
            last = item.members[-1].type
            if isinstance(last, Array) and not last.length:
                return True
    return False


_RANK = {
    MismatchKind.OFFSET: 0, MismatchKind.ORDER: 0, MismatchKind.TYPE: 0, MismatchKind.MISSING: 1, MismatchKind.SIZE: 2,
}  # fmt: skip
"""What is seen by name on both sides comes before what merely does not fit, and both before the total."""


def _mismatch_order(item: Mismatch) -> tuple[int, int, str]:
    places = [leaf.offset for leaf in (item.bpf, item.user) if leaf is not None]
    return (_RANK[item.kind], min(places) if places else 0, item.bpf_path or item.user_path)


def _fields(bpf: Record, user: Record, target: str) -> Iterator[Mismatch]:
    bpf_all, user_all = list(leaves(bpf)), list(leaves(user))
    theirs = [leaf for leaf in user_all if leaf.field.record is None and not is_padding_name(leaf.path)]
    index = _Index(bpf_all, user_all)
    pairs = [(index.named(leaf), leaf) for leaf in theirs]
    moved = [(b, u) for b, u in pairs if b is not None and b.offset != u.offset]
    swapped = _is_permutation(moved)
    for ours, leaf in pairs:
        if ours is None:
            yield from _unnamed(index, leaf, bpf, target)
        elif ours.offset != leaf.offset:
            kind = MismatchKind.ORDER if swapped else MismatchKind.OFFSET
            detail = f"at byte {show_bytes(ours.offset)} in BPF, at {show_bytes(leaf.offset)} on the user side"
            yield Mismatch(kind, target, ours, leaf, ours.path, leaf.path, detail)
        elif ours.size != leaf.size and not _covers(index, ours, leaf):
            detail = f"{_width(ours)} in BPF, {_width(leaf)} on the user side"
            yield Mismatch(MismatchKind.TYPE, target, ours, leaf, ours.path, leaf.path, detail)
    yield from _absent(index, bpf_all, theirs, user, target)


class _Index:
    """Finds BPF leaves by name and by place for one comparison."""

    def __init__(self, bpf: Sequence[Leaf], user: Sequence[Leaf]) -> None:
        self.by_path = _unique(bpf, lambda leaf: normal_name(leaf.path))
        self.by_last = _unique(bpf, lambda leaf: normal_name(leaf.path.rsplit(".", 1)[-1]))
        self.user_last = Counter(normal_name(leaf.path.rsplit(".", 1)[-1]) for leaf in user)
        self.places = {(leaf.offset, leaf.size) for leaf in bpf}
        self.starts = {leaf.offset for leaf in bpf} | {leaf.offset + leaf.size for leaf in bpf}
        self.bpf = bpf

    def named(self, leaf: Leaf) -> Leaf | None:
        """The one BPF leaf of the same name; a bare last component counts only where unique on both sides."""
        found = self.by_path.get(normal_name(leaf.path))
        if found is not None:
            return found
        last = normal_name(leaf.path.rsplit(".", 1)[-1])
        return self.by_last.get(last) if self.user_last[last] == 1 else None


def _unique(items: Sequence[Leaf], key: Callable[[Leaf], str]) -> Mapping[str, Leaf]:
    counts = Counter(key(item) for item in items)
    return {key(item): item for item in items if counts[key(item)] == 1 and not is_padding_name(item.path)}


def _is_permutation(moved: Sequence[tuple[Leaf, Leaf]]) -> bool:
    """Whether the moved fields only trade places: the same slots are taken on both sides."""
    ours = Counter((b.offset, b.size) for b, _ in moved)
    theirs = Counter((u.offset, u.size) for _, u in moved)
    return len(moved) > 1 and ours == theirs


def _covers(index: _Index, ours: Leaf, leaf: Leaf) -> bool:
    """Equal start and name, other width: fine only where both ends fall on a field edge of an aggregate."""
    return ours.field.record is not None and leaf.offset + leaf.size in index.starts and leaf.size >= ours.size


def _unnamed(index: _Index, leaf: Leaf, bpf: Record, target: str) -> Iterator[Mismatch]:
    """A user field without a namesake: fine where it falls on whole BPF fields, a fault where it cuts one."""
    if (leaf.offset, leaf.size) in index.places:
        return
    if leaf.offset in index.starts and leaf.offset + leaf.size in index.starts:
        return
    if leaf.offset >= bpf.size:
        detail = f"`{leaf.path}` lies past the {show_bytes(bpf.size)} bytes that BPF writes"
        yield Mismatch(MismatchKind.MISSING, target, None, leaf, "", leaf.path, detail)
        return
    end = leaf.offset + leaf.size
    cut = [item for item in index.bpf if item.offset < end and leaf.offset < item.offset + item.size]
    inside = [item for item in cut if item.offset <= leaf.offset and end <= item.offset + item.size]
    if any(_is_bytes(item) or (item.field.record is None and item.field.type.__class__ is Array) for item in inside):
        return  # the user side splits an array into parts
    if not cut:
        return  # it reads padding only
    first = cut[-1]
    detail = (
        f"user bytes {show_bytes(leaf.offset)}..{show_bytes(leaf.offset + leaf.size)} cut across "
        f"`{first.path}` ({show_bytes(first.offset)}..{show_bytes(first.offset + first.size)})"
    )
    yield Mismatch(MismatchKind.MISSING, target, first, leaf, first.path, leaf.path, detail)


def _is_bytes(leaf: Leaf) -> bool:
    type_ = leaf.field.type
    return isinstance(type_, Array) and isinstance(type_.element, Scalar) and type_.element.width == 8


def _absent(
    index: _Index, bpf: Sequence[Leaf], theirs: Sequence[Leaf], user: Record, target: str
) -> Iterator[Mismatch]:
    """BPF fields of which the user side models no byte, although it has fields after them or ends early."""
    for ours in bpf:
        if ours.field.record is not None or is_padding_name(ours.path) or not ours.size:
            continue
        if any(leaf.offset < ours.offset + ours.size and ours.offset < leaf.offset + leaf.size for leaf in theirs):
            continue
        if _covered_by_any(ours, user):
            continue
        where = "past the end of" if ours.offset >= user.size else "in padding of"
        detail = f"`{ours.path}` at byte {show_bytes(ours.offset)} lies {where} the user type"
        yield Mismatch(MismatchKind.MISSING, target, ours, None, ours.path, "", detail)


def _covered_by_any(ours: Leaf, user: Record) -> bool:
    """A field that the user side names as padding or reserved is known to it."""
    return any(
        leaf.offset <= ours.offset and ours.offset + ours.size <= leaf.offset + leaf.size for leaf in leaves(user)
    )


def _width(leaf: Leaf) -> str:
    type_ = leaf.field.type
    if leaf.field.bitfield:
        return f"{leaf.size} bits"
    if isinstance(type_, Array):
        return f"{type_.length or 0} elements, {in_bytes(leaf.size)}"
    return in_bytes(leaf.size)


# -- causes: change one thing, lay out again, see whether the difference is gone ---------------------------------


def _cause(pair: Pair, target: str, bpf_abi: Abi, user_abi: Abi) -> Cause:
    bpf, user = pair.bpf.type, pair.user.type
    if not (isinstance(bpf, RecordDecl) and isinstance(user, RecordDecl)):
        return Cause.NONE

    def agrees(ours: Type, theirs: Type, ours_abi: Abi = bpf_abi, theirs_abi: Abi = user_abi) -> bool:
        return not difference(ours, theirs, target, pair, ours_abi, theirs_abi)

    if pair.user.codec is Codec.GO_PACKED and not difference(
        bpf, user, target, replace(pair, user=replace(pair.user, codec=Codec.GO)), bpf_abi, user_abi
    ):
        return Cause.GO_HOLES
    declared = user.codec not in (Codec.STRUCT, Codec.NUMPY)  # those have no padding to lose
    if declared and (any(item.packed for item in bpf.members) or bpf.packed or user.packed or user.pack or bpf.pack):
        if agrees(_unpacked(bpf), _unpacked(user)) or agrees(bpf, replace(user, packed=True)):
            return Cause.PACKED
        if agrees(_packed_through(bpf), user) or agrees(bpf, _packed_through(user)):
            return Cause.PACKED_INNER
    if (wrapped := _tag_wrapped(bpf, user)) is not None and agrees(wrapped, user):
        return Cause.ENUM_TAG
    if _mentions(bpf, Width.INT128) and agrees(bpf, user, ours_abi=replace(bpf_abi, int128_align=Bits(64))):
        return Cause.INT128
    if user.ms_bitfields and agrees(bpf, replace(user, ms_bitfields=False)):
        return Cause.PACK_LAYOUT
    if user.codec is Codec.STRUCT and "native" in user.attributes:
        return Cause.NATIVE_FORMAT
    narrow = user_abi.go_align_u64 if pair.user.codec is Codec.GO else user_abi.align_u64
    aligned = replace(user_abi, align_u64=Bits(64), go_align_u64=Bits(64))
    if narrow == 32 and agrees(bpf, user, theirs_abi=aligned):
        return Cause.U64_ALIGN
    if (freed := _kernel_free(user, bpf)) is not None and agrees(bpf, freed):
        return Cause.KERNEL_TYPE
    if _mentions(user, Width.LONG, Width.POINTER):
        free, wide = _platform_free(user, bpf), replace(user_abi, align_u64=Bits(64))
        if agrees(bpf, free) or agrees(bpf, free, theirs_abi=wide):  # i386 aligns the wider one to 4 as well
            return Cause.PLATFORM_TYPE
    return Cause.NONE


def _tag_wrapped(bpf: RecordDecl, user: RecordDecl) -> RecordDecl | None:
    """The BPF record with the integer before a union moved into a struct with it, as Rust lays an enum out; or None."""
    if not any(isinstance(item.type, RecordDecl) and "enum" in item.type.attributes for item in user.members):
        return None
    members = bpf.members
    for at in range(1, len(members)):
        tag, union = members[at - 1], members[at]
        if not (isinstance(union.type, RecordDecl) and union.type.kind == "union" and union.bit_width is None):
            continue
        if isinstance(tag.type, Scalar | Enum) and tag.bit_width is None:
            inner = RecordDecl("", "struct", (tag, union), bpf.language, bpf.codec)
            return replace(bpf, members=(*members[: at - 1], Member("", inner), *members[at + 1 :]))
    return None


def _unpacked(decl: RecordDecl) -> RecordDecl:
    return replace(
        decl, packed=False, pack=None, members=tuple(replace(member, packed=False) for member in decl.members)
    )


def _packed_through(decl: RecordDecl) -> RecordDecl:
    return replace(decl, packed=True, members=tuple(_packed_member(member) for member in decl.members))


def _packed_member(member: Member) -> Member:
    match member.type:
        case RecordDecl() as inner:
            return replace(member, type=_packed_through(inner))
        case Array(element=RecordDecl() as inner):
            return replace(member, type=replace(member.type, element=_packed_through(inner)))
        case _:
            return member


def _mentions(type_: Type, *widths: Width) -> bool:
    match type_:
        case Scalar(width=width):
            return width in widths
        case Pointer():
            return Width.POINTER in widths
        case Array(element=element):
            return _mentions(element, *widths)
        case RecordDecl(members=members):
            return any(_mentions(member.type, *widths) for member in members)
        case _:
            return False


_COMPILER_NAMES = frozenset(("size_t", "ssize_t", "ptrdiff_t", "uintptr_t", "intptr_t", "__kernel_size_t"))
"""Typedefs that only spell the platform's width; every other name means one thing in the kernel, one in libc."""


def _kernel_free(user: RecordDecl, bpf: RecordDecl) -> RecordDecl | None:
    """The user record with each member whose typedef BPF has too, but made otherwise as BPF has it, or None."""
    ours = {normal_name(member.name): member.type for member in bpf.members}
    members = tuple(
        replace(member, type=mine)
        if (mine := ours.get(normal_name(member.name))) is not None and _namesakes(mine, member.type)
        else member
        for member in user.members
    )
    return None if members == user.members else replace(user, members=members)


def _namesakes(one: Type, other: Type) -> bool:
    if isinstance(one, Array) and isinstance(other, Array):
        return one.length == other.length and _namesakes(one.element, other.element)
    if isinstance(one, Scalar) and isinstance(other, Scalar):
        names = set(one.names[:-1]) & set(other.names[:-1]) - _COMPILER_NAMES
        return bool(names) and one.width != other.width
    if isinstance(one, RecordDecl) and isinstance(other, RecordDecl):
        return bool({*one.names, one.name} & {*other.names, other.name} - {""}) and one.span != other.span
    return False


def _sixty_four(type_: Type) -> Type:
    """A type with every `long` and pointer as wide as BPF's, whatever the target."""
    match type_:
        case Scalar(width=Width.LONG | Width.POINTER):
            return replace(type_, width=Bits(64))
        case Pointer(spelling=spelling):
            return Scalar((spelling,), Bits(64))
        case Array(element=element):
            return replace(type_, element=_sixty_four(element))
        case RecordDecl(members=members):
            return replace(type_, members=tuple(replace(item, type=_sixty_four(item.type)) for item in members))
        case _:
            return type_


def _platform_free(user: RecordDecl, bpf: RecordDecl) -> RecordDecl:
    """The user record with each platform-width scalar given the type of its BPF namesake, as BPF lays it out."""
    ours = {normal_name(member.name): member.type for member in bpf.members}
    members = tuple(
        replace(member, type=_sixty_four(ours.get(normal_name(member.name), member.type)))
        if _mentions(member.type, Width.LONG, Width.POINTER)
        else member
        for member in user.members
    )
    return replace(user, members=members)
