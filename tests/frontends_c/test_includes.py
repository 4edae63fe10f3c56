"""Are headers found without configuration, and are the wrong ones left alone?"""

from __future__ import annotations

from pathlib import Path

import pytest

from bpflint import headers
from bpflint.api import Job, Settings
from bpflint.frontends.c.includes import HeaderIndex, Includes, filled, include_dirs
from bpflint.frontends.c.unit import load_unit

PARTIAL = "#define __VMLINUX_H__\n#include <linux/in6.h>\n"
LICENSE = '#include <bpf/bpf_helpers.h>\nchar l[] SEC("license") = "GPL";\n'


def has(name: str) -> bool:
    return any((folder / name).is_file() for folder in headers.include_dirs("bpf"))
SOCK = "#ifndef __VMLINUX_H__\n#define __VMLINUX_H__\n#include <linux/types.h>\nstruct sock { int mark; };\n#endif\n"


def found(files: dict[str, str], root: str = "src/a.bpf.c") -> Includes:
    data = {path: text.encode() for path, text in files.items()}
    return include_dirs(root, lambda path: data.get(path, b""), HeaderIndex(files), [], has, headers.is_libc)


def errors(
    tmp_path: Path, files: dict[str, str], root: str = "a.bpf.c", vmlinux: str = "", mode: str = "bpf"
) -> list[str]:
    for path, text in files.items():
        (tmp_path / "project" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "project" / path).write_text(text)
    folder = None
    if vmlinux:
        folder = tmp_path / "vm"
        folder.mkdir()
        (folder / "vmlinux.h").write_text(vmlinux)
    settings = Settings(root=tmp_path / "project", vmlinux_dir=folder)
    return [item.message for item in load_unit(Job("c", root, mode, files=tuple(files)), settings).units[0].problems]


@pytest.mark.parametrize(
    ("why", "include", "there"),
    [
        ("a project's string.h is not the C library's", "<string.h>", "lib/string.h"),
        ("nor its stdint.h the compiler's", "<stdint.h>", "compat/stdint.h"),
        ("kernel-internal copies do not stand in for the UAPI", "<linux/types.h>", "tools/include/linux/types.h"),
        ("folders of tools hold stand-ins", "<vmlinux.h>", ".github/vmlinux.h"),
    ],
)
def test_not_taken_from_the_project(why: str, include: str, there: str) -> None:
    assert found({"src/a.bpf.c": f"#include {include}\n", there: "#pragma once\n"}).folders == (), why


def test_a_header_beside_the_file_wins_whatever_its_name() -> None:
    files = {"src/a.bpf.c": '#include "string.h"\n', "src/string.h": '#include "deep.h"\n', "x/deep.h": "/**/"}
    assert found(files).folders == ("x",)


def test_tail_nearest_first_and_this_machine_before_others() -> None:
    files = {"src/a.bpf.c": "#include <vmlinux.h>\n#include <mine/m.h>\n", "src/arm64/vmlinux.h": "/**/",
             "src/x86/vmlinux.h": "/**/", "far/mine/m.h": "/**/", "src/inc/mine/m.h": "/**/"}  # fmt: skip
    assert found(files).folders == ("src/x86", "src/inc")


def test_what_nothing_has_is_missing() -> None:
    assert found({"src/a.bpf.c": "#include <gone.h>\n#include <linux/bpf.h>\n"}).missing == ("gone.h",)


def test_a_template_is_the_last_resort() -> None:
    files = {"src/a.bpf.c": '#include "config.h"\n', "src/config.h.in": "#cmakedefine A\n#define B @B@\n"}
    assert found(files).generated == {"src/config.h": "/* A */\n#define B 0\n"}
    assert found({**files, "src/config.h": "#define B 7\n"}).generated == {}


def test_filling_a_template() -> None:
    text = b'#cmakedefine01 X\n#define V "${VERSION}"\n#undef Y\n# cmakedefine Z @Z@\n'
    assert filled(text) == b'#define X 0\n#define V "0"\n#undef Y\n/* Z */\n'


def test_a_header_generated_from_types_is_not_searched_to_its_end() -> None:
    big = "struct s { int a; };\n" * 60_000 + "#include <gone.h>\n"
    assert found({"src/a.bpf.c": '#include "vmlinux.h"\n', "src/vmlinux.h": big}).missing == ()


