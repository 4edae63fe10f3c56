"""Do guests answer as the host does, and what does one that hangs, dies, floods or lies cost?"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bpflint.check import guest as guests
from bpflint.check import listen, qemu
from bpflint.check.guest import Guest
from bpflint.check.jobs import AGENT, Answers, Batch, NotRun
from bpflint.kernels.store import Image
from check.jobs import BATCH, CREATE, LAYOUT, OPERATE, ORDER, expect


@pytest.mark.parametrize("name", ["x86_64:5.10", "x86_64:6.12", "x86_64:6.1", "x86_64:7.2", "arm64:6.1", "s390x:6.12"])
def test_a_guest_answers_as_every_kernel_does(boots: Callable[[str], Guest], name: str) -> None:
    guest = boots(name)
    answers = guest.run(BATCH)
    expect(answers.answers, big_endian=name.startswith("s390x"))
    assert answers.hello["libbpf"]
    assert guest.image.release.split("-")[0] in answers.hello["version"] + answers.hello["release"]


_FAKE = """#!{python}
import os, sys, time
sys.path.insert(0, {folder!r})
import agent
boots = {state!r}
number = len(os.listdir(boots))
open(os.path.join(boots, str(number)), "w").close()
def job(number, **facts):
    agent.send({{"begin": number}})
    agent.send({{"id": number, **facts}})
{body}
"""


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Guest]:
    """Give a guest whose machine is a program that says what the test wants."""
    monkeypatch.setattr(guests, "_BOOT", 1.5)
    monkeypatch.setattr(listen, "_SPARE", 1.0)

    def made(body: str) -> Guest:
        program, state = tmp_path / "qemu", tmp_path / "boots"
        state.mkdir()
        program.write_text(_FAKE.format(python=sys.executable, folder=str(AGENT.parent), state=str(state), body=body))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        machine = replace(qemu.MACHINES["x86_64"], program=str(program))
        monkeypatch.setitem(qemu.MACHINES, "x86_64", machine)
        monkeypatch.setattr(guests, "_accelerator", lambda image, base: "tcg")
        return Guest(Image("x86_64", "1.0", tmp_path, "", ""), b"")

    return made


def _run(guest: Guest) -> Answers:
    jobs = tuple(replace(job, seconds=0.5) for job in (LAYOUT, ORDER, CREATE, OPERATE))
    return guest.run(Batch(jobs))


_LOST = "if number == 0: job(0, ok=1)\nagent.send({'begin': int(number == 0)})\n"
HELLO = 'agent.send({"hello": {"release": "fake"}})\n'


def test_a_boot_that_says_nothing_is_tried_again(fake: Callable[[str], Guest]) -> None:
    body = "if number == 0: sys.exit(1)\n" + HELLO + "for n in range(4): job(n, ok=1)\nagent.send({'end': 4})"
    answers = _run(fake(body))
    assert [item.get("ok") for item in answers.answers] == [1, 1, 1, 1]
    assert answers.boots == 2


def test_one_that_never_boots_is_no_finding(fake: Callable[[str], Guest]) -> None:
    with pytest.raises(NotRun, match=r"did not answer in .*, twice: Kernel panic"):
        _run(fake("print('Kernel panic - not syncing', flush=True)"))


def test_a_job_that_the_guest_dies_in_is_lost_alone(fake: Callable[[str], Guest]) -> None:
    body = HELLO + (
        "first = {0: 0, 1: 1}.get(number, 2)\n"  # what is asked again after each loss
        "left = 4 - first\n"
        "for n in range(left):\n"
        "    if first + n == 1: agent.send({'begin': n}); sys.exit(1)\n"
        "    job(n, ok=first + n)\n"
        "agent.send({'end': left})"
    )
    answers = _run(fake(body))
    assert [item.get("ok") for item in answers.answers] == [0, None, 2, 3]
    assert answers.answers[1]["why"].startswith("timeout: the guest was lost in it, twice")
    assert answers.boots == 3


def test_one_that_hangs_costs_its_time_limit(fake: Callable[[str], Guest]) -> None:
    answers = _run(fake(HELLO + _LOST + "time.sleep(600)"))
    assert answers.answers[0].get("ok") == 1
    assert all("why" in item for item in answers.answers[1:])


def test_a_flood_ends_the_guest(fake: Callable[[str], Guest], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bpflint.check.frames._MOST", 1 << 20)
    answers = _run(fake(HELLO + _LOST + "while True: os.write(1, b'x' * 65536)"))
    assert "flooded" in answers.answers[-1]["why"]


def test_lies_are_not_believed(fake: Callable[[str], Guest]) -> None:
    body = HELLO + (
        "for n in range(4): job(n, ok=n)\n"
        "job(77, ok=1); job(-1, ok=1); agent.send({'id': 'x'}); agent.send({'begin': 10**9})\n"
        "agent.send({'hello': 3})\n"
        "os.write(1, b'@BL 00000000 4 AAAA\\n')\n"
        "agent.send({'end': 4})"
    )
    answers = _run(fake(body))
    assert [item["ok"] for item in answers.answers] == [0, 1, 2, 3]
    assert answers.hello == {"release": "fake"}


def test_a_machine_that_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = replace(qemu.MACHINES["x86_64"], program="no-such-qemu")
    monkeypatch.setitem(qemu.MACHINES, "x86_64", machine)
    with pytest.raises(NotRun, match=r"no-such-qemu is not installed .*apt install"):
        Guest(Image("x86_64", "1.0", tmp_path, "", ""), b"").run(BATCH)


@pytest.mark.skipif(os.geteuid() != 0, reason="not root: whoever runs this has no rights to give up")
def test_a_guest_needs_no_rights(boots: Callable[[str], Guest]) -> None:
    guest = boots("x86_64:6.12")
    code = (
        "import os, sys; sys.path[:0] = sys.argv[1].split(':')\n"
        "from pathlib import Path\n"
        "from bpflint.check import guest as guests\n"
        "from bpflint.check.jobs import Batch, Job\n"
        "from bpflint.kernels.store import Image\n"
        "folder = Path(sys.argv[2])\n"
        "guests.AGENT = folder / 'agent.py'\n"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"  # the interpreter itself may lie in root's home
        "assert 'CapEff:\\t0000000000000000' in Path('/proc/self/status').read_text()\n"
        "guest = guests.Guest(Image('x86_64', '6.12', folder / 'image', '', ''), (folder / 'base').read_bytes())\n"
        "print(guest.run(Batch((Job('order', {'width': 4, 'number': 0x01020304}),))).answers[0]['network_order'])\n"
    )
    with tempfile.TemporaryDirectory(prefix="bpflint-open-") as folder:
        shown = Path(folder)
        shown.chmod(0o755)
        (shown / "image").write_bytes(guest.image.path.read_bytes())
        (shown / "base").write_bytes(guest.base)
        (shown / "agent.py").write_bytes(AGENT.read_bytes())
        done = subprocess.run([sys.executable, "-c", code, ":".join(sys.path), folder], capture_output=True, text=True,
                              check=False, cwd="/")  # fmt: skip
    assert done.stdout.strip() == "True", done.stderr
