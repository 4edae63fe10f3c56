"""How long do witnesses take on several kernels, and is any verdict lost? `python benchmarks/check_mode.py [RUNS]`.

Each run asks five stored kernels (5.10, 6.1, 6.12, 7.2 and s390x 6.12), two guests at a time, for every mechanism that
needs no object, and the host alone. A verdict is lost when a job has no answer; lost boots are retried and counted.
"""

from __future__ import annotations

import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bpflint.check.guest import Guest
from bpflint.check.host import Host
from bpflint.check.jobs import Batch, Job, NotRun
from bpflint.kernels import guest, store

KERNELS = ("x86_64:5.10", "x86_64:6.1", "x86_64:6.12", "x86_64:7.2", "s390x:6.12")
LAYOUT = {"value_size": 24, "user_size": 15, "fields": [[0, 4, 0, 4], [8, 8, 4, 8], [16, 8, 12, 3]]}
RACE = {"width": 8, "offset": 8, "value_size": 24, "milliseconds": 200, "tries": 3}
BATCH = Batch((
    Job("layout", LAYOUT), Job("race", RACE, 30.0), Job("order", {"width": 4, "number": 0x01020304}),
    Job("create", {"map": [2, 8, 8, 4, 0], "control": [2, 4, 8, 4, 0]}),
    Job("operate", {"map": [2, 4, 8, 4, 0], "operations": [["update", 1], ["update", 0]]}),
    Job("buffer", {"map": 6, "value_size": 12, "user_size": 12}),
))  # fmt: skip


def main(runs: int) -> None:
    """Print one line a run, then the figures."""
    images = [store.find(name) for name in KERNELS]
    guests = [Guest(image, guest.base(image.arch, (), Path("/nonexistent"))) for image in images]
    walls, boots, lost = [], 0, 0
    for number in range(runs):
        began = time.monotonic()
        with ThreadPoolExecutor(max_workers=2) as pool:
            found = list(pool.map(_run, guests))
        walls.append(time.monotonic() - began)
        boots += sum(item[0] for item in found)
        lost += sum(item[1] for item in found)
        print(f"run {number + 1}: {walls[-1]:.1f} s, {boots} boots, {lost} verdicts lost so far", flush=True)
    hosts = []
    for _ in range(min(runs, 5)):
        began = time.monotonic()
        Host().run(BATCH)
        hosts.append(time.monotonic() - began)
    print(f"five kernels: median {statistics.median(walls):.1f} s, most {max(walls):.1f} s over {runs} runs; "
          f"{boots - 5 * runs} boots repeated, {lost} of {5 * runs * len(BATCH.jobs)} verdicts lost")  # fmt: skip
    print(f"host alone: median {statistics.median(hosts):.2f} s")


def _run(one: Guest) -> tuple[int, int]:
    """(boots, jobs without an answer)"""
    try:
        answers = one.run(BATCH)
    except NotRun:
        return 2, len(BATCH.jobs)
    return answers.boots, sum("why" in item for item in answers.answers)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
