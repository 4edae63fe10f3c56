"""What does the C front end see in one file? Maps, programs, uses and bodies of small programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpflint.api import (
    Job,
    MapDef,
    Name,
    Pointer,
    RecordDecl,
    Scalar,
    Select,
    Settings,
    Unit,
    Use,
    expressions,
    operations,
)
from bpflint.frontends.c.unit import load_unit
from bpflint.model.errors import FrontEndError
from bpflint.model.flow import Call, Update

HEAD = "#include <linux/bpf.h>\n#include <bpf/bpf_helpers.h>\n"


def unit_of(tmp_path: Path, text: str, mode: str = "bpf", **files: str) -> Unit:
    for name, content in files.items():
        (tmp_path / name.replace("__", ".")).write_text(content)
    (tmp_path / "p.bpf.c").write_text(text)
    names = tuple(sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()))
    return load_unit(Job("c", "p.bpf.c", mode, files=names), Settings(root=tmp_path)).units[0]


def map_of(unit: Unit, name: str) -> MapDef:
    return next(item for item in unit.maps if item.name == name)


def uses_of(unit: Unit, name: str) -> list[tuple[str, str, str]]:
    return [(use.role, use.op, _spelled(use)) for use in unit.uses if use.map == name]


def _spelled(use: Use) -> str:
    match use.type:
        case Scalar() | RecordDecl():
            return use.type.name
        case other:
            return type(other).__name__


BTF_MAP = """
struct value { __u32 packets; __u64 bytes; };
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 1 << 10);
    __type(key, __be32);
    __type(value, struct value);
    __uint(map_flags, BPF_F_NO_PREALLOC);
} flows SEC(".maps");
"""


def test_a_btf_map_has_its_type_sizes_flags_and_the_names_of_its_types(tmp_path: Path) -> None:
    found = map_of(unit_of(tmp_path, HEAD + BTF_MAP), "flows")
    assert (found.kind, found.key_size, found.value_size, found.max_entries) == ("lru_hash", 4, 16, 1024)
    assert found.flags == 1
    assert isinstance(found.key, Scalar)
    assert found.key.names[:2] == ("__be32", "__u32")
    assert isinstance(found.value, RecordDecl)
    assert found.value.name == "value"
    assert found.span.line == 11


def test_a_map_in_a_map_has_its_inner_definition(tmp_path: Path) -> None:
    text = (
        HEAD
        + """
struct inner { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 4); __type(key, __u32); __type(value, __u64); };
struct {
    __uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
    __uint(max_entries, 8);
    __type(key, __u32);
    __array(values, struct inner);
} outer SEC(".maps");
"""
    )
    inner = map_of(unit_of(tmp_path, text), "outer").inner
    assert inner is not None
    assert (inner.kind, inner.key_size, inner.value_size) == ("array", 4, 8)


def test_a_legacy_map_takes_its_types_from_sizeof(tmp_path: Path) -> None:
    text = (
        HEAD
        + """
struct my_map_def { unsigned int type, key_size, value_size, max_entries, map_flags; };
struct value { __u64 a; __u8 b; };
struct my_map_def SEC("maps") stats = {
    .type = BPF_MAP_TYPE_PERCPU_HASH, .key_size = sizeof(__u16), .value_size = sizeof(struct value), .max_entries = 7,
};
struct my_map_def SEC("maps") plain = { BPF_MAP_TYPE_ARRAY, 4, 8, 2 };
"""
    )
    unit = unit_of(tmp_path, text)
    stats, plain = map_of(unit, "stats"), map_of(unit, "plain")
    assert (stats.kind, stats.key_size, stats.value_size, stats.style) == ("percpu_hash", 2, 16, "legacy")
    assert isinstance(stats.value, RecordDecl)
    assert (plain.kind, plain.key_size, plain.value_size, plain.max_entries, plain.value) == ("array", 4, 8, 2, None)


def test_a_map_for_iproute2_says_the_same_by_other_names(tmp_path: Path) -> None:
    text = HEAD + """
