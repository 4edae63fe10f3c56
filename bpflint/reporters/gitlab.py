"""How does GitLab show findings on a merge request? As a Code Quality report."""

from __future__ import annotations

import hashlib
import json
from typing import Any, ClassVar

from bpflint.api import Finding, Problem, Report, Reporter
from bpflint.reporters._places import repository_prefix
from bpflint.reporters._shared import active, problem_name

_SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


class GitlabReporter(Reporter):
    """A JSON array; GitLab drops the whole report where two entries share a fingerprint."""

    name: ClassVar[str] = "gitlab"

    def render(self, report: Report) -> str:
        """Return the array."""
        prefix = repository_prefix(report.root)
        entries = [_finding(finding, prefix) for finding in active(report.findings)]
        entries.extend(_problem(problem, prefix) for problem in report.problems if problem.path)
        return json.dumps(_unique(entries), indent=1, ensure_ascii=False) + "\n"


def _finding(finding: Finding, prefix: str) -> dict[str, Any]:
    return {
        "description": f"{finding.message} [{finding.code}]",
        "check_name": f"{finding.code} {finding.name}",
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITIES[finding.severity.word],
        "location": {
            "path": prefix + finding.span.path,
            "lines": {"begin": finding.span.line, "end": finding.span.end_line},
        },
    }


def _problem(problem: Problem, prefix: str) -> dict[str, Any]:
    text = "\0".join((problem.code, problem.path, problem.message))
    line = max(problem.line, 1)
    return {
        "description": f"{problem.message} [{problem.code}]",
        "check_name": f"{problem.code} {problem_name(problem)}",
        "fingerprint": hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32],
        "severity": "info",
        "location": {"path": prefix + problem.path, "lines": {"begin": line, "end": line}},
    }


def _unique(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    seen: dict[str, int] = {}
    for entry in entries:
        print_ = entry["fingerprint"]
        seen[print_] = seen.get(print_, 0) + 1
        if seen[print_] > 1:
            entry["fingerprint"] = hashlib.sha256(f"{print_}:{seen[print_]}".encode()).hexdigest()[:32]
    return entries
