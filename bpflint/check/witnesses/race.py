"""Are additions lost? Two pinned CPUs add to one counter by load and store, then by an atomic instruction."""

from __future__ import annotations

from collections.abc import Sequence

from bpflint.check.build import Objects
from bpflint.check.jobs import Facts, Job
from bpflint.check.witnesses._base import Asked, Judged, Places, Witness
from bpflint.model.claim import RaceClaim
from bpflint.model.verdict import Kernel

_MILLISECONDS = 200
_TRIES = 8


class Race(Witness):
    """The update itself on two CPUs: a mechanism. Nothing lost proves nothing: it is never refuted."""

    name = "race"
    strength = "mechanism"

    def asks(self, claim: RaceClaim, kernel: Kernel, objects: Objects, *, guest: bool) -> Asked:
        """Ask for both, the plain one as often as it takes."""
        arguments = {"width": claim.width, "offset": claim.offset, "value_size": claim.value_size,
                     "milliseconds": _MILLISECONDS, "tries": _TRIES}  # fmt: skip
        return Asked((Job("race", arguments, 30.0),))

    def judge(self, claim: RaceClaim, places: Places, kernel: Kernel, answers: Sequence[Facts]) -> Judged:
        """Confirmed where some are lost and the control loses none."""
        made, counted, total = answers[0]["plain"]
        lost = (made - counted) % (1 << 8 * claim.width)
        control = answers[0]["control"]
        how = f"{answers[0]['how']} lost {(control[0] - control[1]) % (1 << 8 * claim.width)} of {control[2]}"
        if control[0] != control[1]:
            return Judged("not-observed", f"the control lost some too: {how}")
        if not lost:
            return Judged("not-observed", f"none of {total} additions was lost in this time; {how}")
        return Judged("confirmed", f"{_lost(lost, total, claim.width)} by load and store were lost; control: {how}")


def _lost(lost: int, total: int, width: int) -> str:
    """A narrow counter has wrapped many times: how many are lost is known modulo its range only."""
    return f"{lost} of {total} additions" if width >= 4 else f"some of {total} additions"


WITNESS = Race()
