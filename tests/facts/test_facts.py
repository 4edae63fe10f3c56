"""Are the fact tables consistent, and do they agree with sources they were not made from?"""

# ruff: noqa: RUF007 (C text and word lists)
from __future__ import annotations

import platform
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bpflint import facts

LIBBPF = Path("/usr/include/bpf/bpf_helper_defs.h")
UAPI = Path("/usr/include/linux/bpf.h")
needs_uapi = pytest.mark.skipif(not UAPI.exists(), reason="no kernel headers in /usr/include/linux")


def test_helper_ids_are_unique_sorted_and_without_holes() -> None:
    ids = [h.id for h in facts.helpers().values()]
    assert ids == list(range(1, len(ids) + 1))


def test_releases_never_fall_as_helper_ids_rise() -> None:
    """Ids are given out in merge order, so a fall is a wrong release (two published tables had some)."""
    rows = list(facts.helpers().values())
    assert [(a.name, b.name) for a, b in zip(rows, rows[1:], strict=False) if b.since < a.since] == []


def test_every_sized_pointer_has_its_size() -> None:
    """bpf_get_func_arg-like outputs are fixed in size by the helper itself, so only plain memory is asked."""
    alone = [(h.name, a.name) for h in facts.helpers().values() for a in h.arguments
             if a.kind in ("mem", "mem-or-null", "mem-out") and a.size_index is None]  # fmt: skip
    assert alone == []


def test_map_arguments() -> None:
    update = facts.helpers()["bpf_map_update_elem"]
    assert (update.map_index, update.key_index, update.value_index) == (0, 1, 2)
    assert facts.helpers()["bpf_map_lookup_elem"].may_return_null
    read = facts.helpers()["bpf_probe_read_kernel"]
    assert read.arguments[0].writes
    assert read.arguments[0].size_index == 1


def test_where_helpers_are_allowed() -> None:
    table = facts.helpers()
    assert table["bpf_spin_lock"].allowed_in("kprobe") is False
    assert table["bpf_spin_lock"].allowed_in("sched_cls") is True
    assert table["bpf_get_current_comm"].allowed_in("kprobe") is True
    assert table["bpf_probe_read"].allowed_in("xdp") is False
    assert table["bpf_map_lookup_elem"].allowed_in("ext") is None


def test_orders_and_widths_are_well_formed() -> None:
    for f in facts.field_orders().values():
        assert f.order in ("network", "host"), f
        assert f.width in (8, 16, 32, 64), f
        assert f.valid in ("", "low16", "high16"), f
        assert f.source, f
    for w in facts.type_widths().values():
        assert w.source, w
    assert facts.type_widths()["dev_t"].kernel("x86_64") == 32
    assert facts.type_widths()["dev_t"].libc("x86_64") == 64


def test_sections() -> None:
    def row(name: str) -> tuple[str, str]:
        found = facts.section_of(name)
        assert found is not None, name
        return found.type, found.attach

    assert row("fentry/do_unlinkat") == ("tracing", "BPF_TRACE_FENTRY")
    assert row("?kprobe/x")[0] == "kprobe"
    assert row("cgroup/connect4") == ("cgroup_sock_addr", "BPF_CGROUP_INET4_CONNECT")
    assert row("netfilter")[0] == "netfilter"
    assert facts.section_of("maps") is None
    assert {s.type for s in facts.sections()} <= facts.program_types().keys()


@pytest.mark.skipif(not LIBBPF.exists(), reason="no libbpf headers in /usr/include/bpf")
def test_ids_and_arity_against_libbpf() -> None:
    """libbpf's generated definitions come from its own copy of the kernel's list."""
    ours = {h.name: (h.id, len(h.arguments) + h.variadic) for h in facts.helpers().values()}
    rows = re.findall(r"\(\*(bpf_\w+)\)\(([^)]*)\) = \(void \*\) (\d+);", LIBBPF.read_text())
    theirs = {n: (int(i), 0 if a.strip() == "void" else a.count(",") + 1) for n, a, i in rows}
    assert len(theirs) > 150
    assert {n: (ours.get(n), v) for n, v in theirs.items() if ours.get(n) != v} == {}


@needs_uapi
def test_enums_against_the_system_header() -> None:
    text = re.sub(r"/\*.*?\*/", "", UAPI.read_text(), flags=re.S)

    def enum(name: str) -> list[str]:
        found = re.search(rf"enum {name} {{(.*?)}}", text, re.S)
        assert found is not None
        return [e.strip() for e in found[1].split(",") if e.strip()]

    kinds = {m.name: m.id for m in facts.map_types().values()}
    for number, name in enumerate(e for e in enum("bpf_map_type") if "=" not in e):
        if number:
            assert kinds.get(name, facts.map_types()[name].id) == number, name
    types = {f"BPF_PROG_TYPE_{t.name.upper()}": t.id for t in facts.program_types().values()}
    for number, name in enumerate(enum("bpf_prog_type")):
        if number:
            assert types[name] == number, name
    mapped = re.findall(r"\bFN\((\w+)\)", text) or re.findall(r"\bFN\((\w+), \d+", text)
    names = [n for n in mapped if n != "unspec"]
    ours = [h.name.removeprefix("bpf_") for h in facts.helpers().values()]
    assert ours[: len(names)] == names


@needs_uapi
def test_network_fields_have_network_types_there() -> None:
    """A field typed __be16 or __be32 in the system's linux/bpf.h is never host in the table."""
    text = re.sub(r"/\*.*?\*/", "", UAPI.read_text(), flags=re.S)
    for struct, body in re.findall(r"^struct (\w+) \{(.*?)^\}", text, re.S | re.M):
        for width, field in re.findall(r"__be(16|32|64)\s+(\w+)", body):
            row = facts.field_orders().get((struct, field))
            if row is not None:
                assert (row.order, row.width) == ("network", int(width)), row


CLANG = shutil.which("clang-19") or shutil.which("clang")
LIBC = (
    "sys/types.h", "sys/stat.h", "sys/socket.h", "time.h", "signal.h", "pthread.h", "sched.h", "sys/resource.h",
    "stdbool.h", "stddef.h",
)  # fmt: skip


@pytest.mark.skipif(CLANG is None, reason="no clang to compile the C library's headers with")
@pytest.mark.skipif(platform.machine() != "x86_64", reason="the C library's headers are another machine's")
@pytest.mark.skipif(not Path("/usr/include/pthread.h").exists(), reason="no C library headers in /usr/include")
def test_libc_widths_against_the_system() -> None:
    text = "".join(f"#include <{name}>\n" for name in LIBC)
    for row in facts.type_widths().values():
        if bits := row.libc("x86_64"):
            text += f'_Static_assert(sizeof({row.name}) * 8 == {bits}, "{row.name}");\n'
    command = [str(CLANG), "-D_GNU_SOURCE", "-std=gnu11", "-fsyntax-only", "-x", "c", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if "error:" in line] == []
