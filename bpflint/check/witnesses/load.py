"""Does the kernel refuse the user's program with the words of the finding?"""

from __future__ import annotations

from collections.abc import Sequence

from bpflint.check.build import Objects
from bpflint.check.jobs import Facts, Job
from bpflint.check.witnesses._base import Asked, Judged, Places, Witness, refused
from bpflint.model.claim import LoadClaim
from bpflint.model.verdict import Kernel


class Load(Witness):
    """The user's own object, one program at a time."""

    name = "load"
    strength = "program"

    def asks(self, claim: LoadClaim, kernel: Kernel, objects: Objects, *, guest: bool) -> Asked:
        """Ask for the first program that comes by the place."""
        if not claim.programs and not claim.maps_only:
            return Asked(why="path-not-reached: no program comes by this place")
        name = objects(claim.path)
        return Asked((Job("load", {"object": name, "program": _program(claim)}, 60.0),))

    def judge(self, claim: LoadClaim, places: Places, kernel: Kernel, answers: Sequence[Facts]) -> Judged:
        """Confirmed by a fitting message, refuted where it loads."""
        told = refused(answers[0], claim.refusal, places)
        return told or Judged("refuted", f"`{_program(claim) or claim.path}` loads")


def _program(claim: LoadClaim) -> str:
    return "" if claim.maps_only else claim.programs[0]


WITNESS = Load()
