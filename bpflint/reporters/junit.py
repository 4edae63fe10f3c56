"""How do CI systems that know tests only show findings? As JUnit XML: a suite a file, a failure a finding."""

from __future__ import annotations

import re
from functools import cache
from typing import ClassVar

from bpflint.api import Finding, Report, Reporter
from bpflint.reporters._shared import active


@cache
def _forbidden() -> re.Pattern[str]:
    """What XML has no way to say; late, for every run loads this module and such a set takes 3 ms."""
    return re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class JunitReporter(Reporter):
    """A report without any case counts as broken in some systems, so one passing case is always there."""

    name: ClassVar[str] = "junit"

    def render(self, report: Report) -> str:
        """Return the document. Findings of severity info are cases that pass with their text as output."""
        by_file: dict[str, list[Finding]] = {}
        for finding in active(report.findings):
            by_file.setdefault(finding.span.path, []).append(finding)
        suites = [_suite(path, findings) for path, findings in sorted(by_file.items())]
        suites.append(_run_suite(report))
        failures = sum(_fails(finding) for findings in by_file.values() for finding in findings)
        tests = sum(map(len, by_file.values())) + 1 + len(report.problems)
        head = f'<testsuites name="bpflint" tests="{tests}" failures="{failures}" errors="{_errors(report)}">'
        return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>"]) + "\n"


def _fails(finding: Finding) -> bool:
    return finding.severity.word != "info"


def _errors(report: Report) -> int:
    return sum(problem.severity == "error" for problem in report.problems)


def _suite(path: str, findings: list[Finding]) -> str:
    failures = sum(map(_fails, findings))
    lines = [f' <testsuite name={_attribute(path)} tests="{len(findings)}" failures="{failures}" errors="0">']
    lines.extend(_case(finding) for finding in findings)
    return "\n".join([*lines, " </testsuite>"])


def _case(finding: Finding) -> str:
    span = finding.span
    name = _attribute(f"{finding.code} {finding.name} {finding.subject}")
    head = f'  <testcase classname={_attribute(span.path)} name={name} file={_attribute(span.path)} line="{span.line}">'
    text = f"{span.path}:{span.line}:{span.column}: {finding.message} [{finding.code}]"
    for item in finding.related:
        text += f"\n{item.span.path}:{item.span.line}:{item.span.column}: {item.message or item.role}"
    if not _fails(finding):
        return f"{head}<system-out>{_text(text)}</system-out></testcase>"
    attributes = f"message={_attribute(finding.message)} type={_attribute(finding.severity.word)}"
    return f"{head}<failure {attributes}>{_text(text)}</failure></testcase>"


def _run_suite(report: Report) -> str:
    tests = 1 + len(report.problems)
    lines = [f' <testsuite name="bpflint" tests="{tests}" failures="0" errors="{_errors(report)}">']
    lines.append('  <testcase classname="bpflint" name="run"/>')
    for problem in report.problems:
        name = f"{problem.code} {problem.path}:{problem.line} {problem.message}"
        head = f'  <testcase classname="bpflint" name={_attribute(name)}>'
        kind = "error" if problem.severity == "error" else "system-out"
        lines.append(f"{head}<{kind}>{_text(problem.message)}</{kind}></testcase>")
    return "\n".join([*lines, " </testsuite>"])


def _text(text: str) -> str:
    from xml.sax.saxutils import escape  # late: it brings urllib and ssl, 20 ms

    return escape(_clean(text))


def _attribute(text: str) -> str:
    from xml.sax.saxutils import quoteattr  # late: as above

    return quoteattr(_clean(text))


def _clean(text: str) -> str:
    """XML 1.0 has no place for control characters and lone surrogates, not even escaped."""
    return _forbidden().sub("\ufffd", text)
