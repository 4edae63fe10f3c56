"""What is a witness? It turns a claim into jobs for one kernel, and the answers into a state with its proof."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from bpflint.check.build import Objects
from bpflint.check.jobs import Facts, Job
from bpflint.model.verdict import Kernel, RunState

Places = frozenset[tuple[str, int]]
"""(path, line) of a finding: where it is, and the places that belong to it."""
Strength = Literal["mechanism", "program"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What to run for one claim on one kernel. No jobs: `why` says what stands against it."""

    jobs: tuple[Job, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """The state of a run, why (for one that decides nothing), and the bytes or log line that show it."""

    state: RunState
    detail: str
    why: str = ""


class Witness(ABC):
    """Proves one kind of claim. `strength`: whether it runs the user's own program or what we made of its layouts."""

    name: ClassVar[str]
    strength: ClassVar[Strength]

    @abstractmethod
    def asks(self, claim: Any, kernel: Kernel, objects: Objects, *, guest: bool) -> Asked:
        """Return the jobs for a kernel; NotBuilt passes through."""

    @abstractmethod
    def judge(self, claim: Any, places: Places, kernel: Kernel, answers: Sequence[Facts]) -> Judged:
        """Return the state that the answers to the jobs give; none of them has a `why`."""


def could_not(why: str) -> Judged:
    """Return that nothing could be run, with the kind before the colon as the reason."""
    kind, _, text = why.partition(": ")
    return Judged("could-not-run", text, kind)


def refused(answer: Facts, pattern: str, places: Places) -> Judged | None:
    """Return the judgement of a program that the kernel did not take; None where it took it.

    A fitting message at a place of the finding confirms, also where the object does not tell the place; another message
    or another place says that the program fails for another reason, and that this one was not reached. libbpf may go on
    after a refusal: what it warned of counts as well.
    """
    if not answer["errno"]:
        told = next((line for line in answer.get("said", ()) if re.search(pattern, line)), None)
        return None if told is None else Judged("confirmed", told.strip()[:300])
    words = [*str(answer["log"]).splitlines(), *answer["said"]]
    told = next((line for line in reversed(words) if re.search(pattern, line)), None)
    stop = answer.get("stop")
    at = f" at {stop[0]}:{stop[1]}" if stop else ""
    if told is not None and (not stop or tuple(stop) in places):
        return Judged("confirmed", told.strip()[:300] + at)
    return Judged("rejected-otherwise", last_words(answer) + at, str(answer["errno"]))


_NOISE = re.compile(
    r"processed \d|verification time|(?:max|stack depth|peak)|; |-- |\d|func#\d|last_idx|parent |regs=|mark_precise|"
    r"(?:from \d+ to|caller:|callee:|returning from|propagating)|(?:frame\d+: ?)?R\d+(?:_\w+)?=|Live regs|\s*$"
)
"""What the verifier writes on its way (kernel/bpf/verifier.c, kernel/bpf/log.c), not of the fault."""
_AFTERWARDS = re.compile(
    r"libbpf: (?:failed to (?:load object|perform CO-RE relocations|iterate BTF objects)|-- (?:BEGIN|END) |"
    r"permission error while running as root|Error in bpf_create_map_xattr|prog '.*': (?:BPF program load failed|"
    r"failed to (?:load|prepare load attributes)|relo #\d+: failed to relocate))"
)
"""What libbpf adds when the cause is told, on its way out."""


def last_words(answer: Facts) -> str:
    """Return the line in which the verifier, or libbpf, says what is wrong."""
    log = [line for line in str(answer["log"]).splitlines() if line.strip()]
    telling = [line for line in log if not _NOISE.match(line)]
    said = [line for line in answer["said"] if "libbpf:" in line]
    causes = [line for line in said if not _AFTERWARDS.match(line)]
    refused = [line for line in said if "BPF program load failed" in line]
    return (telling or causes or refused or said or log or ["no message"])[-1].strip()[:300]


def runs(first: Sequence[int]) -> str:
    """Return byte numbers as ranges: `4..7, 12`."""
    parts: list[list[int]] = []
    for at in sorted(set(first)):
        if parts and at == parts[-1][1] + 1:
            parts[-1][1] = at
        else:
            parts.append([at, at])
    return ", ".join(f"{low}..{high}" if high > low else f"{low}" for low, high in parts)
