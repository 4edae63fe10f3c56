"""Is each kind of broken input one clear line with the right code, while the other findings still appear?"""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from .conftest import Bpflint, Write

GOOD = """#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 8);
    __type(key, __u32);
    __type(value, __u64);
} counts SEC(".maps");
SEC("xdp") int pass(void *ctx) { return 2; }
"""
TRUNCATED = (
    b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 1, 247, 1, 0, 0, 9999, 0, 64, 0, 0, 64, 9, 1)
)


def broken(folder: Path, kind: str) -> str:
    """Make one broken file and return its name."""
    match kind:
        case "syntax":
            (folder / "a.bpf.c").write_text(GOOD + "int x = ;\n")
            return "a.bpf.c"
        case "utf-8":
            (folder / "a.bpf.c").write_bytes(b"// \xff\xfe \xe9\n" + GOOD.encode() + b"int \xff;\n")
            return "a.bpf.c"
        case "binary":
            (folder / "a.bpf.c").write_bytes(TRUNCATED * 9)
            return "a.bpf.c"
        case "huge":
            with (folder / "a.bpf.c").open("wb") as file:
                file.truncate(30 << 20)
            return "a.bpf.c"
        case "object":
            (folder / "a.bpf.o").write_bytes(TRUNCATED)
            return "a.bpf.o"
        case "loop":
            (folder / "a.bpf.c").symlink_to("a.bpf.c")
            return "a.bpf.c"
        case "python":
            (folder / "a.py").write_text("import ctypes\nfrom bcc import BPF\nclass A(ctypes.Structure:\n")
            return "a.py"
        case _:
            return "gone.bpf.c"


KINDS = ("syntax", "utf-8", "binary", "huge", "object", "loop", "python")


@pytest.mark.parametrize("kind", KINDS)
def test_a_found_file_is_a_line_and_the_rest_is_looked_at(
    write: Write, bpflint: Bpflint, tmp_path: Path, kind: str
) -> None:
    write("good.bpf.c", GOOD)
    write("found.toy", "bad x\n")
    name = broken(tmp_path / "project", kind)
    done = bpflint("scan", "--output-format", "json")
    assert done.returncode == 1, done.stderr
    data = json.loads(done.stdout)
    assert [problem["path"] for problem in data["problems"]] == [name]
    assert data["problems"][0]["code"] in ("BPF001", "BPF002")
    assert "\n" not in data["problems"][0]["message"]
    assert str(tmp_path) not in data["problems"][0]["message"]
    assert [item["code"] for item in data["findings"]] == ["TOY101"]
    assert data["coverage"]["programs"] >= 1


@pytest.mark.parametrize("kind", ["binary", "huge", "object", "loop", "missing"])
def test_a_named_file_that_cannot_be_read_is_two(write: Write, bpflint: Bpflint, tmp_path: Path, kind: str) -> None:
    write("good.bpf.c", GOOD)
    write("found.toy", "bad x\n")
    name = broken(tmp_path / "project", kind)
    done = bpflint("scan", name, "found.toy", "--output-format", "concise")
    assert done.returncode == 2, done.stdout
    lines = done.stdout.splitlines()
    assert any("x is bad" in line for line in lines)
    assert sum(line.startswith(f"{name}:") for line in lines) == 1
