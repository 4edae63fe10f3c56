"""Which files are read again after an edit? Those that see it, and no other."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import FILES, Project

ROOT = Path(__file__).resolve().parents[2]


def test_the_first_run_reads_everything_and_the_second_nothing(project: Project) -> None:
    project.scan()
    assert project.analysed() == ["bpf/other.bpf.c", "bpf/probe.bpf.c", "cmd/main.go", "reader.py", "user/starter.c"]
    project.scan()
    assert project.results == []


def test_an_edited_header_is_read_by_those_that_include_it(project: Project) -> None:
    project.scan()
    project.write("shared/limits.h", "#define MOST 5\n")
    project.scan()
    assert project.analysed() == ["bpf/other.bpf.c"]


def test_an_edited_program_is_read_with_those_that_load_its_skeleton(project: Project) -> None:
    project.scan()
    project.write("bpf/probe.bpf.c", FILES["bpf/probe.bpf.c"].replace("+= 1", "+= 2"))
    project.scan()
    assert project.analysed() == ["bpf/probe.bpf.c", "user/starter.c"]


def test_what_is_only_touched_is_not_read_again(project: Project) -> None:
    first = project.scan()
    for name in FILES:
        os.utime(project.root / name)
    assert project.scan() == first
    assert project.results == []


def test_a_file_beside_the_sources_costs_no_reading(project: Project) -> None:
    first = project.scan()
    project.write("notes.txt", "nothing\n")
    assert project.scan() == first
    assert project.analysed() == []


def test_another_command_line_takes_the_units(project: Project) -> None:
    project.scan()
    project.scan("--output-format", "json")
    assert len(project.results) == 1
    assert project.analysed() == []


def test_time_tells_what_was_read_and_is_not_replayed(project: Project, capfd: object) -> None:
    project.scan("--time")
    project.scan("--time")
    assert len(project.results) == 1
    assert project.results[0].harvest.known == len(FILES) - 4


def test_a_file_that_was_written_at_this_moment_is_not_trusted_by_its_time(project: Project) -> None:
    project.scan()
    sys.argv = ["bpflint", "scan"]
    project.write("shared/limits.h", "#define MOST 7\n")
    from bpflint import __main__

    __main__.main()
    project.write("shared/limits.h", "#define MOST 0\n")
    assert project.scan() == project.fresh()


def test_the_hot_path_imports_nothing(project: Project) -> None:
    project.scan()
    listing = (
        "import sys, os; before = set(sys.modules); sys.argv = ['bpflint', *{args!r}]\n"
        "from bpflint.__main__ import main\ncode = main()\n"
        "print(sorted(set(sys.modules) - before), file=sys.stderr)"
    )
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'rules'}"}
    for args in (["scan", "."], ["--version"]):
        command = [sys.executable, "-c", listing.format(args=args)]
        first = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
        for _ in range(3):  # another process may have changed the checkout, whose folder is on Python's path
            done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
            assert done.stdout == first.stdout
            if done.stderr.strip() == "['bpflint', 'bpflint.__main__', 'bpflint._hot']":
                break
        else:
            pytest.fail(f"{args}: {done.stderr}")


def test_a_hook_whose_files_cannot_matter_loads_no_engine() -> None:
    listing = (
        "import sys; sys.argv = ['bpflint', 'hook', 'README.md', 'setup.cfg']\n"
        "from bpflint.__main__ import main\nassert main() == 0\n"
        "print([name for name in sys.modules if name in ('bpflint.api', 'bpflint.model.layout', 'clang')])"
    )
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'rules'}"}
    done = subprocess.run([sys.executable, "-c", listing], env=env, capture_output=True, text=True, timeout=60)
    assert done.stdout == "[]\n"


def test_a_hook_is_replayed(project: Project) -> None:
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'rules'}"}
    command = [sys.executable, "-m", "bpflint", "hook", "bpf/probe.bpf.c"]
    time.sleep(0.1)  # files that were written just now are not trusted by their time
    first = subprocess.run(command, cwd=project.root, env=env, capture_output=True, text=True, timeout=60)
    again = subprocess.run([*command[:1], "-X", "importtime", *command[1:]], cwd=project.root, env=env,
                           capture_output=True, text=True, timeout=60)  # fmt: skip
    assert (again.returncode, again.stdout) == (first.returncode, first.stdout)
    assert "bpflint.api" not in again.stderr
    assert "bpflint._hot" in again.stderr


def test_other_kernel_types_are_another_footing(project: Project) -> None:
    project.write("types.btf", "one\n")
    project.write("bpflint.toml", FILES["bpflint.toml"] + 'vmlinux-btf = "types.btf"\n')
    project.scan()
    project.write("types.btf", "two\n")
    project.scan()
    assert len(project.analysed()) == 5


TASK = """\
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
SEC("kprobe/do_exit") int ended(struct pt_regs *ctx) {
    struct task_struct *task = (struct task_struct *)bpf_get_current_task_btf();
    return task->exit_code;
}
char LICENSE[] SEC("license") = "GPL";
"""


def headers_of(project: Project) -> tuple[int, int]:
    """(whole, parts): the vmlinux.h in the cache."""
    found = list(project.cache.rglob("vmlinux.h"))
    parts = [path for path in found if path.parent.name.startswith("part-")]
    return len(found) - len(parts), len(parts)


def test_a_word_that_the_header_was_not_made_for_is_looked_up_in_all_types(project: Project) -> None:
    project.write("bpf/task.bpf.c", TASK)
    project.scan()
    assert headers_of(project) == (0, 1)
    new = TASK.replace("task->exit_code", "((struct super_block *)ctx)->s_maxbytes")
    project.write("bpf/task.bpf.c", new)
    found = project.scan()
    assert found == project.fresh()
    assert "BPF002" not in found[1]
    assert headers_of(project) == (1, 1)
    project.write("bpf/task.bpf.c", new.replace("s_maxbytes", "no_such_member"))
    again = project.scan()
    assert again == project.fresh()
    assert "no_such_member" in again[1]


def test_a_program_that_does_not_parse_for_other_reasons_needs_no_more_types(project: Project) -> None:
    project.write("bpf/task.bpf.c", TASK.replace("exit_code", "no_such_member"))
    assert "no_such_member" in project.scan()[1]
    assert headers_of(project) == (0, 1)
    project.write("bpf/task.bpf.c", TASK.replace("return task", "int a ## b = 0; return task"))
    project.scan()
    assert headers_of(project) == (1, 1)  # a word that is pasted together stands nowhere


RULE = """
from bpflint.api import Rule, RuleMeta, Severity
class Records(Rule):
    meta = RuleMeta(code="ACM001", name="acme-record", summary="s", severity=Severity.WARNING)
    def check_record(self, record, unit, ctx):
        yield self.finding(record.span, "{said}", subject=record.name)
"""


def test_a_plugin_that_is_installed_again_is_heard(project: Project, tmp_path: Path) -> None:
    site = tmp_path / "site-packages"
    info = site / "acme-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[bpflint.rules]\nx = acme_rules\n")
    (site / "acme_rules").mkdir()
    (site / "acme_rules" / "__init__.py").write_text('"""A package."""\n')
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'rules'}:{site}"}
    command = [sys.executable, "-m", "bpflint", "scan", "--select", "ACM", "--output-format", "concise"]
    for said in ("first", "second"):
        (site / "acme_rules" / "rule.py").write_text(RULE.format(said=said))
        for _ in range(2):
            time.sleep(0.06)
            done = subprocess.run(command, cwd=project.root, env=env, capture_output=True, text=True, timeout=60)
            assert f"warning: {said} [ACM001]" in done.stdout, done.stderr
