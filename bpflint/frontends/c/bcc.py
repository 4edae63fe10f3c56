"""Which table does a bcc macro declare? Its kind, key and leaf, from the variable that the dialect header makes."""

from __future__ import annotations

from bpflint.frontends.c.cursors import Places
from bpflint.frontends.c.maps import int_of, map_kind, members_of
from bpflint.frontends.c.nodes import Node
from bpflint.frontends.c.types import Types
from bpflint.model.layout import Type
from bpflint.model.unit import MapDef

_SHIFT = 1
"""`type` and `map_flags` are stored plus one, so that zero stays a legal array length (headers/bcc/bcc_dialect.h)."""
_UNTYPED = ("perf_event_array", "ringbuf", "prog_array", "cgroup_array", "stack_trace")
"""Tables whose key and value the kernel or bcc fixes; the dialect header's types for them mean nothing."""


def bcc_map(cursor: Node, section: str, places: Places, types: Types) -> MapDef | None:
    """Return the table of a variable in a `maps/…` section, None where it is none."""
    if not section.startswith("maps/"):
        return None
    key: Type | None = None
    value: Type | None = None
    numbers: dict[str, int | None] = {}
    for field, type_, _ in members_of(cursor.type):
        match field:
            case "key":
                key = types.convert(type_)
            case "leaf":
                value = types.convert(type_)
            case "type" | "max_entries" | "map_flags":
                numbers[field] = int_of(type_)
    number, flags = numbers.get("type"), numbers.get("map_flags")
    kind = map_kind(number - _SHIFT if number else None)
    if kind in _UNTYPED:
        key = value = None
    return MapDef(
        cursor.spelling, kind, places.name_span(cursor), "bcc", key, value, types.bytes(key), types.bytes(value),
        numbers.get("max_entries"), flags - _SHIFT if flags else None,
    )  # fmt: skip
