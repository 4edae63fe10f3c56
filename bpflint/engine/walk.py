"""What do the rules say of a project? Every rule meets everything it asked for; a crash costs that rule only."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bpflint.api import Context, Finding, Rule, Unit
from bpflint.model.unit import Problem

Check = Callable[..., Iterable[Finding]]


@dataclass(slots=True)
class Walked:
    """What the rules gave. `seconds` is the time each took, `crashed` whether one did."""

    findings: list[Finding] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    crashed: bool = False


def walk(rules: Sequence[Rule], ctx: Context) -> Walked:
    """Run every rule over the context's project."""
    walked = Walked()
    for rule in rules:
        start = time.perf_counter()
        _one(rule, ctx, walked)
        walked.seconds[rule.meta.code] = time.perf_counter() - start
    return walked


def _one(rule: Rule, ctx: Context, walked: Walked) -> None:
    """Findings made before a crash stay, and the rule goes on with the next thing it asked for."""
    first: str | None = None
    place = ""
    for where, call in _calls(rule, ctx):
        try:
            walked.findings.extend(call())
        except Exception as error:  # noqa: BLE001  a rule is a plugin: its crash must not end the run
            if first is None:
                first, place = _describe(error), where
    if first is not None:
        walked.crashed = True
        text = f"rule {rule.meta.code} ({rule.meta.name}) crashed: {first}; its findings are incomplete"
        walked.problems.append(Problem("BPF099", place, 0, text, "error"))


def _calls(rule: Rule, ctx: Context) -> Iterator[tuple[str, Callable[[], Iterable[Finding]]]]:
    """Only what the rule overrides is called: (path that is blamed for a crash, the call)."""
    for unit in ctx.project.units:
        if _overrides(rule, "check_unit"):
            yield unit.path, _bind(rule.check_unit, unit, ctx)
        for name, items in _parts(unit):
            if _overrides(rule, name):
                check = getattr(rule, name)
                for item in items:
                    yield unit.path, _bind(check, item, unit, ctx)
    if _overrides(rule, "check_pair"):
        for pair in ctx.project.pairs:
            yield pair.bpf.path, _bind(rule.check_pair, pair, ctx)
    if _overrides(rule, "check_project"):
        yield "", _bind(rule.check_project, ctx)


def _parts(unit: Unit) -> tuple[tuple[str, Sequence[object]], ...]:
    return (("check_record", unit.records), ("check_map", unit.maps), ("check_function", unit.functions))


def _overrides(rule: Rule, name: str) -> bool:
    return getattr(type(rule), name) is not getattr(Rule, name)


def _bind(check: Check, *args: object) -> Callable[[], Iterable[Finding]]:
    def call() -> Iterable[Finding]:
        return list(check(*args))

    return call


def _describe(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({os.path.basename(frames[-1].filename)}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {' '.join(str(error).split())}{place}"
