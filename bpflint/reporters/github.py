"""How are findings shown on a pull request without code scanning? GitHub's workflow commands."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar

from bpflint.api import Finding, Problem, Report, Reporter
from bpflint.reporters._places import repository_prefix
from bpflint.reporters._shared import active, by_gravity, closing_line, count

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
SHOWN = 10
"""GitHub shows so many annotations of each kind a step, and drops the rest without a word."""


class GithubReporter(Reporter):
    """`::error file=…,line=…::message`, gravest first, and how many GitHub will not show."""

    name: ClassVar[str] = "github"

    def render(self, report: Report) -> str:
        """Return the commands and a closing line, which GitHub prints into the log."""
        findings = by_gravity(active(report.findings))
        prefix = repository_prefix(report.root)
        lines = [_command(finding, prefix) for finding in findings]
        lines.extend(_problem(problem, prefix) for problem in report.problems)
        kinds = Counter(_COMMANDS[item.severity.word] for item in findings)
        kinds.update(_COMMANDS[problem.severity] for problem in report.problems)
        hidden = [(number - SHOWN, kind) for kind, number in sorted(kinds.items()) if number > SHOWN]
        if hidden:
            parts = ", ".join(count(number, kind) for number, kind in hidden)
            lines.append(
                f"GitHub shows {SHOWN} annotations of a kind a step: {parts} not shown; see this log or use sarif"
            )
        return "".join(line + "\n" for line in [*lines, closing_line(report)])


def _command(finding: Finding, prefix: str) -> str:
    span = finding.span
    properties: dict[str, object] = {"file": prefix + span.path, "line": span.line, "endLine": span.end_line}
    if span.end_line == span.line:
        properties |= {"col": span.column, "endColumn": max(span.end_column, span.column)}
    properties["title"] = f"{finding.code} {finding.name}"
    text = f"{finding.message} [{finding.code}]"
    for item in finding.related:
        text += f"\n{item.span.path}:{item.span.line}: {item.message or item.role}"
    return _line(_COMMANDS[finding.severity.word], properties, text)


def _problem(problem: Problem, prefix: str) -> str:
    properties: dict[str, object] = {}
    if problem.path:
        properties = {"file": prefix + problem.path, "line": max(problem.line, 1)}
    return _line(
        _COMMANDS[problem.severity], {**properties, "title": problem.code}, f"{problem.message} [{problem.code}]"
    )


def _line(command: str, properties: dict[str, object], text: str) -> str:
    shown = ",".join(f"{key}={escape_property(str(value))}" for key, value in properties.items())
    return f"::{command} {shown}::{escape(text)}"


def escape(text: str) -> str:
    """Return text as a command's message carries it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(text: str) -> str:
    """Return text as a command's property carries it."""
    return escape(text).replace(":", "%3A").replace(",", "%2C")
