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
WATCHED = """\
import os, sys
forked, left = os.fork, os._exit
def tell(what):
    os.write(2, (" ".join([what, *sys.modules]) + "\\n").encode())
def leave(code):
    tell("worker")
    left(code)
def fork():
    if not told:
        told.append(1)
        tell("fork")
    pid = forked()
    if not pid:
        os._exit = leave
    return pid
told, os.fork = [], fork
sys.argv = ["bpflint", "scan", *sys.argv[1:], "--isolated", "--no-cache"]
from bpflint.__main__ import main
main()
"""

RULES = {"bpflint.api", "bpflint.engine.judge", "bpflint.engine.pairing", "bpflint.reporters.full"}
"""What only rules and the report need."""


def modules_at(moment: str, folder: Path) -> set[str]:
    """Return what is imported when the first worker is forked, or when it leaves."""
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'rules'}"}
    command = [sys.executable, "-c", WATCHED]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120)
    told = (line.split() for line in done.stderr.splitlines())
    return next(set(names) for what, *names in told if what == moment)


@pytest.fixture
def one(tmp_path: Path) -> Path:
    (tmp_path / "one.bpf.c").write_text(PROGRAM)
    return tmp_path


def test_a_single_worker_begins_before_the_rules_are_imported(one: Path) -> None:
    found = modules_at("fork", one)
    assert "bpflint.engine.worker" in found
    late = {"bpflint.btf", "bpflint.engine.rests", "bpflint.kernels.unpack", "json"}
    assert found & (late | RULES) == set()
    assert [name for name in found if name.startswith("bpflint_rules.")] == []
    assert {name for name in found if name.startswith("bpflint.analysis.")} == {"bpflint.analysis.abi"}


def test_several_workers_inherit_the_rules(one: Path) -> None:
    (one / "two.bpf.c").write_text(PROGRAM)
    found = modules_at("fork", one)
    assert {"bpflint.api", "bpflint_rules.bpf101_size_mismatch"} <= found


def test_a_worker_imports_its_front_end_and_no_other(one: Path) -> None:
    found = modules_at("worker", one)
    assert "bpflint.frontends.c.unit" in found
    others = {"bpflint.model.directives", "bpflint.frontends.go.unit", "elftools", "tree_sitter"}
    assert found & (others | RULES) == set()


def test_help_asks_the_subcommands_and_loads_no_engine_of_theirs() -> None:
    code = "import sys; from bpflint.cli._main import main; main(['--help']); print(*sys.modules, file=sys.stderr)"
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'rules'}"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=60)
    found = set(done.stderr.split())
    assert "bpflint.cli.check" in found
    assert found & (RULES | {"bpflint.check.build", "bpflint.kernels.types", "clang"}) == set()
