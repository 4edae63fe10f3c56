"""How do sarif-om's objects become JSON? A short walk that leaves out what is not set, and always writes `level`."""

from __future__ import annotations

import json
from typing import Any

_ALWAYS = frozenset({"level"})
"""Equal to the class's default and still wanted: code scanning reads a missing level as it pleases."""

_KNOWN: dict[type, tuple[tuple[str, str, Any], ...]] = {}


def to_text(log: Any) -> str:
    """Return the whole log as JSON text."""
    return json.dumps(_plain(log), indent=1, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if not hasattr(type(value), "__attrs_attrs__"):
        return value
    fields = ((schema, getattr(value, name), default) for name, schema, default in _fields(type(value)))
    return {
        schema: _plain(item)
        for schema, item, default in fields
        if item is not None and (item != default or schema in _ALWAYS)
    }


def _fields(cls: type) -> tuple[tuple[str, str, Any], ...]:
    """(attribute, name in the schema, default) of an attrs class; a default made by a factory is made once."""
    if cls not in _KNOWN:
        found = []
        for field in getattr(cls, "__attrs_attrs__", ()):
            default = field.default
            factory = getattr(default, "factory", None)
            found.append((field.name, field.metadata["schema_property_name"], factory() if factory else default))
        _KNOWN[cls] = tuple(found)
    return _KNOWN[cls]
