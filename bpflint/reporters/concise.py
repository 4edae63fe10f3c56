"""How is a finding put on one line? `src/a.bpf.c:3:5: error: message [BPF101]`, and a closing line."""

from __future__ import annotations

from typing import ClassVar

from bpflint.api import Finding, Problem, Report, Reporter
from bpflint.reporters._shared import active, closing_line, flat, not_analysed, plain, statistics


class ConciseReporter(Reporter):
    """One line a finding and a problem; the words every problem matcher of `bpflint editor` knows."""

    name: ClassVar[str] = "concise"

    def render(self, report: Report) -> str:
        """Return the lines; `--quiet` leaves the closing lines out."""
        lines = [finding_line(finding) for finding in active(report.findings)]
        lines.extend(problem_line(problem) for problem in report.problems if not report.quiet)
        if report.statistics:
            lines.append(statistics(report).rstrip("\n"))
        if not report.quiet:
            lines.extend(f"note: {note}" for note in report.notes)
            lines.append(closing_line(report))
            lines.append(not_analysed(report))
        return "".join(line + "\n" for line in lines if line)


def finding_line(finding: Finding) -> str:
    """Return a finding on one line."""
    span = finding.span
    place = f"{plain(span.path)}:{span.line}:{span.column}"
    return f"{place}: {finding.severity.word}: {flat(finding.message)} [{finding.code}]"


def problem_line(problem: Problem) -> str:
    """Return a problem on one line; one without a place starts with `bpflint`."""
    place = f"{plain(problem.path)}:{max(problem.line, 1)}:1" if problem.path else "bpflint"
    return f"{place}: {problem.severity}: {flat(problem.message)} [{problem.code}]"
