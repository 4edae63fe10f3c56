"""How does a report look as JSON? The contract of DESIGN section 9; every key is always there."""

from __future__ import annotations

from typing import Any

from bpflint.api import Coverage, Finding, Fix, Problem, Report, Span
from bpflint.model.verdict import Verdict
from bpflint.reporters._shared import problem_name

SCHEMA = 1


def report_data(report: Report) -> dict[str, Any]:
    """Return the whole report."""
    return {
        "schema": SCHEMA,
        "version": report.version,
        "root": report.root.as_posix(),
        "findings": [finding_data(finding) for finding in report.findings],
        "problems": [problem_data(problem) for problem in report.problems],
        "coverage": coverage_data(report.coverage),
    }


def finding_data(finding: Finding) -> dict[str, Any]:
    """Return one finding."""
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.word,
        "confidence": finding.confidence.word,
        "persona": finding.persona,
        "message": finding.message,
        **_place(finding.span),
        "subject": finding.subject,
        "targets": list(finding.targets),
        "related": [{**_place(item.span), "role": item.role, "message": item.message} for item in finding.related],
        "flow": [_step(step.span, step.message) for step in finding.flow],
        "fixes": [_fix(fix) for fix in finding.fixes],
        "fingerprint": finding.fingerprint,
        "disposition": finding.disposition,
        "reason": finding.reason,
        "verdict": None if finding.verdict is None else _verdict(finding.verdict),
    }


def problem_data(problem: Problem) -> dict[str, Any]:
    """Return one problem."""
    return {
        "code": problem.code,
        "name": problem_name(problem),
        "severity": problem.severity,
        "path": problem.path,
        "line": problem.line,
        "message": problem.message,
    }


def coverage_data(coverage: Coverage) -> dict[str, Any]:
    """Return what was looked at."""
    return {
        "files": dict(coverage.files),
        "programs": coverage.programs,
        "maps": coverage.maps,
        "maps_compared": coverage.maps_compared,
        "pairs": dict(coverage.pairs),
        "records": coverage.records,
        "records_opaque": dict(coverage.records_opaque),
    }


def _place(span: Span) -> dict[str, Any]:
    return {
        "path": span.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def _step(span: Span, message: str) -> dict[str, Any]:
    return {"path": span.path, "line": span.line, "column": span.column, "message": message}


def _fix(fix: Fix) -> dict[str, Any]:
    edits = [{**_place(edit.span), "text": edit.text} for edit in fix.edits]
    return {"message": fix.message, "applicability": fix.applicability, "edits": edits}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    runs = [
        {
            "kernel": str(run.kernel),
            "state": run.state,
            "why": run.why,
            "strength": run.strength,
            "witness": run.witness,
            "detail": run.detail,
        }
        for run in verdict.runs
    ]
    return {"state": verdict.state, "runs": runs}
