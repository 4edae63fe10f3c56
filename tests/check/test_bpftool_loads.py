"""Do guests take and refuse the programs that `bpftool prog load` loads and fails to load there?"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bpflint.check.build import NotBuilt, compiler
from bpflint.check.guest import Guest
from bpflint.check.jobs import Batch, Job
from bpflint.kernels.libraries import closure, machine_of

_HEAD = """\
#define SEC(name) __attribute__((section(name), used))
typedef unsigned int u32;
typedef unsigned long long u64;
struct pair { char a; int b; };
struct { int (*type)[1]; u32 *key; u64 *value; int (*max_entries)[8]; } counts SEC(".maps");
struct { int (*type)[1]; struct pair *key; u64 *value; int (*max_entries)[8]; } pairs SEC(".maps");
static void *(*lookup)(void *map, const void *key) = (void *)1;
static long (*update)(void *map, const void *key, const void *value, u64 flags) = (void *)2;
static u64 (*coarse)(void) = (void *)160;
char _license[] SEC("license") = "GPL";
"""
_PROGRAMS = {
    "takes": 'SEC("xdp") int p(u32 *ctx) { return 2; }',
    "checked": 'SEC("xdp") int p(u32 *ctx) { u32 k = 1; u64 *v = lookup(&counts, &k); return v ? *v & 1 : 0; }',
    "unchecked": 'SEC("xdp") int p(u32 *ctx) { u32 k = 1; return *(u64 *)lookup(&counts, &k); }',
    "past_context": 'SEC("xdp") int p(u32 *ctx) { return ctx[400]; }',
    "past_packet": 'SEC("xdp") int p(u32 *ctx) { return *(int *)(long)ctx[0]; }',
    "unset_hole": 'SEC("socket") int p(void *c) { struct pair k; k.a = 1; k.b = 2; u64 v = 3;'
    " return update(&pairs, &k, &v, 0); }",
    "newer_helper": 'SEC("socket") int p(void *c) { return coarse() & 1; }',
    "endless": 'SEC("xdp") int p(u32 *ctx) { volatile u32 n = 0; for (;;) n++; return n; }',
    "wrong_return": 'SEC("cgroup_skb/egress") int p(void *ctx) { return 77; }',
}  # fmt: skip
_LOAD = """
import os, subprocess, sys
done = subprocess.run([sys.argv[1], "prog", "load", sys.argv[2], "/sys/fs/bpf/p"], stdin=subprocess.DEVNULL)
if done.returncode == 0:
    os.unlink("/sys/fs/bpf/p")
sys.exit(done.returncode)
"""


@pytest.fixture
def objects(tmp_path: Path) -> dict[str, bytes]:
    """Compile each program into an object of its own."""
    found = {}
    for name, text in _PROGRAMS.items():
        source, out = tmp_path / f"{name}.c", tmp_path / f"{name}.o"
        source.write_text(_HEAD + text + "\n", encoding="utf-8")
        try:
            command = [*compiler(), "-target", "bpfel", "-O2", "-g", "-w", "-c", str(source), "-o", str(out)]
        except NotBuilt as error:
            pytest.skip(str(error))
        subprocess.run(command, check=True)
        found[out.name] = out.read_bytes()
    return found


@pytest.mark.parametrize(("name", "taken"), [
    ("x86_64:5.10", {"takes", "checked"}),
    ("x86_64:6.12", {"takes", "checked", "unset_hole", "newer_helper"}),
    ("x86_64:7.2", {"takes", "checked", "unset_hole", "newer_helper"}),
])  # fmt: skip
def test_a_guest_takes_what_bpftool_loads(
    boots: Callable[[str], Guest], bpftool: Path, objects: dict[str, bytes], name: str, taken: set[str]
) -> None:
    guest = boots(name)
    if machine_of(bpftool.read_bytes()) != guest.image.arch:
        pytest.skip("the bpftool of this machine does not run in that guest")
    ours = tuple(Job("load", {"object": item, "program": "p"}, 60.0) for item in objects)
    run = ["/usr/bin/python3.11", "-S", "-c", _LOAD, str(bpftool)]
    theirs = tuple(Job("command", {"argv": [*run, f"/jobs/{item}"], "rounds": 1}, 60.0) for item in objects)
    root = {str(path).lstrip("/"): data for path, data in closure([bpftool]).items()}
    answers = guest.run(Batch((*ours, *theirs), objects, root)).answers
    said = {Path(item).stem for item, answer in zip(objects, answers, strict=False) if answer["errno"] == ""}
    loaded = {
        Path(item).stem for item, answer in zip(objects, answers[len(ours) :], strict=True) if answer["exit"] == [0]
    }
    assert said == loaded == taken
