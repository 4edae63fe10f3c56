"""Do both sides take the same bytes? A map of the BPF value, a program that reads its fields, the user's offsets."""

from __future__ import annotations

from collections.abc import Sequence

from bpflint.analysis.abi import abi, bpf_target
from bpflint.analysis.compare import matched
from bpflint.analysis.layout import shape_of
from bpflint.check.build import Objects
from bpflint.check.jobs import Facts, Job
from bpflint.check.witnesses._base import Asked, Judged, Places, Witness, runs
from bpflint.model.claim import LayoutClaim
from bpflint.model.layout import Bits, Codec
from bpflint.model.pair import Leaf, Pair
from bpflint.model.verdict import Kernel

_MOST_FIELDS = 60
_WIDEST = 64
_LARGEST = 1 << 14
_SHOWN = 3


class Layout(Witness):
    """The layouts themselves, in the kernel: a mechanism, no program of the user's."""

    name = "layout"
    strength = "mechanism"

    def asks(self, claim: LayoutClaim, kernel: Kernel, objects: Objects, *, guest: bool) -> Asked:
        """Ask for every field that both sides have, flattened to whole bytes."""
        pair = claim.pair
        sizes = _sizes(pair, kernel)
        if sizes is None:
            return Asked(why="path-not-reached: a side of the pair has no layout here")
        size, user_size = sizes
        if not 0 < size <= _LARGEST:
            return Asked(why=f"path-not-reached: a value of {size} bytes is not tried")
        fields = [(*_bytes(ours), *_bytes(theirs)) for ours, theirs in _fields(pair, kernel)]
        if not fields:
            width = min(size, user_size, _WIDEST)
            fields = [(0, width, 0, width)]
        return Asked((Job("layout", {"value_size": size, "user_size": user_size, "fields": fields}),))

    def judge(self, claim: LayoutClaim, places: Places, kernel: Kernel, answers: Sequence[Facts]) -> Judged:
        """Confirmed where a field takes other bytes, or a copy goes past the user's type."""
        answer = answers[0]
        names = [theirs.path or ours.path for ours, theirs in _fields(claim.pair, kernel)] or ["the value"]
        seen = list(zip(names, answer["kernel"], answer["user"], strict=True))
        last = _sizes(claim.pair, kernel)
        wrong = [item for item in seen if item[1] != item[2]]
        right = [item[0] for item in seen if item[1] == item[2]]
        told = [_differs(name, ours, theirs, last[0] if last else 0) for name, ours, theirs in wrong[:_SHOWN]]
        more = f" and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        if claim.pair.role != "event":
            told += _past(answer)
        elif not told:
            told += _unread(claim.pair, kernel, answer)
        control = f"; control: {', '.join(f'`{name}`' for name in right[:_SHOWN])} agree" if right else ""
        if told:
            return Judged("confirmed", "; ".join(told) + more + control)
        return Judged("refuted", f"all {len(seen)} fields take the same bytes, none is copied past the user's type")


def _sizes(pair: Pair, kernel: Kernel) -> tuple[int, int] | None:
    user_abi = abi(kernel.arch)
    bpf = shape_of(pair.bpf.type, abi(bpf_target(user_abi.byte_order)), pair.bpf.codec)
    user = shape_of(pair.user.type, user_abi, pair.user.codec)
    return None if bpf.opaque or user.opaque else (bpf.size // 8, user.size // 8)


def _fields(pair: Pair, kernel: Kernel) -> Sequence[tuple[Leaf, Leaf]]:
    return [item for item in matched(pair, kernel.arch) if all(0 < _bytes(leaf)[1] <= _WIDEST for leaf in item)][
        :_MOST_FIELDS
    ]


def _bytes(leaf: Leaf) -> tuple[int, int]:
    """(offset, length) in whole bytes: a bitfield takes those it touches."""
    start, end = leaf.offset // 8, -(-Bits(leaf.offset + leaf.size) // 8)
    return start, end - start


def _differs(name: str, ours: Sequence[int], theirs: Sequence[int], size: int) -> str:
    inside = [at for at in theirs if at < size]
    taken = runs(inside)
    if len(inside) < len(theirs):
        taken += f"{' and ' if inside else ''}{len(theirs) - len(inside)} behind the value"
    return f"`{name}`: the kernel has it in bytes {runs(ours)}, the user side takes {taken}"


def _past(answer: Facts) -> list[str]:
    found = []
    if answer["overrun"]:
        found.append(f"a lookup writes {answer['overrun']} bytes past the user's type")
    if answer["overread"]:
        found.append(f"an update reads {answer['overread']} bytes past the user's type")
    if answer["unset"]:
        found.append(f"a lookup leaves the last {answer['unset']} bytes of the user's type as they were")
    return found


def _unread(pair: Pair, kernel: Kernel, answer: Facts) -> list[str]:
    """Bytes of BPF's fields that no field of a fixed user type takes."""
    sizes = _sizes(pair, kernel)
    if sizes is None or pair.user.codec is Codec.HAND or sizes[0] == sizes[1]:
        return []
    if sizes[0] < sizes[1]:
        return [f"the user's type wants {sizes[1] - sizes[0]} bytes more than the event has"]
    return [f"bytes {sizes[1]}..{sizes[0] - 1} of the event are in no field of the user's type"]


WITNESS = Layout()
