"""Does every embedded header stand alone, with others, and beside a ``vmlinux.h``?"""

# ruff: noqa: E501 (C text and word lists)
from __future__ import annotations

from pathlib import Path

import clang.cindex as ci
import pytest

from bpflint import headers

ROOT = headers.ROOT
# As much of a bpftool-made vmlinux.h as the headers that lean on it need.
VMLINUX = """
#ifndef __VMLINUX_H__
#define __VMLINUX_H__
typedef signed char __s8; typedef unsigned char __u8; typedef short int __s16; typedef short unsigned int __u16;
typedef int __s32; typedef unsigned int __u32; typedef long long int __s64; typedef long long unsigned int __u64;
typedef __u8 u8; typedef __u16 u16; typedef __u32 u32; typedef __u64 u64; typedef __s64 s64;
typedef __u16 __be16; typedef __u32 __be32; typedef __u64 __be64; typedef __u16 __le16; typedef __u32 __le32;
typedef __u64 __le64; typedef __u16 __sum16; typedef __u32 __wsum;
typedef _Bool bool; enum { false = 0, true = 1 };
typedef long unsigned int __kernel_ulong_t; typedef long int __kernel_long_t;
typedef __kernel_ulong_t __kernel_size_t; typedef __kernel_size_t size_t; typedef __kernel_long_t ssize_t;
typedef u32 uint32_t; typedef u64 uint64_t; typedef u16 uint16_t; typedef u8 uint8_t; typedef s64 int64_t;
typedef int int32_t; typedef long long loff_t; typedef int pid_t; typedef int clockid_t; typedef long int time_t;
typedef unsigned int uid_t; typedef unsigned int gid_t; typedef u32 dev_t; typedef unsigned long ino_t;
typedef long int off_t; typedef short unsigned int umode_t; typedef unsigned short sa_family_t;
typedef long int clock_t; typedef struct { unsigned long sig[1]; } sigset_t;
typedef u64 blkcnt_t; typedef int key_t; typedef int timer_t; typedef __builtin_va_list va_list;
struct sk_buff; struct pt_regs { unsigned long di, si, dx, cx, r8, r9, sp, bp, ax, ip, r10; };
#endif
"""
# Only the side that runs in user space has a use for these.
USER_ONLY = (
    "libc/", "libbpf/bpf/bpf.h", "libbpf/bpf/libbpf.h", "libbpf/bpf/btf.h", "libbpf/bpf/xsk.h", "libbpf/xdp/libxdp.h",
    "libbpf/xdp/xsk.h",
)  # fmt: skip
FOLDERS = ("freestanding", "libbpf", "uapi", "libc")
FLAGS = ["-nostdinc", "-ffreestanding", "-std=gnu11", "-Wno-everything", "-ferror-limit=0"]


def names() -> list[str]:
    """``folder/include-name`` of every header but bcc's, which has its own test."""
    return sorted(str(p.relative_to(ROOT)) for f in FOLDERS for p in (ROOT / f).rglob("*.h"))


def errors(text: str, mode: headers.Mode, target: str = "bpf", extra: tuple[str, ...] = ()) -> list[str]:
    args = ["-target", target, *FLAGS, *extra]
    if target.startswith("bpf"):
        args += [f"-D{d}" for d in headers.builtin_defines[mode]]
    for folder in headers.include_dirs(mode):
        args += ["-isystem", str(folder)]
    unit = ci.Index.create().parse("/virtual/t.c", args=args, unsaved_files=[("/virtual/t.c", text)])
    return [f"{d.location.file}:{d.location.line}: {d.spelling}" for d in unit.diagnostics if d.severity >= 3]


def include(name: str) -> str:
    return f"#include <{name.partition('/')[2]}>\n"


@pytest.mark.parametrize("name", names())
def test_alone(name: str) -> None:
    if name.startswith(USER_ONLY):
        assert errors(include(name), "user", "x86_64-linux-gnu") == []
        assert errors(include(name), "user", "i386-linux-gnu") == []
    else:
        assert errors(include(name), "bpf") == []
        assert errors(include(name), "bpf", "bpfeb") == []


