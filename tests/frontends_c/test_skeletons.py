"""Does user-side C parse although the build has not made its skeleton, and does the stand-in say nothing of its own?"""

from __future__ import annotations

from pathlib import Path

import pytest

from bpflint.api import Job, Settings, Unit
from bpflint.frontends.c.skeletons import declared, is_skeleton, object_names, skeletons
from bpflint.frontends.c.unit import load_unit
from bpflint.model.flow import Assign, Select

BPF = """
#include "vmlinux.h"
#include "event.h"
const volatile pid_t target = 0;
const volatile char comm[TASK_LEN] = {};
struct hist hists[MAX_SLOTS] = {};
static int hidden;
__u64 counts[4] SEC(".bss.hot");
"""
USER = """
#include <bpf/libbpf.h>
#include "event.h"
#include "probe.skel.h"
#define SET(skel, what, to) (skel)->rodata->what = (to)
#define ATTACH(skel, prog) (skel)->links.prog = bpf_program__attach((skel)->progs.prog)
static struct hist zero;
int main(void)
{
    LIBBPF_OPTS(bpf_object_open_opts, opts, .btf_custom_path = "x");
    struct probe_bpf *obj = probe_bpf__open_opts(&opts);
    struct probe_bpf__bss *bss;
    if (!obj)
        return -errno;
    obj->rodata->target = 1;
    SET(obj, pasted, 3);
    __builtin_strncpy(obj->rodata->comm, "x", sizeof(obj->rodata->comm));
    if (probe_bpf__load(obj))
        goto out;
    ATTACH(obj, entry);
    bss = obj->bss;
    zero = bss->hists[1];
    bpf_map__fd(obj->maps.events);
out:
    probe_bpf__destroy(obj);
    return 0;
}
"""
EVENT = "struct hist { unsigned slots[8]; };\n"


def unit_of(tmp_path: Path, files: dict[str, str], root: str = "probe.c", **extra: str) -> Unit:
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return load_unit(Job("c", root, "user", files=tuple(sorted(files)), extra=extra), Settings(root=tmp_path)).units[0]


def test_a_user_of_an_absent_skeleton_parses_without_an_error(tmp_path: Path) -> None:
    unit = unit_of(tmp_path, {"probe.c": USER, "probe.bpf.c": BPF, "event.h": EVENT})
    assert unit.problems == ()
    assert [link.name for link in unit.links if link.kind == "skeleton"] == ["probe"]


def test_the_stand_in_adds_no_record_and_no_file_to_the_unit(tmp_path: Path) -> None:
    unit = unit_of(tmp_path, {"probe.c": USER, "probe.bpf.c": BPF, "event.h": EVENT})
    assert {item.name for item in unit.records} == {"hist"}
    assert unit.includes == ("event.h", "probe.c")


def test_without_the_bpf_source_only_what_needs_its_types_is_lost(tmp_path: Path) -> None:
    unit = unit_of(tmp_path, {"probe.c": USER.replace("zero = bss->hists[1];", ""), "event.h": EVENT})
    assert unit.problems == ()
    written = [op.target for block in unit.functions[0].blocks for op in block.ops if isinstance(op, Assign)]
    assert any(isinstance(item, Select) and item.field == "target" for item in written)


def test_a_skeleton_that_the_build_made_wins(tmp_path: Path) -> None:
    made = "struct probe_bpf { int mine; };\nstruct probe_bpf *probe_bpf__open(void);\n"
    text = '#include "probe.skel.h"\nint main(void) { return probe_bpf__open()->mine; }\n'
    unit = unit_of(tmp_path, {"probe.c": text, "probe.skel.h": made})
    assert unit.problems == ()
    assert "probe.skel.h" in unit.includes


@pytest.mark.parametrize(
    ("header", "user", "want"),
    [
        ("probe.skel.h", "struct probe_bpf *s = probe_bpf__open();", "struct probe_bpf {"),
        ("scx_simple.bpf.skel.h", "struct scx_simple *s; SCX_OPEN(s, scx_simple);", "struct scx_simple {"),
        ("a-b.skel.h", "struct a_b_bpf *s = a_b_bpf__open();", "struct a_b_bpf {"),
        ("probe.skel.h", "struct renamed *s = renamed__open_and_load();", "struct renamed {"),
        ("probe.lskel.h", "struct probe_bpf *s = probe_bpf__open(); s->progs.x.prog_fd;", "struct { int prog_fd; } x;"),
        ("probe.skel.h", "struct probe_bpf *s; s->maps.events;", "struct bpf_map *events;"),
        ("probe_skel.h", "struct probe_bpf *s; s->bss->n;", "long long n;"),
        ("unused.skel.h", "", "struct unused_bpf {"),
    ],
)
def test_names_and_members_come_from_the_user(header: str, user: str, want: str) -> None:
    assert want in skeletons({header: ""}, [user])[header].split("\n")


@pytest.mark.parametrize(
    "user",
    ["struct ksyms *k = ksyms__load();", "struct mine { int x; }; struct mine *m = mine__open();",
     "struct bpf_object *o = bpf_object__open(x);"],
)  # fmt: skip
def test_a_type_of_the_user_or_of_libbpf_is_no_skeleton(user: str) -> None:
    text = skeletons({"probe.skel.h": ""}, [user])["probe.skel.h"]
    assert [line for line in text.split("\n") if line.startswith("struct probe_bpf {")]
    assert not any(f"struct {name} {{" in text for name in ("ksyms", "mine", "bpf_object"))


@pytest.mark.parametrize(
    ("name", "want"),
    [("target", "pid_t target;"), ("comm", "char comm[TASK_LEN];"), ("hists", "struct hist hists[MAX_SLOTS];"),
     ("hidden", "long long hidden;"), ("counts", "__u64 counts[4];"), ("absent", "long long absent;")],
)  # fmt: skip
def test_a_global_is_declared_as_its_bpf_source_declares_it(name: str, want: str) -> None:
    assert declared(name, BPF) == want


def test_which_names_are_skeletons() -> None:
    assert [name for name in ("a.skel.h", "x/a.lskel.h", "a.bpf.skel.h", "a_skel.h", "skeleton.h", "a.h")
            if is_skeleton(name)] == ["a.skel.h", "x/a.lskel.h", "a.bpf.skel.h", "a_skel.h"]  # fmt: skip
    assert object_names("x/a-b.skel.h")[:2] == ("a_b_bpf", "a_b")


@pytest.mark.parametrize("text", ["/*" * 200_000, "a " * 200_000, "a\n" * 200_000, "struct x *" * 50_000])
def test_hostile_text_takes_no_time(text: str) -> None:
    assert "struct probe_bpf {" in skeletons({"probe.skel.h": text}, [text, "s->bss->name"])["probe.skel.h"]
