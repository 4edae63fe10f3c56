"""Is nothing imported before it is needed? A worker begins to read while the parent imports what only rules use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """\
struct { int (*type)[1]; } counts __attribute__((section(".maps")));
__attribute__((section("xdp"))) int pass(void *ctx) { return 2; }
"""
FORKS = """\
import os, sys
forked = os.fork
def fork():
    if not told:
        told.append(1)
        print(*sys.modules, file=sys.stderr)
    return forked()
told, os.fork = [], fork
sys.argv = ["bpflint", "scan", *sys.argv[1:], "--isolated", "--no-cache"]
from bpflint.__main__ import main
main()
"""


def modules_at_the_first_fork(folder: Path, *args: str) -> set[str]:
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'rules'}"}
    command = [sys.executable, "-c", FORKS, *args]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120)
    return set(done.stderr.splitlines()[0].split())


@pytest.fixture
def one(tmp_path: Path) -> Path:
    (tmp_path / "one.bpf.c").write_text(PROGRAM)
    return tmp_path


def test_a_single_worker_begins_before_the_rules_are_imported(one: Path) -> None:
    found = modules_at_the_first_fork(one)
    assert "bpflint.engine.worker" in found
    late = {"bpflint.api", "bpflint.engine.judge", "bpflint.engine.pairing", "bpflint.reporters.full", "bpflint.btf"}
    assert found & late == set()
    assert [name for name in found if name.startswith("bpflint_rules.")] == []
    assert {name for name in found if name.startswith("bpflint.analysis.")} == {"bpflint.analysis.abi"}


def test_several_workers_inherit_the_rules(one: Path) -> None:
    (one / "two.bpf.c").write_text(PROGRAM)
    found = modules_at_the_first_fork(one)
    assert {"bpflint.api", "bpflint_rules.bpf101_size_mismatch"} <= found