@pytest.mark.parametrize(
    ("why", "text"),
    [
        ("a type that no kernel's BTF has", LICENSE + "struct s { mode_t m; };\nint f(struct s *s) { return s->m; }\n"),
        ("size_t left to a header", LICENSE + "int f(size_t size) { return size > 4; }\n"),
        ("bool left to a header", LICENSE + "const volatile bool on = 0;\n"),
        ("libbpf before 1.0", LICENSE + 'struct bpf_map_def SEC("maps") m = {.type = 1};\n'),
        ("linux/bpf.h left to bpf_helpers.h", LICENSE + "int f(struct xdp_md *c) { return XDP_PASS; }\n"),
        ("a helper declared by hand", LICENSE + "static long (*bpf_csum_level)(void *, int) = (void *)135;\n"),
        ("a vmlinux.h with a few types", PARTIAL + LICENSE + "struct in6_addr a;\n"),
        ("integers of a kernel's headers", LICENSE + "u32 x;\nint f(void) { return sizeof(s64); }\n"),
        ("integers of a C library's", LICENSE + "__uint64_t x;\ntypedef unsigned long __uint64_t;\n"),
        ("integers of a project's own header", LICENSE + "uint64 x;\n_Static_assert(sizeof(uint64) == 8, \"size\");\n"),
        (
            "a helper of a patched kernel, called by its number",
            LICENSE + "long (*bpf_own)(int) = (void *)BPF_FUNC_own;\nint f(void) { return bpf_own(1); }\n",
        ),
        ("a constant of a build script", LICENSE + "int f(void) { return MAX_RULES + 1; }\n"),
    ],
)  # fmt: skip
def test_a_second_parse_helps(tmp_path: Path, why: str, text: str) -> None:
    assert errors(tmp_path, {"a.bpf.c": text}) == [], why


def test_a_length_that_a_build_script_gives_stays_unknown(tmp_path: Path) -> None:
    told = errors(tmp_path, {"a.bpf.c": LICENSE + "struct event { char path[MAX_PATH]; int last; } event;\n"})
    assert [item.split("'")[1] for item in told] == ["MAX_PATH"]


@pytest.mark.parametrize("use", ["int f(void) { return sizeof(FLOW); }", "struct { __type(value, FLOW); } flows;"])
def test_what_may_be_a_type_is_taken_for_no_constant(tmp_path: Path, use: str) -> None:
    told = errors(tmp_path, {"a.bpf.c": LICENSE + "int g(void) { return MAX_RULES; }\n" + use + "\n"})
    assert [item.split("'")[1] for item in told] == ["FLOW"]


@pytest.mark.parametrize("macro", ["__USE_VMLINUX__", "HAVE_VMLINUX_H", "__KERNEL__"])
def test_a_macro_that_a_header_asks_for(tmp_path: Path, macro: str) -> None:
    header = f"#if defined({macro})\ntypedef int mine_t;\n#endif\n"
    assert errors(tmp_path, {"a.bpf.c": '#include "m.h"\n' + LICENSE + "mine_t x;\n", "m.h": header}) == []


def test_inside_a_kernel_tree(tmp_path: Path) -> None:
    vmlinux = (
        "#ifndef __VMLINUX_H__\n#define __VMLINUX_H__\n#include <linux/types.h>\nstruct sk_buff { int len; };\n#endif\n"
    )
    text = "#include <linux/skbuff.h>\n" + LICENSE + "int f(struct sk_buff *s) { return s->len; }\n"
    assert errors(tmp_path, {"a.bpf.c": text}, vmlinux=vmlinux) == []
    assert errors(tmp_path / "without", {"a.bpf.c": text})[0].startswith("not found: linux/skbuff.h")


def test_a_parse_that_helps_counts_though_hundreds_of_errors_are_left(tmp_path: Path) -> None:
    asked = "".join(f"int f{n}(struct sock *s) {{ return s->mark + nowhere_{n}; }}\n" for n in range(250))
    (told,) = errors(tmp_path, {"a.bpf.c": "#include <net/sock.h>\n" + LICENSE + asked}, vmlinux=SOCK)
    assert told.startswith("use of undeclared identifier 'nowhere_0'")
    assert "and 249 more errors" in told


