"""Which findings are one and the same? Joins them by identity and numbers equal subjects in source order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bpflint.model.finding import Finding

Identity = tuple[object, ...]


def merge(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings without duplicates, sorted for output, with ordinals.

    Identity is code, subject and primary place; what reads the same at one place is one as well. Targets, related
    places and fixes of equal findings are united, the gravest severity and the surest confidence win, the message is
    the first one's.
    """
    merged: dict[Identity, Finding] = {}
    for finding in findings:
        key = _identity(finding)
        known = merged.get(key)
        merged[key] = finding if known is None else _join(known, finding)
    told: dict[Identity, Finding] = {}
    for finding in sorted(merged.values(), key=_order):
        known = told.setdefault(_sentence(finding), finding)
        if known is not finding:  # one line of a macro that is expanded several times
            told[_sentence(finding)] = _join(known, finding)
    return number(told.values())


def number(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return sorted findings with ordinals that tell equal (code, path, subject) apart."""
    counts: dict[tuple[str, str, str], int] = {}
    numbered: list[Finding] = []
    for finding in findings:
        key = (finding.code, finding.span.path, finding.subject)
        ordinal = counts.get(key, 0)
        counts[key] = ordinal + 1
        numbered.append(replace(finding, ordinal=ordinal) if ordinal else finding)
    return tuple(numbered)


def _identity(finding: Finding) -> Identity:
    return (finding.code, finding.subject, finding.span.path, finding.span.line, finding.span.column)


def _sentence(finding: Finding) -> Identity:
    return (finding.code, finding.span, finding.message)


def _order(finding: Finding) -> tuple[object, ...]:
    return (*finding.sort_key(), finding.message)


def _join(first: Finding, second: Finding) -> Finding:
    related = dict.fromkeys((*first.related, *second.related))
    fixes = dict.fromkeys((*first.fixes, *second.fixes))
    return replace(
        first,
        targets=tuple(dict.fromkeys((*first.targets, *second.targets))),
        related=tuple(related),
        fixes=tuple(fixes) if first.fixes else second.fixes,
        flow=first.flow or second.flow,
        table=first.table or second.table,
        severity=max(first.severity, second.severity),
        confidence=max(first.confidence, second.confidence),
    )
