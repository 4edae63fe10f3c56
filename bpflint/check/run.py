"""What did every kernel say of every claim? Jobs gathered a kernel, run several at a time, and joined as verdicts."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from bpflint.analysis.compare import compare_pair
from bpflint.check.build import Builder, NotBuilt, Objects, objects_for
from bpflint.check.command import files_of, job_of
from bpflint.check.fuzz import Fuzzed
from bpflint.check.jobs import Answers, Batch, Facts, Job, NotRun, Runner
from bpflint.check.programs import Loading, loads_of
from bpflint.check.verifier import stop_of
from bpflint.check.witnesses import Asked, Judged, Witness, witnesses
from bpflint.check.witnesses._base import could_not
from bpflint.model.claim import LayoutClaim
from bpflint.model.finding import Finding
from bpflint.model.unit import MapDef, Problem, Program, Unit
from bpflint.model.verdict import Kernel, Outcome, Verdict
from bpflint.reporters._shared import count


@dataclass(frozen=True, slots=True)
class Machine:
    """A kernel that was asked for, and what runs jobs on it."""

    kernel: Kernel
    runner: Runner
    guest: bool


@dataclass(frozen=True, slots=True)
class Session:
    """What one kernel was asked and what it said; `answers` None where it was not run, with the reason in `failed`."""

    machine: Machine
    batch: Batch
    answers: Answers | None
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the kernels: findings with claims, and units whose programs are loaded, every one alone."""

    findings: Sequence[Finding]
    units: Sequence[Unit] = ()
    maps: Sequence[tuple[MapDef, Job]] = ()
    """Maps that are tried against a model (`fuzz.py`)."""
    command: str = ""
    """A loader to run in every guest (`command.py`)."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The findings with verdicts, what became of each program, what could not be run, and the sessions behind it."""

    findings: tuple[Finding, ...]
    loadings: tuple[Loading, ...]
    fuzzed: tuple[Fuzzed, ...]
    commands: tuple[tuple[Kernel, Facts], ...]
    problems: tuple[Problem, ...]
    sessions: tuple[Session, ...]


@dataclass(slots=True)
class _Plan:
    """The jobs of one kernel, each once, and which of them answer which finding."""

    jobs: list[Job] = field(default_factory=list)
    asked: dict[int, tuple[Witness, Asked, list[int]]] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)
    loads: list[tuple[Unit, Program, int]] = field(default_factory=list)
    maps: list[tuple[MapDef, int]] = field(default_factory=list)
    command: int | None = None
    root: Mapping[str, bytes] = field(default_factory=dict)
    unbuilt: dict[str, str] = field(default_factory=dict)
    _known: dict[str, int] = field(default_factory=dict)

    def add(self, job: Job) -> int:
        """Return the number of a job; an equal one is run once."""
        key = json.dumps([job.kind, job.seconds, job.arguments], sort_keys=True, default=list)
        if key not in self._known:
            self._known[key] = len(self.jobs)
            self.jobs.append(job)
        return self._known[key]

    def batch(self) -> Batch:
        return Batch(tuple(self.jobs), self.objects, self.root)


def check(wanted: Wanted, machines: Sequence[Machine], builder: Builder, say: Callable[[str], None]) -> Checked:
    """Ask every kernel everything; findings come back in their order, those that were asked about with a verdict."""
    plans = [_plan(wanted, machine, builder) for machine in machines]
    work = [(machine, plan.batch()) for machine, plan in zip(machines, plans, strict=True)]
    sessions = _run_all(work, builder.root, say)
    outcomes: dict[int, list[Outcome]] = {}
    loadings: list[Loading] = []
    fuzzed: list[Fuzzed] = []
    commands: list[tuple[Kernel, Facts]] = []
    for plan, session in zip(plans, sessions, strict=True):
        for number, outcome in _outcomes(wanted.findings, plan, session):
            outcomes.setdefault(number, []).append(outcome)
        if session.answers is not None:
            answers, kernel = session.answers.answers, session.machine.kernel
            loadings += [Loading(unit, program, kernel, answers[job]) for unit, program, job in plan.loads]
            fuzzed += [Fuzzed(map_, kernel, answers[job]) for map_, job in plan.maps]
            commands += [(kernel, answers[plan.command])] if plan.command is not None else []
    judged = [replace(item, verdict=Verdict(tuple(outcomes[number]))) if number in outcomes else item
              for number, item in enumerate(wanted.findings)]  # fmt: skip
    problems = tuple(_problems(plans, sessions))
    return Checked(tuple(judged), tuple(loadings), tuple(fuzzed), tuple(commands), problems, tuple(sessions))


def told(checked: Checked) -> str:
    """Return which kernels ran and what they were asked, for people: "no findings" says nothing of that."""
    ran = ", ".join(str(item.machine.kernel) for item in checked.sessions if item.batch.jobs and not item.failed)
    if not ran:
        return "no kernel was asked: there is no program to load, and no finding that a kernel could judge"
    programs = {(item.unit.path, item.program.name) for item in checked.loadings}
    maps = {item.map.span for item in checked.fuzzed}
    judged = sum(item.verdict is not None for item in checked.findings)
    parts = [count(len(programs), "program")]
    parts += [count(len(maps), "map")] if maps else []
    parts += [f"{judged} of {count(len(checked.findings), 'finding')}"] if checked.findings else []
    return f"asked {ran} about {', '.join(parts)}" + ("; the loader was run" if checked.commands else "")


def _problems(plans: Sequence[_Plan], sessions: Sequence[Session]) -> Iterator[Problem]:
    for session in sessions:
        if session.failed:
            yield Problem("BPF009", "", 0, f"{session.machine.kernel} was not run: {_words(session.failed)}")
    for plan, session in zip(plans, sessions, strict=True):
        yield from _untried(plan, session)
    for path, why in sorted({item for plan in plans for item in plan.unbuilt.items()}):
        yield Problem("BPF009", path, 0, f"its programs were not loaded: {_words(why)}", "info")


