"""Does the wheel hold what the tree holds, and does it work in an empty environment?"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(
    not os.environ.get("BPFLINT_SLOW"),
    reason="builds a wheel and makes an environment with pip; BPFLINT_SLOW=1 runs it",
)


def run(*command: str, cwd: Path) -> str:
    env = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT), cwd=folder)
    (found,) = folder.glob("*.whl")
    return found


def test_the_wheel_holds_every_tracked_file_of_both_packages_and_no_other(wheel: Path) -> None:
    listed = run("git", "ls-files", "--", "bpflint", "rules/bpflint_rules", cwd=ROOT).splitlines()
    tracked = {name.removeprefix("rules/") for name in listed if (ROOT / name).is_file()}
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == tracked
    needed = {"bpflint/py.typed", "bpflint/headers/libbpf/bpf/bpf_helpers.h", "bpflint/data/kernels.pack"}
    assert needed <= held


def test_an_empty_environment_with_the_wheel_finds_what_the_checkout_finds(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    run(str(python), "-m", "pip", "install", "-q", str(wheel), cwd=tmp_path)
    bpflint = str(tmp_path / "env" / "bin" / "bpflint")
    assert run(bpflint, "rule", "--all", cwd=tmp_path) == run(
        sys.executable, "-m", "bpflint", "rule", "--all", cwd=ROOT
    )
    command = ("scan", "--exit-zero", "--output-format", "json", "bpf_samples/BPF102-field-offset-mismatch")
    assert run(bpflint, *command, cwd=ROOT) == run(sys.executable, "-m", "bpflint", *command, cwd=ROOT)
    assert "ready" in run(bpflint, "doctor", cwd=tmp_path)
