"""Does a run from the cache say what a run from nothing says, whatever happened in between?"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bpflint.kernels.availability import availability_of, keep
from bpflint.kernels.catalogue import named_kernel

from .conftest import EVENT, FILES, Project

SAMPLES = Path(__file__).resolve().parents[2] / "bpf_samples"

Edit = Callable[[Project, random.Random], None]


def edit_header(project: Project, chance: random.Random) -> None:
    fields = ["__u32 pid;", "__u64 at;", "__u16 kind;", "char name[8];"]
    chance.shuffle(fields)
    project.write("second/event.h", f"struct event {{ {' '.join(fields[: chance.randint(2, 4)])} }};\n")


def edit_program(project: Project, chance: random.Random) -> None:
    text = FILES["bpf/probe.bpf.c"]
    guarded = text.replace("*count += 1;", "if (count) __sync_fetch_and_add(count, 1);")
    moved = text.replace("SEC(\"trace", "\n\nSEC(\"trace")
    project.write("bpf/probe.bpf.c", chance.choice([text, guarded, moved]))


def edit_other(project: Project, chance: random.Random) -> None:
    project.write("shared/limits.h", f"#define MOST {chance.choice([0, 1, 4])}\n")


def edit_user(project: Project, chance: random.Random) -> None:
    text = FILES["reader.py"]
    project.write("reader.py", chance.choice([text, "import ctypes  # bpf\n", text.replace("c_uint64", "c_uint16")]))


def edit_go(project: Project, chance: random.Random) -> None:
    text = FILES["cmd/main.go"]
    project.write("cmd/main.go", chance.choice([text, text.replace("At uint64; ", ""), text.replace("Pid", "Who")]))


def shadow(project: Project, chance: random.Random) -> None:
    """A header in an earlier folder, or beside the program."""
    place = chance.choice(["first/event.h", "bpf/event.h", "bpf/shared/limits.h", "first/bpf/bpf_helpers.h"])
    if (project.root / place).exists():
        (project.root / place).unlink()
    elif place.endswith("event.h"):
        project.write(place, "struct event { __u64 at; __u32 pid; __u32 more; };\n")
    elif place.endswith("limits.h"):
        project.write(place, "#define MOST 0\n")
    else:
        project.write(place, "#define SEC(x)\n#define __uint(a, b) int *a\n#define __type(a, b) b *a\n")


def touch(project: Project, chance: random.Random) -> None:
    files = [path for path in project.root.rglob("*") if path.is_file()]
    os.utime(chance.choice(files))


def delete_or_restore(project: Project, chance: random.Random) -> None:
    name = chance.choice(sorted(FILES))
    if (project.root / name).exists():
        (project.root / name).unlink()
    else:
        project.write(name, FILES[name])


def rename(project: Project, chance: random.Random) -> None:
    old, new = project.root / "bpf/other.bpf.c", project.root / "bpf/renamed.bpf.c"
    if old.exists():
        old.rename(new)
    elif new.exists():
        new.rename(old)


def configure(project: Project, chance: random.Random) -> None:
    folders = ["first", "second", "."]
    chance.shuffle(folders)
    more = chance.choice(["", 'ignore = ["BPF601"]\n', 'targets = ["i386"]\n', 'exclude = ["reader.py"]\n'])
    project.write("bpflint.toml", f"include-dirs = {folders}\n{more}".replace("'", '"'))


def suppress(project: Project, chance: random.Random) -> None:
    """A comment in a program, or in a header that several files include."""
    text = FILES["bpf/probe.bpf.c"]
    line = "    *count += 1;"
    known = text.replace(line, f"    // bpflint: ignore[BPF601] {chance.choice('xyz')}\n{line}")
    project.write("bpf/probe.bpf.c", chance.choice([known, text]))
    project.write("shared/limits.h", chance.choice(["// bpflint: ignore-file\n", ""]) + "#define MOST 0\n")


def edit_starter(project: Project, chance: random.Random) -> None:
    text = FILES["user/starter.c"]
    closed = text.replace("    return 0;\n}\n\nint", "    return 0;\n}\nint").replace(
        "poll(rb, 100);", "poll(rb, 100);\n    ring_buffer__free(rb);"
    )  # fmt: skip
    project.write("user/starter.c", chance.choice([text, closed, text.replace("%u", "%d")]))


def ignore(project: Project, chance: random.Random) -> None:
    project.write(".gitignore", chance.choice(["", "reader.py\n", "second/\n", "cmd/\n"]))


EDITS: tuple[Edit, ...] = (
    edit_header, edit_program, suppress, edit_starter, edit_other, edit_user, edit_go, shadow, shadow, touch,
    delete_or_restore, rename, configure, ignore,
)  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_after_any_edits_a_cached_run_equals_one_from_nothing(project: Project, seed: int) -> None:
    chance = random.Random(seed)
    project.scan()
    for step in range(12):
        edits = [chance.choice(EDITS) for _ in range(chance.randint(1, 2))]
        for edit in edits:
            edit(project, chance)
        told = f"seed {seed}, step {step}: {[edit.__name__ for edit in edits]}"
        assert project.scan() == project.fresh(), told
        assert project.scan() == project.fresh(), f"{told}, again"


def test_every_format_is_replayed_as_it_was(project: Project) -> None:
    for form in ("full", "json", "sarif", "concise"):
        first = project.scan("--output-format", form)
        assert project.scan("--output-format", form) == first
        assert project.results == []
        assert project.fresh("--output-format", form) == first


def test_a_header_that_appears_before_the_other_is_noticed(project: Project) -> None:
    project.scan()
    project.write("first/event.h", "struct event { __u64 at; __u32 pid; };\n")
    assert project.scan() == project.fresh()
    project.scan()
    project.write("bpf/event.h", EVENT)
    before = project.scan()
    assert set(project.analysed()) == {"bpf/probe.bpf.c", "user/starter.c"}  # which is written from it
    assert before == project.fresh()


def test_a_struct_that_user_space_loses_changes_the_programs_findings(project: Project) -> None:
    _, with_it = project.scan()
    assert "BPF104" in with_it or "BPF101" in with_it or "BPF102" in with_it
    project.write("reader.py", "import ctypes  # bpf\n")
    project.write("cmd/main.go", "package main\n")
    _, without = project.scan()
    assert without != with_it
    assert (0, without) == (0, project.fresh()[1])


def test_what_a_user_measured_of_a_kernel_is_asked_again(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BPFLINT_DATA_DIR", str(tmp_path / "data"))
    project.write("bpflint.toml", FILES["bpflint.toml"] + 'targets = ["x86_64:5.10"]\n')
    loop = "bpf_ktime_get_tai_ns();\n    return 0;\n}"
    project.write("bpf/probe.bpf.c", FILES["bpf/probe.bpf.c"].replace("return 0;\n}", loop))
    first = project.scan("--select", "BPF501")
    assert "`bpf_ktime_get_tai_ns()` is not available to `probe` in Linux 5.10 (x86_64)" in first[1]
    old, new = (availability_of(named_kernel(f"x86_64:{release}")) for release in ("5.10", "6.18"))
    assert old is not None
    assert new is not None
    keep(replace(new, kernel=old.kernel))
    again = project.scan("--select", "BPF501")
    assert again == project.fresh("--select", "BPF501")
    assert "BPF501" not in again[1]


@pytest.mark.parametrize("code", ["BPF311", "BPF501", "BPF505", "BPF506", "BPF508"])
def test_all_that_rules_gather_of_their_samples_is_kept(project: Project, code: str) -> None:
    (folder,) = SAMPLES.glob(f"{code}-*")
    shutil.rmtree(project.root)
    shutil.copytree(folder / "bad", project.root)
    os.chdir(project.root)
    first = project.scan()
    assert code in first[1]
    project.scan("--output-format", "json")
    gathered = project.results[-1].harvest.gathered
    assert gathered
    assert all(item for item in gathered)
    assert all(item.packed() is None for item in gathered)
    assert project.scan("-v") == project.fresh("-v")
