"""How do Vim, Emacs and make read findings? As a compiler's messages, and nothing else."""

from __future__ import annotations

from typing import ClassVar

from bpflint.api import Finding, Report, Reporter
from bpflint.reporters._shared import active, flat, plain

_WORDS = {"error": "error", "warning": "warning", "info": "note"}


class GccReporter(Reporter):
    """`file:line:column: error|warning|note: message [-Wname]`-like lines, with the other places as notes."""

    name: ClassVar[str] = "gcc"

    def render(self, report: Report) -> str:
        """Return the lines."""
        return "".join(line + "\n" for finding in active(report.findings) for line in _lines(finding))


def _lines(finding: Finding) -> list[str]:
    span = finding.span
    word = _WORDS[finding.severity.word]
    lines = [f"{plain(span.path)}:{span.line}:{span.column}: {word}: {flat(finding.message)} [{finding.code}]"]
    for item in finding.related:
        place = f"{plain(item.span.path)}:{item.span.line}:{item.span.column}"
        lines.append(f"{place}: note: {flat(item.message) or item.role}")
    return lines
