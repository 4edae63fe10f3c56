"""Which programs do real kernels refuse, and why? Every program of every unit that compiles, loaded alone.

A refusal that a confirmed finding explains is not told a second time. BPF801 is one finding a program, place and class,
with the kernels that refuse it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from bpflint.api import Program, Rule, Severity, Span, Unit
from bpflint.check.build import Objects
from bpflint.check.jobs import Facts, Job
from bpflint.check.verifier import instructions
from bpflint.check.witnesses._base import last_words
from bpflint.model.finding import Finding
from bpflint.model.verdict import Kernel, Outcome, Verdict

_SECONDS = 60.0
_FEWEST, _GROWTH = 1000, 1.25


@dataclass(frozen=True, slots=True)
class Loading:
    """One program on one kernel: what came of it. `instructions` is how many the verifier looked at, None unknown."""

    unit: Unit
    program: Program
    kernel: Kernel
    answer: Facts

    @property
    def refused(self) -> bool:
        """Whether the kernel said no; a program that was not tried is not refused."""
        return bool(self.answer.get("errno"))

    @property
    def instructions(self) -> int | None:
        """How many instructions the verifier looked at, None where it was not tried or does not say."""
        return instructions(str(self.answer.get("log", "")))

    @property
    def stop(self) -> tuple[str, int] | None:
        """(path, line) where the verifier stopped."""
        found = self.answer.get("stop")
        return (str(found[0]), int(found[1])) if found else None

    @property
    def kind(self) -> str:
        """The class of the refusal (`classes.toml`); "" where no pattern fits."""
        return class_of(last_words(self.answer))


def class_of(words: str) -> str:
    """Return the class that the verifier's, or libbpf's, words for a refusal belong to; "" where no pattern fits."""
    return next((name for name, pattern in _classes() if pattern.search(words)), "")


@cache
def _classes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = tomllib.loads(files("bpflint.check").joinpath("classes.toml").read_text(encoding="utf-8"))
    return tuple((row["name"], re.compile("|".join(row["patterns"]))) for row in table["class"])


def loads_of(unit: Unit, objects: Objects) -> Iterator[tuple[Program, Job]]:
    """Yield a job for each program of a unit; NotBuilt passes through."""
    for program in unit.programs:
        yield program, Job("load", {"object": objects(unit.path), "program": program.name}, _SECONDS)


def findings_of(rule: Rule, loadings: Sequence[Loading], known: Sequence[Finding]) -> Iterator[Finding]:
    """Yield BPF801 for what kernels refuse and no confirmed finding explains."""
    explained = {(run.kernel, span.path, line) for item in known if item.verdict is not None
                 for run in item.verdict.runs if run.state == "confirmed" and run.strength == "program"
                 for span in (item.span, *(other.span for other in item.related))
                 for line in range(span.line, span.end_line + 1)}  # fmt: skip
    groups: dict[tuple[str, str, tuple[str, int] | None, str], list[Loading]] = {}
    for item in loadings:
        if item.refused and (item.stop is None or (item.kernel, *item.stop) not in explained):
            groups.setdefault((item.unit.path, item.program.name, item.stop, item.kind), []).append(item)
    for items in groups.values():
        yield _finding(rule, items, [item for item in loadings if item.program is items[0].program])


def grown(rule: Rule, loadings: Sequence[Loading], before: Mapping[tuple[str, str, str], int]) -> Iterator[Finding]:
    """Yield BPF802 for programs that a kernel's verifier looks at a quarter longer than before, from a thousand on."""
    for item in loadings:
        was, now = before.get((item.unit.path, item.program.name, str(item.kernel))), item.instructions
        if item.refused or was is None or now is None or now < _FEWEST or now <= was * _GROWTH:
            continue
        yield rule.finding(
            item.program.span,
            f"`{item.program.name}` takes the verifier of {item.kernel} {now} instructions, {was} before "
            f"(+{round(100 * (now - was) / max(was, 1))} %)",
            subject=f"{item.program.name}:{item.kernel}",
        )  # fmt: skip


def _finding(rule: Rule, items: Sequence[Loading], everywhere: Sequence[Loading]) -> Finding:
    first = items[0]
    taken = [str(item.kernel) for item in everywhere if not item.refused and "errno" in item.answer]
    more = f"; {', '.join(taken)} {'takes' if len(taken) == 1 else 'take'} it" if taken else ""
    kind = first.kind
    span = first.program.span
    if first.stop is not None and first.stop[0] == first.unit.path:
        span = Span(first.unit.path, first.stop[1], 1, first.stop[1], 1)
    words = last_words(first.answer)
    found = rule.finding(
        span,
        f"`{first.program.name}` is rejected by {', '.join(str(item.kernel) for item in items)}"
        f"{f' ({kind})' if kind else ''}: {words}{more}",
        subject=f"{first.program.name}:{kind or 'rejected'}",
        severity=Severity.INFO if kind == "environment" else None,
    )  # fmt: skip
    runs = tuple(Outcome(item.kernel, "confirmed", "", "program", "load", last_words(item.answer)) for item in items)
    return replace(found, verdict=Verdict(runs))
