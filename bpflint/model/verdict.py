"""What did a real kernel say about a finding? Kernels, outcomes of runs, and the verdict made of them."""

from __future__ import annotations

from typing import Literal

from bpflint.model.data import dataclass

RunState = Literal["confirmed", "refuted", "not-observed", "rejected-otherwise", "could-not-run"]
VerdictState = Literal["confirmed", "refuted", "mixed", "inconclusive"]


@dataclass(frozen=True, slots=True, order=True)
class Kernel:
    """A kernel by architecture and full release, e.g. `x86_64`, `5.10.218`."""

    arch: str
    release: str

    def __str__(self) -> str:
        return f"{self.arch}:{self.release}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run of one witness on one kernel. `detail` is the log line or the bytes that prove it."""

    kernel: Kernel
    state: RunState
    why: str
    strength: Literal["mechanism", "program"]
    witness: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """All outcomes of one finding."""

    runs: tuple[Outcome, ...]

    @property
    def state(self) -> VerdictState:
        """Confirmed if a run confirmed and none refuted, mixed if both, refuted if every decisive run refuted."""
        states = {run.state for run in self.runs}
        match ("confirmed" in states, "refuted" in states):
            case (True, True):
                return "mixed"
            case (True, False):
                return "confirmed"
            case (False, True):
                return "refuted"
            case _:
                return "inconclusive"
