"""Which edit swaps a constant that was left in host order? Only where the file has the macros for it."""

from __future__ import annotations

from bpflint.api import (
    CallExpr,
    Conditional,
    Constant,
    Edit,
    Fix,
    Function,
    Span,
    Unit,
    contents,
    walk,
)  # fmt: skip
from bpflint_rules._byte_order import Value

_OURS = ("bpf_hton", "bpf_ntoh", "bpf_cpu_to_be", "bpf_be", "__bpf_hton", "__bpf_ntoh")


def swap_fixes(unit: Unit, function: Function, span: Span, value: Value, swap: str) -> list[Fix]:
    """Return the edit that swaps a constant written once in the place of a finding, by its name or as a number."""
    if not _has_swaps(unit):
        return []
    places = {
        item.span for whole in contents(function) if whole.span == span
        for item in walk(whole) if isinstance(item, Constant) and item.value == value.constant and item.span is not None
    }  # fmt: skip
    text = value.spelling or str(value.constant)  # a number as it is written: of this width, only in decimal
    place = places.pop() if len(places) == 1 else None
    if place is None or place.line != place.end_line or place.end_column - place.column != len(text):
        return []
    return [Fix(f"swap `{text}`", "safe", (Edit(place, f"{swap}({text})"),))]


def _has_swaps(unit: Unit) -> bool:
    """Whether the file uses the macros of bpf_endian.h, so that it includes it."""
    used = (item for function in unit.functions for item in contents(function))
    return unit.side == "bpf" and any(
        (isinstance(item, CallExpr) and (item.macro or item.callee).startswith(_OURS))
        or (isinstance(item, Constant | Conditional) and getattr(item, "spelling", "").startswith(_OURS))
        for item in used
    )
