"""Do bytes that nobody wrote reach a map or user space? The user's program on a stack filled with 0xA5, then 0x5A."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bpflint.check.build import Objects
from bpflint.check.jobs import Facts, Job
from bpflint.check.packets import PACKETS
from bpflint.check.witnesses._base import Asked, Judged, Places, Witness, refused, runs
from bpflint.model.claim import PaddingClaim
from bpflint.model.verdict import Kernel

_FIRST, _SECOND = 0xA5, 0x5A
_MOST_PROGRAMS = 3
_HARMLESS = (
    1, 2, 3, 4, 5, 7, 8, 12, 14, 15, 16, 25, 26, 27, 28, 35, 45, 46, 47, 67, 68, 69, 93, 94, 112, 113, 114, 115, 118,
    125, 130, 131, 132, 133, 134, 160, 164, 165, 181, 182,
)  # fmt: skip
"""Helpers that a test run on the host may execute: they change nothing but the program's maps (bpf-helpers(7))."""


class Padding(Witness):
    """The user's own program, poisoned."""

    name = "padding"
    strength = "program"

    def asks(self, claim: PaddingClaim, kernel: Kernel, objects: Objects, *, guest: bool) -> Asked:
        """Ask for the programs that come by the place."""
        if not claim.programs:
            return Asked(why="path-not-reached: no program comes by this place")
        name = objects(claim.path)
        arguments = {"object": name, "prefill": claim.prefill, "packets": PACKETS, "attach": guest,
                     "allowed": None if guest else _HARMLESS}  # fmt: skip
        return Asked(tuple(Job("poison", {**arguments, "program": program}, 60.0)
                           for program in claim.programs[:_MOST_PROGRAMS]))  # fmt: skip

    def judge(self, claim: PaddingClaim, places: Places, kernel: Kernel, answers: Sequence[Facts]) -> Judged:
        """Confirmed by poison in the bytes or the verifier's words; refuted where they arrived and show none."""
        reached = ""
        for answer in answers:
            told = refused(answer, claim.refusal, places)
            if told is not None:
                return told
            found = _poisoned(claim, answer["rounds"])
            if isinstance(found, Judged):
                return found
            reached = reached or found
        if not claim.stored:
            return Judged("could-not-run", "the kernel takes it, and a key that is looked up leaves no trace",
                          "path-not-reached")  # fmt: skip
        if not reached:
            return Judged("could-not-run", "nothing was stored or sent", "path-not-reached")
        if not claim.always:
            return Judged("not-observed", f"{reached}: the path that leaves bytes out was not taken")
        return Judged("refuted", f"{reached}: no byte depends on what the stack held")


def _poisoned(claim: PaddingClaim, rounds: Sequence[Facts]) -> Judged | str:
    """The proof, or where the bytes were seen unpoisoned ("" nowhere)."""
    reached = ""
    for place, first, second, again in _seen(claim, rounds):
        reached = reached or place
        width = min(len(first), len(second), len(again))
        offsets = [at for at in range(width) if first[at] == again[at] == _FIRST and second[at] == _SECOND]
        if claim.offsets and place.startswith(("event", claim.role)):
            offsets = [at for at in offsets if at in claim.offsets]
        if offsets:
            others = width - len(offsets)
            same = f"; control: the other {others} bytes do not depend on it" if others else ""
            shown = f"{first.hex()} and {second.hex()}" if width <= 48 else f"{width} bytes"
            held = "was there before" if claim.prefill else "the stack held"
            return Judged("confirmed", f"{place}: bytes {runs(offsets)} hold what {held} ({shown}){same}")
    return reached


def _seen(claim: PaddingClaim, rounds: Sequence[Facts]) -> Iterator[tuple[str, bytes, bytes, bytes]]:
    """(where, bytes of the first, second and third round) for what a claim is about."""
    maps = [claim.map] if claim.map else sorted({name for one in rounds for name in (*one["maps"], *one["events"])})
    for name in maps:
        for parts in zip(*(one["events"].get(name, ()) for one in rounds), strict=False):
            yield (f"event of `{name}`", *(bytes.fromhex(item) for item in parts))  # type: ignore[misc]
        entries = [one["maps"].get(name, ()) for one in rounds]
        at = 0 if claim.role == "key" else 1
        for items in zip(*entries, strict=False):
            yield (f"{'key' if at == 0 else 'value'} of `{name}`", *(bytes.fromhex(item[at]) for item in items))  # type: ignore[misc]


WITNESS = Padding()
