"""What does a running agent say, and when is it lost? Frames from a process, within the time its jobs may take."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from dataclasses import dataclass

from bpflint.check.frames import Frames
from bpflint.check.jobs import Facts, Job, total_seconds

_SPARE = 15.0
"""Seconds that a job may be late, under emulation and beside other work."""


@dataclass(slots=True)
class Heard:
    """What one boot said. `lost_in` is the job it was lost in, None when it came to its end."""

    hello: Facts
    answers: dict[int, Facts]
    lost_in: int | None
    why: str
    console: tuple[str, ...]

    def __init__(self) -> None:
        self.hello, self.answers, self.lost_in, self.why, self.console = {}, {}, None, "", ()


def listen(process: subprocess.Popen[bytes], jobs: tuple[Job, ...], patience: float) -> Heard:
    """Read frames until the end, within the time that boot and jobs may take."""
    assert process.stdout is not None  # opened as a pipe by the caller
    frames, heard, current, ended = Frames(), Heard(), 0, False
    until = time.monotonic() + patience
    latest = until + total_seconds(jobs) + _SPARE
    stream = process.stdout.fileno()
    while not ended and (left := min(until, latest) - time.monotonic()) > 0 and not frames.flooded:
        if not select.select([stream], [], [], left)[0]:
            break
        data = os.read(stream, 1 << 16)
        if not data:
            heard.why = "it ended"
            break
        for answer in frames.feed(data):
            if isinstance(answer.get("hello"), dict):
                heard.hello, until = answer["hello"], time.monotonic() + _SPARE
            elif isinstance(begin := answer.get("begin"), int) and 0 <= begin < len(jobs):
                current, until = begin, time.monotonic() + jobs[begin].seconds + _SPARE
            elif isinstance(number := answer.get("id"), int) and 0 <= number < len(jobs):
                heard.answers[number], current = answer, number + 1
                until = time.monotonic() + _SPARE
            elif "end" in answer:
                ended = True
    heard.console = frames.console
    if not ended:
        heard.lost_in = min(current, len(jobs))
        heard.why = heard.why or ("it flooded its console" if frames.flooded else "no word in time")
    return heard


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all of its group."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()
