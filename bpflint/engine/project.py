"""Which project do the loaded units make? Attaches directives, pairs the two sides, sorts what was said on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bpflint.api import Project
from bpflint.engine.comments import directives_of
from bpflint.engine.discover import Reader
from bpflint.engine.overrides import PairOverride
from bpflint.engine.pairing import pair_units
from bpflint.engine.stale import object_problems
from bpflint.model.data import dataclass
from bpflint.model.finding import Confidence, Finding, Severity
from bpflint.model.run_codes import PLACED, RUN_CODES
from bpflint.model.source import Span
from bpflint.model.unit import Directive, Problem, Unit
from bpflint.reading import Settings


@dataclass(frozen=True, slots=True)
class Built:
    """A project with the problems met while it was read and paired."""

    project: Project
    directives: tuple[Directive, ...]
    problems: tuple[Problem, ...]
    plain: frozenset[str]
    """Files that were seen to hold no comment to us."""


def build(
    units: Sequence[Unit],
    reader: Reader,
    settings: Settings,
    overrides: Sequence[PairOverride],
    reported: Sequence[str],
    is_plain: Callable[[str], bool] = lambda _path: False,
) -> Built:
    """Return the project of the units. `reported` are files whose comments count although no unit holds them;
    `is_plain` tells of a file that it is known to have none."""
    comments = _Comments(reader, is_plain)
    ready = tuple(comments.attach(unit) for unit in units)
    paired = pair_units(ready, settings, overrides)
    told = [problem for unit in ready for problem in unit.problems]
    problems = [*told, *paired.problems, *object_problems(ready, paired.pairs)]
    found = [directive for unit in ready for directive in unit.directives]
    found.extend(directive for path in reported for directive in comments.of(path))
    return Built(Project(ready, paired.pairs), tuple(found), tuple(problems), comments.plain())


class _Comments:
    """Reads the directives of each file once, however many units include it."""

    def __init__(self, reader: Reader, is_plain: Callable[[str], bool]) -> None:
        self._reader, self._is_plain = reader, is_plain
        self._known: dict[str, tuple[Directive, ...]] = {}

    def of(self, path: str) -> tuple[Directive, ...]:
        if path not in self._known:
            none = path.endswith((".o", ".ko")) or self._is_plain(path)
            self._known[path] = () if none else directives_of(path, self._reader.read(path))
        return self._known[path]

    def plain(self) -> frozenset[str]:
        return frozenset(path for path, found in self._known.items() if not found)

    def attach(self, unit: Unit) -> Unit:
        """Add the directives of the unit's file and of what it includes to those its front end found."""
        paths = dict.fromkeys((unit.origin or unit.path, *unit.includes))
        known = {(item.span.path, item.span.line, item.kind, item.args) for item in unit.directives}
        more = [
            item
            for path in paths
            for item in self.of(path)
            if (item.span.path, item.span.line, item.kind, item.args) not in known
        ]
        return replace(unit, directives=(*unit.directives, *more)) if more else unit


def part_problems(problems: Iterable[Problem]) -> tuple[list[Problem], list[Finding]]:
    """Return (problems, findings): BPF005, 006, 007 and 010 with a place in a file are findings of severity info."""
    kept: dict[Problem, None] = {}
    findings: list[Finding] = []
    for problem in problems:
        if problem.code in PLACED and problem.line:
            findings.append(_as_finding(problem))
        else:
            kept[problem] = None
    return list(kept), findings


def _as_finding(problem: Problem) -> Finding:
    return Finding(
        code=problem.code,
        name=RUN_CODES[problem.code],
        severity=Severity.INFO,
        confidence=Confidence.CERTAIN,
        message=problem.message,
        span=Span(problem.path, problem.line),
        subject=problem.message,
    )
