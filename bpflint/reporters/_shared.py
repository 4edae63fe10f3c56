"""What do several output formats need? Names of codes, order by gravity, the closing line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bpflint.api import Coverage, Finding, Problem, Report
from bpflint.model.run_codes import RUN_CODES

_LANGUAGES = {"python": "Python", "go": "Go", "rust": "Rust", "c": "C"}
DOCS = "https://bpflint.readthedocs.io/rules/"


def problem_name(problem: Problem) -> str:
    """Return the kebab name of a problem's code."""
    return RUN_CODES.get(problem.code, "problem")


def active(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that nothing silenced."""
    return [finding for finding in findings if finding.disposition == "active"]


def by_gravity(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings gravest first, then surest first, then in output order."""
    return sorted(findings, key=lambda item: (-item.severity, -item.confidence, item.sort_key()))


def count(number: int, noun: str, plural: str = "") -> str:
    """Return `1 error`, `2 errors`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def closing_line(report: Report) -> str:
    """Return `9 findings (4 suppressed, 2 fixable): 3 errors, 6 warnings · looked at 12 programs, …`."""
    return f"{_tally(report.findings)} · {_looked_at(report.coverage)}"


def _tally(findings: Sequence[Finding]) -> str:
    shown = active(findings)
    silenced = len(findings) - len(shown)
    fixable = sum(any(fix.applicability == "safe" for fix in item.fixes) for item in shown)
    aside = [text for number, text in ((silenced, "suppressed"), (fixable, "fixable")) if number]
    notes = [f"{number} {text}" for number, text in zip((n for n in (silenced, fixable) if n), aside, strict=True)]
    words = ("error", "warning", "info")
    counts = [(sum(item.severity.word == word for item in shown), word) for word in words]
    parts = [count(number, word, "infos" if word == "info" else "") for number, word in counts if number]
    text = count(len(shown), "finding") if shown else "no findings"
    return text + (f" ({', '.join(notes)})" if notes else "") + (f": {', '.join(parts)}" if parts else "")


def _looked_at(coverage: Coverage) -> str:
    user = {kind: number for kind, number in coverage.files.items() if kind not in ("bpf-c", "object")}
    languages = ", ".join(f"{_LANGUAGES.get(kind, kind)} {number}" for kind, number in user.items())
    parts = [count(coverage.programs, "program"), count(coverage.maps, "map")]
    parts.append(count(sum(user.values()), "user file") + (f" ({languages})" if languages else ""))
    if coverage.files.get("object"):
        parts.append(count(coverage.files["object"], "object"))
    return "looked at " + ", ".join(parts)


def not_analysed(report: Report) -> str:
    """Return how many things were not analysed and why, "" where everything was."""
    failed = sum(problem.code == "BPF001" for problem in report.problems)
    partial = len({problem.path for problem in report.problems if problem.code == "BPF002"})
    unpaired = sum(problem.code == "BPF003" for problem in report.problems)
    opaque = sum(report.coverage.records_opaque.values())
    numbers = (
        (failed, count(failed, "file") + " not read"),
        (partial, count(partial, "file") + " read in part"),
        (unpaired, count(unpaired, "pair") + " not compared"),
        (opaque, f"{count(opaque, 'type')} without a known layout"),
    )
    parts = [text for number, text in numbers if number]
    return "not analysed: " + ", ".join(parts) if parts else ""


def statistics(report: Report) -> str:
    """Return one line a code: how often, severity, code, name; most frequent first."""
    counts: dict[tuple[str, str, str], int] = {}
    for finding in active(report.findings):
        key = (finding.code, finding.name, finding.severity.word)
        counts[key] = counts.get(key, 0) + 1
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return "".join(f"{number:5}  {word:7}  {code}  {name}\n" for (code, name, word), number in rows)


def plain(text: str) -> str:
    """Tabs as four spaces, control characters as a dot: sources, paths and objects must not steer the terminal."""
    return "".join("    " if char == "\t" else char if char.isprintable() else "·" for char in text)


def flat(text: str) -> str:
    """Return a text on one line, without control characters."""
    return plain(" ".join(text.split()))


def docs_url(code: str) -> str:
    """Return where a rule's documentation is published."""
    return f"{DOCS}{code}/"
