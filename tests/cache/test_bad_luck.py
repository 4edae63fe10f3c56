"""Are the results right, whatever becomes of the cache: killed runs, full and read-only disks, foreign bytes?"""

from __future__ import annotations

import ctypes
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bpflint import _hot

from .conftest import FILES, Project

ROOT = Path(__file__).resolve().parents[2]


def start(project: Project, *args: str, before: Callable[[], None] | None = None) -> subprocess.Popen[str]:
    """A scan as a process of its own; as another user where the tests run as root, whom no rights stop."""
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'rules'}", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "bpflint", "scan", *args]
    return subprocess.Popen(
        command, cwd=project.root, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=before
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def spoiled(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data)) if data else 0
    return chance.choice([
        b"", data[:at], data + b"x", data[:at] + bytes([*data, 0][at : at + 1]).swapcase() + b"\0" + data[at + 1 :],
        os.urandom(len(data)), data[:16] + os.urandom(40),
    ])  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_spoiled_bytes_are_found_out(project: Project, seed: int) -> None:
    chance = random.Random(seed)
    good = project.scan()
    for _ in range(4):
        for path in project.entries():
            if chance.random() < 0.7:
                path.write_bytes(spoiled(path.read_bytes(), chance))
        assert project.scan() == good


def test_an_entry_under_another_name_is_not_taken(project: Project) -> None:
    good = project.scan()
    units = [path for path in project.entries() if path.parent.name != "runs" and path.name != "swept"]
    contents = [path.read_bytes() for path in units]
    for path, data in zip(units, contents[1:] + contents[:1], strict=True):
        path.write_bytes(data)
    for path in project.entries():
        if path.parent.name == "runs":
            path.unlink()
    assert project.scan() == good
    assert len(project.analysed()) == 5


def test_a_cache_of_another_version_is_not_taken(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    good = project.scan()
    monkeypatch.setattr("bpflint.engine.tool.__version__", "0.0.1")
    (path,) = (path for path in project.entries() if path.parent.name == "runs")
    path.unlink()
    assert project.scan() == good
    assert len(project.analysed()) == 5


def test_a_cache_inside_of_the_tree_is_neither_read_nor_written(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = project.scan("--no-cache")
    monkeypatch.setenv("BPFLINT_CACHE_DIR", str(project.root / "cache"))
    assert project.scan() == good
    assert project.scan() == good
    assert len(project.analysed()) == 5
    assert not (project.root / "cache").exists()


def test_two_scans_at_once(project: Project) -> None:
    good = project.fresh()
    for _ in range(3):
        both = [start(project), start(project)]
        assert [ended(process)[:2] for process in both] == [good, good]
        for path in project.entries():
            path.unlink()


def test_a_scan_that_is_killed_at_any_moment(project: Project) -> None:
    good = project.fresh()
    chance = random.Random(7)
    for _ in range(8):
        process = start(project)
        time.sleep(chance.uniform(0.0, 1.5))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert project.scan() == good
    assert project.scan() == good


def bound_by_rights() -> None:
    """Make root heed the rights of files: drop CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH (PR_CAPBSET_DROP)."""
    if os.getuid() == 0:
        libc = ctypes.CDLL(None)
        libc.prctl(24, 1, 0, 0, 0)
        libc.prctl(24, 2, 0, 0, 0)


def test_a_folder_that_cannot_be_written(project: Project) -> None:
    good = project.scan()
    project.write("shared/limits.h", "#define MOST 4 \n")
    before = {path: path.read_bytes() for path in project.entries()}
    for path in (project.cache, *project.cache.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    for _ in range(2):
        code, out, err = ended(start(project, before=bound_by_rights))
        assert (code, out) == good, err
    assert {path: path.read_bytes() for path in project.entries()} == before
    for path in (project.cache, *project.cache.rglob("*")):
        path.chmod(0o000)
    code, out, err = ended(start(project, before=bound_by_rights))
    assert (code, out) == good, err
    project.cache.chmod(0o700)


def test_a_file_where_the_cache_should_be(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write("../place", "a file\n")
    monkeypatch.setenv("BPFLINT_CACHE_DIR", str(project.root.parent / "place"))
    good = project.fresh()
    assert project.scan() == good
    assert project.scan() == good


def test_a_disk_that_is_full(project: Project) -> None:
    """No file may grow beyond 100 bytes: each write of an entry ends half-way."""
    good = project.fresh()

    def full() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    code, out, err = ended(start(project, before=full))
    assert (code, out) == good, err
    assert [path for path in project.entries() if path.name != "swept"] == []
    assert ended(start(project))[:2] == good


def test_what_is_written_is_data_that_loads_nothing(project: Project) -> None:
    project.scan()
    for path in project.entries():
        data = path.read_bytes()
        assert b"pickle" not in data
        assert not data.startswith(b"\x80\x04")


def test_a_hot_run_with_a_poisoned_manifest_falls_back(project: Project) -> None:
    good = project.scan()
    project.scan()
    assert project.results == []
    sys.argv = ["bpflint", "scan"]
    place = Path(_hot.place(_hot.key([])).rpartition("/")[0])
    for path in place.iterdir():
        data = bytearray(path.read_bytes())
        data[-2] ^= 1  # the exit code
        path.write_bytes(bytes(data))
    assert project.scan() == good
    assert len(project.results) == 1


def test_deleting_the_cache_costs_nothing_but_time(project: Project) -> None:
    good = project.scan()
    for path in project.entries():
        path.unlink()
    assert project.scan() == good
    assert project.analysed() == sorted(name for name in FILES if name.endswith((".c", ".go", ".py")))
