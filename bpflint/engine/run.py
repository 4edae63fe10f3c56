"""How does a request become a report? The pipeline in order: discover, load, pair, rules, suppress, report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bpflint import __version__
from bpflint.api import Context, Coverage, Finding, Problem, Project, Report, Rule, Severity, Text
from bpflint.engine.coverage import coverage_of
from bpflint.engine.discover import Found, Scope, Wanted, discover
from bpflint.engine.load import Harvest, load
from bpflint.engine.merge import merge
from bpflint.engine.notes import notes_of
from bpflint.engine.plugins import Plugins
from bpflint.engine.project import Built, build, part_problems
from bpflint.engine.request import Request
from bpflint.engine.select import Selection, make_selection
from bpflint.engine.suppress import Judgement, suppress
from bpflint.engine.vmlinux import vmlinux_ready
from bpflint.engine.walk import Walked, walk
from bpflint.model.run_codes import is_run_code


@dataclass(frozen=True, slots=True)
class Result:
    """What a run gave. `seconds` tells the time of each stage and rule; `files` is what was read."""

    report: Report
    exit_code: int
    project: Project
    context: Context
    files: tuple[str, ...]
    seconds: Mapping[str, float]


def run(request: Request, plugins: Plugins) -> Result:
    """Run everything but the printing."""
    clock = _Clock()
    selection = selection_of(request, plugins.rules)
    found = discover(request.root.path, request.paths, wanted_of(request, plugins))
    clock.stage("discover")
    harvest = _load(request, plugins, found)
    clock.stage("load")
    reported = [file.path for file in found.files if found.scope.covers(file.path)]
    built = build(harvest.units, found.reader, request.settings, request.config.pair, reported)
    clock.stage("pair")
    rules = [rule for rule in plugins.rules if selection.runs(rule.meta.code, rule.meta.persona)]
    ctx = Context(request.settings, built.project)
    walked = walk(rules, ctx)
    clock.stage("rules")
    report = _report(request, plugins, selection, found, harvest, built, walked, ctx)
    clock.stage("report")
    crashed = harvest.crashed or walked.crashed
    files = tuple(file.path for file in found.files)
    code = exit_code(report, request, found, crashed=crashed)
    return Result(report, code, built.project, ctx, files, {**clock.seconds, **walked.seconds})


def _load(request: Request, plugins: Plugins, found: Found) -> Harvest:
    with vmlinux_ready(request.settings, found.files) as settings:
        return load(
            found.files,
            plugins.frontends,
            settings,
            timeout=request.config.file_timeout,
            progress=request.progress,
        )


class _Clock:
    """Seconds of each stage, in order."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def stage(self, name: str) -> None:
        now = time.perf_counter()
        self.seconds[name] = now - self._last
        self._last = now


def selection_of(request: Request, rules: Iterable[Rule]) -> Selection:
    """Return what the request selects among the rules; raises ConfigError for a selector that fits none."""
    return make_selection(
        {rule.meta.code: rule.meta.name for rule in rules},
        select=request.select,
        ignore=request.ignore,
        per_file=request.per_file,
        persona=request.persona,
    )


def wanted_of(request: Request, plugins: Plugins) -> Wanted:
    """Return what discovery looks for."""
    return Wanted(
        plugins.suffixes(),
        request.config.exclude,
        request.objects,
        tuple(str(folder) for folder in request.settings.include_dirs),
        request.only,
        request.root.sure or not _too_wide(request.root.path),
    )


def _too_wide(root: Path) -> bool:
    """A root that was only assumed and is the file system's top or a home folder is not read as a project."""
    return root in (Path(root.anchor), Path.home())


def _report(
    request: Request,
    plugins: Plugins,
    selection: Selection,
    found: Found,
    harvest: Harvest,
    built: Built,
    walked: Walked,
    ctx: Context,
) -> Report:
    raw = [*found.reader.problems.values(), *harvest.problems, *built.problems, *walked.problems]
    problems, told = part_problems(raw)
    texts = Texts(found.reader.read)
    findings = merge(_wanted_findings([*walked.findings, *told], selection))
    judged = suppress(
        findings, built.directives, texts, _judgement(request, plugins, selection, found, built, problems)
    )
    everything = merge([*judged.findings, *_wanted_findings(judged.about, selection)])
    coverage = coverage_of(ctx)
    problems = [item for item in (*problems, *judged.problems) if _wanted_problem(item, selection)]
    return Report(
        version=__version__,
        root=request.root.path,
        findings=tuple(item for item in everything if _in_scope(item, found.scope)),
        problems=tuple(sorted(set(problems), key=_problem_order)),
        coverage=coverage,
        rules=tuple(rule for rule in plugins.rules if selection.runs(rule.meta.code, rule.meta.persona)),
        text=texts,
        notes=notes_of(coverage, request.paths, failed=any(item.severity != "info" for item in problems)),
    )


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
    return selection.decide(problem.code).value != "ignored" and not selection.dropped_in(problem.code, problem.path)


def _problem_order(problem: Problem) -> tuple[str, int, str, str]:
    return (problem.path, problem.line, problem.code, problem.message)


def _in_scope(finding: Finding, scope: Scope) -> bool:
    """A finding belongs to every place it names: whoever scans one side sees what the other side breaks."""
    return scope.covers(finding.span.path) or any(scope.covers(item.span.path) for item in finding.related)


def _judgement(
    request: Request,
    plugins: Plugins,
    selection: Selection,
    found: Found,
    built: Built,
    problems: Sequence[Problem],
) -> Judgement:
    units = built.project.units
    seen = {path for unit in units for path in (unit.origin or unit.path, *unit.includes)}
    seen -= {problem.path for problem in problems if problem.code in ("BPF001", "BPF002", "BPF099")}
    both = {unit.side for unit in units} == {"bpf", "user"} and not request.only and len(problems) == 0

    def ran(prefix: str, path: str) -> bool:
        rules = [rule for rule in plugins.rules if rule.meta.code.startswith(prefix)]
        return path in seen and all(
            selection.runs(rule.meta.code, rule.meta.persona)
            and not selection.dropped_in(rule.meta.code, path)
            and (both or not rule.meta.cross_file)
            for rule in rules
        )

    return Judgement(
        names={rule.meta.code: rule.meta.name for rule in plugins.rules},
        ran=ran,
        reported=found.scope.covers,
        report_unused=selection.runs("BPF006"),
        report_bare=selection.runs("BPF007", "pedantic"),
    )


def exit_code(report: Report, request: Request, found: Found, *, crashed: bool) -> int:
    """Return 3 for a bug of ours, 2 for a named path that cannot be read or no input, 1 for findings, else 0."""
    if crashed:
        return 3
    if any(found.scope.names(problem.path) and problem.code == "BPF001" for problem in report.problems):
        return 2
    if not request.allow_empty and empty(report.coverage) and not report.problems:
        return 2
    return 1 if any(counts(item, request.fail_on) for item in report.findings) else 0


def empty(coverage: Coverage) -> bool:
    """Return whether a run found nothing to look at."""
    return not any(coverage.files.values())


def counts(finding: Finding, fail_on: Severity) -> bool:
    """Return whether a finding raises the exit code: active, not refuted, not about the run, grave enough."""
    refuted = finding.verdict is not None and finding.verdict.state == "refuted"
    return (
        finding.disposition == "active"
        and not refuted
        and not is_run_code(finding.code)
        and finding.severity >= fail_on
    )


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
