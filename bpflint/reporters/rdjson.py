"""How does reviewdog read findings? As rdjson, whose columns count UTF-8 bytes."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from bpflint.api import Finding, Report, Reporter, Span
from bpflint.reporters._places import byte_column
from bpflint.reporters._shared import DOCS, active, docs_url

_SEVERITIES = {"error": "ERROR", "warning": "WARNING", "info": "INFO"}


class RdjsonReporter(Reporter):
    """One diagnostic a finding, with safe fixes as suggestions."""

    name: ClassVar[str] = "rdjson"

    def render(self, report: Report) -> str:
        """Return the document."""
        diagnostics = [_diagnostic(finding, report) for finding in active(report.findings)]
        data = {"source": {"name": "bpflint", "url": DOCS}, "diagnostics": diagnostics}
        return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _diagnostic(finding: Finding, report: Report) -> dict[str, Any]:
    related = [
        {"message": item.message or item.role, "location": _location(item.span, report)} for item in finding.related
    ]
    return {
        "message": finding.message,
        "location": _location(finding.span, report),
        "severity": _SEVERITIES[finding.severity.word],
        "code": {"value": finding.code, "url": docs_url(finding.code)},
        "suggestions": _suggestions(finding, report),
        "relatedLocations": related,
    }


def _location(span: Span, report: Report) -> dict[str, Any]:
    return {"path": span.path, "range": _range(span, report)}


def _range(span: Span, report: Report) -> dict[str, Any]:
    text = report.text(span.path)
    return {
        "start": {"line": span.line, "column": byte_column(text, span.line, span.column)},
        "end": {"line": span.end_line, "column": byte_column(text, span.end_line, span.end_column)},
    }


def _suggestions(finding: Finding, report: Report) -> list[dict[str, Any]]:
    """A suggestion is for the diagnostic's own file and stands alone, so only fixes of one edit there are offered."""
    return [
        {"range": _range(fix.edits[0].span, report), "text": fix.edits[0].text}
        for fix in finding.fixes
        if fix.applicability == "safe" and len(fix.edits) == 1 and fix.edits[0].span.path == finding.span.path
    ]