def _untried(plan: _Plan, session: Session) -> Iterator[Problem]:
    """Programs of which a kernel said nothing, by the kind of reason, with the first as an example."""
    answers = session.answers.answers if session.answers is not None else ()
    kinds: dict[str, list[tuple[str, str]]] = {}
    for _, program, job in plan.loads if answers else ():
        kind, _, text = str(answers[job].get("why", "")).partition(": ")
        if kind:
            kinds.setdefault(kind, []).append((program.name, text))
    for kind, items in sorted(kinds.items()):
        name, text = items[0]
        which = f"{len(items)} program{'s were' if len(items) > 1 else ' was'} not judged ({kind})"
        yield Problem("BPF009", "", 0, f"{session.machine.kernel}: {which}: `{name}`: {text or kind}", "info")


def _words(failed: str) -> str:
    return failed.partition(": ")[2] or failed


def _plan(wanted: Wanted, machine: Machine, builder: Builder) -> _Plan:
    plan = _Plan()
    builder.prepare([unit.path for unit in wanted.units if unit.programs], machine.kernel.arch)
    objects = objects_for(builder, machine.kernel.arch, plan.objects)
    paths = {unit.path for unit in wanted.units}
    for unit in (item for item in wanted.units if builder.source_of(item.path) not in paths):
        try:
            plan.loads += [(unit, program, plan.add(job)) for program, job in loads_of(unit, objects)]
        except NotBuilt as error:
            plan.unbuilt[unit.path] = str(error)
    plan.maps += [(map_, plan.add(job)) for map_, job in wanted.maps]
    if wanted.command and machine.guest:
        plan.root = files_of(wanted.command, machine.kernel.arch)
        plan.command = plan.add(job_of(wanted.command)) if plan.root else None
    for number, finding in enumerate(wanted.findings):
        if finding.claim is None or finding.disposition != "active" or not _applies(finding, machine.kernel):
            continue
        witness = witnesses()[finding.claim.witness]
        asked = _asked(witness, finding, machine, objects)
        plan.asked[number] = (witness, asked, [plan.add(job) for job in asked.jobs])
    return plan


def _applies(finding: Finding, kernel: Kernel) -> bool:
    """A layout differs on some architectures: the others are not asked, they would agree."""
    claim = finding.claim
    return not isinstance(claim, LayoutClaim) or any(
        item.mismatches or item.opaque for item in compare_pair(claim.pair, (kernel.arch,))
    )


def _asked(witness: Witness, finding: Finding, machine: Machine, objects: Objects) -> Asked:
    try:
        return witness.asks(finding.claim, machine.kernel, objects, guest=machine.guest)
    except NotBuilt as error:
        return Asked(why=str(error))


def _run_all(work: Sequence[tuple[Machine, Batch]], root: Path, say: Callable[[str], None]) -> list[Session]:
    """Run every kernel that has jobs, as many at a time as there are processors."""
    with ThreadPoolExecutor(max_workers=max(1, len(os.sched_getaffinity(0)))) as pool:
        waiting = [pool.submit(_run_one, machine, batch, root, say) for machine, batch in work]
        return [item.result() for item in waiting]


def _run_one(machine: Machine, batch: Batch, root: Path, say: Callable[[str], None]) -> Session:
    if not batch.jobs:
        return Session(machine, batch, None)
    say(f"{machine.kernel}: {len(batch.jobs)} jobs")
    try:
        return Session(machine, batch, _with_stops(batch, machine.runner.run(batch), root))
    except NotRun as error:
        return Session(machine, batch, None, str(error))


def _outcomes(findings: Sequence[Finding], plan: _Plan, session: Session) -> Iterator[tuple[int, Outcome]]:
    for number, (witness, asked, jobs) in plan.asked.items():
        if not jobs and not asked.why:
            continue
        judged = _judged(witness, findings[number], asked, jobs, session)
        yield number, Outcome(session.machine.kernel, judged.state, judged.why, witness.strength, witness.name,
                              judged.detail)  # fmt: skip


def _judged(witness: Witness, finding: Finding, asked: Asked, jobs: Sequence[int], session: Session) -> Judged:
    if not jobs:
        return could_not(asked.why)
    if session.answers is None:
        return could_not(session.failed)
    answers: list[Facts] = [session.answers.answers[job] for job in jobs]
    able = [answer for answer in answers if "why" not in answer]
    if not able:
        return could_not(str(answers[0]["why"]))
    return witness.judge(finding.claim, _places(finding), session.machine.kernel, able)


def _places(finding: Finding) -> frozenset[tuple[str, int]]:
    spans = [finding.span, *(item.span for item in finding.related), *(item.span for item in finding.flow)]
    return frozenset((span.path, line) for span in spans for line in range(span.line, span.end_line + 1))


def _with_stops(batch: Batch, answers: Answers, root: Path) -> Answers:
    """Say of every refused program where the verifier stopped, by a path relative to the project's root."""
    found = list(answers.answers)
    for number, (job, answer) in enumerate(zip(batch.jobs, found, strict=True)):
        if answer.get("errno") and "object" in job.arguments:
            data = batch.objects[job.arguments["object"]]
            stop = stop_of(data, job.arguments["program"], str(answer.get("log", "")))
            if stop is not None:
                found[number] = {**answer, "stop": (_relative(root, stop.file), stop.line)}
    return replace(answers, answers=tuple(found))


def _relative(root: Path, file: str) -> str:
    path = Path(os.path.normpath(root / file))
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else file
