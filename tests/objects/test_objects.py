"""Does an object give the layouts, maps and programs its compiler wrote, and damage one clear line?"""

from __future__ import annotations

import json
import random
import re
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from bpflint.analysis.abi import abi
from bpflint.analysis.layout import lay_out
from bpflint.api import FrontEndError, Job, Settings, SourceFile
from bpflint.btf import Btf
from bpflint.btf import types as t
from bpflint.btf.encode import encode
from bpflint.frontends.objects import ObjectFrontEnd
from bpflint.frontends.objects.elf import read_object
from bpflint.frontends.objects.types import Converter
from bpflint.frontends.objects.unit import load_unit
from bpflint.model.layout import Codec, Enum, Member, Pointer, Record, RecordDecl, Scalar
from bpflint.model.source import Span
from bpflint.model.unit import Unit

SOURCE = """
typedef unsigned int u32; typedef unsigned long long u64; typedef unsigned short __be16;
#define SEC(x) __attribute__((section(x), used))
#define __uint(name, value) int (*name)[value]
#define __type(name, value) typeof(value) *name
#define __array(name, value) typeof(value) *name[]
enum state { OFF, ON = 5 };
struct key { u32 a; u64 b; __be16 port; };
typedef struct { char c; enum state s; union { u32 lo; u64 wide; }; u32 f : 3, g : 29; struct key *next; } value_t;
struct packed { char c; u64 x; struct key keys[2]; _Bool on; } __attribute__((packed));
struct bits { u64 a : 7; u64 b : 50; int c : 9; char d; } __attribute__((aligned(32)));
struct { __uint(type, 1); __uint(max_entries, 10); __type(key, struct key); __type(value, value_t);
         __uint(map_flags, 1); __uint(pinning, 1); } table SEC(".maps");
struct inner { __uint(type, 2); __uint(max_entries, 1); __type(key, u32); __type(value, struct packed); }
    first SEC(".maps");
struct { __uint(type, 12); __uint(max_entries, 4); __type(key, u32);
         __array(values, struct inner); } outer SEC(".maps");
struct { __uint(type, 27); __uint(max_entries, 4096); } events SEC(".maps");
struct { __uint(type, 3); __uint(max_entries, 2); __uint(key_size, 4); __uint(value_size, 4);
         __array(values, int(void *)); } jumps SEC(".maps");
struct bpf_map_def { u32 type, key_size, value_size, max_entries, map_flags; };
struct bpf_map_def old SEC("maps") = { 1, 8, 16, 100, 2 }, older SEC("maps") = { 2, 4, 32, 1, 0 };
struct ____btf_map_old { u64 key; struct key value; } ____btf_map_old SEC(".maps.old") = {};
u64 counter; value_t slots[4]; const volatile u32 limit = 3; static u32 seen = 9; struct bits bits;
char _license[] SEC("license") = "Dual BSD/GPL";
static __attribute__((noinline)) int sub(int x) { return x * seen; }
SEC("kprobe/foo") int probe(void *ctx) { counter++; slots[1].f = limit + seen; return sub(bits.c); }
SEC("lsm.s/file_open") int lsm(struct key *ctx) { seen++; return ctx->a; }
"""


def clang() -> str:
    found = next(filter(None, map(shutil.which, ("clang-19", "clang-18", "clang"))), None)
    return found or pytest.skip("no clang is installed, so there are no objects to read")


