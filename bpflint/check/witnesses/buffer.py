"""Does the kernel copy more than the buffer has room for?"""

from __future__ import annotations

from collections.abc import Sequence

from bpflint.api import facts
from bpflint.check.build import Objects
from bpflint.check.jobs import Facts, Job
from bpflint.check.witnesses._base import Asked, Judged, Places, Witness
from bpflint.model.claim import BufferClaim
from bpflint.model.verdict import Kernel


class Buffer(Witness):
    """A lookup into a buffer of that size with a canary behind it."""

    name = "buffer"
    strength = "mechanism"

    def asks(self, claim: BufferClaim, kernel: Kernel, objects: Objects, *, guest: bool) -> Asked:
        """Ask for one lookup."""
        arguments = {"map": facts.map_type(claim.kind).id, "value_size": claim.value_size, "user_size": claim.room,
                     "each_cpu": claim.each_cpu}  # fmt: skip
        return Asked((Job("buffer", arguments),))

    def judge(self, claim: BufferClaim, places: Places, kernel: Kernel, answers: Sequence[Facts]) -> Judged:
        """Confirmed by an overrun canary."""
        answer = answers[0]
        room = claim.room * (answer["cpus"] if claim.each_cpu else 1)
        told = f"the kernel copies {answer['copied']} bytes for {answer['cpus']} CPUs into {room}"
        if answer["overrun"]:
            return Judged("confirmed", f"{told}: {answer['overrun']} lie past the buffer")
        return Judged("not-observed", f"{told}; with more CPUs it would copy more")


WITNESS = Buffer()
