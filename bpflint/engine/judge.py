"""What is to be said of what was read? The stages behind the workers: pair, rules, suppress, report."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from bpflint.api import Context, Report, gathered_as
from bpflint.engine.discover import Found
from bpflint.engine.load import Harvest
from bpflint.engine.local import Local
from bpflint.engine.outcome import Ran, exit_code, report_of
from bpflint.engine.project import Built, build
from bpflint.engine.request import Chosen, Request
from bpflint.engine.unit_cache import UnitCache
from bpflint.engine.walk import Walked, walk
from bpflint.kernels.catalogue import Catalogue
from bpflint.kernels.prototypes import prototypes_of
from bpflint.model.data import dataclass
from bpflint.model.unit import Unit

if TYPE_CHECKING:
    from bpflint.engine.run import Clock


@dataclass(frozen=True, slots=True)
class Judged:
    """What the stages gave."""

    report: Report
    exit_code: int
    built: Built
    walked: Walked
    context: Context


def judge(
    request: Request, chosen: Chosen, found: Found, harvest: Harvest, cache: UnitCache | None, clock: Clock
) -> Judged:
    """Return what is to be said of a harvest, and keep what was gathered for it."""
    reported = [file.path for file in found.files if found.scope.covers(file.path)]
    is_plain = cache.inputs.is_plain if cache is not None else _nothing_known
    built = build(harvest.units, found.reader, request.settings, request.config.pair, reported, is_plain)
    clock.stage("pair")
    settings = request.settings
    answers = harvest.answers
    prototypes = prototypes_of(None if settings.kernels else settings.vmlinux_btf, settings.kernels, answers)
    catalogue = Catalogue(answers)
    ctx = Context(settings, built.project, prototypes, catalogue)
    catalogue.expect(_known(ctx, harvest, built, chosen))
    gc.freeze()  # what an earlier stage made stays, as what was read
    walked = walk(chosen.rules, ctx, _unchanged(harvest, built))
    clock.stage("rules")
    if cache is not None:
        for job, reads, gathered in harvest.origins:
            cache.keep_gathered(job, reads, gathered)
        cache.keep_answers(answers)
    ran = Ran(request, chosen, found, harvest, built, walked, ctx)
    report = report_of(ran)
    clock.stage("report")
    return Judged(report, exit_code(ran, report), built, walked, ctx)


def _nothing_known(_path: str) -> bool:
    return False


def _unchanged(harvest: Harvest, built: Built) -> list[Local | None]:
    """What was said of a unit before comments were found in its files holds for the same unit only."""
    units = zip(harvest.units, built.project.units, harvest.local, strict=True)
    return [local if before is after else None for before, after, local in units]


def _known(ctx: Context, harvest: Harvest, built: Built, chosen: Chosen) -> list[Unit]:
    """Tell what was gathered, whatever comments were found since, and return the programs that kernels will be asked
    about: nothing was kept of them, and no worker has asked."""
    asked = {gathered_as(ask) for rule in chosen.rules for ask in rule.gathers_in_bulk}
    units = list(zip(built.project.units, harvest.gathered, strict=True))
    for unit, gathered in units:
        ctx.know(unit, gathered)
    return [unit for unit, gathered in units if unit.side == "bpf" and not gathered.kept and asked - gathered.keys()]
