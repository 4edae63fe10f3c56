"""Which codes tell about the run itself? BPF0xx: their names, and which of them have a place in a source file."""

from __future__ import annotations

from collections.abc import Mapping

RUN_CODES: Mapping[str, str] = {
    "BPF001": "parse-failed",
    "BPF002": "partial-parse",
    "BPF003": "pair-not-compared",
    "BPF004": "struct-missing-from-btf",
    "BPF005": "stale-object",
    "BPF006": "unused-suppression",
    "BPF007": "suppression-without-reason",
    "BPF008": "unknown-rule",
    "BPF009": "kernel-not-run",
    "BPF010": "ambiguous-pair",
    "BPF099": "rule-crashed",
}

PLACED = frozenset({"BPF005", "BPF006", "BPF007", "BPF010"})
"""Those that are findings of severity info where they stand in a source file; the others are problems."""


def is_run_code(code: str) -> bool:
    """Return whether a code is about the run itself; such a finding never raises the exit code."""
    return code.startswith("BPF0")
