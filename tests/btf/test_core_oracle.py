"""Is our verdict on each CO-RE relocation libbpf's own? Generated programs against generated and real kernels."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import libbpf_log
from core_programs import pair
from oracles import clang, kernel_btf, section

from bpflint.btf import Btf
from bpflint.kernels.extract import extract_btf
from bpflint.kernels.store import stored

SEEDS = range(12)
KERNEL = """
struct list_head { struct list_head *next; } __attribute__((preserve_access_index));
struct task_struct { int pid; unsigned int __state; char comm[16]; struct task_struct *group_leader;
  struct list_head tasks; unsigned in_execve:1; } __attribute__((preserve_access_index));
struct task_struct___old { long state; } __attribute__((preserve_access_index));
struct task_struct___no { int nothing_of_that_name; } __attribute__((preserve_access_index));
struct sock_common { union { struct { unsigned daddr; unsigned rcv; }; unsigned long pair; }; unsigned short skc_num; };
struct sock { struct sock_common __sk_common; unsigned short sk_type; } __attribute__((preserve_access_index));
struct page_of_no_kernel { int x; } __attribute__((preserve_access_index));
struct file { struct { long dentry; } f_path; } __attribute__((preserve_access_index));
struct bio { struct task_struct bi_next; } __attribute__((preserve_access_index));
enum bpf_map_type { BPF_MAP_TYPE_ARRAY = 99, BPF_MAP_TYPE_RINGBUF = 98, BPF_MAP_TYPE_NEVER = 1 };
typedef unsigned size_t;
typedef int no_such_t;
"""
ASKED = (
    *(f"__builtin_preserve_field_info(((struct task_struct *)p)->{name}, {kind})" for kind in (0, 1, 2)
      for name in ("pid", "__state", "comm", "comm[3]", "in_execve", "group_leader", "tasks.next")),
    *(f"__builtin_preserve_field_info(((struct task_struct *)p)->in_execve, {kind})" for kind in (3, 4, 5)),
    "__builtin_preserve_field_info(((struct task_struct *)p)->comm[20], 2)",
    "(long)((struct task_struct *)p)->pid", "(long)((struct task_struct *)p)->group_leader->group_leader->pid",
    "((struct task_struct___old *)p)->state", "((struct task_struct___no *)p)->nothing_of_that_name",
    "((struct sock *)p)->__sk_common.skc_num", "((struct sock *)p)->sk_type", "((struct page_of_no_kernel *)p)->x",
    "((struct file *)p)->f_path.dentry", "((struct bio *)p)->bi_next.pid",
    *(f"__builtin_preserve_enum_value(*(enum bpf_map_type *){name}, {kind})"
      for name in ("BPF_MAP_TYPE_ARRAY", "BPF_MAP_TYPE_RINGBUF", "BPF_MAP_TYPE_NEVER") for kind in (0, 1)),
    *(f"__builtin_preserve_type_info(*({name} *)0, {kind})" for kind in (0, 1, 2)
      for name in ("struct task_struct", "struct list_head", "struct page_of_no_kernel", "size_t", "no_such_t",
                   "enum bpf_map_type")),
    *(f"__builtin_btf_type_id(*(struct task_struct *)0, {kind})" for kind in (0, 1)),
)  # fmt: skip


def program(declarations: str, asked: tuple[str, ...]) -> str:
    return declarations + "".join(
        f'__attribute__((section("raw_tp/p{number}"), used)) long p{number}(void *p) {{ return {what}; }}\n'
        for number, what in enumerate(asked)
    )


def compiled(source: str, out: Path) -> bytes | None:
    """Return the object, None where clang itself gives up (bitfields beyond their record's alignment)."""
    flags = ("-target", "bpfel", "-O2", "-g", "-mcpu=v3", "-w", "-std=gnu17", "-c", "-x", "c", "-", "-o", str(out))
    done = subprocess.run([clang(), *flags], input=source, text=True, capture_output=True)
    assert done.returncode == 0 or "error in backend" in done.stderr, done.stderr[:2000]
    return out.read_bytes() if done.returncode == 0 else None


def compare(data: bytes, kernel: Path) -> Counter[str]:
    """Compare the whole object and each program alone; return how often each end and outcome was met."""
    libbpf_log.require()
    types = Btf(kernel.read_bytes())
    local, relos = libbpf_log.asked(data)
    met = Counter[str]()
    for only in ("", *dict.fromkeys(item.program for item in relos)):
        said = libbpf_log.lines(data, kernel, only=only)
        theirs = libbpf_log.log(said)
        if not theirs:
            pytest.skip(f"libbpf did not get as far as relocations: {said[-2:]}")
        mine, made = libbpf_log.ours(local, [item for item in relos if only in ("", item.program)], types)
        assert not libbpf_log.differences(theirs, mine)
        met.update(verdict.end.split()[0] for verdict in theirs.values())
        met.update(one.outcome for one in made)
    return met


def test_generated_programs_meet_every_outcome_as_libbpf_says(tmp_path):
    met = Counter[str]()
    for seed in SEEDS:
        source, kernel = pair(seed)
        data, other = compiled(source, tmp_path / "p.o"), compiled(kernel, tmp_path / "k.o")
        if data and other:
            (tmp_path / "k").write_bytes(section(other, ".BTF"))
            met += compare(data, tmp_path / "k")
    assert met["not"] == 0
    for outcome in ("patched", "poisoned", "refused", "resolved", "changed", "missing-type", "missing-field",
                    "missing-value", "incompatible", "ambiguous"):  # fmt: skip
        assert met[outcome] > 5, met


def test_a_program_on_the_running_kernel_is_relocated_as_libbpf_does(tmp_path):
    data = compiled(program(KERNEL, ASKED), tmp_path / "p.o")
    assert data
    (tmp_path / "k").write_bytes(kernel_btf())
    assert compare(data, tmp_path / "k")["patched"] > 40


@pytest.mark.parametrize("name", ["x86_64:5.10", "x86_64:6.1", "x86_64:6.12", "x86_64:7.2", "arm64:6.1"])
def test_a_program_on_a_stored_kernel_is_relocated_as_libbpf_does(name, tmp_path):
    arch, release = name.split(":")
    found = [image for image in stored() if image.arch == arch and image.release.startswith(f"{release}.")]
    if not found:
        pytest.skip(f"the kernel {name} is not stored here: `bpflint kernels fetch {name}`")
    (tmp_path / "k").write_bytes(extract_btf(found[-1].path.read_bytes(), name))
    data = compiled(program(KERNEL, ASKED), tmp_path / "p.o")
    assert data
    assert compare(data, tmp_path / "k")["patched"] > 40
