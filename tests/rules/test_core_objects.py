"""Are objects judged by their own relocations, and sources not told twice?"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from bpflint.testing import scan_sample

SOURCE = """
#define SEC(x) __attribute__((section(x), used))
struct task_struct { unsigned int __state; } __attribute__((preserve_access_index));
char LICENSE[] SEC("license") = "GPL";
SEC("raw_tp/sched_switch") int one(struct task_struct *t)
{
    return t->__state;
}
SEC("raw_tp/sched_wakeup") int two(struct task_struct *t)
{
    return __builtin_preserve_field_info(t->__state, 2) ? t->__state : 0;
}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    clang = next(filter(None, map(shutil.which, ("clang-19", "clang-18", "clang"))), None)
    if clang is None:
        pytest.skip("no clang is installed, so there are no objects to read")
    (tmp_path / "prog.bpf.c").write_text(SOURCE)
    (tmp_path / "bpflint.toml").write_text('min-kernel = "5.10"\nobjects = ["*.o"]\n')
    command = [clang, "-target", "bpfel", "-g", "-O2", "-c", "prog.bpf.c", "-o", "prog.o"]
    subprocess.run(command, check=True, cwd=tmp_path)
    return tmp_path


def told(folder: Path) -> list[tuple[str, int, str]]:
    found = scan_sample(folder).report.findings
    return [(item.span.path, item.span.line, item.message) for item in found if item.code == "BPF505"]


def test_an_object_alone_is_told_with_its_function(project: Path) -> None:
    (project / "prog.bpf.c").unlink()
    ((path, line, message),) = told(project)
    assert (path, line) == ("prog.o", 1)
    assert message.startswith("`struct task_struct.__state` in one() does not exist in Linux 5.10 (arm64, x86_64):")


def test_an_object_beside_its_source_says_nothing_again(project: Path) -> None:
    ((path, line, message),) = told(project)
    assert (path, line) == ("prog.bpf.c", 7)
    assert message.startswith("`struct task_struct.__state` does not exist in Linux 5.10 (arm64, x86_64):")