struct bpf_elf_map { __u32 type, size_key, size_value, max_elem, flags, id, pinning; };
struct bpf_elf_map SEC("maps") bans = {
    .type = BPF_MAP_TYPE_HASH, .size_key = sizeof(__u32), .size_value = sizeof(__u16), .max_elem = 9, .flags = 1,
};
"""
    bans = map_of(unit_of(tmp_path, text), "bans")
    assert (bans.kind, bans.key_size, bans.value_size, bans.max_entries, bans.flags) == ("hash", 4, 2, 9, 1)
    assert isinstance(bans.value, Scalar)


USES = (
    HEAD
    + BTF_MAP
    + """
#define LOOKUP(map, key) bpf_map_lookup_elem(&map, key)
static __always_inline void *find(void *map, const void *key)
{
    return bpf_map_lookup_elem(map, key);
}
static __always_inline int store(void *map, void *key, void *value)
{
    return bpf_map_update_elem(map, key, value, BPF_ANY);
}
SEC("xdp") int direct(struct xdp_md *ctx)
{
    __be32 key = 1;
    struct value *value = bpf_map_lookup_elem(&flows, &key);
    return value ? XDP_PASS : XDP_DROP;
}
SEC("xdp") int by_macro(struct xdp_md *ctx)
{
    __u16 short_key = 1;
    return LOOKUP(flows, &short_key) ? 1 : 2;
}
SEC("xdp") int by_inline(struct xdp_md *ctx)
{
    __u64 long_key = 1;
    struct value fresh = {};
    void *map = &flows;
    store(map, &long_key, &fresh);
    return find(&flows, (void *)&long_key) ? 1 : 2;
}
char _license[] SEC("license") = "Dual BSD/GPL";
"""
)


def test_types_meet_their_map_directly_by_macro_and_through_an_inline_helper(tmp_path: Path) -> None:
    unit = unit_of(tmp_path, USES)
    assert unit.problems == ()
    found = uses_of(unit, "flows")
    assert ("key", "lookup", "__be32") in found
    assert ("value", "lookup", "value") in found
    assert ("key", "lookup", "__u16") in found
    assert found.count(("key", "update", "__u64")) == 1
    assert ("value", "update", "value") in found
    assert ("key", "lookup", "__u64") in found
    through = next(use for use in unit.uses if use.function == "by_inline" and use.op == "update")
    assert len(through.via) == 1


def test_programs_have_their_section_context_and_licence(tmp_path: Path) -> None:
    unit = unit_of(tmp_path, USES)
    assert [(item.name, item.section) for item in unit.programs] == [
        ("direct", "xdp"), ("by_macro", "xdp"), ("by_inline", "xdp"),
    ]  # fmt: skip
    assert unit.license == "Dual BSD/GPL"


def test_an_event_is_known_by_its_output_and_by_its_reservation(tmp_path: Path) -> None:
    text = (
        HEAD
        + """
struct event { __u32 pid; __u64 ts; };
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } ring SEC(".maps");
SEC("tp/a/b") int reserve(void *ctx)
{
    struct event *event = bpf_ringbuf_reserve(&ring, sizeof(*event), 0);
    if (!event) return 0;
    bpf_ringbuf_submit(event, 0);
    return 0;
}
SEC("tp/a/c") int output(void *ctx)
{
    struct event event = {};
    return bpf_ringbuf_output(&ring, &event, sizeof(event), 0);
}
"""
    )
    unit = unit_of(tmp_path, text)
    assert uses_of(unit, "ring") == [("event", "reserve", "event"), ("event", "output", "event")]
    assert {use.size for use in unit.uses} == {16}


def test_the_body_of_a_traced_program_is_the_inner_functions(tmp_path: Path) -> None:
    text = """
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
int hits;
SEC("fentry/do_unlinkat") int BPF_PROG(on_unlink, int dfd, struct filename *name)
{
    hits++;
    return 0;
}
"""
    vmlinux = (
        "#define __VMLINUX_H__\ntypedef unsigned int __u32; typedef unsigned long long __u64; typedef __u32 __be32;"
        "typedef unsigned short __u16; typedef unsigned char __u8; typedef int __s32; typedef long long __s64;"
        "typedef __u16 __be16; typedef __u32 __wsum; typedef __u64 u64; typedef __u32 u32; typedef __u16 u16;"
        "typedef short __s16; typedef __u64 __be64; typedef __u8 u8; typedef __s64 s64; typedef __s32 s32;"
        "struct filename;"
    )
    unit = unit_of(tmp_path, text, vmlinux__h=vmlinux)
    (function,) = [item for item in unit.functions if item.name == "on_unlink"]
    assert function.section == "fentry/do_unlinkat"
    assert [item.name for item in function.params] == ["ctx", "dfd", "name"]
    assert any(isinstance(op, Update) for block in function.blocks for op in block.ops)


def test_clangs_own_precise_warnings_arrive_as_diagnostics(tmp_path: Path) -> None:
    text = (
        HEAD
        + """
