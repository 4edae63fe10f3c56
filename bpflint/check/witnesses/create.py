"""Does the kernel create such a map?"""

from __future__ import annotations

from collections.abc import Sequence

from bpflint.api import facts
from bpflint.check.build import Objects
from bpflint.check.jobs import Facts, Job
from bpflint.check.witnesses._base import Asked, Judged, Places, Witness
from bpflint.model.claim import CreateClaim
from bpflint.model.verdict import Kernel


class Create(Witness):
    """The definition itself, and the same one with the key it should have."""

    name = "create"
    strength = "mechanism"

    def asks(self, claim: CreateClaim, kernel: Kernel, objects: Objects, *, guest: bool) -> Asked:
        """Ask for both maps."""
        number = facts.map_type(claim.kind).id
        rest = (claim.value_size, claim.entries, claim.flags)
        return Asked((Job("create", {"map": (number, claim.key_size, *rest),
                                     "control": (number, claim.control_key, *rest)}),))  # fmt: skip

    def judge(self, claim: CreateClaim, places: Places, kernel: Kernel, answers: Sequence[Facts]) -> Judged:
        """Confirmed where only the control is created."""
        error, control = answers[0]["errno"], answers[0]["control"]
        if not error:
            return Judged("refuted", f"the kernel creates it with a key of {claim.key_size} bytes")
        wanted = f"{claim.control_key} bytes"
        if control:
            return Judged("rejected-otherwise", f"the control, a key of {wanted}, fails with {control}")
        return Judged("confirmed", f"a key of {claim.key_size} bytes: {error}; control: {wanted}, created")


WITNESS = Create()
