"""Which edits do several rules offer?"""

from __future__ import annotations

from bpflint.api import CallExpr, Edit, Fix, Span


def rename(call: CallExpr, instead: str) -> list[Fix]:
    """Return the edit that calls another function with the same arguments; none where a macro wrote the call."""
    if call.span is None or call.macro:
        return []
    place = call.span
    name = Span(place.path, place.line, place.column, place.line, place.column + len(call.callee))
    return [Fix(f"call {instead}()", "safe", (Edit(name, instead),))]
