"""How do two processes hand each other objects? Over two pipes, each object behind its length.

`multiprocessing.connection` does that and much more: with it come sockets and temporary files, 8 ms of imports.
"""

from __future__ import annotations

import os
import pickle
import select
from collections.abc import Iterable

_LENGTH = 8
_BLOCK = 1 << 20


class Pipe:
    """One end. `receive` raises EOFError where the other end is gone, `send` BrokenPipeError."""

    def __init__(self, reads: int, writes: int) -> None:
        self.reads, self._writes = reads, writes

    def send(self, item: object) -> None:
        """Write an object."""
        data = pickle.dumps(item, pickle.HIGHEST_PROTOCOL)
        rest = memoryview(len(data).to_bytes(_LENGTH, "little") + data)
        while rest:
            rest = rest[os.write(self._writes, rest) :]

    def receive(self) -> object:
        """Wait for an object and return it."""
        return pickle.loads(self._exactly(int.from_bytes(self._exactly(_LENGTH), "little")))

    def _exactly(self, count: int) -> bytearray:
        data = bytearray()
        while len(data) < count:
            part = os.read(self.reads, min(count - len(data), _BLOCK))
            if not part:
                raise EOFError
            data += part
        return data

    def close(self) -> None:
        """Close this end."""
        os.close(self.reads)
        os.close(self._writes)


def pipes() -> tuple[Pipe, Pipe]:
    """Return the two ends of a connection."""
    (here, there), (back, forth) = os.pipe(), os.pipe()
    return Pipe(here, forth), Pipe(back, there)


def ready(ends: Iterable[Pipe], patience: float) -> list[Pipe]:
    """Return the ends that have something to receive, or whose other end is gone; none after `patience` seconds."""
    by_number = {end.reads: end for end in ends}
    poll = select.poll()
    for number in by_number:
        poll.register(number, select.POLLIN)
    return [by_number[number] for number, _ in poll.poll(patience * 1000)]
