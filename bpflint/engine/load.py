"""How are files turned into Units? In worker processes over pipes; results come back in the order of the jobs."""

from __future__ import annotations

import gc
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import field
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, assert_never

from bpflint.engine.gathered import Gathered
from bpflint.engine.local import Local, LocalRules
from bpflint.engine.unit_cache import Entry, UnitCache
from bpflint.engine.worker import Answer, Assignment, Bare, Crashed, Failed, Gave, Read, Worker
from bpflint.kernels.catalogue import Answers
from bpflint.model.data import dataclass
from bpflint.model.unit import Problem, Unit
from bpflint.reading import FrontEnd, Job, Reads, Settings, SourceFile

if TYPE_CHECKING:
    from bpflint.api import Rule

_LONG = 1e6
"""Seconds: rules may take what they take, here as in the process that asks them of the project."""
Key = tuple[int, ...]
"""The place of a job's result: its index, then that of each follow-up."""


@dataclass(slots=True)
class Harvest:
    """What loading gave: units in job order, what failed, and whether some front end has a bug."""

    units: tuple[Unit, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    crashed: bool = False
    local: list[Local] = field(default_factory=list)
    """What the rules said of each unit alone."""
    seconds: dict[str, float] = field(default_factory=dict)
    """What the front ends and the rules took in the workers, all together."""
    reads: list[Reads | None] = field(default_factory=list)
    """What each unit rests on."""
    analysed: tuple[str, ...] = ()
    """The paths of the jobs that were done; the others' results were known."""
    known: int = 0
    gathered: list[Gathered] = field(default_factory=list)
    """What rules gathered of each unit; what they gather later is added to it."""
    origins: list[tuple[Job, Reads | None, tuple[Gathered, ...]]] = field(default_factory=list)
    """What was gathered by the job that gave the units."""
    answers: Answers = field(default_factory=dict)
    """What kernels have answered, in earlier runs and for what was read now."""


def load(
    files: Sequence[SourceFile],
    frontends: Sequence[FrontEnd],
    settings: Settings,
    *,
    timeout: float = 60,
    progress: Callable[[str], None] = lambda _text: None,
    rules: Callable[[], Sequence[Rule]] = tuple,
    rule_settings: Settings | None = None,
    cache: UnitCache | None = None,
    executor: str = "",
    meanwhile: Callable[[], None] = lambda: None,
) -> Harvest:
    """Read every file that some front end takes as a root; a file that fails becomes a BPF001 problem.

    `meanwhile` is called once, as early as it keeps no worker waiting.
    """
    jobs = [job for frontend in frontends for job in frontend.plan(files, settings)]
    if not jobs:
        return Harvest()
    paths = tuple(file.path for file in files)
    earlier = cache.find_answers if cache is not None else dict
    local = LocalRules(rules, rule_settings or settings, earlier, at_hand=not executor)
    assignment = Assignment(jobs, {item.name: item for item in frontends}, settings, paths, local, cache)
    pool = _Pool(assignment, timeout, progress)
    collecting = gc.isenabled()
    gc.disable()  # unpickling makes many objects and no garbage
    try:
        if executor:
            from bpflint.engine.remote import run_remotely  # late: most runs have none

            run_remotely(executor, pool)
        else:
            pool.run(settings.jobs, meanwhile)
    finally:
        pool.close()
        if collecting:
            gc.freeze()  # what was read stays: the collector need not go through it again and again
            gc.enable()
    return _harvest(pool, local.answers)


class _Pool:
    """Keeps workers busy until nothing is left; a lost worker is replaced."""

    def __init__(self, assignment: Assignment, timeout: float, progress: Callable[[str], None]) -> None:
        self.assignment, self.timeout, self.progress = assignment, timeout, progress
        self.waiting: deque[tuple[Key, int | Job]] = deque()
        self.jobs: dict[Key, Job] = {}
        self.answers: dict[Key, Answer] = {}
        self.workers: list[Worker] = []
        self.leaving: list[Worker] = []
        """Workers that have given their one answer, and may still be writing it down."""
        self.known: set[Key] = set()
        self.entries: deque[tuple[Key, int | Job, Entry]] = deque()
        """Kept results that nobody has read yet."""
        for n, job in enumerate(assignment.jobs):
            self._add((n,), job, n)

    def run(self, size: int, meanwhile: Callable[[], None]) -> None:
        if len(self.waiting) == 1:
            self._employ(size, early=True)  # the rules are asked here, of what it reads
        meanwhile()
        while self.waiting or self.entries or any(worker.busy for worker in self.workers):
            self._employ(size)
            if self.entries:
                self.read_known()
            else:
                self._collect()

    def _employ(self, size: int, *, early: bool = False) -> None:
        """Give each idle worker a job, and hire up to so many."""
        idle = [worker for worker in self.workers if worker.busy is None]
        while self.waiting and (idle or len(self.workers) < size):
            worker = idle.pop() if idle else self._hire(early=early)
            key, order = self.waiting.popleft()
            worker.send(key, order, time.monotonic() + self.timeout)

    def read_known(self) -> None:
        """Read the next kept result, while the workers are busy with what is not known."""
        key, order, entry = self.entries.popleft()
        found = self.assignment.known(self.jobs[key], entry)
        if found is None:
            self.waiting.append((key, order))
        else:
            self.known.add(key)
            self.keep(key, found)

    def take(self) -> tuple[Key, Job] | None:
        """Return the next job with its key, None where none is waiting."""
        while self.entries:
            self.read_known()
        if not self.waiting:
            return None
        key, _ = self.waiting.popleft()
        return key, self.jobs[key]

    def close(self) -> None:
        for worker in self.workers:
            worker.bury()
        for worker in self.leaving:
            worker.bury(kill=False)
        self.workers.clear()
        self.leaving.clear()

    def _add(self, key: Key, job: Job, order: int | Job) -> None:
        """Take a job; it waits for a worker unless its result is known."""
        self.jobs[key] = job
        cache = self.assignment.cache
        entry = cache.find(job) if cache is not None else None
        if entry is None:
            self.waiting.append((key, order))
        else:
            self.entries.append((key, order, entry))

    def _hire(self, *, early: bool) -> Worker:
        worker = Worker(self.assignment, early=early)
        self.workers.append(worker)
        return worker

    def _collect(self) -> None:
        busy = {worker.pipe: worker for worker in self.workers if worker.busy is not None}
        patience = min(worker.deadline for worker in busy.values()) - time.monotonic()
        ready = wait(list(busy), max(0.0, patience))
        for pipe, worker in busy.items():
            if pipe in ready:
                self._take(worker)
        if not ready:
            for worker in busy.values():
                if time.monotonic() >= worker.deadline:
                    self._lose(worker, f"gave no result within {self.timeout:g} s (file-timeout raises that)")

    def _take(self, worker: Worker) -> None:
        try:
            answer = worker.receive()
        except (EOFError, OSError):
            self._lose(worker, "")
            return
        if isinstance(answer, Read):
            worker.deadline += _LONG
            return
        key, worker.busy = worker.busy or (), None
        if worker.early:
            self.workers.remove(worker)
            self.leaving.append(worker)
        if isinstance(answer, Bare):
            job = self.jobs[key]
            answer = self.assignment.asked(job, answer)
            self.assignment.keep_locals(job, answer)
        self.keep(key, answer)

    def _lose(self, worker: Worker, why: str) -> None:
        self.workers.remove(worker)
        ended = worker.bury(kill=bool(why))
        self.keep(worker.busy or (), Failed((why or f"its parser crashed ({ended})") + "; the file was left out"))

    def keep(self, key: Key, answer: Answer) -> None:
        """Take the answer to a job; the jobs it uncovered wait from now on."""
        self.answers[key] = answer
        if isinstance(answer, Gave):
            for n, job in enumerate(answer.loaded.follow_up):
                self._add((*key, n), job, job)
        self.progress(f"read {len(self.answers)} of {len(self.jobs)} files")


def _harvest(pool: _Pool, answers: Answers) -> Harvest:
    harvest = Harvest(answers=answers)
    units: list[Unit] = []
    for key in sorted(pool.answers):
        job = pool.jobs[key]
        match pool.answers[key]:
            case Gave(loaded, local, seconds, gathered, news):
                answers.update(news)
                units.extend(loaded.units)
                harvest.local.extend(local)
                for name, took in seconds.items():
                    harvest.seconds[name] = harvest.seconds.get(name, 0.0) + took
                harvest.reads.append(loaded.reads)
                harvest.gathered.extend(gathered)
                harvest.origins.append((job, loaded.reads, gathered))
            case Failed(message=message):
                harvest.problems.append(Problem("BPF001", job.path, *_split(message, job.path), "warning"))
            case Crashed(message=message):
                harvest.crashed = True
                text = f"the {job.frontend} front end crashed: {message}; please report it"
                harvest.problems.append(Problem("BPF099", job.path, 0, text, "error"))
            case other:
                assert_never(other)
    harvest.units = tuple(units)
    harvest.known = len(pool.known)
    harvest.analysed = tuple(pool.jobs[key].path for key in sorted(pool.answers) if key not in pool.known)
    return harvest


def _split(message: str, path: str) -> tuple[int, str]:
    """Front ends may put `path:` or `path:line:` before the text; the problem has fields for both."""
    rest = message.removeprefix(path + ":").lstrip() if message.startswith(path + ":") else message
    line, colon, text = rest.partition(":")
    if rest is not message and colon and line.isdigit():
        return int(line), text.lstrip()
    return 0, rest
