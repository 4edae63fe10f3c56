"""What does a run report, and with which exit code does it end?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bpflint import __version__
from bpflint.api import Context, Report, Rule
from bpflint.engine.coverage import coverage_of
from bpflint.engine.discover import Found, Scope
from bpflint.engine.load import Harvest
from bpflint.engine.merge import merge
from bpflint.engine.notes import notes_of
from bpflint.engine.project import Built, part_problems
from bpflint.engine.request import Chosen, Request
from bpflint.engine.select import Decision, Selection
from bpflint.engine.suppress import Judgement, suppress
from bpflint.engine.unfinished import unfinished_problems
from bpflint.engine.walk import Walked
from bpflint.model.data import dataclass
from bpflint.model.finding import Finding, Severity
from bpflint.model.run_codes import is_run_code
from bpflint.model.source import Text
from bpflint.model.unit import Problem

_IN_PART = "BPF002"
"""A file was read in part: told of files that are reported, and of others by their number."""


@dataclass(frozen=True, slots=True)
class Ran:
    """Everything a run has made by the time the rules are through."""

    request: Request
    chosen: Chosen
    found: Found
    harvest: Harvest
    built: Built
    walked: Walked
    ctx: Context

    @property
    def crashed(self) -> bool:
        """Whether a rule or a front end raised what it must not."""
        return self.harvest.crashed or self.walked.crashed

    @property
    def empty(self) -> bool:
        """Whether nothing was read of what the user asked to be reported on."""
        covers = self.found.scope.covers
        units = self.built.project.units
        return not any(covers(path) for unit in units for path in (unit.origin or unit.path, *unit.includes))


def report_of(ran: Ran) -> Report:
    """Return the report: findings merged, silenced and in scope, problems, and what was looked at."""
    unfinished = [(item.name, item.span) for item in ran.ctx.unfinished()]
    unfinished += [each for item in ran.harvest.local for each in item.unfinished]
    raw = [*ran.found.reader.problems.values(), *ran.harvest.problems, *ran.built.problems, *ran.walked.problems,
           *unfinished_problems(unfinished)]  # fmt: skip
    problems, told = part_problems(raw)
    texts = Texts(ran.found.reader.read)
    findings = merge(_wanted_findings([*ran.walked.findings, *told], ran.chosen.selection))
    judged = suppress(findings, ran.built.directives, texts, _judgement(ran, problems))
    everything = merge([*judged.findings, *_wanted_findings(judged.about, ran.chosen.selection)])
    met = [*problems, *judged.problems]
    near = [item for item in met if _here(item, ran) or not (item.severity == "info" or item.code == _IN_PART)]
    elsewhere = {item.path for item in met if item.code == _IN_PART and item.severity != "info"}
    elsewhere -= {item.path for item in near}
    shown = [item for item in near if _wanted_problem(item, ran.chosen.selection)]
    coverage = coverage_of(ran.ctx)
    failed = any(item.severity != "info" for item in shown)
    return Report(
        version=__version__,
        root=ran.request.root.path,
        findings=tuple(item for item in everything if _in_scope(item, ran.found.scope)),
        problems=tuple(sorted(set(shown), key=_problem_order)),
        coverage=coverage,
        rules=ran.chosen.rules,
        text=texts,
        notes=notes_of(coverage, ran.request.paths, nothing=ran.empty, failed=failed, elsewhere=len(elsewhere)),
    )


def _here(problem: Problem, ran: Ran) -> bool:
    """A notice is about a file that is reported, or about none that was read (the configuration)."""
    return ran.found.scope.covers(problem.path) or all(problem.path != file.path for file in ran.found.files)


def _wanted_findings(findings: Iterable[Finding], selection: Selection) -> list[Finding]:
    return [
        item
        for item in findings
        if selection.runs(item.code, item.persona) and not selection.dropped_in(item.code, item.span.path)
    ]


def _wanted_problem(problem: Problem, selection: Selection) -> bool:
    """An error of the run itself cannot be ignored away."""
    if problem.severity == "error":
        return True
    ignored = selection.decide(problem.code) is Decision.EXPLICIT_OFF
    return not ignored and not selection.dropped_in(problem.code, problem.path)


def _problem_order(problem: Problem) -> tuple[str, int, str, str]:
    return (problem.path, problem.line, problem.code, problem.message)


def _in_scope(finding: Finding, scope: Scope) -> bool:
    """A finding belongs to every place it names: whoever scans one side sees what the other side breaks."""
    return scope.covers(finding.span.path) or any(scope.covers(item.span.path) for item in finding.related)


def _judgement(ran: Ran, problems: Sequence[Problem]) -> Judgement:
    """A rule ran over a file if it was selected, the file was read whole and, where it needs two sides, both were."""
    units = ran.built.project.units
    seen = {path for unit in units for path in (unit.origin or unit.path, *unit.includes)}
    seen -= {problem.path for problem in problems if problem.code in ("BPF001", "BPF002", "BPF099")}
    both = {unit.side for unit in units} == {"bpf", "user"} and not ran.request.only and not problems

    def saw(rule: Rule, path: str) -> bool:
        runs = ran.chosen.selection.runs(rule.meta.code, rule.meta.persona)
        return runs and not ran.chosen.selection.dropped_in(rule.meta.code, path) and (both or not rule.meta.cross_file)

    def ran_over(prefix: str, path: str) -> bool:
        rules = [rule for rule in ran.chosen.known if rule.meta.code.startswith(prefix)]
        return path in seen and bool(rules) and all(saw(rule, path) for rule in rules)

    return Judgement(
        names={rule.meta.code: rule.meta.name for rule in ran.chosen.known},
        ran=ran_over,
        reported=ran.found.scope.covers,
        report_unused=ran.chosen.selection.runs("BPF006"),
        report_bare=ran.chosen.selection.runs("BPF007", "pedantic"),
    )


def exit_code(ran: Ran, report: Report) -> int:
    """Return 3 for a bug of ours, 2 for a named path that cannot be read or no input, 1 for findings, else 0."""
    if ran.crashed:
        return 3
    if any(ran.found.scope.names(problem.path) and problem.code == "BPF001" for problem in report.problems):
        return 2
    if ran.empty and not ran.request.allow_empty and not _tried(ran, report):
        return 2
    return 1 if any(counts(item, ran.request.fail_on) for item in report.findings) else 0


def _tried(ran: Ran, report: Report) -> bool:
    """Something was there, but could not be read: the problems say so, and a notice is no usage error."""
    return any(ran.found.scope.covers(problem.path) for problem in report.problems)


def counts(finding: Finding, fail_on: Severity) -> bool:
    """Return whether a finding raises the exit code: active, not refuted, not about the run, grave enough."""
    refuted = finding.verdict is not None and finding.verdict.state == "refuted"
    speaks = finding.disposition == "active" and not refuted and not is_run_code(finding.code)
    return speaks and finding.severity >= fail_on


class Texts:
    """Gives the text of a file for excerpts and comments, None where it cannot be read; each is indexed once."""

    def __init__(self, read: Callable[[str], bytes]) -> None:
        self._read = read
        self._known: dict[str, Text | None] = {}

    def __call__(self, path: str) -> Text | None:
        """Return the text of a root-relative path."""
        if path not in self._known:
            data = self._read(path)
            self._known[path] = Text(data) if data else None
        return self._known[path]
