"""What does one worker process do? It reads files one at a time, so that a crash costs one file and no more."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from multiprocessing.connection import Connection, Pipe

from bpflint.engine.gathered import Gathered
from bpflint.engine.local import Local, LocalRules
from bpflint.engine.unit_cache import Entry, UnitCache
from bpflint.engine.vmlinux import whole_for
from bpflint.kernels.catalogue import Answers
from bpflint.model.data import dataclass
from bpflint.model.errors import FrontEndError
from bpflint.reading import FrontEnd, Job, Loaded, Settings

_YOUNG, _ALL = 0, 2
"""Generations of the garbage collector."""
_SELDOM = 64


@dataclass(frozen=True, slots=True)
class Gave:
    """A file was read. Follow-up jobs travel without the list of project files, which the parent has anyway."""

    loaded: Loaded
    local: tuple[Local, ...]
    """What the rules said of each unit."""
    seconds: Mapping[str, float]
    """What the front end and each rule took."""
    gathered: tuple[Gathered, ...]
    """What the rules gathered of each unit."""
    answers: Answers
    """What kernels have answered for it that nobody knew."""


@dataclass(frozen=True, slots=True)
class Read:
    """The file was read, and the rules are being asked: nobody waits for them with a watch in hand."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The file could not be read: one line."""

    message: str


@dataclass(frozen=True, slots=True)
class Crashed:
    """A front end raised what it must not: our bug, with the place."""

    message: str


@dataclass(frozen=True, slots=True)
class Bare:
    """A file was read by a worker that began before the rules were there: the parent has yet to ask them."""

    loaded: Loaded
    took: float


Answer = Gave | Failed | Crashed


@dataclass(frozen=True, slots=True)
class Assignment:
    """Everything a worker inherits through fork; only indices and follow-up jobs go through the pipe."""

    jobs: Sequence[Job]
    frontends: Mapping[str, FrontEnd]
    settings: Settings
    files: tuple[str, ...]
    rules: LocalRules
    cache: UnitCache | None = None

    def job(self, order: int | Job) -> Job:
        """Return the job that a worker is told to do: by its index, or a follow-up job itself."""
        return self.jobs[order] if isinstance(order, int) else order

    def known(self, job: Job, entry: Entry) -> Gave | None:
        """Return the kept result of a job; what these rules say of it is asked here where only that is not known."""
        loaded = self.cache.read(entry) if self.cache is not None else None
        if self.cache is None or loaded is None:
            return None
        local, gathered = self.cache.find_locals(job, loaded), self.cache.find_gathered(job, loaded)
        self.rules.seconds = {}
        if local is None:
            local = tuple(map(self.rules.of, loaded.units, gathered))
            self.cache.keep_locals(job, loaded, local)
        return Gave(loaded, local, self.rules.seconds, gathered, self.rules.news())

    def asked(self, job: Job, bare: Bare) -> Gave:
        """Return what was read with what the rules say of it."""
        loaded = bare.loaded
        self.rules.seconds = {}
        gathered = tuple(Gathered() for _ in loaded.units)
        local = tuple(map(self.rules.of, loaded.units, gathered))
        seconds = {f"front end {job.frontend}": bare.took, **self.rules.seconds}
        return Gave(loaded, local, seconds, gathered, self.rules.news())

    def keep(self, job: Job, answer: Answer | Bare) -> None:
        """Write down what was read, so that the next run need not read it."""
        if self.cache is not None and isinstance(answer, Gave | Bare):
            self.cache.keep(job, answer.loaded)
        if isinstance(answer, Gave):
            self.keep_locals(job, answer)

    def keep_locals(self, job: Job, answer: Gave) -> None:
        """Write down what the rules said of what was read."""
        if self.cache is not None:
            self.cache.keep_locals(job, answer.loaded, answer.local)


