"""Does an instruction of the verifier's log lead to its source line? Against what llvm-objdump reads from DWARF."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bpflint.check.build import NotBuilt, compiler
from bpflint.check.verifier import instructions, stop_of

_SOURCE = """\
#define SEC(name) __attribute__((section(name), used))
typedef unsigned int u32;
typedef unsigned long long u64;
struct { int (*type)[2]; u32 *key; u64 *value; int (*max_entries)[16]; } counts SEC(".maps");
static void *(*lookup)(void *map, const void *key) = (void *)1;
static u64 (*now)(void) = (void *)5;

static __attribute__((noinline)) u64 mixed(u64 a, u64 b) {
    u64 sum = a * 31 + b;
    sum ^= sum >> 7;
    sum += now();
    return sum;
}

SEC("xdp") int first(void *ctx) {
    u32 key = 3;
    u64 *value = lookup(&counts, &key);
    if (!value)
        return 1;
    *value += mixed(*value, key);
    return 2;
}

SEC("xdp") int second(void *ctx) {
    u32 key = 5;
    u64 total = 0;
    for (u32 at = 0; at < 4; at++) {
        key += at;
        u64 *value = lookup(&counts, &key);
        if (value)
            total += *value;
    }
    return total > 100 ? 2 : 1;
}

SEC("tc") int third(void *ctx) {
    return (int)mixed(now(), 4);
}
char _license[] SEC("license") = "GPL";
"""
_HEAD, _PLACE = re.compile(r"^[0-9a-f]+ <(\w+)>:$"), re.compile(r"^; \S*unit\.c:(\d+)$")
_CODE = re.compile(r"^ *(\d+):\t")


def _line(part: str) -> int:
    return next(number for number, text in enumerate(_SOURCE.splitlines(), 1) if part in text)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile three programs, two of one section, with a subprogram that two of them call."""
    folder = tmp_path_factory.mktemp("unit")
    (folder / "unit.c").write_text(_SOURCE, encoding="utf-8")
    try:
        command = [*compiler(), "-target", "bpfel", "-O2", "-g", "-c", "unit.c", "-o", "unit.o"]
    except NotBuilt as error:
        pytest.skip(str(error))
    subprocess.run(command, cwd=folder, check=True)
    return folder / "unit.o"


def _by_objdump(path: Path) -> Iterator[tuple[str, int, int]]:
    """(function, instruction within it, line) of everything in an object."""
    tool = next((found for name in ("llvm-objdump", "llvm-objdump-19") if (found := shutil.which(name))), None)
    if tool is None:
        pytest.skip("llvm-objdump is not installed")
    told = subprocess.run([tool, "-d", "--line-numbers", path], capture_output=True, text=True, check=True).stdout
    function, first, line = "", -1, 0
    for text in told.splitlines():
        if head := _HEAD.match(text):
            function, first = head[1], -1
        elif place := _PLACE.match(text):
            line = int(place[1])
        elif code := _CODE.match(text):
            first = int(code[1]) if first < 0 else first
            yield function, int(code[1]) - first, line


def test_every_instruction_leads_to_the_line_that_objdump_gives(built: Path) -> None:
    data, seen = built.read_bytes(), 0
    for function, number, line in _by_objdump(built):
        if function != "mixed":
            stop = stop_of(data, function, f"{number}: (bf) r1 = r2\nR2 !read_ok\n")
            assert stop is not None
            assert (stop.line, Path(stop.file).name) == (line, "unit.c"), (function, number)
            seen += 1
    assert seen > 40


@pytest.mark.parametrize("place", ["", " @ unit.c:{}"])
def test_in_a_subprogram_the_quoted_line_decides(built: Path, place: str) -> None:
    quoted = "; u64 sum = a * 31 + b;" + place.format(_line("a * 31"))
    log = f"{quoted}\n900: (27) r1 *= 31\n901: (0f) r1 += r2\nR2 !read_ok\nprocessed 9 insns\n"
    stop = stop_of(built.read_bytes(), "first", log)
    assert stop is not None
    assert (Path(stop.file).name, stop.line) == ("unit.c", _line("a * 31"))


def test_a_line_that_stands_twice_gives_no_place_unless_it_is_named(built: Path) -> None:
    data, text = built.read_bytes(), "; u64 *value = lookup(&counts, &key);"
    code = "900: (85) call bpf_map_lookup_elem#1\n"
    assert stop_of(data, "third", f"{text}\n{code}") is None
    named = stop_of(data, "third", f"{text} @ unit.c:{_line('        u64 *value')}\n{code}")
    assert named is not None
    assert named.line == _line("        u64 *value")
    assert stop_of(data, "third", f"{text} @ unit.c:99\n{code}") is None


def test_the_last_instruction_counts_and_the_way_before_does_not(built: Path) -> None:
    data = built.read_bytes()
    lines = {number: line for function, number, line in _by_objdump(built) if function == "first"}
    last = max(lines)
    stop = stop_of(data, "first", f"0: (b7) r1 = 3\n{last}: (95) exit\nfrom 6 to 8: R0=0\nmax value is outside\n")
    assert stop is not None
    assert stop.line == lines[last]


def test_a_refusal_before_the_first_instruction_names_one(built: Path) -> None:
    stop = stop_of(built.read_bytes(), "first", "back-edge from insn 1 to 0\nprocessed 0 insns (limit 1000000)\n")
    assert stop is not None
    assert stop.line == _line("key = 3")


def test_a_relocation_that_failed_is_the_instruction(built: Path) -> None:
    log = "0: R1=ctx() R10=fp0\n1: <invalid CO-RE relocation>\nfailed to resolve CO-RE relocation <byte_off> [5] a.b\n"
    stop = stop_of(built.read_bytes(), "first", log)
    assert stop is not None
    assert stop.line == _line("key = 3")


@pytest.mark.parametrize("log", ["", "R1 type=ctx expected=fp\n", "libbpf: map 'counts': failed to create\n"])
def test_a_log_without_an_instruction_gives_no_place(built: Path, log: str) -> None:
    assert stop_of(built.read_bytes(), "first", log) is None


def test_what_is_no_object_or_no_program_gives_no_place(built: Path) -> None:
    log = "1: (bf) r1 = r2\n"
    assert stop_of(b"", "first", log) is None
    assert stop_of(b"\x7fELF" + bytes(60), "first", log) is None
    assert stop_of(built.read_bytes(), "fourth", log) is None


def test_the_count_of_instructions_is_the_last_one_told() -> None:
    assert instructions("processed 3 insns (limit 1)\nprocessed 1204 insns (limit 1000000) max_states") == 1204
    assert instructions("unknown func bpf_x#9999\n") is None
