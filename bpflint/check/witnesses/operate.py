"""Does an operation on such a map always fail as the finding says?"""

from __future__ import annotations

from collections.abc import Sequence

from bpflint.api import facts
from bpflint.check.build import Objects
from bpflint.check.jobs import Facts, Job
from bpflint.check.witnesses._base import Asked, Judged, Places, Witness
from bpflint.model.claim import OperateClaim
from bpflint.model.verdict import Kernel


class Operate(Witness):
    """The operation on a map with the same definition, and as control a plain update."""

    name = "operate"
    strength = "mechanism"

    def asks(self, claim: OperateClaim, kernel: Kernel, objects: Objects, *, guest: bool) -> Asked:
        """Ask for the operation and for the control."""
        map_ = (facts.map_type(claim.kind).id, claim.key_size, claim.value_size, claim.entries, claim.flags)
        return Asked((Job("operate", {"map": map_, "operations": [[claim.operation, claim.how], ["update", 0]]}),))

    def judge(self, claim: OperateClaim, places: Places, kernel: Kernel, answers: Sequence[Facts]) -> Judged:
        """Confirmed by that error, refuted where it succeeds."""
        error, control = answers[0]["errors"]
        if not error:
            return Judged("refuted", f"{claim.operation} succeeds")
        if error != claim.error:
            return Judged("rejected-otherwise", f"{claim.operation} fails with {error}, not with {claim.error}")
        return Judged("confirmed", f"{claim.operation}: {error}; control: a plain update {control or 'succeeds'}")


WITNESS = Operate()
