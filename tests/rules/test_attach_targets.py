"""Is an attach target that came or went between 5.10 and 7.x judged rightly for every kernel of the pack?

The releases were read from the raw BTF of the packages that the pack is made of.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bpflint import facts
from bpflint.api import Codec, Context, Kernel, MapDef, Program, Project, RecordDecl, Settings, Span, Unit
from bpflint.kernels.catalogue import Catalogue
from bpflint.kernels.pack import shipped
from bpflint.testing import scan_sample
from bpflint_rules._targets import Choices, lacks_target, missing_on, target_of

ALL = ("x86_64", "arm64", "s390x")
BIG = ("x86_64", "arm64")
"""The pack's s390x kernels have neither LSM hooks for BPF nor the tracepoint of NUMA balancing."""

TARGETS = [
    # section, first and last release of the pack that has it, architectures
    ("fentry/filemap_add_folio", "6.1", "7.3", ALL),  # page cache functions take folios
    ("fentry/folio_mark_accessed", "6.1", "7.3", ALL),
    ("fentry/account_page_dirtied", "5.10", "5.10", ALL),  # folio_account_dirtied() since
    ("fentry/tcp_sendpage", "5.10", "6.1", ALL),  # sendmsg() with MSG_SPLICE_PAGES since
    ("kprobe/udp_sendpage", "5.10", "6.1", ALL),
    ("kprobe/blk_cleanup_queue", "5.10", "5.10", ALL),
    ("kprobe/kfree_skb", "5.10", "5.10", ALL),  # an inline function around kfree_skb_reason() since
    ("kprobe/vfs_read", "5.10", "7.3", ALL),
    ("tp_btf/writeback_dirty_folio", "6.1", "7.3", ALL),
    ("tracepoint/writeback/writeback_dirty_page", "5.10", "5.10", ALL),
    ("raw_tp/block_io_start", "6.12", "7.3", ALL),
    ("tracepoint/kmem/kmem_cache_alloc_node", "5.10", "5.10", ALL),  # folded into kmem_cache_alloc
    ("tracepoint/tcp/tcp_ao_handshake_failure", "6.12", "7.3", ALL),
    ("raw_tp/mmap_lock_start_locking", "6.1", "7.3", ALL),
    ("tracepoint/qdisc/qdisc_enqueue", "6.1", "7.3", ALL),
    ("tp_btf/sched_skip_vma_numa", "6.12", "7.3", BIG),
    ("tp_btf/sched_switch", "5.10", "7.3", ALL),
    ("lsm/userns_create", "6.1", "7.3", BIG),
    ("lsm/uring_cmd", "6.1", "7.3", BIG),
    ("lsm/bpf_token_create", "6.12", "7.3", BIG),
    ("lsm/task_getsecid", "5.10", "5.10", BIG),  # one hook for the subject, one for the object since
    ("lsm/current_getsecid_subj", "6.1", "6.12", BIG),
    ("lsm/file_open", "5.10", "7.3", BIG),
    ("iter/task_vma", "6.1", "7.3", ALL),
    ("iter/ksym", "6.1", "7.3", ALL),
    ("iter/cgroup", "6.1", "7.3", ALL),
    ("iter/kmem_cache", "6.18", "7.3", ALL),
]


@pytest.fixture(scope="module")
def ctx() -> Context:
    return Context(Settings(root=Path(), targets=ALL), Project(()), kernels=Catalogue())


def has(kernel: Kernel, first: str, last: str, arches: tuple[str, ...]) -> bool:
    return kernel.arch in arches and facts.release(first) <= facts.release(kernel.release) <= facts.release(last)


@pytest.mark.parametrize(("section", "first", "last", "arches"), TARGETS)
def test_every_kernel_is_judged_by_what_it_has(ctx, section, first, last, arches) -> None:
    target = target_of(Program("program", section, Span("a.bpf.c", 1)))
    assert target is not None
    expected = {str(kernel) for kernel in shipped().kernels if not has(kernel, first, last, arches)}
    found = {str(kernel) for kernel in shipped().kernels if ctx.catalogue.has_function(kernel, target.symbol) is False}
    assert found == expected
    told = {str(kernel) for kernel in missing_on(target, ctx)}
    assert told <= expected
    assert {name for name in expected if not name.startswith("s390x")} <= told


