"""Do kernels confirm the bad samples of every rule that states a claim, and none of the good ones?

One run of the command over all samples, on the host and on what boots here.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bpflint.check.qemu import MACHINES
from bpflint.kernels import guest, store
from bpflint.model.errors import BpflintError
from support.bpf import require

SAMPLES = Path(__file__).resolve().parents[2] / "bpf_samples"
PROVED = (
    "BPF101", "BPF102", "BPF103", "BPF104", "BPF105", "BPF106", "BPF109", "BPF111", "BPF112", "BPF113", "BPF201",
    "BPF202", "BPF203", "BPF204", "BPF205", "BPF401", "BPF504", "BPF601", "BPF701", "BPF702", "BPF704", "BPF710",
)  # fmt: skip
"""Rules whose samples are confirmed by every little-endian kernel; both sides of 206 and 703 need their own folder."""
GUESTS = ("x86_64:5.10", "x86_64:6.12")

pytestmark = pytest.mark.skipif(shutil.which("clang-19") is None, reason="clang is not installed: nothing to load")


@pytest.fixture(scope="module")
def report() -> Mapping[str, Any]:
    require()
    kernels = ["host", *(name for name in GUESTS if _boots(name))]
    command = [sys.executable, "-m", "bpflint", "check", str(SAMPLES), "--isolated", "--output-format", "json"]
    command += ["--exit-zero", "--select", ",".join(PROVED), *(word for name in kernels for word in ("--kernel", name))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: Mapping[str, Any] = json.loads(done.stdout)
    return found


def _boots(name: str) -> bool:
    try:
        image = store.find(name)
        guest.base(image.arch, (), Path("/nonexistent"))
    except BpflintError:
        return False
    return shutil.which(MACHINES[image.arch].program) is not None


@pytest.mark.parametrize("code", PROVED)
def test_a_rule_is_confirmed_on_every_kernel(report: Mapping[str, Any], code: str) -> None:
    states: dict[str, set[str]] = defaultdict(set)
    for finding in report["findings"]:
        if finding["code"] == code and "/bad" in finding["path"] and finding["verdict"]:
            for run in finding["verdict"]["runs"]:
                states[run["kernel"]].add(run["state"])
    assert states
    assert {kernel for kernel, seen in states.items() if "confirmed" not in seen} == set()
    assert {kernel for kernel, seen in states.items() if "refuted" in seen} == set()


def test_nothing_of_a_good_sample_is_confirmed(report: Mapping[str, Any]) -> None:
    wrong = [item for item in report["findings"] if "/good" in item["path"] and item["verdict"]
             and item["verdict"]["state"] in ("confirmed", "mixed")]  # fmt: skip
    assert wrong == []


def test_every_kernel_that_was_asked_for_answered(report: Mapping[str, Any]) -> None:
    assert [item for item in report["problems"] if item["code"] == "BPF009" and item["severity"] != "info"] == []
