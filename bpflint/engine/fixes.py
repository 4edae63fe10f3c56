"""How are fixes applied? Safe ones only, all edits of a fix or none, none that overlap."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import field

from bpflint.model.data import dataclass
from bpflint.model.finding import Edit, Finding, Fix
from bpflint.model.source import Text


@dataclass(frozen=True, slots=True)
class Change:
    """Bytes [start, end) of a file become `text`."""

    start: int
    end: int
    text: bytes

    def clashes(self, other: Change) -> bool:
        """Whether both want the same bytes, or insert at the same place."""
        return (self.start < other.end and other.start < self.end) or self.start == other.start


@dataclass(slots=True)
class Fixed:
    """New contents by path, the findings that were fixed, and those whose fix met another one."""

    contents: dict[str, bytes] = field(default_factory=dict)
    fixed: list[Finding] = field(default_factory=list)
    skipped: list[Finding] = field(default_factory=list)


def apply_fixes(findings: Iterable[Finding], text: Callable[[str], Text | None]) -> Fixed:
    """Return the new contents of every file that safe fixes of active findings change."""
    result = Fixed()
    taken: dict[str, list[Change]] = {}
    for finding in findings:
        fix = next((fix for fix in finding.fixes if fix.applicability == "safe" and fix.edits), None)
        if fix is None or finding.disposition != "active":
            continue
        changes = _changes(fix, text)
        if changes is None or _meets(changes, taken):
            result.skipped.append(finding)
            continue
        for path, change in changes:
            if change not in taken.setdefault(path, []):
                taken[path].append(change)
        result.fixed.append(finding)
    for path, made in taken.items():
        known = text(path)
        if known is not None:
            result.contents[path] = _rewrite(known.data, made)
    return result


def _changes(fix: Fix, text: Callable[[str], Text | None]) -> list[tuple[str, Change]] | None:
    changes = []
    for edit in fix.edits:
        known = text(edit.span.path)
        if known is None:
            return None
        changes.append((edit.span.path, _change(edit, known)))
    return changes


def _change(edit: Edit, text: Text) -> Change:
    start = text.offset(edit.span.line, edit.span.column)
    end = text.offset(edit.span.end_line, edit.span.end_column)
    return Change(start, max(start, end), edit.text.encode("utf-8", "surrogateescape"))


def _meets(changes: list[tuple[str, Change]], taken: dict[str, list[Change]]) -> bool:
    """The same edit asked for by two findings is one edit; anything else at the same bytes is a clash."""
    return any(change != other and change.clashes(other) for path, change in changes for other in taken.get(path, ()))


def _rewrite(data: bytes, changes: list[Change]) -> bytes:
    for change in sorted(changes, key=lambda item: item.start, reverse=True):
        data = data[: change.start] + change.text + data[change.end :]
    return data