def test_a_kprobe_that_the_build_decides_about_is_told_of_none(ctx: Context) -> None:
    target = target_of(Program("program", "kprobe/virtqueue_add_sgs", Span("a.bpf.c", 1)))
    assert target is not None
    assert not missing_on(target, ctx)


@pytest.mark.parametrize(
    "section",
    ["fentry/no_such_function", "tracepoint/xfs/xfs_alloc_read_agf", "lsm/no_such_hook"],
)
def test_what_no_kernel_has_is_told_of_none(ctx: Context, section: str) -> None:
    target = target_of(Program("program", section, Span("a.bpf.c", 1)))
    assert target is not None
    assert missing_on(target, ctx) == frozenset()


@pytest.mark.parametrize(
    "section",
    ["xdp", "fentry", "kprobe.multi/tcp_*", "tracepoint/syscalls/sys_enter_openat", "kprobe/__x64_sys_openat",
     "uprobe//bin/bash:readline", "?fentry/vfs_read", "kprobe/vfs_read+0x10", "tp/sched_switch", "fentry/a/b"],
)  # fmt: skip
def test_sections_that_say_nothing(section: str) -> None:
    assert target_of(Program("program", section, Span("a.bpf.c", 1))) is None


def test_a_function_that_one_release_left_out_of_its_btf_cannot_be_told_for_a_kprobe(ctx: Context) -> None:
    target = target_of(Program("program", "kprobe/finish_task_switch", Span("a.bpf.c", 1)))
    assert target is not None
    assert ctx.catalogue.has_function(Kernel("x86_64", "6.1.192"), "finish_task_switch") is False
    assert missing_on(target, ctx) == frozenset()


def test_programs_of_operations_that_a_kernel_lacks_do_not_come_there(ctx: Context) -> None:
    operations = RecordDecl("sched_ext_ops", "struct", (), "c", Codec.C)
    span = Span("a.bpf.c", 1)
    unit = Unit("a.bpf.c", "c", "bpf", maps=(MapDef("ops", ".struct_ops.link", span, "global", value=operations),))
    program = Program("enable", "struct_ops/enable", span)
    lacking = {str(kernel) for kernel in shipped().kernels if lacks_target(program, unit, kernel, ctx)}
    old = {str(kernel) for kernel in shipped().kernels if facts.release(kernel.release) < (6, 18)}
    assert lacking == old | {"s390x:7.2.13"}


@pytest.mark.parametrize(
    ("statement", "left"),
    [
        ("bpf_program__set_autoload(skel->progs.one, false);", {"one"}),
        ("bpf_program__set_autoload(prog, false);", {"one", "two"}),
        ("bpf_program__set_attach_target(skel->progs.two, 0, name);", {"two"}),
        ("bpf_program__attach(skel->progs.two);", set()),
    ],
)
def test_what_a_loader_chooses_is_left_to_it(tmp_path: Path, statement: str, left: set[str]) -> None:
    bpf = '#include <linux/bpf.h>\n#include <bpf/bpf_helpers.h>\n' + "".join(
        f'SEC("fentry/{name}") int {name}(void *ctx) {{ return 0; }}\n' for name in ("one", "two")
    )
    user = '#include <bpf/libbpf.h>\n#include "a.skel.h"\nint main(int argc, char **argv)\n{\n' + (
        f"struct a_bpf *skel = a_bpf__open(); struct bpf_program *prog = 0; char *name = argv[1];\n{statement}\n}}\n"
    )
    (tmp_path / "a.bpf.c").write_text(bpf)
    (tmp_path / "a.c").write_text(user)
    found = scan_sample(tmp_path)
    choices = Choices(found.context)
    (unit,) = found.project.bpf_units()
    assert {item.name for item in unit.programs if choices.left(item, unit)} == left
