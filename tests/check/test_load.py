"""Does the host say of each program of an object what it says of it alone? Compiled here, loaded by the agent."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from bpflint.check.build import NotBuilt, compiler, cpu_of
from bpflint.check.host import Host
from bpflint.check.jobs import Batch, Facts, Job

_SOURCE = """\
#define SEC(name) __attribute__((section(name), used))
typedef unsigned int u32;
typedef unsigned long long u64;
struct { int (*type)[1]; u32 *key; u64 *value; } sized_by_its_loader SEC(".maps");
struct { int (*type)[7]; int (*key_size)[4]; } stacks SEC(".maps");
struct { int (*type)[1]; u32 *key; char (*value)[4096]; int (*max_entries)[1 << 22]; } huge SEC(".maps");
static void *(*lookup)(void *map, const void *key) = (void *)1;

SEC("socket") int one(void *ctx) {
    u32 key = 1;
    return lookup(&sized_by_its_loader, &key) ? 1 : 0;
}
SEC("socket") int refused_first(void *ctx) {
    u32 key = 2;
    return *(u64 *)lookup(&sized_by_its_loader, &key);
}
SEC("socket") int two(void *ctx) {
    u32 key = 3;
    return lookup(&huge, &key) ? 1 : 0;
}
SEC("xdp") int refused_second(u32 *ctx) {
    return ctx[400];
}
SEC("xdp") int three(void *ctx) {
    return 2;
}
char _license[] SEC("license") = "GPL";
"""
_NAMES = ("one", "refused_first", "two", "refused_second", "three")


@pytest.fixture
def built(tmp_path: Path) -> bytes:
    """Compile five programs of which kernels refuse two, and maps that cannot be created as they stand."""
    (tmp_path / "unit.c").write_text(_SOURCE, encoding="utf-8")
    try:
        command = [*compiler(), "-target", "bpfel", "-O2", "-g", "-c", "unit.c", "-o", "unit.o"]
    except NotBuilt as error:
        pytest.skip(str(error))
    subprocess.run(command, cwd=tmp_path, check=True)
    return (tmp_path / "unit.o").read_bytes()


def _loads(data: bytes, names: tuple[str, ...], *, alone: bool) -> tuple[Facts, ...]:
    jobs = tuple(Job("load", {"object": "0.o", "program": name}, 60.0) for name in names)
    return Host().run(Batch(jobs, {"0.o": data}, alone=alone)).answers


def _said(answer: Facts) -> tuple[object, ...]:
    log = re.sub(r"0x[0-9a-f]{12,}", "ADDRESS", str(answer.get("log", "")))
    kept = [line for line in log.splitlines() if not line.startswith("verification time")]
    return answer.get("errno"), answer.get("why"), kept


def test_together_says_of_each_program_what_alone_says(host: None, built: bytes) -> None:
    together, alone = _loads(built, _NAMES, alone=False), _loads(built, _NAMES, alone=True)
    assert [_said(item) for item in together] == [_said(item) for item in alone]
    assert [bool(item["errno"]) for item in together] == [name.startswith("refused") for name in _NAMES]
    assert "invalid mem access" in together[1]["log"]
    assert all("processed " in item["log"] for item in together)


def test_a_program_that_the_object_lacks_takes_no_other_with_it(host: None, built: bytes) -> None:
    answers = _loads(built, ("one", "absent", "two"), alone=False)
    assert [item.get("errno") for item in answers] == ["", None, ""]
    assert answers[1]["why"] == "object-unreadable: it has no program absent"


def test_no_address_stands_in_what_is_said(host: None, built: bytes) -> None:
    first, second = (_loads(built, ("refused_first",), alone=False)[0]["said"] for _ in range(2))
    assert first == second
    assert "libbpf: failed to load object 'object'" in first


@pytest.mark.parametrize(
    ("text", "cpu"),
    [("\t$(CLANG) -target bpf -mcpu=v2 -c $<\n\t$(CLANG) -mcpu=v3\n", "v2"), ("all:\n", ""), ("-mcpu=$(CPU)\n", "")],
)
def test_the_nearest_build_file_names_the_instruction_set(tmp_path: Path, text: str, cpu: str) -> None:
    (tmp_path / "bpf" / "src").mkdir(parents=True)
    (tmp_path / "bpf" / "Makefile").write_text(text, encoding="utf-8")
    assert cpu_of(tmp_path, "bpf/src/a.bpf.c") == cpu
    (tmp_path / "bpf" / "src" / "Makefile").write_text("-mcpu=v4\n", encoding="utf-8")
    assert cpu_of(tmp_path, "bpf/src/a.bpf.c") == "v4"
    assert cpu_of(tmp_path / "bpf" / "src", "a.bpf.c") == "v4"
