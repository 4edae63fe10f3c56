"""Does the running kernel answer, is nothing left behind, and does a job that misbehaves lose only itself?"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bpflint.check.host import Host
from bpflint.check.jobs import AGENT, Batch, Job
from check.jobs import BATCH, LAYOUT, ORDER, RACE, expect

Ids = Callable[[], Mapping[str, frozenset[int]]]


def test_every_mechanism_answers_on_the_host_and_leaves_nothing(host: None, ids: Ids) -> None:
    before = ids()
    answers = Host().run(BATCH)
    expect(answers.answers, big_endian=sys.byteorder == "big")
    assert answers.hello["release"] == os.uname().release
    assert _settled(ids, before)


def test_the_agent_keeps_three_capabilities_only(host: None, tmp_path: Path) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(AGENT.parent)!r}); import agent; agent.reduce_rights();"
        "wanted = ('CapEff', 'CapPrm', 'NoNew');"
        "print([line.split()[1] for line in open('/proc/self/status') if line.startswith(wanted)])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    kept = f"{1 << 12 | 1 << 38 | 1 << 39:016x}"
    assert told.strip() == str([kept, kept, "1"])


def test_nothing_is_left_when_it_is_killed_at_any_moment(host: None, ids: Ids, tmp_path: Path) -> None:
    before = ids()
    (tmp_path / "jobs.json").write_bytes(Batch((LAYOUT, RACE, ORDER, RACE)).document())
    choose = random.Random(20261126)
    for _ in range(20):
        process = subprocess.Popen([sys.executable, "-I", str(AGENT), str(tmp_path)], stdout=subprocess.DEVNULL)
        time.sleep(choose.uniform(0.02, 0.7))
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert _settled(ids, before)


def _settled(ids: Ids, before: Mapping[str, frozenset[int]]) -> bool:
    """The kernel frees programs after a grace period."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        now = ids()
        if all(now[name] <= before[name] for name in now):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize(
    ("job", "why"),
    [
        (Job("layout", {"value_size": 0, "user_size": 1, "fields": []}), "load-failed: Invalid argument"),
        (Job("layout", {}), "load-failed: KeyError"),
        (Job("load", {"object": "none.o", "program": "x"}), "load-failed: No such file"),
        (Job("race", {"width": 8, "offset": 0, "value_size": 8, "milliseconds": 60000}, 1.0), "timeout"),
    ],
)
def test_a_job_that_fails_or_hangs_loses_its_own_answer_only(host: None, job: Job, why: str) -> None:
    bad, good = Host().run(Batch((job, ORDER))).answers
    assert bad["why"].startswith(why)
    assert "why" not in good


def test_hostile_objects_harm_nobody(host: None) -> None:
    choose = random.Random(20261126)
    objects = {"0.o": b"", "1.o": b"\x7fELF", "2.o": b"\x7fELF\x02\x01\x01" + choose.randbytes(4000)}
    jobs = tuple(Job("load", {"object": name, "program": "x"}) for name in objects)
    answers = Host().run(Batch((*jobs, ORDER), objects)).answers
    assert all("why" in answer for answer in answers[:3])
    assert "why" not in answers[3]
