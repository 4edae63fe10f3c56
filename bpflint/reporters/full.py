"""How is a finding shown to a person? Both places with carets, both sides' bytes, the rule's page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from bpflint.api import Finding, Problem, Report, Reporter, Span, Text
from bpflint.model.verdict import Outcome, Verdict
from bpflint.reporters._shared import active, closing_line, count, not_analysed, plain, statistics

_CODES = {"error": "1;31", "warning": "1;33", "info": "1;36", "bold": "1", "dim": "2", "path": "1;34"}
_WIDE = 160
_MAX_LINES = 3


class FullReporter(Reporter):
    """The default: an excerpt a place, a table where bytes are compared, and what was not looked at."""

    name: ClassVar[str] = "full"

    def render(self, report: Report) -> str:
        """Return the whole text; equal findings at one place follow each other."""
        paint = _Paint(report.color)
        parts = [_finding(finding, report, paint) for finding in active(report.findings)]
        if not report.quiet:
            problems = [_problem(item, paint) for item in report.problems if report.verbose or item.severity != "info"]
            parts.append("".join(problems))
        if report.statistics:
            parts.append(statistics(report))
        if not report.quiet:
            parts.append(_closing(report, paint))
        return "\n".join(part for part in parts if part)


class _Paint:
    """Colors words, or leaves them."""

    def __init__(self, on: bool) -> None:
        self._on = on

    def __call__(self, kind: str, text: str) -> str:
        return f"\x1b[{_CODES[kind]}m{text}\x1b[0m" if self._on else text


def _finding(finding: Finding, report: Report, paint: _Paint) -> str:
    word = finding.severity.word
    head = f"{paint(word, f'{word}[{finding.code}]')} {paint('bold', _shown(finding.message))}"
    lines = [head, *_excerpt(finding.span, "", report, paint)]
    for related in (item for item in finding.related if item.role != "declaration"):
        lines.extend(_excerpt(related.span, _shown(f"{related.role}: {related.message}".rstrip(": ")), report, paint))
    for number, step in enumerate(finding.flow, 1):
        place = f"{step.span.path}:{step.span.line}:{step.span.column}"
        lines.append(_shown(f"   {number}. {place} {step.message}"))
    lines.extend("   " + plain(row) if row else "" for row in finding.table.splitlines())
    lines.extend(_shown(f"   = fix ({fix.applicability}): {fix.message}") for fix in finding.fixes)
    lines.extend(_verdict(finding.verdict) if finding.verdict is not None else ())
    lines.append(_footer(finding, paint))
    return "\n".join(lines) + "\n"


def _footer(finding: Finding, paint: _Paint) -> str:
    facts = [finding.name, f"confidence {finding.confidence.word}"]
    if finding.targets:
        facts.append(f"on {', '.join(finding.targets)}")
    if finding.verdict is not None:
        facts.append(finding.verdict.state)
    return paint("dim", f"   = {' · '.join(facts)} · bpflint rule {finding.code}")


_SAYS = {"confirmed": "confirmed on", "refuted": "not affected:", "not-observed": "not observed on",
         "rejected-otherwise": "rejected for another reason by", "could-not-run": "not tried on"}  # fmt: skip


def _verdict(verdict: Verdict) -> Iterator[str]:
    """What the kernels said, one line a state: `confirmed on x86_64 5.10.218, 6.1.192, s390x 6.12.107: …`."""
    groups: dict[str, list[Outcome]] = {}
    for run in verdict.runs:
        groups.setdefault(run.state, []).append(run)
    for state, runs in sorted(groups.items(), key=lambda item: list(_SAYS).index(item[0])):
        yield f"   = {_SAYS[state]} {_kernels(runs)}: {plain(runs[0].detail or runs[0].why)}"


def _kernels(runs: Sequence[Outcome]) -> str:
    """The releases by architecture, each architecture named once."""
    by_arch: dict[str, list[str]] = {}
    for run in runs:
        by_arch.setdefault(run.kernel.arch, []).append(run.kernel.release)
    return ", ".join(f"{arch} {', '.join(releases)}" for arch, releases in by_arch.items())


def _excerpt(span: Span, label: str, report: Report, paint: _Paint) -> list[str]:
    """The place, its first lines and carets below the columns."""
    lead = "  --> " if not label else "  ::: "
    place = paint("path", plain(f"{span.path}:{span.line}:{span.column}"))
    lines = [f"{lead}{place}{' ' + label if label else ''}"]
    text = report.text(span.path)
    if text is None or "\0" in text.line(span.line):  # a compiled object has no lines to show
        return lines
    last = min(span.end_line, span.line + _MAX_LINES - 1, max(text.line_count, 1))
    width = len(str(last))
    for row in range(span.line, last + 1):
        shown, carets = _row(text, span, row)
        lines.append(f"{paint('dim', f' {row:>{width}} |')} {shown}".rstrip())
        if carets:
            lines.append(f"{paint('dim', ' ' * (width + 1) + ' |')} {paint('error', carets)}")
    return lines


def _row(text: Text, span: Span, row: int) -> tuple[str, str]:
    """One source line with tabs as spaces, and the carets below it."""
    line = text.line(row)
    start = span.column - 1 if row == span.line else len(line) - len(line.lstrip())
    end = span.end_column - 1 if row == span.end_line else len(line.rstrip())
    start, end = min(start, len(line)), min(max(end, start + 1), max(len(line), start + 1))
    before, marked = plain(line[:start]), plain(line[start:end])
    shown = plain(line)
    if len(shown) > _WIDE:
        return shown[:_WIDE] + "…", " " * len(before) + "^" if len(before) < _WIDE else ""
    return shown, " " * len(before) + "^" * max(1, len(marked))


def _shown(text: str) -> str:
    """Return a text of several lines without control characters."""
    return "\n".join(map(plain, text.split("\n")))


def _problem(problem: Problem, paint: _Paint) -> str:
    place = f"{problem.path}:{problem.line}: " if problem.line else f"{problem.path}: " if problem.path else ""
    word = "notice" if problem.severity == "info" else problem.severity
    return f"{paint(problem.severity, f'{word}[{problem.code}]')} {_shown(place + problem.message)}\n"


def _closing(report: Report, paint: _Paint) -> str:
    hidden = sum(problem.severity == "info" for problem in report.problems)
    lines = [f"note: {note}" for note in report.notes]
    missed = not_analysed(report)
    if missed:
        lines.append(missed + ("" if report.verbose else " (-v lists them)"))
    elif hidden and not report.verbose:
        lines.append(f"{count(hidden, 'notice')} not shown (-v)")
    if report.verbose:
        lines.extend(f"  {number} × {reason}" for reason, number in report.coverage.records_opaque.items())
    lines.append(paint("bold", closing_line(report)))
    return "".join(line + "\n" for line in lines)
