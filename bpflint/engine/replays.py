"""May what the last run printed be printed again? By content where times differ; and what does a run rest on?

`bpflint/_hot.py` reads what is written here. The two functions it has no time for come from here too, so nothing but
`engine/states.py` is imported before something asks for more.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Sequence

from bpflint import _hot
from bpflint._whole import write_whole
from bpflint.engine.states import STATES, settled, settled_at


class Recording:
    """One run of a command line that may be replayed later: made before anything is read, kept when it is through."""

    def __init__(self, argv: Sequence[str]) -> None:
        self.started = time.time_ns()
        self.asked: _hot.Asked | None = None
        with contextlib.suppress(OSError):  # the current folder is gone
            self.asked = _hot.key(list(argv))

    def replay(self) -> int | None:
        """Print what the last run printed where only times have changed since; None where a full run is due."""
        if self.asked is None:
            return None
        try:
            found = _hot.load(self.asked)
            if found is None or not all(map(_same, found[0])):
                return None
            self.keep([(path, state) for path, _, state in found[0]], found[1], found[2])
            return _hot.show(found)
        except (OSError, ValueError, TypeError, LookupError, EOFError):
            return None

    def keep(self, rests_on: Iterable[tuple[str, str]], printed: bytes, code: int) -> None:
        """Write the run down; not where something it rests on may have changed while it went on.

        What is absent has no time of its own, and that of the folder above says little where others work too; nor does
        that of a folder of libraries, which may be a checkout.
        """
        watched = [(path, _hot.stat_of(path), state) for path, state in rests_on]
        timed = [(path, told) for path, told, state in watched if not state.startswith("libraries:")]
        if self.asked is None or not all(_settled(path, told, self.started) for path, told in timed):
            return
        place = _hot.place(self.asked)
        if _hot.within_tree(self.asked, place):
            return
        _write(place, _hot.packed(self.asked, (watched, printed, code)))


def _settled(path: str, told: _hot.Stat | None, started: int) -> bool:
    """Whether what is at a path, if anything is, is older than a run."""
    if told is None:
        return not os.path.lexists(path) or settled(path, started)
    return settled_at(told[0], told[1], started)


def _same(row: _hot.Watched) -> bool:
    path, told, state = row
    if _hot.stat_of(path) == told:
        return True
    kind, _, content = state.partition(":")
    return kind in STATES and STATES[kind](path) == content


def _write(place: str, data: bytes) -> None:
    """Whole or not at all; what cannot be written is not kept."""
    with contextlib.suppress(OSError):
        os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
        write_whole(place, data)
