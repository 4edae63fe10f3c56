"""Do the samples show what their rules promise? The `want` comments, compared both ways; public for rule packages.

    samples/BPF101-size-mismatch/bad/…    every finding stands where a comment wants it, and the reverse
    samples/BPF101-size-mismatch/good/…   no finding at all

A comment reads `want BPF101 "part of the message"`, several in a row for several findings, `want-next` for the line
below, `on=i386` where the finding must name exactly these targets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from bpflint.api import Directive, Finding, Problem, Project, Rule, Settings
from bpflint.engine.comments import directives_of
from bpflint.engine.config import load_config
from bpflint.engine.plugins import Plugins, load_plugins
from bpflint.engine.request import Flags, Request, per_file_wishes, wishes
from bpflint.engine.root import Root, find_root
from bpflint.engine.run import Result, run
from bpflint.engine.targets import architectures, kernels
from bpflint.model.data import dataclass
from bpflint.model.run_codes import is_run_code

SOURCES = (".c", ".h", ".py", ".go", ".rs", ".toy")


@dataclass(frozen=True, slots=True, order=True)
class Want:
    """One expected finding. `on` are the targets it must name, empty: any."""

    path: str
    line: int
    code: str
    part: str = ""
    on: tuple[str, ...] = ()

    def __str__(self) -> str:
        part = f' "{self.part}"' if self.part else ""
        on = f" on={','.join(self.on)}" if self.on else ""
        return f"{self.path}:{self.line}: {self.code}{on}{part}"


@dataclass(frozen=True, slots=True)
class Sample:
    """One program to scan: its folder, and whether it is a bad or a good one."""

    folder: Path
    kind: Literal["bad", "good"]

    @property
    def name(self) -> str:
        """The name for test ids: `BPF101-size-mismatch/bad`."""
        return f"{self.folder.parent.name}/{self.folder.name}"


def samples(folder: Path) -> list[Sample]:
    """Return the samples below a folder: every `CODE-name/bad*` and `CODE-name/good*`."""
    kinds: tuple[Literal["bad", "good"], ...] = ("bad", "good")
    folders = [path for path in sorted(folder.glob("*/*")) if path.is_dir()]
    return [Sample(path, kind) for path in folders for kind in kinds if path.name.split("-")[0] == kind]


def wants(directives: Iterable[Directive]) -> list[Want]:
    """Return what the `want` and `want-next` comments among directives expect."""
    found = []
    for item in directives:
        if item.kind in ("want", "want-next"):
            code, part, *options = item.args
            line = item.span.end_line + 1 if item.kind == "want-next" else item.span.line
            on = tuple(sorted(word for option in options for word in option.removeprefix("on=").split(",")))
            found.append(Want(item.span.path, line, code, part, on))
    return sorted(found)


def match(expected: Sequence[Want], findings: Iterable[Finding], problems: Iterable[Problem] = ()) -> list[str]:
    """Return a line for each comment that no finding meets and each finding that no comment wants."""
    left = list(expected)
    complaints: list[str] = []
    for finding in findings:
        if finding.disposition != "active" or finding.persona == "pedantic":
            continue
        hit = next((want for want in left if _meets(want, finding)), None)
        if hit is not None:
            left.remove(hit)
        elif not is_run_code(finding.code):
            complaints.append(f"not wanted: {_shown(finding)}")
    for problem in problems:
        hit = next((want for want in left if _tells(want, problem)), None)
        if hit is not None:
            left.remove(hit)
        elif problem.severity != "info":
            complaints.append(f"not wanted: {problem.path}:{problem.line}: {problem.code} {problem.message}")
    return [*(f"not found: {want}" for want in left), *complaints]


def _meets(want: Want, finding: Finding) -> bool:
    place = (finding.span.path, finding.span.line, finding.code) == (want.path, want.line, want.code)
    return place and want.part in finding.message and (not want.on or want.on == tuple(sorted(finding.targets)))


def _tells(want: Want, problem: Problem) -> bool:
    return (problem.path, max(problem.line, 1), problem.code) == (want.path, want.line, want.code) and (
        want.part in problem.message
    )


def _shown(finding: Finding) -> str:
    on = f" on={','.join(finding.targets)}" if finding.targets else ""
    return f'{finding.span.path}:{finding.span.line}: {finding.code}{on} "{finding.message}"'


def run_sample(sample: Sample, plugins: Plugins | None = None, *, cache_dir: Path | None = None) -> list[str]:
    """Scan one sample as its own root with all rules but pedantic ones and return what does not fit, [] for a pass."""
    own = list(_directives(sample.folder))
    result = scan_sample(sample.folder, plugins, cache_dir=cache_dir)
    expected = wants([*own, *_embedded(own, result.project)])
    complaints = match(expected, result.report.findings, result.report.problems)
    if sample.kind == "good" and expected:
        complaints.append(f"a good sample wants nothing, but {expected[0]}")
    if sample.kind == "bad" and not expected:
        complaints.append("a bad sample wants at least one finding")
    return complaints


def scan_sample(folder: Path, plugins: Plugins | None = None, *, cache_dir: Path | None = None) -> Result:
    """Scan a folder as its own root with all rules but pedantic ones, for every target that its comments name."""
    own = list(_directives(folder))
    return run(_request(folder, wants(own), cache_dir), plugins or load_plugins())


def run_samples(folder: Path, plugins: Plugins | None = None, *, cache_dir: Path | None = None) -> dict[str, list[str]]:
    """Return the complaints of every sample below a folder by its name; only samples that fail are in it."""
    loaded = plugins or load_plugins()
    found = {sample.name: run_sample(sample, loaded, cache_dir=cache_dir) for sample in samples(folder)}
    return {name: complaints for name, complaints in found.items() if complaints}


def rules_without_samples(folder: Path, rules: Iterable[Rule]) -> list[str]:
    """Return the codes of the rules that lack a bad or a good sample."""
    have = {(path.parent.name.split("-")[0], kind) for path, kind in ((s.folder, s.kind) for s in samples(folder))}
    return [
        rule.meta.code for rule in rules if (rule.meta.code, "bad") not in have or (rule.meta.code, "good") not in have
    ]


def _directives(folder: Path) -> Iterator[Directive]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in SOURCES and path.is_file():
            yield from directives_of(path.relative_to(folder).as_posix(), path.read_bytes())


def _embedded(own: Sequence[Directive], project: Project) -> Iterator[Directive]:
    """Comments that only a front end saw: those of C text inside Python."""
    known = {(item.span.path, item.span.line) for item in own}
    seen: set[Directive] = set()
    for unit in project.units:
        for item in unit.directives:
            if (item.span.path, item.span.line) not in known and item not in seen:
                seen.add(item)
                yield item


def _request(folder: Path, expected: Sequence[Want], cache_dir: Path | None) -> Request:
    """A target that some comment names is laid out for, whatever the sample's configuration says."""
    found = find_root(folder)
    root = found if found.path == folder.resolve() else Root(folder.resolve())
    config = load_config(root)
    named = {target for want in expected for target in want.on}
    user = tuple(dict.fromkeys((*architectures(config.targets), *sorted(named - {"bpfel", "bpfeb"}))))
    big = config.bpfeb or bool({*named, *user} & {"bpfeb", "s390x"})
    select, ignore = wishes(config, Flags())
    settings = Settings(
        root=root.path,
        targets=user,
        bpf_byte_orders=("little", "big") if big else ("little",),
        include_dirs=tuple(root.path / item for item in config.include_dirs),
        defines=config.defines,
        kernels=kernels(config.targets, config.place("targets")),
        min_kernel=config.min_kernel,
        cache_dir=cache_dir,
    )
    request = Request(root=root, config=config, settings=settings, paths=("",), select=select, ignore=ignore)
    return replace(request, per_file=tuple(per_file_wishes(config)), objects=config.objects, allow_empty=True)
