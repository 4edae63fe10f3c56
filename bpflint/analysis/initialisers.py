"""Which bits does an initialiser list set? Members, holes left to the compiler, and what clang clears all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from bpflint.analysis.regions import Layouts, mask
from bpflint.analysis.walk import strip
from bpflint.model.flow import Aggregate, Constant, Expr
from bpflint.model.layout import Array, Bits, Field, RecordDecl, Type

Source = Callable[[Expr, int], int]
"""Which of the first n bits of a value are set."""


def is_zero_list(value: Aggregate) -> bool:
    """Return whether a list holds nothing but zeros."""
    return all(
        (isinstance(inner := strip(item), Constant) and inner.value == 0)
        or (isinstance(inner, Aggregate) and is_zero_list(inner))
        for _, item in value.items
    )


def is_constant_list(value: Aggregate) -> bool:
    """Return whether clang can make the value of a list beforehand: it copies that whole, the tails of unions too."""
    return all(
        isinstance(inner := strip(item), Constant) or (isinstance(inner, Aggregate) and is_constant_list(inner))
        for _, item in value.items
    )


def set_bits(value: Aggregate, type_: Type | None, layouts: Layouts, source: Source) -> int | None:
    """Return the bits that an initialiser list sets in an object of a type, None where the type is not known.

    A list of zeros clears the whole object: clang 19 -O2 writes it with one memset, padding and the tails of unions
    included (C17 6.7.9 does not ask for it). Any other list sets members only; those it leaves out are cleared,
    of a union only the member it names.
    """
    size = layouts.size(type_)
    if size is None:
        return None
    if is_zero_list(value):
        return mask(0, size)
    return _list(value, type_, layouts, source, size)


def clang_clears(value: Aggregate, type_: Type | None, layouts: Layouts) -> bool:
    """Return whether clang clears the object first: over 16 bytes, and no more than a quarter of it not zero.

    CheckAggExprForMemSetUse in clang's CGExprAgg.cpp; it is not promised, so nothing is certain because of it.
    """
    size = layouts.size(type_)
    return size is not None and size > 128 and 4 * _loud(value, type_, layouts) <= size


def _loud(value: Expr, type_: Type | None, layouts: Layouts) -> int:
    """The bits of the members that are not plainly zero."""
    inner = strip(value)
    if isinstance(inner, Aggregate):
        return sum(_loud(item, part, layouts) for part, item in _items(inner, type_, layouts))
    if isinstance(inner, Constant) and inner.value == 0:
        return 0
    return layouts.size(type_) or layouts.size(inner.type) or 64


def _items(value: Aggregate, type_: Type | None, layouts: Layouts) -> Iterator[tuple[Type | None, Expr]]:
    if isinstance(type_, RecordDecl):
        for fields, item in _named(value, type_, layouts):
            yield (fields[-1].type if fields else item.type), item
        return
    element = type_.element if isinstance(type_, Array) else None
    for _, item in value.items:
        yield element, item


def _named(value: Aggregate, decl: RecordDecl, layouts: Layouts) -> Iterator[tuple[Sequence[Field], Expr]]:
    """Each item with the members that lead to it; what follows a designator follows its member."""
    fields = layouts.record(decl).fields
    names = {item.name: index for index, item in enumerate(fields) if item.name}
    at = 0
    for word, item in value.items:
        chain: list[Field] = []
        inner = decl
        for part in word.split(".") if word else ():
            found = layouts.field(inner, part)
            if found is None:
                break
            chain.append(found)
            inner = found.type if isinstance(found.type, RecordDecl) else inner
        if not word and at < len(fields):
            chain = [fields[at]]
        head = word.split(".")[0]
        at = names.get(head, at) + 1
        yield chain, item


def _list(value: Aggregate, type_: Type | None, layouts: Layouts, source: Source, size: int) -> int:
    match type_:
        case RecordDecl(kind="struct"):
            return _struct(value, type_, layouts, source)
        case RecordDecl():
            return _union(value, type_, layouts, source)
        case Array(element=element):
            step = layouts.size(element) or 8
            bits = members(type_, layouts)
            for index, (_, item) in enumerate(value.items):
                if not isinstance(strip(item), Constant) and (index + 1) * step <= size:
                    bits = _placed(bits, index * step, step, item, element, layouts, source)
            return bits
        case _:
            return source(value.items[0][1], size) if len(value.items) == 1 else mask(0, size)


def _struct(value: Aggregate, decl: RecordDecl, layouts: Layouts, source: Source) -> int:
    bits = members(decl, layouts)
    nested: dict[str, list[tuple[str, Expr]]] = {}
    for (chain, item), (word, _) in zip(_named(value, decl, layouts), value.items, strict=True):
        if not chain:
            continue
        if len(chain) > 1:  # `.addr.ip4 = x` is `.addr = { .ip4 = x }`
            nested.setdefault(chain[0].name, []).append((word.split(".", 1)[1], item))
            continue
        holder = _anonymous(decl, chain[0].name, layouts) if word else None
        if holder is not None and holder.record is not None and holder.record.decl.kind == "union":
            bits &= ~mask(holder.offset, holder.end)
        bits = _placed(bits, chain[0].offset, chain[0].size, item, chain[0].type, layouts, source)
    for name, items in nested.items():
        field = layouts.field(decl, name)
        if field is not None:
            inner = Aggregate(tuple(items), field.type)
            bits = _placed(bits, field.offset, field.size, inner, field.type, layouts, source)
    return bits


def _anonymous(decl: RecordDecl, name: str, layouts: Layouts) -> Field | None:
    """The anonymous member that holds a field."""
    record = layouts.record(decl)
    if any(item.name == name for item in record.fields):
        return None
    unnamed = [item for item in record.fields if not item.name and item.record is not None]
    return next((item for item in unnamed if item.record and layouts.field(item.record.decl, name)), None)


def _union(value: Aggregate, decl: RecordDecl, layouts: Layouts, source: Source) -> int:
    """Only the member that is named is set, the first one by default."""
    bits = 0
    for chain, item in _named(value, decl, layouts):
        if chain:
            first = chain[0]
            inner = item if len(chain) == 1 else Aggregate(((chain[-1].name, item),), first.type)
            bits = _placed(0, first.offset, first.size, inner, first.type, layouts, source)
    return bits


def _placed(
    bits: int, start: Bits | int, size: Bits | int, item: Expr, type_: Type, layouts: Layouts, source: Source
) -> int:  # fmt: skip
    inner = strip(item)
    if isinstance(inner, Aggregate):
        found = _list(inner, type_, layouts, source, size) if inner.items else members(type_, layouts)
    else:
        found = source(item, size)
    return (bits & ~mask(start, start + size)) | (found & mask(0, size)) << start


def members(type_: Type | None, layouts: Layouts) -> int:
    """Return the bits of a type that some member owns; padding is what is left. A union is owned as a whole."""
    size = layouts.size(type_) or 0
    match type_:
        case RecordDecl(kind="struct"):
            bits = 0
            for field in layouts.record(type_).fields:
                inner = mask(0, field.size) if field.bitfield else members(field.type, layouts)
                bits |= inner << field.offset
            return bits
        case Array(element=element, length=length) if length:
            step = layouts.size(element) or 8
            inner = members(element, layouts)
            if inner == mask(0, step):
                return mask(0, size)
            bits = 0
            for index in range(length):
                bits |= inner << index * step
            return bits
        case _:
            return mask(0, size)
