"""Do bpftool and clang see the same types, and does clang lay our header out as the BTF says?"""

from __future__ import annotations

import random
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from oracles import bpftool_json, clang, compile_bpf, kernel_btf, section, signatures, tool

from bpflint.btf import Btf
from bpflint.btf import types as t
from bpflint.btf.c_writer import write_c
from bpflint.btf.encode import encode
from bpflint.btf.ext import read_ext

SOURCE = """
typedef unsigned int u32; typedef unsigned long u64; typedef _Bool bool;
enum small { A = -1, B = 7 }; enum big { C = 1ULL << 40, D = 3 };
struct inner { char c; u64 x; };
struct bits { u32 a : 3, b : 12; u64 c : 33; int d : 5; bool e : 1; char tail; u64 : 0; u32 f : 1; };
struct packed { char c; u64 x; u32 b : 7; u32 d : 30; struct inner in; } __attribute__((packed));
struct aligned { char c; struct inner in __attribute__((aligned(64))); short last; } __attribute__((aligned(128)));
struct half { u64 x __attribute__((packed, aligned(4))); u32 y; };
union wide { char c[33]; u64 x; struct { u32 lo, hi; }; } __attribute__((aligned(32)));
struct all {
    struct all *next; struct inner in[3]; union wide w; struct bits bits; struct packed packed; struct half half;
    struct aligned aligned; enum small s; enum big b; __int128 huge; double real; float f;
    int (*call)(const struct inner *restrict, enum small, ...); void *(*(*deep)(void))[4]; const volatile char *text;
    struct { int unnamed; union { u32 one; float two; }; }; struct { char z; } named[2]; int matrix[2][3]; char flex[];
};
struct gaps {
    char a;
    struct { char b; u64 c __attribute__((aligned(128))); };
    struct { char d; u64 e __attribute__((aligned(128))); };
};
struct empty {}; struct holds_empty { int a; struct empty e; int b; };
"""
VARIABLES = "struct all v_all; struct gaps v_gaps; struct empty v_empty; struct holds_empty v_holds; u64 v_number;\n"
PROGRAM = """
__attribute__((section("kprobe/x"))) int probe(struct inner *ctx) { v_number += ctx->x; return ctx->c; }
"""
KINDS = {"VOLATILE": "volatile", "CONST": "const", "RESTRICT": "restrict"}


def compare(btf: Btf, rows: list[dict]) -> int:
    """Compare each type with bpftool's; return how many."""
    assert len(rows) == len(btf) - 1
    for row, (type_id, one) in zip(rows, btf.types(), strict=True):
        assert row["id"] == type_id
        assert row["kind"] == t.kind_name(btf.kind(type_id))
        assert row["name"] in (btf.name(type_id), "(anon)")
        match one:
            case t.Composite(size=size, members=members):
                assert row["size"] == size
                keys = ("name", "type_id", "bits_offset", "bitfield_size")
                theirs = [tuple(m.get(key, 0) for key in keys) for m in row["members"]]
                assert theirs == [(m.name or "(anon)", *m[1:]) for m in members]
            case t.Enum(size=size, values=values):
                assert row["size"] == size
                mask = (1 << (64 if one.wide else 32)) - 1  # bpftool extends the sign of unsigned ones too
                assert [(v["name"], v["val"] & mask) for v in row["values"]] == [(n, v & mask) for n, v in values]
            case t.FuncProto(result=result, params=params):
                assert row["ret_type_id"] == result
                assert [(p["name"], p["type_id"]) for p in row["params"]] == [(n or "(anon)", i) for n, i in params]
            case t.Int(size=size, bits=bits, bit_offset=offset):
                assert (row["size"], row["nr_bits"], row["bits_offset"]) == (size, bits, offset)
            case t.Array(type=inner, index_type=index, length=length):
                assert (row["type_id"], row["index_type_id"], row["nr_elems"]) == (inner, index, length)
            case t.Datasec(size=size, variables=variables):
                assert row["size"] == size
                assert [(v["type_id"], v["offset"], v["size"]) for v in row["vars"]] == [tuple(v) for v in variables]
            case t.Fwd(keyword=keyword):
                assert row["fwd_kind"] == keyword
            case t.Float(size=size):
                assert row["size"] == size
            case t.Other():
                pass
            case _:
                assert row["type_id"] == one.type
    return len(rows)


def test_every_type_of_the_running_kernel_equals_bpftools(tmp_path):
    data = kernel_btf()
    path = tmp_path / "kernel"
    path.write_bytes(data)
    assert compare(Btf(data), bpftool_json(path)) > 50_000


@pytest.mark.parametrize("target", ["bpfel", "bpfeb"])
def test_every_type_of_a_compiled_object_equals_bpftools(target, tmp_path):
    data = compile_bpf(SOURCE + VARIABLES + PROGRAM, tmp_path / "x.o", target)
    btf = Btf(section(data, ".BTF"))
    assert btf.byte_order == ("little" if target == "bpfel" else "big")
    raw = tmp_path / "raw"
    # bpftool reads only the byte order of its own machine from objects, raw BTF in both
    raw.write_bytes(section(data, ".BTF"))
    assert compare(btf, bpftool_json(raw)) > 40
    ext = read_ext(section(data, ".BTF.ext"), btf)
    assert [(f.section, btf.name(f.type)) for f in ext.functions] == [("kprobe/x", "probe")]
    assert all(line.text.startswith("__attribute__") or "SEC" in line.text for line in ext.lines)
    assert {line.file for line in ext.lines} == {str(tmp_path / "x.c")}


