"""Does a number in network order find the one in host order? One map, stored both ways, asked with a packet's bytes."""

from __future__ import annotations

from collections.abc import Sequence

from bpflint.check.build import Objects
from bpflint.check.jobs import Facts, Job
from bpflint.check.witnesses._base import Asked, Judged, Places, Witness
from bpflint.model.claim import OrderClaim
from bpflint.model.verdict import Kernel

_NUMBERS = {2: 0x0102, 4: 0x01020304, 8: 0x0102030405060708}


class Order(Witness):
    """The meeting of the two orders: a mechanism, and a verdict for each architecture."""

    name = "byte-order"
    strength = "mechanism"

    def asks(self, claim: OrderClaim, kernel: Kernel, objects: Objects, *, guest: bool) -> Asked:
        """Ask with the constant of the finding, or a number that reads differently backwards."""
        number = claim.number
        if number.to_bytes(claim.width, "big") == number.to_bytes(claim.width, "little"):
            number = _NUMBERS[claim.width]
        return Asked((Job("order", {"width": claim.width, "number": number}),))

    def judge(self, claim: OrderClaim, places: Places, kernel: Kernel, answers: Sequence[Facts]) -> Judged:
        """Confirmed where only the swapped one is found."""
        answer = answers[0]
        wire, stored = answer["wire"], answer["stored"]
        if answer["host_order"] and answer["network_order"]:
            return Judged("refuted", f"both orders are the bytes {wire} on this architecture")
        if answer["network_order"]:
            told = f"the packet has {wire}, host order is {stored}: missed; control: swapped, found"
            return Judged("confirmed", told)
        return Judged("not-observed", "neither order was found")


WITNESS = Order()