def build(folder: Path, target: str, *flags: str) -> bytes:
    source = folder / "x.bpf.c"
    source.write_text(SOURCE)
    out = folder / "x.bpf.o"
    command = [clang(), "-target", target, *(flags or ("-g",)), "-O2", "-c", str(source), "-o", str(out)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return out.read_bytes()


@pytest.fixture(scope="module", params=["bpfel", "bpfeb"])
def built(request, tmp_path_factory):
    return request.param, build(tmp_path_factory.mktemp("object"), request.param)


def test_maps_give_kinds_types_and_sizes(built):
    maps = {one.name: one for one in load_unit("x.bpf.o", built[1]).maps}
    table, outer = maps["table"], maps["outer"]
    assert (table.kind, table.max_entries, table.flags, table.pinning) == ("hash", 10, 1, True)
    assert (table.key_size, table.value_size) == (24, 32)
    assert isinstance(table.key, RecordDecl)
    assert isinstance(table.value, RecordDecl)
    assert (table.key.name, table.value.name) == ("key", "value_t")
    assert outer.inner is not None
    assert (outer.kind, outer.inner.kind, outer.inner.value_size) == ("array_of_maps", "array", 58)
    assert (maps["events"].kind, maps["events"].key, maps["events"].max_entries) == ("ringbuf", None, 4096)
    jumps = maps["jumps"]
    assert (jumps.kind, jumps.key_size, jumps.value_size, jumps.inner) == ("prog_array", 4, 4, None)


def test_legacy_maps_come_from_their_bytes(built):
    maps = {one.name: one for one in load_unit("x.bpf.o", built[1]).maps}
    old, older = maps["old"], maps["older"]
    assert (old.kind, old.key_size, old.value_size, old.max_entries, old.flags) == ("hash", 8, 16, 100, 2)
    assert (older.kind, older.key_size, older.value_size, older.key) == ("array", 4, 32, None)
    assert isinstance(old.key, Scalar)
    assert isinstance(old.value, RecordDecl)


def test_globals_programs_license_and_byte_order(built):
    target, data = built
    unit = load_unit("x.bpf.o", data)
    variables = {one.name: (one.kind, one.value_size) for one in unit.maps if one.style == "global"}
    assert variables["counter"] == (".bss", 8)
    assert variables["slots"] == (".bss", 128)
    assert variables["limit"] == (".rodata", 4)
    assert variables["seen"] == (".data", 4)
    assert unit.license == "Dual BSD/GPL"
    assert unit.byte_order == ("little" if target == "bpfel" else "big")
    programs = {one.name: one for one in unit.programs}
    assert set(programs) == {"probe", "lsm"}
    assert (programs["lsm"].section, programs["lsm"].sleepable) == ("lsm.s/file_open", True)
    context = programs["lsm"].context
    assert isinstance(context, Pointer)
    assert isinstance(context.pointee, RecordDecl)
    assert unit.problems == ()


def test_typedef_names_stay_visible(built):
    records = {one.name: one for one in load_unit("x.bpf.o", built[1]).records}
    assert records["key"].members[2].type == Scalar(("__be16", "unsigned short"), 16)
    state = records["value_t"].members[1].type
    assert isinstance(state, Enum)
    assert (state.name, state.values) == ("state", (("OFF", 0), ("ON", 5)))


def flat(record: Record, start: int = 0) -> list[tuple[str, int]]:
    """Return the members of a layout by (name, bit offset), those of unnamed records in their parent."""
    found = []
    for field in record.fields:
        if field.record is not None and not field.name:
            found += flat(field.record, start + field.offset)
        else:
            found.append((field.name, start + field.offset))
    return found


def clang_layouts(folder: Path, target: str) -> dict[str, tuple[int, list[tuple[str, int]]]]:
    """Return clang's own record dump: size in bits, and the direct members by (name, bit offset)."""
    source = folder / "dump.c"
    asked = "unsigned long q = sizeof(struct key) + sizeof(struct packed) + sizeof(struct bits) + sizeof(value_t);"
    source.write_text(SOURCE + asked)
    # -fdump-record-layouts-complete prints before the attributes behind the brace are seen
    flags = ["-target", target, "-fsyntax-only", "-Xclang", "-fdump-record-layouts"]
    done = subprocess.run([clang(), *flags, str(source)], capture_output=True, text=True)
    found = {}
    for block in done.stdout.split("*** Dumping AST Record Layout")[1:]:
        lines = [line for line in block.splitlines() if "|" in line]
        name = lines[0].split("|")[1].split()[-1]
        members = []
        for line in lines[1:]:
            place, text = line.split("|", 1)
            depth = (len(text) - len(text.lstrip()) - 1) // 2
            match = re.match(r"\s*(\d+)(?::(\d+)-\d+)?\s*$", place)
            if depth == 1 and match:
                members.append((text.split()[-1], int(match[1]) * 8 + int(match[2] or 0)))
        size = re.search(r"sizeof=(\d+)", block)
        found[name] = (int(size[1]) * 8 if size else 0, members)
    return found


@pytest.mark.parametrize("name", ["key", "packed", "bits", "value_t"])
def test_layouts_equal_clangs_record_dump(built, name, tmp_path):
    target, data = built
    (decl,) = [one for one in load_unit("x.bpf.o", data).records if one.name == name]
    record = lay_out(decl, abi(target))
    size, members = clang_layouts(tmp_path, target)[name]
    ours = flat(record) if name != "value_t" else [(f.name, f.offset) for f in record.fields]
    assert record.opaque is None
    assert record.size == size
    named = [(field, at) for field, at in ours if field]
    assert named == [(field, at) for field, at in members if field in dict(named)]
    assert len(named) >= 3


def test_only_bpf_objects_are_taken():
    files = [
        SourceFile("a.o", lambda: b"\x7fELF\2\1\1" + bytes(11) + b"\xf7\0" + bytes(40)),
        SourceFile("big.o", lambda: b"\x7fELF\2\2\1" + bytes(11) + b"\0\xf7" + bytes(40)),
        SourceFile("host.o", lambda: b"\x7fELF\2\1\1" + bytes(11) + b"\x3e\0" + bytes(40)),
        SourceFile("short.o", lambda: b"\x7fELF"),
        SourceFile("text.o", lambda: b"hello, world, this is text"),
        SourceFile("a.c", lambda: b""),
    ]
    jobs = ObjectFrontEnd().plan(files, Settings(root=Path()))
    assert [job.path for job in jobs] == ["a.o", "big.o"]


def test_the_front_end_reads_from_the_root(built, tmp_path):
    (tmp_path / "x.bpf.o").write_bytes(built[1])
    loaded = ObjectFrontEnd().load(Job("objects", "x.bpf.o"), Settings(root=tmp_path))
    assert loaded.units[0].path == "x.bpf.o"
    with pytest.raises(FrontEndError, match=r"absent\.o: cannot be read"):
        ObjectFrontEnd().load(Job("objects", "absent.o"), Settings(root=tmp_path))


def test_an_object_without_btf_keeps_its_programs_and_says_so(tmp_path):
    unit = load_unit("x.o", build(tmp_path, "bpfel", "-g0"))
    assert [one.name for one in unit.programs] == ["probe", "lsm"]
    assert [one.name for one in unit.maps] == ["old", "older"]
    assert len(unit.problems) == 1
    assert "no .BTF section" in unit.problems[0].message


def test_a_truncated_object_gives_one_line(built):
    data = built[1]
    for length in range(20, len(data), 97):
        with pytest.raises(FrontEndError, match=r"^x\.o: [^\n]+$"):
            load_unit("x.o", data[:length])


def test_a_damaged_section_name_stays_on_one_line_and_off_the_terminal(built):
    data = built[1]
    order = "little" if built[0] == "bpfel" else "big"
    (offset,) = struct.unpack_from("<Q" if order == "little" else ">Q", data, 40)
    blob = bytearray(data.replace(b"\0.maps\0", b"\0\n\x1b[2J\0"))
    names = [one.name for one in read_object(bytes(blob), "x.o").sections]
    index = names.index("\n\x1b[2J")
    blob[offset + index * 64 + 32 : offset + index * 64 + 40] = (1 << 40).to_bytes(8, order)
    with pytest.raises(FrontEndError) as caught:
        load_unit("x.o", bytes(blob))
    assert str(caught.value).startswith(r"x.o: cut off: section '\n\x1b[2J' ends after")


def attempt(data: bytes) -> tuple[Unit | None, int]:
    """Return the unit, None when it was refused, and how many lines were said about it."""
    try:
        unit = load_unit("x.o", data)
    except FrontEndError as error:
        return None, len(str(error).splitlines())
    return unit, len(unit.problems)


def test_a_damaged_object_gives_a_unit_or_one_line(built):
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    data = built[1]
    for _ in range(400):
        blob = bytearray(data)
        for _ in range(rng.choice((1, 2, 8, 40))):
            blob[rng.randrange(len(blob))] = rng.choice((0, 1, 0x7F, 0xFF, rng.randrange(256)))
        unit, lines = attempt(bytes(blob))
        assert lines <= 1
        for record in unit.records if unit else ():
            lay_out(record, abi(built[0]))


def test_every_record_equals_bpftools(built, tmp_path):
    if built[0] == "bpfeb":
        pytest.skip("bpftool reads no objects of a foreign byte order")
    tool = shutil.which("bpftool") or pytest.skip("bpftool is not installed")
    path = tmp_path / "x.o"
    path.write_bytes(built[1])
    done = subprocess.run([tool, "btf", "dump", "-j", "file", str(path), "format", "raw"], capture_output=True)
    rows = {row["name"]: row for row in json.loads(done.stdout)["types"] if row["kind"] in ("STRUCT", "UNION")}
    records = [one for one in load_unit("x.o", built[1]).records if one.name in rows]
    assert len(records) >= 5
    for record in records:
        row = rows[record.name]
        assert record.size == row["size"] * 8
        theirs = [(m["name"], m["bits_offset"], m.get("bitfield_size") or None) for m in row["members"]]
        assert theirs == [(m.name or "(anon)", m.offset, m.bit_width) for m in record.members]


@pytest.mark.parametrize("count", [30, 5000])
def test_a_chain_of_arrays_or_records_ends_in_opaque_and_not_in_recursion(count):
    arrays = [t.Int("int", 4, 32, 0, 1), *(t.Array(i + 1, 1, 1) for i in range(count))]
    records = [t.Int("int", 4, 32, 0, 1)]
    records += [t.Composite("struct", f"s{i}", 4, (t.Member("m", i + 1, 0, 0),)) for i in range(count)]
    for types in (arrays, records):
        found = lay_out(
            RecordDecl("top", "struct", (Member("m", Converter(Btf(encode(types)), Span("x", 1)).convert(count + 1)),),
                       "object", Codec.BTF),
            abi("bpfel"),
        )  # fmt: skip
        assert (found.opaque is not None) == (count > 60)