@pytest.mark.parametrize("target", ["bpfel", "bpfeb"])
def test_a_header_compiled_again_has_the_layouts_it_was_written_from(target, tmp_path):
    first = Btf(section(compile_bpf(SOURCE + VARIABLES, tmp_path / "x.o", target), ".BTF"))
    again = Btf(section(compile_bpf(write_c(first) + VARIABLES, tmp_path / "y.o", target), ".BTF"))
    assert signatures(first) == signatures(again)


def test_layouts_no_compiler_made_survive_a_round_trip(tmp_path):
    rng = random.Random(7)
    number = [t.Int("char", 1, 8, 0, 1), t.Int("int", 4, 32, 0, 1), t.Int("long int", 8, 64, 0, 1)]
    made: list[t.BtfType] = list(number)
    for index in range(300):
        members, here = [], 0
        for place in range(rng.randrange(1, 8)):
            kind = rng.randrange(3)
            size = number[kind].size * 8
            if rng.random() < 0.4:
                here += rng.choice((0, 0, 1, 5, 40))
                width = rng.randrange(1, size + 1)
                if here % size + width > size and rng.random() < 0.7:
                    here = -(-here // size) * size
                members.append(t.Member(f"m{place}", kind + 1, here, width))
                here += width
            else:
                here = -(-here // 8) * 8 + rng.choice((0, 0, 8, 64, 4096))
                members.append(t.Member(f"m{place}", kind + 1, here, 0))
                here += size
        size = -(-here // 8) + rng.choice((0, 0, 1, 4, 60))
        made.append(t.Composite("struct", f"s{index}", size, tuple(members), kind_flag=True))
    btf = Btf(encode(made))
    variables = "".join(f"struct s{i} v{i};\n" for i in range(300))
    again = Btf(section(compile_bpf(write_c(btf) + variables, tmp_path / "x.o"), ".BTF"))
    assert signatures(btf) == signatures(again)


def sample(header: str, other: str, count: int) -> list[str]:
    tags = set(re.findall(r"^(struct \w+) \{", header, re.M)) & set(re.findall(r"^(struct \w+) \{", other, re.M))
    return random.Random(1).sample(sorted(tag for tag in tags if "___" not in tag), count)


def test_the_kernels_header_compiles_to_the_recorded_layouts(tmp_path):
    btf = Btf(kernel_btf())
    header = write_c(btf)
    tags = sample(header, header, 500)
    variables = "".join(f"{tag} v{i};\n" for i, tag in enumerate(tags))
    again = signatures(Btf(section(compile_bpf(header + variables, tmp_path / "x.o"), ".BTF")))
    wrong = {name for name, _ in again - signatures(btf)}
    # clang's own __builtin_va_list is 8 bytes for BPF and 24 on x86: the only type that cannot be written
    assert wrong <= {"warn_args"}
    assert sum(again.values()) >= 500


def test_bpftools_header_and_ours_give_the_same_sizes_and_offsets(tmp_path):
    path = tmp_path / "kernel"
    path.write_bytes(kernel_btf())
    btf = Btf(kernel_btf())
    done = subprocess.run([tool("bpftool"), "btf", "dump", "file", path, "format", "c"], capture_output=True, text=True)
    ours = write_c(btf)
    places = {}
    for tag in sample(ours, done.stdout, 400):
        found = btf.find(tag.split()[1], t.STRUCT)
        one = btf.type(found[0])
        assert isinstance(one, t.Composite)
        if len(found) == 1:  # which of several gets the plain name is each writer's choice
            places[f"sizeof({tag})"] = one.size
            named = [m for m in one.members if m.name and not btf.bit_width(m)]
            places |= {f"__builtin_offsetof({tag}, {m.name})": m.offset // 8 for m in named}
    values = "\nconst unsigned long values[] = {" + ",".join(places) + "};\n"
    wrong = []
    for index, header in enumerate((ours, done.stdout)):
        data = compile_bpf(header + values, tmp_path / f"{index}.o", "bpfel", "-w", "-fms-extensions")
        compiled = struct.unpack(f"<{len(places)}Q", section(data, ".rodata"))
        wrong.append([place for place, value in zip(places, compiled, strict=True) if value != places[place]])
    assert len(places) > 2000
    assert wrong[0] == []
    # bpftool 7.1 gives enumerations of one byte four, and va_list 8 of its 24 bytes
    assert len(wrong[1]) < 30, wrong[1]


@pytest.mark.parametrize("flags", [("-std=gnu11", "-DBPF_KFUNC_PROTOTYPES"), ("-std=c23",), ("-include", "stdbool.h")])
def test_the_shipped_header_compiles_without_a_warning(flags, tmp_path):
    from bpflint.kernels.vmlinux import cached_vmlinux_h

    path = cached_vmlinux_h(tmp_path)
    assert cached_vmlinux_h(tmp_path) == path
    source = tmp_path / "x.c"
    source.write_text(f'#include "{path}"\n#include "{path}"\nstruct task_struct *task;\n')
    command = [clang(), "-target", "bpf", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", *flags, str(source)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_only_what_a_name_needs_is_written(tmp_path):
    btf = Btf(kernel_btf())
    text = write_c(btf, ["sockaddr_in", "pt_regs"])
    assert len(text) < 5000
    compile_bpf(text + "struct sockaddr_in a; struct pt_regs b;", tmp_path / "x.o")
