"""Which missing bytes of an event need nobody miss? Padding by name, and what another member says is not there."""

from __future__ import annotations

from bpflint.api import Field, Layouts, Reach, RecordDecl, Tags, asked_first, is_padding_name, mask, set_apart


def unmissed(reach: Reach, bits: int, tags: Tags, layouts: Layouts) -> int:
    """Return those of the missing bits that a reader who goes by the record's kind does not look at."""
    type_ = reach.object.type
    if not isinstance(type_, RecordDecl) or layouts.record(type_).opaque:
        return 0
    fields = layouts.record(type_).fields
    written = {item.name for item in fields if not mask(item.offset, item.end) & reach.sometimes}
    kinds = tags.of(type_.name) & written
    found = 0
    for field in fields:
        part = bits & mask(field.offset, field.end)
        if part and (is_padding_name(field.name or "?") or _is_told(reach, field, part, kinds - {field.name}, tags)):
            found |= part
    return found


def _is_told(reach: Reach, field: Field, part: int, kinds: frozenset[str], tags: Tags) -> bool:
    """A reader knows from the kind, or from what the program itself asked, that the member holds nothing."""
    holder, record = reach.object.name.decl, reach.object.type
    if isinstance(field.type, RecordDecl) and field.type.kind == "union":
        return bool(kinds)
    if not part & ~reach.never:
        return bool(kinds) and isinstance(record, RecordDecl) and tags.stores(record.name, field.name)
    function = reach.function
    return asked_first(function, holder, field.name, reach.call) or any(
        set_apart(function, holder, field.name, kind) for kind in kinds
    )
