"""What can be said of one file alone? For hosts that show one file at a time; no process is started."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from bpflint.api import Context, Project, Rule
from bpflint.engine.comments import directives_of
from bpflint.engine.config import Config, load_config
from bpflint.engine.merge import merge
from bpflint.engine.plugins import Plugins
from bpflint.engine.request import Flags, per_file_wishes, wishes
from bpflint.engine.root import find_root
from bpflint.engine.select import Selection, make_selection, path_matches
from bpflint.engine.suppress import Judgement, suppress
from bpflint.engine.targets import architectures
from bpflint.engine.walk import walk
from bpflint.model.data import dataclass
from bpflint.model.errors import FrontEndError
from bpflint.model.finding import Finding
from bpflint.model.source import Text
from bpflint.model.unit import Unit
from bpflint.reading import FrontEnd, Settings, SourceFile


@dataclass(frozen=True, slots=True)
class Host:
    """Everything that stays the same from file to file."""

    root: Path
    config: Config
    selection: Selection
    rules: tuple[Rule, ...]
    frontends: tuple[FrontEnd, ...]
    settings: Settings
    names: Mapping[str, str]
    """Code to name, of every known rule."""


def make_host(cwd: Path, plugins: Plugins, languages: Sequence[str]) -> Host:
    """Return a host for the project of `cwd` that reads some languages with the rules that need one file only."""
    root = find_root(cwd)
    config = load_config(root)
    select, ignore = wishes(config, Flags())
    names = {rule.meta.code: rule.meta.name for rule in plugins.rules}
    selection = make_selection(
        names,
        select=select,
        ignore=ignore,
        per_file=per_file_wishes(config),
        persona=config.persona,
    )
    rules = tuple(
        rule for rule in plugins.rules if not rule.meta.cross_file and selection.runs(rule.meta.code, rule.meta.persona)
    )
    frontends = tuple(item for item in plugins.frontends if item.name in languages)
    settings = Settings(root=root.path, targets=architectures(config.targets))
    return Host(root.path, config, selection, rules, frontends, settings, names)


def findings_of(host: Host, path: Path, data: bytes) -> tuple[Finding, ...]:
    """Return the active findings of one file; none for a file outside of the root or excluded."""
    try:
        name = path.resolve().relative_to(host.root.resolve()).as_posix()
    except ValueError:
        return ()
    if any(path_matches(name, pattern) for pattern in host.config.exclude):
        return ()
    ctx = Context(host.settings, Project(_units(host, name, data)))
    found = merge(walk(host.rules, ctx).findings)
    wanted = [item for item in found if not host.selection.dropped_in(item.code, name) and item.span.path == name]
    text = Text(data)
    silent = Judgement(names=host.names, ran=lambda _code, _path: False, reported=lambda _path: False)
    judged = suppress(wanted, directives_of(name, data), lambda other: text if other == name else None, silent)
    return tuple(item for item in judged.findings if item.disposition == "active")


def _units(host: Host, name: str, data: bytes) -> tuple[Unit, ...]:
    """Text in another language inside the file is left to a full scan."""
    units: list[Unit] = []
    for frontend in host.frontends:
        for job in frontend.plan([SourceFile(name, lambda: data)], host.settings):
            try:
                units.extend(frontend.load(job, host.settings).units)
            except FrontEndError:
                continue  # flake8 says itself that the file does not parse
    return tuple(units)