SEC("xdp") int p(struct xdp_md *ctx)
{
    int fresh;
    unsigned int size = 3;
    if (size < 0) return 1;
    return fresh;
}
"""
    )
    options = {(item.option, item.span.line) for item in unit_of(tmp_path, text).diagnostics}
    assert options == {("-Wtautological-unsigned-zero-compare", 8), ("-Wuninitialized", 9)}


def test_a_missing_header_is_said_and_the_rest_is_seen(tmp_path: Path) -> None:
    unit = unit_of(tmp_path, '#include "conn.h"\n' + HEAD + BTF_MAP)
    (problem,) = unit.problems
    assert (problem.code, problem.line) == ("BPF002", 1)
    assert problem.message == (
        "not found: conn.h; no name is missing, but what its macros switch was not seen; add -I DIR or include-dirs"
    )
    assert problem.severity == "info"
    assert map_of(unit, "flows").value_size == 16


@pytest.mark.parametrize("use", ["int f(void) { return from_conn(1); }\n", "int f(void) { return FROM_CONN(int); }\n"])
def test_a_missing_header_that_something_is_missing_without_is_a_warning(tmp_path: Path, use: str) -> None:
    unit = unit_of(tmp_path, '#include "conn.h"\n' + HEAD + BTF_MAP + use)
    assert unit.problems[0].message == "not found: conn.h; add -I DIR or include-dirs"
    assert {item.severity for item in unit.problems} == {"warning"}


def test_a_header_is_found_anywhere_in_the_project(tmp_path: Path) -> None:
    (tmp_path / "include" / "agent").mkdir(parents=True)
    (tmp_path / "include" / "agent" / "event.h").write_text("struct event { __u32 pid; __u64 ts; };\n")
    unit = unit_of(tmp_path, HEAD + "#include <agent/event.h>\n")
    assert [(item.name, item.span.path if item.span else "") for item in unit.records] == [
        ("event", "include/agent/event.h")
    ]
    assert "include/agent/event.h" in unit.includes


@pytest.mark.parametrize("name", ["../libbpf/src/bpf_helpers.h", "libbpf/bpf_helpers.h", "lib/bpf/bpf_helpers.h"])
def test_libbpf_in_a_folder_that_is_not_there_is_ours(tmp_path: Path, name: str) -> None:
    unit = unit_of(tmp_path, f'#include <linux/bpf.h>\n#include "{name}"\n' + BTF_MAP)
    assert (unit.problems, map_of(unit, "flows").value_size) == ((), 16)


@pytest.mark.parametrize("text", ["", "}}}}", "struct {", "int f(" * 300, "\xff\xfe", "#include __FILE__\n"])
def test_broken_text_never_raises_anything_else(tmp_path: Path, text: str) -> None:
    try:
        unit = unit_of(tmp_path, text)
    except FrontEndError:
        return
    assert unit.path == "p.bpf.c"


def test_a_call_keeps_the_macro_that_wrote_it_and_columns_count_code_points(tmp_path: Path) -> None:
    text = (
        HEAD
        + "#define WAKE(m) bpf_ktime_get_ns()\nint g(void) { /* äöü */ return WAKE(1); }\n"
        + "int h(void) { WAKE(2); return 0; }\n"
    )
    unit = unit_of(tmp_path, text)
    by_name = {item.name: item for item in unit.functions}
    (call,) = [op for block in by_name["h"].blocks for op in block.ops if isinstance(op, Call)]
    assert (call.call.callee, call.call.macro) == ("bpf_ktime_get_ns", "WAKE")
    assert (call.span.line, call.span.column) == (5, 15)
    (returned,) = [op for block in by_name["g"].blocks for op in block.ops]
    assert (returned.span.line, returned.span.column) == (4, 25)


def test_what_is_nested_too_deeply_is_one_clear_line(tmp_path: Path) -> None:
    from bpflint.frontends.c import CFrontEnd

    deep = "struct deep {" + "struct {" * 250 + "int x;" + "};" * 250 + "};\n"
    (tmp_path / "d.bpf.c").write_text(HEAD + deep + "struct deep *use(struct deep *d) { return d; }\n")
    with pytest.raises(FrontEndError, match=r"^d\.bpf\.c: nested too deeply to follow$"):
        CFrontEnd().load(Job("c", "d.bpf.c", "bpf", files=("d.bpf.c",)), Settings(root=tmp_path))


def test_a_function_that_is_defined_twice_is_one(tmp_path: Path) -> None:
    """A macro whose header is not there makes every program a definition of the same function."""
    unit = unit_of(tmp_path, HEAD + "int BPF_KPROBE(one) { return 1; }\nint BPF_KPROBE(two) { return 2; }\n")
    assert [item.name for item in unit.functions] == ["BPF_KPROBE"]
    assert [item.code for item in unit.problems] == ["BPF002"]


def test_a_record_that_clang_refuses_is_in_no_unit(tmp_path: Path) -> None:
    unit = unit_of(tmp_path, HEAD + "struct big { int x; char a[1ULL << 62]; };\nstruct fine { int x; };\n")
    assert [item.name for item in unit.records] == ["fine"]
    assert [item.code for item in unit.problems] == ["BPF002"]


RELOCATED = """
#define CORE __attribute__((preserve_access_index))
struct own { int x; struct { int y; } in; } CORE;
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct pushed { int x; };
#pragma clang attribute pop
struct plain { int x; int z; };
#define X(p) ((p)->x)
SEC("xdp") int f(struct own *a, struct pushed *b, struct plain *c) { return a->in.y + b->x + X(c) + c->z; }
"""


def test_an_access_knows_whether_it_is_relocated_and_which_macro_wrote_it(tmp_path: Path) -> None:
    unit = unit_of(tmp_path, HEAD + RELOCATED)
    found = {
        (item.owner, item.field): (item.relocated, item.macro)
        for op in operations(unit.functions[0]) for expr in expressions(op) for item in [expr]
        if isinstance(item, Select)
    }  # fmt: skip
    assert found == {
        ("own", "in"): (True, ""), ("own", "y"): (True, ""), ("pushed", "x"): (True, ""),
        ("plain", "x"): (False, "X"), ("plain", "z"): (False, ""),
    }  # fmt: skip
    marked = {item.name for item in unit.records if "preserve_access_index" in item.attributes}
    assert marked == {"own", "pushed"}


def test_what_stands_in_text_inside_another_file_has_its_place_there(tmp_path: Path) -> None:
    """Python holds C: spans count the lines of the Python file, for a text of plain ASCII too."""
    lines = ["\n", "int first(struct pt_regs *ctx) {\n", "    return 1;\n", "}\n"]
    places, offset = [], 0
    for number, line in enumerate(lines):
        places.append((offset, 20 + number, 1))
        offset += len(line)
    job = Job("c", "tool.py", "bcc", text="".join(lines), places=tuple(places), extra={"name": "text"})
    unit = load_unit(job, Settings(root=tmp_path)).units[0]
    assert [(item.name, item.span.path, item.span.line) for item in unit.functions] == [("first", "tool.py", 21)]


def test_an_array_parameter_is_a_pointer(tmp_path: Path) -> None:
    unit = unit_of(tmp_path, HEAD + "static void set(char name[8]) { name[0] = 1; }")
    (parameter,) = unit.functions[0].params
    used = [item for op in operations(unit.functions[0]) for item in expressions(op) if isinstance(item, Name)]
    assert isinstance(parameter.type, Pointer)
    assert used
    assert all(item.type == parameter.type for item in used)