@pytest.mark.parametrize("name", [n for n in names() if not n.startswith(USER_ONLY)])
def test_after_vmlinux(name: str) -> None:
    assert errors(VMLINUX + include(name), "bpf") == []


@pytest.mark.parametrize("target", ["x86_64", "aarch64", "s390x", "riscv64", "i386", "arm"])
def test_whole_libc_together(target: str) -> None:
    text = "".join(include(n) for n in names() if n.startswith("libc/"))
    assert errors(text, "user", f"{target}-linux-gnu", ("-D_GNU_SOURCE",)) == []


PROGRAM = [n for n in names() if n.startswith("uapi/linux/")]


@pytest.mark.parametrize(("first", "second"), list(zip(PROGRAM, PROGRAM[1:] + PROGRAM[:1], strict=True)))
def test_in_pairs_either_order(first: str, second: str) -> None:
    for text in (include(first) + include(second), include(second) + include(first)):
        assert errors(text + "#include <bpf/bpf_helpers.h>\n#include <bpf/bpf_tracing.h>\n", "bpf") == []


MAP = """
struct { __uint(type, BPF_MAP_TYPE_HASH); __type(key, __u32); __type(value, __u64); __uint(max_entries, 8); } m SEC(".maps");
SEC("fentry/x") int BPF_PROG(f, struct task_struct *p, int how) { __u64 v = how; bpf_map_update_elem(&m, &how, &v, 0); return 0; }
SEC("kprobe/x") int BPF_KPROBE(k, int a, void *b) { bpf_printk("%d %p", a, b); return (int)PT_REGS_RC(ctx); }
SEC("kretprobe/x") int BPF_KRETPROBE(r, long ret) { return ret < 0; }
SEC("ksyscall/x") int BPF_KSYSCALL(s, int a, int b) { return a + b; }
SEC("usdt") int BPF_USDT(u, void *a, int b) { return b; }
struct pair { long a, b; };
SEC("fexit/x") int BPF_PROG2(g, struct pair, p, int, ret) { return p.b == ret; }
"""


@pytest.mark.parametrize("vmlinux", [False, True])
@pytest.mark.parametrize("machine", sorted(headers.ARCH_DEFINES))
def test_program_surface(vmlinux: bool, machine: str) -> None:
    """Maps, wrappers and registers parse for every machine (with BTF types for x86 only: the stand-in is x86's)."""
    if vmlinux and machine not in ("x86_64", "i386"):
        pytest.skip("the stand-in vmlinux.h has x86 registers")
    head = (
        VMLINUX + "enum { BPF_MAP_TYPE_HASH = 1 };\n"
        if vmlinux
        else "#include <linux/bpf.h>\n#include <linux/ptrace.h>\n"
    )
    text = (
        head
        + "#include <bpf/bpf_helpers.h>\n#include <bpf/bpf_tracing.h>\n#include <bpf/bpf_core_read.h>\n#include <bpf/usdt.bpf.h>\n"
    )
    args = ["-target", "bpf", *FLAGS, *(f"-D{d}" for d in headers.ARCH_DEFINES[machine])]
    for folder in headers.include_dirs("bpf"):
        args += ["-isystem", str(folder)]
    unit = ci.Index.create().parse("/virtual/t.c", args=args, unsaved_files=[("/virtual/t.c", text + MAP)])
    assert [d.spelling for d in unit.diagnostics if d.severity >= 3] == []


