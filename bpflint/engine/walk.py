"""What do the rules say of a project? Every rule meets everything it asked for; a crash costs that rule only."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field
from functools import partial

from bpflint.api import Context, Rule
from bpflint.engine.local import Check, Local, overrides, unit_checks
from bpflint.model.data import dataclass
from bpflint.model.finding import Finding
from bpflint.model.unit import Problem


@dataclass(slots=True)
class Walked:
    """What the rules gave. `seconds` is the time each took, `crashed` whether one did."""

    findings: list[Finding] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    crashed: bool = False


def walk(rules: Sequence[Rule], ctx: Context, locals_: Sequence[Local | None] = ()) -> Walked:
    """Run every rule over the context's project; `locals_` is what they said of its units already, unit by unit."""
    walked = Walked()
    known = _Known(locals_ or [None] * len(ctx.project.units))
    for rule in rules:
        start = time.perf_counter()
        _one(rule, ctx, known, walked)
        walked.seconds[rule.meta.code] = time.perf_counter() - start
    return walked


class _Known:
    """What the rules said of units, by code and the number of the unit, and where a rule has yet to be asked: most
    have nothing to say of most units."""

    def __init__(self, locals_: Iterable[Local | None]) -> None:
        self._new: list[int] = []
        self._left: dict[str, list[int]] = {}
        self._said: dict[str, dict[int, list[Finding]]] = {}
        for number, local in enumerate(locals_):
            if local is None:
                self._new.append(number)
                continue
            for code in local.left:
                self._left.setdefault(code, []).append(number)
            for finding in local.said:
                self._said.setdefault(finding.code, {}).setdefault(number, []).append(finding)

    def of(self, code: str) -> Iterator[tuple[int, Sequence[Finding] | None]]:
        """Yield (unit, what was said of it) where there is anything; None: the rule is to be asked."""
        asked = {*self._new, *self._left.get(code, ())}
        said = self._said.get(code, {})
        for number in sorted(asked | said.keys()):
            yield number, None if number in asked else said[number]


def _one(rule: Rule, ctx: Context, known: _Known, walked: Walked) -> None:
    """Findings made before a crash stay, and the rule goes on with the next thing it asked for."""
    first: str | None = None
    place = ""
    for where, call in _calls(rule, ctx, known):
        try:
            walked.findings.extend(call())
        except Exception as error:  # noqa: BLE001  a rule is a plugin: its crash must not end the run
            if first is None:
                first, place = _describe(error), where
    if first is not None:
        walked.crashed = True
        text = f"rule {rule.meta.code} ({rule.meta.name}) crashed: {first}; its findings are incomplete"
        walked.problems.append(Problem("BPF099", place, 0, text, "error"))


def _calls(rule: Rule, ctx: Context, known: _Known) -> Iterator[tuple[str, Check]]:
    """Only what the rule overrides is called: (path that is blamed for a crash, the call)."""
    for number, said in known.of(rule.meta.code):
        unit = ctx.project.units[number]
        if said is not None:
            yield unit.path, partial(list, said)
        else:
            yield from ((unit.path, check) for check in unit_checks(rule, unit, ctx))
    if overrides(rule, "check_pair"):
        for pair in ctx.project.pairs:
            yield pair.bpf.path, partial(_listed, rule.check_pair, pair, ctx)
    if overrides(rule, "check_project"):
        yield "", partial(_listed, rule.check_project, ctx)


def _listed(check: Callable[..., Iterable[Finding]], *args: object) -> list[Finding]:
    return list(check(*args))


def _describe(error: BaseException) -> str:
    import traceback  # late: a bug of a rule

    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({os.path.basename(frames[-1].filename)}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {' '.join(str(error).split())}{place}"
