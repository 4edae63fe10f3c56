"""Which functions of headers does a unit hold? Those that the compiler emits: the oracle is clang's own object."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from bpflint import headers
from bpflint.api import Job, Settings
from bpflint.frontends.c.unit import load_unit

HEADER = """
static __always_inline int unused(void) { return 1; }
static __always_inline int only_of_unused(void) { return unused(); }
static __noinline int called(void *ctx) { return ctx != 0; }
static __noinline int inner(int x) { return x + 1; }
static __noinline int outer(int x) { return inner(x) * 2; }
static long visited(__u32 index, void *ctx) { return index > 4; }
static int of_table(int x) { return x; }
static int of_local_table(int x) { return x + 2; }
static void cleaned(int *x) { *x = 0; }
int global(int x) { return x + 3; }
struct operations { int (*run)(int x); };
static const volatile struct operations table = { .run = of_table };
#define THROUGH_MACRO(x) outer(x)
"""
PROGRAM = """
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "help.h"

static int own_and_unused(void) { return 2; }

SEC("xdp")
int prog(struct xdp_md *ctx)
{
    static const volatile struct operations local = { .run = of_local_table };
    int held __attribute__((cleanup(cleaned))) = called(ctx);

    bpf_loop(3, visited, 0, 0);
    return THROUGH_MACRO(held) + (table.run != local.run);
}
"""


def names_of(folder: Path, program: str, header: str = HEADER) -> set[str]:
    (folder / "help.h").write_text(header)
    (folder / "p.bpf.c").write_text(program)
    job = Job("c", "p.bpf.c", "bpf", files=("help.h", "p.bpf.c"))
    return {item.name for item in load_unit(job, Settings(root=folder)).units[0].functions}


def test_a_headers_static_function_is_there_where_something_names_it(tmp_path: Path) -> None:
    found = names_of(tmp_path, PROGRAM)
    assert found >= {
        "prog", "called", "inner", "outer", "visited", "of_table", "of_local_table", "cleaned", "global"
    }  # fmt: skip
    assert found.isdisjoint({"unused", "only_of_unused"})


def test_what_the_file_itself_defines_is_always_there(tmp_path: Path) -> None:
    assert "own_and_unused" in names_of(tmp_path, PROGRAM)


def test_where_clang_found_errors_nothing_is_left_out(tmp_path: Path) -> None:
    assert "unused" in names_of(tmp_path, PROGRAM.replace("(ctx);\n\n", "(ctx) + nobody_declares_this;\n\n"))


def test_a_program_in_a_header_is_there_with_what_it_calls(tmp_path: Path) -> None:
    header = """
struct pt_regs;
static int read_by(void *ctx) { return ctx != 0; }
SEC("kprobe/x") int BPF_KPROBE(entry, int x) { return read_by(ctx) + x; }
"""
    program = """
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "help.h"
"""
    assert names_of(tmp_path, program, header) == {"entry", "read_by"}


@pytest.mark.skipif(shutil.which("clang-19") is None, reason="clang-19 is not installed")
def test_clang_emits_no_function_that_is_left_out(tmp_path: Path) -> None:
    kept = names_of(tmp_path, PROGRAM)
    folders = [f"-isystem{path}" for path in headers.include_dirs("bpf")]
    flags = ["-target", "bpf", "-nostdinc", "-O0", "-w", "-emit-llvm", "-S"]
    command = ["clang-19", *flags, *folders, "-o", "-", "p.bpf.c"]
    text = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    emitted = {line.split("@")[1].split("(")[0] for line in text.splitlines() if line.startswith("define")}
    assert {"prog", "outer", "of_table"} <= emitted <= kept
