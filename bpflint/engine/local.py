"""Which findings need nothing but one unit? They are made where the unit is, in a worker, and kept with it.

No rule says so of itself: each is asked with a project that must not be looked at. One that looks is left for the
whole project, for this unit; so is one that crashes, which is reported there.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, cast

from bpflint.engine.gathered import Gathered
from bpflint.kernels.catalogue import Answers, Catalogue
from bpflint.model.data import dataclass
from bpflint.model.finding import Finding
from bpflint.model.prototype import Prototype, Prototypes
from bpflint.model.source import Span
from bpflint.model.unit import Unit
from bpflint.reading import Settings

if TYPE_CHECKING:
    from bpflint.api import Context, Kernels, Project, Rule

Check = Callable[[], list[Finding]]
_BULK = 64
"""Programs of a worker before it unpacks kernels: that takes 0.15 s of CPU, and some 4 ms for each program are then
spent side by side (libbpf-tools)."""
_PARTS = (("check_record", "records"), ("check_map", "maps"), ("check_function", "functions"))


@dataclass(frozen=True, slots=True)
class Local:
    """What the rules said of one unit alone."""

    said: tuple[Finding, ...] = ()
    """In the order of the rules."""
    left: tuple[str, ...] = ()
    """The codes of the rules that looked at the project."""
    unfinished: tuple[tuple[str, Span], ...] = ()
    """Functions that were too long to be followed."""


class NeedsProject(BaseException):
    """A rule looked at the project. No rule may take it for an error of its own."""


class _Unseen:
    """Stands for a project that is not there yet, and for kernels, which are looked at once for all units."""

    def __getattr__(self, name: str) -> object:
        raise NeedsProject(name)


def _unseen(name: str) -> Prototype | None:
    raise NeedsProject(name)


@dataclass(slots=True)
class LocalRules:
    """The rules of a run, asked for one unit at a time. `find` gives them, `seconds` is what each took."""

    find: Callable[[], Sequence[Rule]]
    settings: Settings
    earlier: Callable[[], Answers] = dict
    """What kernels answered in earlier runs."""
    at_hand: bool = True
    """Whether what the user knows of kernels is."""
    seconds: dict[str, float] = field(default_factory=dict)
    _prototypes: Prototypes | None = None
    _catalogue: Catalogue | None = None
    _asked: int = 0
    """BPF units that were asked about."""
    _told: int = 0
    """Answers that are known to whoever asks for what is new."""

    @property
    def answers(self) -> Answers:
        """What kernels have answered, in earlier runs and here."""
        return self._kernels().answers

    def news(self) -> Answers:
        """Return what kernels have answered since this was asked."""
        answers, told = self.answers, self._told
        self._told = len(answers)
        return dict(islice(reversed(answers.items()), len(answers) - told))

    def of(self, unit: Unit, gathered: Gathered) -> Local:
        """Return what the rules say of a unit, and add what they gather of it."""
        from bpflint.api import Context  # late: it comes with the rules

        unseen = _Unseen()
        kernels = cast("Kernels", unseen)
        ctx = Context(self.settings, cast("Project", unseen), self._find_prototype(), kernels, alone=True)
        ctx.know(unit, gathered)
        said: list[Finding] = []
        left: list[str] = []
        for rule in self.find():
            start = time.perf_counter()
            found = _asked(rule, unit, ctx)
            if found is None:
                left.append(rule.meta.code)
            else:
                said.extend(found)
            code = rule.meta.code
            self.seconds[code] = self.seconds.get(code, 0.0) + time.perf_counter() - start
        self._gather(unit, ctx)
        unfinished = tuple((item.name, item.span) for item in ctx.unfinished())
        return Local(tuple(said), tuple(left), unfinished)

    def _gather(self, unit: Unit, ctx: Context) -> None:
        """What crashes is asked again by the rule that wants it, and reported there."""
        if self.at_hand:
            self._kernels().expect((unit,))
            ctx.catalogue = self._kernels()
        self._asked += unit.side == "bpf"
        wanted = [ask for rule in self.find() for ask in rule.gathers]
        if self._asked > _BULK:
            wanted += (ask for rule in self.find() for ask in rule.gathers_in_bulk)
        for ask in dict.fromkeys(wanted):
            with contextlib.suppress(NeedsProject, Exception):
                ctx.gathered(ask, unit)

    def _find_prototype(self) -> Prototypes:
        kernels = self.settings.kernels
        if kernels and not self.at_hand:
            return _unseen
        if self._prototypes is None:
            from bpflint.kernels.prototypes import prototypes_of  # late: the BTF reader

            self._prototypes = prototypes_of(None if kernels else self.settings.vmlinux_btf, kernels, self.answers)
        return self._prototypes

    def _kernels(self) -> Catalogue:
        if self._catalogue is None:
            self._catalogue = Catalogue(self.earlier())
            self._told = len(self._catalogue.answers)
        return self._catalogue


def _asked(rule: Rule, unit: Unit, ctx: Context) -> list[Finding] | None:
    try:
        return [finding for check in unit_checks(rule, unit, ctx) for finding in check()]
    except NeedsProject:
        return None
    except Exception:  # noqa: BLE001  a rule is a plugin: the run over the project meets it again and reports it
        return None


def unit_checks(rule: Rule, unit: Unit, ctx: Context) -> Iterator[Check]:
    """Yield a call for everything of a unit that a rule asked for: only what it overrides is called."""
    if overrides(rule, "check_unit"):
        yield lambda: list(rule.check_unit(unit, ctx))
    for name, attribute in _PARTS:
        if overrides(rule, name):
            yield from _bound(getattr(rule, name), getattr(unit, attribute), unit, ctx)


def _bound(
    check: Callable[..., Iterable[Finding]], items: Sequence[object], unit: Unit, ctx: Context
) -> Iterator[Check]:
    return (lambda item=item: list(check(item, unit, ctx)) for item in items)  # type: ignore[misc]


def overrides(rule: Rule, name: str) -> bool:
    """Return whether a rule has a check of its own."""
    return getattr(type(rule), name) is not getattr(_base(), name)


@cache
def _base() -> type[Rule]:
    from bpflint.api import Rule  # late: as above

    return Rule
