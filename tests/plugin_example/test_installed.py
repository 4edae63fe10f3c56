"""Is a third party's rule package found once it is installed beside bpflint, in an environment of its own?"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROGRAM = """
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 8);
    __type(key, __u32);
    __type(value, __u64);
} Counts SEC(".maps");
SEC("xdp") int pass(struct xdp_md *ctx) { return 2; }
char LICENSE[] SEC("license") = "GPL";
"""

pytestmark = pytest.mark.skipif(
    not os.environ.get("BPFLINT_SLOW"), reason="makes an environment with pip; BPFLINT_SLOW=1 runs it"
)


def sh(*command: str, cwd: Path, code: int = 0) -> str:
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def bin_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    sh(python, "-m", "pip", "install", "-q", str(ROOT), str(HERE), cwd=folder)
    return folder / "bin"


def test_the_rule_is_listed_documented_and_run(bin_folder: Path, tmp_path: Path) -> None:
    bpflint = str(bin_folder / "bpflint")
    assert "EXA001  lower-case-map" in sh(bpflint, "rule", "--all", cwd=tmp_path)
    assert "The team agreed on lower case." in sh(bpflint, "rule", "EXA001", cwd=tmp_path)
    (tmp_path / "a.bpf.c").write_text(PROGRAM)
    out = sh(bpflint, "scan", "--select", "lower-case-map", "--output-format", "concise", ".", cwd=tmp_path, code=1)
    assert out.startswith("a.bpf.c:9:3: warning: map Counts has capitals in its name [EXA001]")
    assert "bpflint-plugin-example" in sh(bpflint, "doctor", cwd=tmp_path)


def test_the_running_interpreter_is_not_the_installed_one(bin_folder: Path) -> None:
    assert Path(sys.executable).parent != bin_folder
