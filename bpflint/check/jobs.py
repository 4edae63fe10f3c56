"""What is asked of one kernel, and what came back? Jobs with the objects they need, answers by job."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from bpflint.api import BpflintError

Facts = dict[str, Any]

AGENT = Path(__file__).with_name("agent.py")


@dataclass(frozen=True, slots=True)
class Job:
    """One mechanism to run (see `agent.py`), with its arguments and its time limit in seconds."""

    kind: str
    arguments: Mapping[str, Any]
    seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything for one kernel: jobs, and the compiled objects they name."""

    jobs: tuple[Job, ...]
    objects: Mapping[str, bytes] = field(default_factory=dict)
    root: Mapping[str, bytes] = field(default_factory=dict)
    """Executables by their path below `/`, for guests only."""
    alone: bool = False
    """Whether the programs of the first object are loaded one by one, and not first as many as the kernel takes."""

    def rest(self, start: int, *, alone: bool = False) -> Batch:
        """The jobs from a number on."""
        return Batch(self.jobs[start:], self.objects, self.root, alone)

    def document(self) -> bytes:
        """`jobs.json` for the agent."""
        first = self.jobs[0].arguments.get("object") if self.alone and self.jobs else None
        jobs = [{"id": number, "kind": job.kind, "seconds": job.seconds, **job.arguments,
                 "alone": first is not None and job.arguments.get("object") == first}
                for number, job in enumerate(self.jobs)]  # fmt: skip
        return json.dumps(jobs).encode()


@dataclass(frozen=True, slots=True)
class Answers:
    """What one kernel said: who it is, and one answer a job; a job that got none says why."""

    hello: Facts
    answers: tuple[Facts, ...]
    boots: int = 1
    """How often it was started: more than once where a guest was lost."""
    console: tuple[str, ...] = ()
    seconds: float = 0.0


class NotRun(BpflintError):
    """A kernel that could not be run at all; the text says why and what to do."""


class Runner(Protocol):
    """Runs a batch on one kernel. Every job gets an answer; `NotRun` where the kernel never came up."""

    def run(self, batch: Batch) -> Answers:
        """Run everything and return the answers in the order of the jobs."""
        ...


def missing(batch: Batch, answers: Mapping[int, Facts], why: str) -> tuple[Facts, ...]:
    """Return one answer a job, with `why` where there is none."""
    return tuple(answers.get(number, {"why": why}) for number in range(len(batch.jobs)))


def total_seconds(jobs: Sequence[Job]) -> float:
    """Return how long the jobs may take together, in seconds."""
    return sum(job.seconds for job in jobs)
