"""What was asked of one run? The configuration and the command line, joined into plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING

from bpflint.engine.config import Config
from bpflint.engine.root import Root
from bpflint.engine.select import Selection, Wish, make_selection
from bpflint.model.data import dataclass
from bpflint.model.errors import ConfigError
from bpflint.model.finding import Persona, Severity
from bpflint.reading import Settings

if TYPE_CHECKING:
    from bpflint.api import Rule
    from bpflint.engine.plugins import Plugins


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """The part of the command line that wins over the configuration; None and empty: not given."""

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    persona: Persona | None = None
    fail_on: Severity | None = None
    targets: tuple[str, ...] = ()
    include_dirs: tuple[str, ...] = ()
    defines: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    only: bool = False
    jobs: int = 0
    """0: one a processor."""
    executor: str = ""
    cache: bool = True
    allow_empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One run. `paths` are relative to the root, "" the root itself; `select` None is the default selection."""

    root: Root
    config: Config
    settings: Settings
    paths: tuple[str, ...]
    select: tuple[Wish, ...] | None = None
    ignore: tuple[Wish, ...] = ()
    per_file: tuple[tuple[str, Wish], ...] = ()
    persona: Persona = "regular"
    fail_on: Severity = Severity.WARNING
    objects: tuple[str, ...] = ()
    only: bool = False
    allow_empty: bool = False
    executor: str = ""
    """`dask://HOST:PORT`; empty: processes of this machine."""
    progress: Callable[[str], None] = field(default=lambda _text: None)


def wishes(config: Config, flags: Flags) -> tuple[tuple[Wish, ...] | None, tuple[Wish, ...]]:
    """Return (select, ignore): a `--select` replaces what the configuration selects and ignores; others add."""
    extend = Wish(flags.extend_select, "--extend-select")
    chosen = Wish(config.select, config.place("select")) if config.select is not None else None
    chosen = Wish(flags.select, "--select") if flags.select is not None else chosen
    if chosen is not None and not chosen.selectors and not (flags.extend_select or config.extend_select):
        raise ConfigError(f"{chosen.place}: names no rule, so none would run")
    if flags.select is not None:
        return (Wish(flags.select, "--select"), extend), (Wish(flags.ignore, "--ignore"),)
    configured = [extend, Wish(config.extend_select, config.place("extend-select"))]
    ignore = (Wish(config.ignore, config.place("ignore")), Wish(flags.ignore, "--ignore"))
    if config.select is not None:
        return (Wish(config.select, config.place("select")), *configured), ignore
    if not any(wish.selectors for wish in configured):
        return None, ignore
    return (Wish(("ALL",), "default"), *configured), ignore


def per_file_wishes(config: Config) -> Sequence[tuple[str, Wish]]:
    """Return the per-file-ignores with the place that is blamed for an unknown code."""
    place = config.place("per-file-ignores")
    return [(pattern, Wish(codes, place)) for pattern, codes in config.per_file_ignores]


def selection_of(request: Request, rules: Iterable[Rule]) -> Selection:
    """Return what the request selects among the rules; raises ConfigError for a selector that fits none."""
    return make_selection(
        {rule.meta.code: rule.meta.name for rule in rules},
        select=request.select,
        ignore=request.ignore,
        per_file=request.per_file,
        persona=request.persona,
    )


class Chosen:
    """The rules that a request selects, found when they are first asked for."""

    def __init__(self, request: Request, plugins: Plugins) -> None:
        self._request, self._plugins = request, plugins

    @property
    def known(self) -> tuple[Rule, ...]:
        """All rules there are."""
        return self._plugins.rules

    @cached_property
    def selection(self) -> Selection:
        """What the request selects; raises ConfigError for a selector that fits no rule."""
        return selection_of(self._request, self.known)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that run."""
        runs = self.selection.runs
        return tuple(rule for rule in self.known if runs(rule.meta.code, rule.meta.persona))
