"""How does a request become a report? The pipeline in order: discover, load, pair, rules, suppress, report."""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bpflint.engine.discover import Found, Wanted, discover
from bpflint.engine.inputs import Inputs
from bpflint.engine.load import Harvest, load
from bpflint.engine.plugins import Plugins
from bpflint.engine.remembered import Remembered
from bpflint.engine.request import Chosen, Request
from bpflint.engine.states import file_state
from bpflint.engine.store import Store
from bpflint.engine.tool import tool_state
from bpflint.engine.unit_cache import UnitCache
from bpflint.engine.vmlinux import vmlinux_ready
from bpflint.model.data import dataclass
from bpflint.reading import Settings

if TYPE_CHECKING:
    from bpflint.api import Context, Project, Report


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


def run(request: Request, plugins: Plugins, meanwhile: Callable[[], object] = lambda: None) -> Result:
    """Run everything but the printing. `meanwhile` is called once, while the workers read."""
    gc.unfreeze()  # what an earlier run left in this process
    clock = Clock()
    chosen = Chosen(request, plugins)
    found = discover(request.root.path, request.paths, wanted_of(request, plugins))
    clock.stage("discover")
    harvest, cache = _load(request, plugins, found, chosen, meanwhile)
    clock.stage("load")
    from bpflint.engine.judge import judge  # imported while the workers read

    judged = judge(request, chosen, found, harvest, cache, clock)
    files = tuple(file.path for file in found.files)
    seconds = Counter({**clock.seconds, **judged.walked.seconds})
    seconds.update(harvest.seconds)
    project = judged.built.project
    result = Result(judged.report, judged.exit_code, project, judged.context, files, seconds, harvest, found)
    if cache is None:
        return result
    return replace(result, file_state=cache.inputs.file_at, remember=partial(cache.inputs.remember, judged.built.plain))


def _prepare(chosen: Chosen, meanwhile: Callable[[], object]) -> None:
    """Import what comes behind the workers, and read the tables that rules ask of each program: workers inherit it.

    What is there already is not done again.
    """
    import bpflint.engine.judge
    import bpflint.kernels.availability
    import bpflint.kernels.core_types  # noqa: F401
    from bpflint import facts

    _ = chosen.rules
    facts.helpers()
    facts.memory_calls()
    meanwhile()


def _load(
    request: Request, plugins: Plugins, found: Found, chosen: Chosen, meanwhile: Callable[[], object]
) -> tuple[Harvest, UnitCache | None]:
    prepare = partial(_prepare, chosen, meanwhile)
    with vmlinux_ready(request.settings, found.files, prepare) as settings:
        cache = _unit_cache(request, plugins, found, settings, chosen)
        return load(
            found.files,
            plugins.frontends,
            settings,
            timeout=request.config.file_timeout,
            progress=request.progress,
            executor=request.executor,
            rules=lambda: chosen.rules,
            rule_settings=request.settings,
            cache=cache,
            meanwhile=prepare,
        ), cache


def _unit_cache(
    request: Request, plugins: Plugins, found: Found, settings: Settings, chosen: Chosen
) -> UnitCache | None:
    """Results that were kept; none where the cache lies inside of the tree, from which nothing is ever loaded."""
    cache = request.settings.cache_dir
    if cache is None or cache.resolve().is_relative_to(request.root.path.resolve()):
        return None
    store = Store(cache)
    store.sweep()
    inputs = Inputs(request.root.path, found.files, Remembered(store, str(request.root.path)))
    return UnitCache(store, inputs, settings, tool_state(plugins.packages), lambda: chosen.rules)


class Clock:
    """Seconds of each stage, in order."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def stage(self, name: str) -> None:
        """Take down what was just done."""
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
        request.root.read,
    )