def test_what_kernel_headers_give_beside_types(tmp_path: Path) -> None:
    names = "O_CREAT | S_IRUSR | RLIMIT_NOFILE | UNIX_PATH_MAX | BITS_PER_LONG | CAP_SYS_ADMIN | TASK_RUNNING"
    text = f"#include <net/sock.h>\n#if IS_ENABLED(CONFIG_NET)\n#error\n#endif\n{LICENSE}int all = {names};\n"
    assert errors(tmp_path, {"a.bpf.c": text + "struct sock s;\n"}, vmlinux=SOCK) == []


def test_a_parse_that_does_not_help_is_dropped(tmp_path: Path) -> None:
    text = LICENSE + "struct bpf_map_def { int mine; };\nint x = nowhere_at_all;\n"
    assert errors(tmp_path, {"a.bpf.c": text}) == [
        "use of undeclared identifier 'nowhere_at_all'; what it touches was not looked at"
    ]


KERNEL = (
    "#ifndef __VMLINUX_H__\n#define __VMLINUX_H__\n#include <linux/types.h>\n"
    "typedef __u8 u8;\ntypedef __u16 u16;\ntypedef __u32 u32;\ntypedef __u64 u64;\n"
    "typedef __s32 s32;\ntypedef __s64 s64;\ntypedef int bool;\n"
    "struct sample { int kernel; };\nstruct holder { struct sample one; };\n#endif\n"
)


RECORDS = (
    "struct trace_event_raw_sched_switch { int prev_pid; };\nstruct xdp_md { __u32 data; };\n"
    "struct __sk_buff { __u32 mark; };\n#endif\n"
)


@pytest.mark.parametrize(
    "text",
    [
        "int xdp_drop(struct CTXTYPE *ctx) { return ctx->data; }\n",
        "int on_frame(struct CTXTYPE *ctx) { return ctx->mark; }\n",
        "int on_switch(struct tracepoint__sched__sched_switch *args) { return args->prev_pid; }\n",
        "int on_frame(struct __sk_buff *skb) { return NO_VERDICT; }\n",
    ],
)
def test_what_the_loader_of_a_bcc_text_gives(tmp_path: Path, text: str) -> None:
    vmlinux = KERNEL.replace("#endif\n", RECORDS)
    assert errors(tmp_path, {"a.c": text}, root="a.c", vmlinux=vmlinux, mode="bcc") == []


def test_a_constant_of_a_build_script_beside_all_types_of_a_kernel(tmp_path: Path) -> None:
    vmlinux = KERNEL.replace("#endif\n", "typedef struct { unsigned long fds[16]; } __kernel_fd_set;\n#endif\n")
    text = '#include "vmlinux.h"\n' + LICENSE + "int f(void) { return MAX_RULES; }\n"
    assert errors(tmp_path, {"a.bpf.c": text}, vmlinux=vmlinux) == []


def test_a_name_of_the_program_that_a_newer_kernel_took(tmp_path: Path) -> None:
    own = "struct sample { __u64 own; };\nint f(struct sample *s) { return s->own; }\n"
    text = '#include "vmlinux.h"\n' + LICENSE + own
    assert errors(tmp_path, {"a.bpf.c": text}, vmlinux=KERNEL) == []


@pytest.mark.parametrize("many", ["", "1"])
def test_a_precompiled_header_changes_no_result(tmp_path: Path, many: str) -> None:
    """The text of a bcc program with a type of its own, parsed plainly and with what other programs had compiled."""
    (tmp_path / "vm").mkdir()
    (tmp_path / "vm" / "vmlinux.h").write_text(KERNEL)
    (tmp_path / "cache").mkdir()
    text = "struct sample { u64 own; };\nBPF_HASH(samples, u32, struct sample);\n"
    (tmp_path / "a.c").write_text(text)
    settings = Settings(root=tmp_path, vmlinux_dir=tmp_path / "vm", cache_dir=tmp_path / "cache")
    job = Job("c", "a.c", "bcc", files=("a.c",), extra={"many": many} if many else {})
    unit = load_unit(job, settings).units[0]
    assert [(item.name, len(item.members)) for item in unit.records] == [("sample", 1)]
    assert not unit.problems, unit.problems
    assert bool(list((tmp_path / "cache").glob("pch-*.pch"))) == bool(many)
