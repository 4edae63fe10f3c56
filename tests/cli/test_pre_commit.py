"""Are the two hooks what pre-commit expects?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .conftest import ROOT

yaml = pytest.importorskip("yaml")


@pytest.fixture
def hooks() -> dict[str, dict[str, Any]]:
    return {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}


def test_there_are_two_hooks(hooks: dict[str, dict[str, Any]]) -> None:
    assert {name: hook["entry"] for name, hook in hooks.items()} == {
        "bpflint": "bpflint hook",
        "bpflint-scan": "bpflint scan",
    }


def test_both_run_serially_over_every_language(hooks: dict[str, dict[str, Any]]) -> None:
    for hook in hooks.values():
        assert hook["types_or"] == ["c", "c++", "go", "rust", "python"]
        assert hook["require_serial"] is True
    assert hooks["bpflint-scan"]["pass_filenames"] is False
    assert "pass_filenames" not in hooks["bpflint"]


def test_pre_commit_takes_the_manifest() -> None:
    clientlib = pytest.importorskip("pre_commit.clientlib")
    clientlib.load_manifest(str(ROOT / Path(".pre-commit-hooks.yaml")))


HEADER = "struct event { __u32 pid; %s__u64 ts; };\n"
PROGRAM = """#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "shared.h"
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 8);
    __type(key, __u32);
    __type(value, struct event);
} events SEC(".maps");
SEC("xdp") int pass(struct xdp_md *ctx) { return 2; }
char LICENSE[] SEC("license") = "GPL";
"""
USER = """import ctypes as ct
from bcc import BPF
class Event(ct.Structure):
    _fields_ = [("pid", ct.c_uint32), ("pad", ct.c_uint32), ("ts", ct.c_uint64)]
b = BPF(src_file="p.bpf.c")
e = ct.cast(b["events"][0], ct.POINTER(Event)).contents
"""


def git(folder: Path, *args: str) -> None:
    own = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "core.hooksPath=/dev/null")
    subprocess.run(["git", *own, *args], cwd=folder, check=True, capture_output=True)


@pytest.mark.skipif(not os.environ.get("BPFLINT_SLOW"), reason="installs with pip; BPFLINT_SLOW=1 runs it")
def test_staging_one_side_shows_what_it_breaks_on_the_other(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "bpflint", tmp_path / "project"
    for name in ("bpflint", "rules"):
        shutil.copytree(ROOT / name, ours / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", ".pre-commit-hooks.yaml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, ours)
    theirs.mkdir()
    (theirs / "p.bpf.c").write_text(PROGRAM)
    (theirs / "shared.h").write_text(HEADER % "")
    (theirs / "user.py").write_text(USER)
    (theirs / "other.py").write_text("")
    for folder in (ours, theirs):
        git(folder, "init", "-q")
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", "x")

    def staged(hook: str, name: str, text: str) -> str:
        git(theirs, "reset", "-q")
        (theirs / name).write_text(text)
        git(theirs, "add", name)
        env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"PRE_COMMIT_HOME": str(tmp_path / "home")}
        command = [sys.executable, "-m", "pre_commit", "try-repo", str(ours), hook]
        return subprocess.run(command, cwd=theirs, env=env, capture_output=True, text=True, timeout=600).stdout

    assert "Passed" in staged("bpflint", "user.py", USER + "# more\n")
    only_the_header = staged("bpflint", "shared.h", HEADER % "__u32 uid; __u32 gid; ")
    assert "user.py:4" in only_the_header
    git(theirs, "commit", "-qm", "y")
    only_the_user = staged("bpflint", "user.py", USER + "# changed\n")
    assert "shared.h:1" in only_the_user
    assert "Passed" in staged("bpflint", "other.py", "x = 1\n")
    assert "user.py:4" in staged("bpflint-scan", "other.py", "x = 2\n")
