"""How does a request become a report? The pipeline in order: discover, load, pair, rules, suppress, report."""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from bpflint.api import Context, Project, Report, Rule, Settings, Unit
from bpflint.engine.discover import Found, Wanted, discover
from bpflint.engine.inputs import Inputs
from bpflint.engine.load import Harvest, load
from bpflint.engine.local import Local
from bpflint.engine.outcome import Ran, exit_code, report_of
from bpflint.engine.plugins import Plugins
from bpflint.engine.project import Built, build
from bpflint.engine.remembered import Remembered
from bpflint.engine.request import Request, selection_of
from bpflint.engine.states import file_state
from bpflint.engine.store import Store
from bpflint.engine.tool import tool_state
from bpflint.engine.unit_cache import UnitCache
from bpflint.engine.vmlinux import vmlinux_ready
from bpflint.engine.walk import walk
from bpflint.kernels.catalogue import Catalogue
from bpflint.kernels.prototypes import prototypes_of
from bpflint.model.data import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """What a run gave. `seconds` tells the time of each stage and rule; `files` is what was read."""

    report: Report
    exit_code: int
    project: Project
    context: Context
    files: tuple[str, ...]
    seconds: Mapping[str, float]
    harvest: Harvest
    found: Found
    file_state: Callable[[str], str] = file_state
    """The state of a file below the root, asked once a run."""
    remember: Callable[[], None] = lambda: None
    """Writes down the states that were asked, for the next run."""


def run(request: Request, plugins: Plugins) -> Result:
    """Run everything but the printing."""
    gc.unfreeze()  # what an earlier run left in this process
    clock = _Clock()
    selection = selection_of(request, plugins.rules)
    found = discover(request.root.path, request.paths, wanted_of(request, plugins))
    clock.stage("discover")
    rules = tuple(rule for rule in plugins.rules if selection.runs(rule.meta.code, rule.meta.persona))
    harvest, cache = _load(request, plugins, found, rules)
    clock.stage("load")
    reported = [file.path for file in found.files if found.scope.covers(file.path)]
    inputs = cache.inputs if cache is not None else None
    is_plain = inputs.is_plain if inputs is not None else _nothing_known
    built = build(harvest.units, found.reader, request.settings, request.config.pair, reported, is_plain)
    clock.stage("pair")
    settings = request.settings
    answers = cache.find_answers() if cache is not None else {}
    prototypes = prototypes_of(None if settings.kernels else settings.vmlinux_btf, settings.kernels, answers)
    asked, catalogue = len(answers), Catalogue(answers)
    ctx = Context(settings, built.project, prototypes, catalogue)
    catalogue.expect(_known(ctx, harvest, built))
    gc.freeze()  # what an earlier stage made stays, as what was read
    walked = walk(rules, ctx, _unchanged(harvest, built))
    clock.stage("rules")
    if cache is not None:
        for job, reads, gathered in harvest.origins:
            cache.keep_gathered(job, reads, gathered)
        if len(answers) > asked:
            cache.keep_answers(answers)
    ran = Ran(request, plugins.rules, rules, selection, found, harvest, built, walked, ctx)
    report = report_of(ran)
    clock.stage("report")
    files = tuple(file.path for file in found.files)
    seconds = Counter({**clock.seconds, **walked.seconds})
    seconds.update(harvest.seconds)
    result = Result(report, exit_code(ran, report), built.project, ctx, files, seconds, harvest, found)
    if inputs is None:
        return result
    return replace(result, file_state=inputs.file_at, remember=partial(inputs.remember, built.plain))


def _nothing_known(_path: str) -> bool:
    return False


def _unchanged(harvest: Harvest, built: Built) -> list[Local | None]:
    """What was said of a unit before comments were found in its files holds for the same unit only."""
    units = zip(harvest.units, built.project.units, harvest.local, strict=True)
    return [local if before is after else None for before, after, local in units]


def _known(ctx: Context, harvest: Harvest, built: Built) -> list[Unit]:
    """Tell what was gathered, whatever comments were found since, and return the programs of which nothing was kept."""
    units = list(zip(built.project.units, harvest.gathered, strict=True))
    for unit, gathered in units:
        ctx.know(unit, gathered)
    return [unit for unit, gathered in units if unit.side == "bpf" and not gathered.kept]


def _load(
    request: Request, plugins: Plugins, found: Found, rules: Sequence[Rule]
) -> tuple[Harvest, UnitCache | None]:
    with vmlinux_ready(request.settings, found.files) as settings:
        cache = _unit_cache(request, plugins, found, settings, rules)
        return load(
            found.files,
            plugins.frontends,
            settings,
            timeout=request.config.file_timeout,
            progress=request.progress,
            executor=request.executor,
            rules=rules,
            rule_settings=request.settings,
            cache=cache,
        ), cache


def _unit_cache(
    request: Request, plugins: Plugins, found: Found, settings: Settings, rules: Sequence[Rule]
) -> UnitCache | None:
    """Results that were kept; none where the cache lies inside of the tree, from which nothing is ever loaded."""
    cache = request.settings.cache_dir
    if cache is None or cache.resolve().is_relative_to(request.root.path.resolve()):
        return None
    store = Store(cache)
    store.sweep()
    inputs = Inputs(request.root.path, found.files, Remembered(store, str(request.root.path)))
    return UnitCache(store, inputs, settings, tool_state(plugins.packages), rules)


class _Clock:
    """Seconds of each stage, in order."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def stage(self, name: str) -> None:
        now = time.perf_counter()
        self.seconds[name] = now - self._last
        self._last = now


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