class Worker:
    """The parent's end of one worker process. `busy` is the key of the job it works on."""

    def __init__(self, assignment: Assignment, *, early: bool) -> None:
        """`early`: before the rules are there. Such a worker reads one file, which the parent asks them of."""
        ours, theirs = Pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if self.pid == 0:
            ours.close()
            _live(theirs, assignment, _read_one if early else _read_all)
        theirs.close()
        self.early = early
        self.pipe: Connection = ours
        self.busy: tuple[int, ...] | None = None
        self.deadline = 0.0

    def send(self, key: tuple[int, ...], job: int | Job, deadline: float) -> None:
        """Give the worker a job: its index in the assignment, or a follow-up job itself."""
        self.busy, self.deadline = key, deadline
        self.pipe.send(job)

    def receive(self) -> Answer | Bare | Read:
        """Return the answer, or that it is on its way; raises EOFError where the process died."""
        answer: Answer | Bare | Read = self.pipe.recv()
        return answer

    def bury(self, *, kill: bool = True) -> str:
        """End the process and return what ended it, for people."""
        if kill:
            os.kill(self.pid, signal.SIGKILL)
        self.pipe.close()
        _, status = os.waitpid(self.pid, 0)
        if os.WIFSIGNALED(status):
            return f"signal {signal.Signals(os.WTERMSIG(status)).name}"
        return f"exit code {os.WEXITSTATUS(status)}"


def _live(pipe: Connection, assignment: Assignment, work: Callable[[Connection, Assignment], None]) -> None:
    """The whole life of the child: it leaves through os._exit, never back into the parent's stack."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    gc.disable()
    try:
        work(pipe, assignment)
        os._exit(0)
    except (EOFError, OSError):
        os._exit(0)
    finally:
        os._exit(70)


def _read_one(pipe: Connection, assignment: Assignment) -> None:
    """Read one file, and write down what was read while the parent asks the rules of it."""
    job = assignment.job(pipe.recv())
    found = read(job, assignment)
    pipe.send(found)
    assignment.keep(job, found)


def _read_all(pipe: Connection, assignment: Assignment) -> None:
    for number in count():
        order = pipe.recv()
        # trees of libclang hold each other: without this a worker keeps every file it read. What a job made is
        # young; to go through all that earlier ones left (the packages of Go) costs more than to read the next.
        # Behind the last job there is nothing to make room for
        if number:
            gc.collect(_ALL if number % _SELDOM == 0 else _YOUNG)
        job = assignment.job(order)
        found: Answer | Bare = read(job, assignment)
        if isinstance(found, Bare):
            pipe.send(Read())
            found = assignment.asked(job, found)
        assignment.keep(job, found)
        pipe.send(found)


def answer(job: Job, assignment: Assignment) -> Answer:
    """Return what comes of one job; nothing is raised, whatever the front end does."""
    found = read(job, assignment)
    return assignment.asked(job, found) if isinstance(found, Bare) else found


def read(job: Job, assignment: Assignment) -> Bare | Failed | Crashed:
    """Return what a front end makes of one job, or why there is nothing."""
    if not job.files:
        job = replace(job, files=assignment.files)
    start = time.perf_counter()
    try:
        frontend = assignment.frontends[job.frontend]
        loaded = frontend.load(job, assignment.settings)
        other = whole_for(assignment.settings, loaded)
        loaded = loaded if other is None else frontend.load(job, other)
    except FrontEndError as error:
        return Failed(str(error))
    except OSError as error:
        return Failed(f"cannot be read: {error.strerror or error}")
    except Exception as error:  # noqa: BLE001  the top of a process: the parent reports it and goes on
        return Crashed(f"{type(error).__name__}: {error} ({_where(error)})")
    follow_up = tuple(replace(item, files=()) for item in loaded.follow_up)
    return Bare(replace(loaded, follow_up=follow_up), time.perf_counter() - start)


def _where(error: BaseException) -> str:
    import traceback  # late: a bug of ours

    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "unknown place"
    return f"{os.path.basename(frames[-1].filename)}:{frames[-1].lineno}"