def test_byte_order_names_are_kept() -> None:
    """A field's type is still spelled __be32 after parsing, or byte-order rules see nothing."""
    text = "#include <linux/ip.h>\n#include <linux/tcp.h>\n"
    args = ["-target", "bpf", *FLAGS] + [a for d in headers.include_dirs("bpf") for a in ("-isystem", str(d))]
    unit = ci.Index.create().parse("/virtual/t.c", args=args, unsaved_files=[("/virtual/t.c", text)])
    seen = {c.spelling: {f.spelling: f.type.spelling for f in c.type.get_fields()}
            for c in unit.cursor.get_children() if c.kind == ci.CursorKind.STRUCT_DECL}  # fmt: skip
    assert seen["tcphdr"]["source"] == "__be16"
    assert seen["tcphdr"]["check"] == "__sum16"
    assert seen["iphdr"]["tot_len"] == "__be16"


BCC = """
#include <uapi/linux/ptrace.h>
#include <net/sock.h>
struct key { u32 pid; }; struct event { u64 ts; char comm[16]; };
BPF_HASH(counts, struct key); BPF_HASH(start, u32, u64, 1024); BPF_PERF_OUTPUT(events); BPF_ARRAY(slots, u64, 4);
BPF_HISTOGRAM(dist, int); BPF_STACK_TRACE(stacks, 64); BPF_RINGBUF_OUTPUT(rb, 8); BPF_TABLE("lru_hash", u32, struct event, t, 16);
int probe(struct pt_regs *ctx) {
    struct key k = {}; u32 pid = 1; struct event e = {}; u64 zero = 0, *v;
    counts.increment(k); counts.atomic_increment(k, 2); v = counts.lookup_or_try_init(&k, &zero); if (v) (*v)++;
    start.update(&pid, &zero); v = start.lookup(&pid); start.delete(&pid);
    events.perf_submit(ctx, &e, sizeof(e)); rb.ringbuf_output(&e, sizeof(e), 0); dist.increment(bpf_log2l(zero));
    return stacks.get_stackid(ctx, 0);
}
"""


def bcc(text: str, missing: tuple[str, ...]) -> ci.TranslationUnit:
    args = ["-target", "bpf", *FLAGS, *(f"-D{d}" for d in headers.builtin_defines["bcc"])]
    for folder in headers.include_dirs("bcc"):
        args += ["-isystem", str(folder)]
    vmlinux = str(headers.KERNEL_OVERLAY / "vmlinux.h")
    for name in headers.forced_includes("bcc"):
        args += ["-include", name]
    unsaved = [("/virtual/t.c", text), (vmlinux, VMLINUX), *headers.kernel_overlay(missing)]
    return ci.Index.create().parse("/virtual/t.c", args=args, unsaved_files=unsaved)


def test_bcc_dialect() -> None:
    unit = bcc(BCC, ("net/sock.h",))
    assert [d.spelling for d in unit.diagnostics if d.severity >= 3] == []
    table = next(c for c in unit.cursor.get_children() if c.kind == ci.CursorKind.VAR_DECL and c.spelling == "t")
    fields = {f.spelling: f.type for f in table.type.get_fields()}
    assert fields["key"].spelling == "u32"
    assert fields["leaf"].spelling == "struct event"
    assert fields["type"].get_pointee().element_count == 9 + 1
    assert fields["max_entries"].get_pointee().element_count == 16


def test_overlay_takes_kernel_headers_only() -> None:
    assert [Path(p).name for p, _ in headers.kernel_overlay(["net/sock.h", "mine.h", "lib/x.h"])] == ["sock.h"]
    assert not headers.is_kernel_header("linux")


def test_overlay_takes_headers_of_libbpf_in_any_folder() -> None:
    """A name that others have as well counts where the path says whose it is; vmlinux.h where a kernel's is given."""
    names = ["libbpf/src/bpf.h", "../lib/bpf.h", "x/bpf_endian.h", "mine.h", "y/vmlinux.h"]
    want = {"libbpf/src/bpf.h": "#include <bpf/bpf.h>\n", "x/bpf_endian.h": "#include <bpf/bpf_endian.h>\n"}
    assert headers.libbpf_overlay(names) == want
    assert headers.libbpf_overlay(names, vmlinux=True) == want | {"y/vmlinux.h": "#include <vmlinux.h>\n"}
