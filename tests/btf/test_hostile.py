"""What may a blob made to harm us do? Nothing but BtfError, soon and in little memory."""

from __future__ import annotations

import contextlib
import random
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import fuzz

from bpflint.btf import Btf, BtfError
from bpflint.btf import types as t
from bpflint.btf.c_writer import write_c
from bpflint.btf.encode import encode

INT = t.Int("int", 4, 32, 0, 1)
GOOD = encode((INT,))


def test_a_fuzz_run_meets_no_other_error():
    number = random.randrange(1 << 32)
    print(f"seed {number}")
    accepted, _ = fuzz.run(2000, number)
    assert accepted > 50


@pytest.mark.parametrize(
    ("why", "blob"),
    [
        ("empty", b""),
        ("no magic", b"\x7fELF" + bytes(40)),
        ("cut header", GOOD[:20]),
        ("version 2", GOOD[:2] + b"\2" + GOOD[3:]),
        ("flags", GOOD[:3] + b"\1" + GOOD[4:]),
        ("header too long", GOOD[:4] + struct.pack("<I", 4000) + GOOD[8:]),
        ("header too short", GOOD[:4] + struct.pack("<I", 8) + GOOD[8:]),
        ("type section leaves the blob", GOOD[:12] + struct.pack("<I", 1 << 31) + GOOD[16:]),
        ("type section not whole words", GOOD[:12] + struct.pack("<I", 15) + GOOD[16:]),
        ("names without an end", GOOD[:-1] + b"x"),
        ("no names", GOOD[:20] + struct.pack("<I", 0) + GOOD[24:]),
        ("record leaves the section", encode((t.Other(4, "", 4 << 24 | 0xFFFF, 4, ()),))),
        ("a word behind the last record", encode((INT, t.Other(2, "", 2 << 24, 1, (0,))))),
        ("two words that begin a record", encode((INT, t.Other(2, "", 2 << 24, 1, (0, 2 << 24))))),
        ("kind 0", encode((t.Other(0, "", 0, 0, ()),))),
    ],
)
def test_a_damaged_frame_is_refused_at_once(why, blob):
    with pytest.raises(BtfError, match=r"^BTF: "):
        Btf(blob)


@pytest.mark.parametrize(
    "record",
    [
        t.Ptr(9),
        t.Array(0, 1, 3),
        t.Array(7, 1, 3),
        t.Composite("struct", "s", 4, (t.Member("m", 9, 0, 0),)),
        t.Composite("struct", "s", 4, (t.Member("m", 1, 40, 0),)),
        t.Composite("struct", "s", 4, (t.Member("m", 0, 0, 0),)),
        t.Int("int", 4, 64, 0, 0),
        t.Int("int", 400, 64, 0, 0),
        t.Enum("e", 3, ()),
        t.Typedef("", 1),
        t.Func("f", 1, 0),
        t.Float("f", 99),
        t.Other(8, "", 8 << 24, 1, ()),
    ],
)
def test_a_record_that_cannot_be_is_refused_when_decoded(record):
    btf = Btf(encode((INT, record)))
    with pytest.raises(BtfError, match="type 2"):
        btf.type(2)


CIRCLES = {
    "typedef of itself": (t.Typedef("a", 1),),
    "typedefs in a circle": (t.Typedef("a", 2), t.Qualifier("const", 3), t.Typedef("b", 1)),
    "array of itself": (t.Array(1, 1, 2), t.Typedef("a", 1)),
    "struct in itself": (t.Composite("struct", "s", 8, (t.Member("m", 1, 0, 0),)),),
    "structs in a circle": (
        t.Composite("struct", "s", 8, (t.Member("m", 2, 0, 0),)),
        t.Composite("union", "u", 8, (t.Member("m", 1, 0, 0),)),
    ),
    "pointer to itself": (t.Ptr(1), t.Typedef("a", 1)),
    "prototype of itself": (t.FuncProto(2, ()), t.Ptr(1), t.Typedef("a", 2)),
}


@pytest.mark.parametrize("why", CIRCLES)
def test_a_circle_is_an_error_and_not_a_hang(why):
    btf = Btf(encode(CIRCLES[why]))
    with pytest.raises(BtfError):
        write_c(btf)
    for call in (btf.size, btf.resolve):
        with contextlib.suppress(BtfError):
            call(1)


def test_a_list_through_pointers_is_no_circle():
    text = write_c(Btf(encode((t.Ptr(2), t.Composite("struct", "s", 8, (t.Member("next", 1, 0, 0),))))))
    assert "struct s *next;" in text


def chain(length: int) -> list[t.BtfType]:
    return [INT, *(t.Composite("struct", f"s{i}", 4, (t.Member("m", i + 1, 0, 0),)) for i in range(length))]


def doubling(depth: int) -> list[t.BtfType]:
    made: list[t.BtfType] = [INT]
    for i in range(depth):
        members = (t.Member("a", i + 1, 0, 0), t.Member("b", i + 1, 0, 0))
        made.append(t.Composite("union", "", 4, members))
    return [*made, t.Typedef("top", depth + 1)]


def doubling_prototypes(depth: int) -> list[t.BtfType]:
    made: list[t.BtfType] = [INT]
    for i in range(depth):
        param = t.Param("", 2 * i + 1)
        made += [t.FuncProto(1, (param, param)), t.Ptr(2 * i + 2)]
    return [*made, t.Typedef("top", 2 * depth + 1)]


def test_a_long_chain_of_structs_is_written_without_recursion():
    assert write_c(Btf(encode(chain(20_000)))).count("struct s") == 39_999


@pytest.mark.parametrize("types", [doubling(40), doubling_prototypes(29), doubling_prototypes(400)])
def test_text_that_would_double_without_end_is_refused(types):
    start = time.process_time()
    with pytest.raises(BtfError):
        write_c(Btf(encode(types)))
    assert time.process_time() - start < 2


def test_huge_counts_stay_small():
    arrays = [INT, *(t.Array(i + 1, 1, 0xFFFFFFFF) for i in range(20))]
    with pytest.raises(BtfError, match="bytes"):
        Btf(encode(arrays)).size(21)
    gap = t.Composite("struct", "s", 0xFFFFFFFF, (t.Member("m", 1, 0, 0),))
    assert len(write_c(Btf(encode((INT, gap))))) < 1000


LARGEST = """
import re, struct, sys
from bpflint.btf import Btf, BtfError
from bpflint.btf.c_writer import write_c
record, count = open(sys.argv[1], "rb").read(), int(sys.argv[2])
body = record * count
names = bytes(1) + b"x" * 10 + bytes(1)
blob = struct.pack("<HBBIIIII", 0xEB9F, 1, 0, 24, 0, len(body), len(body), len(names)) + body + names
del body
try:
    btf = Btf(blob)
    btf.check()
    btf.find("x")
    write_c(btf)
except BtfError as error:
    print(error)
# not ru_maxrss: a process that execs keeps the peak of the one it was forked from
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]) // 1024)
"""


@pytest.mark.parametrize(
    ("record", "count"),
    [
        (struct.pack("<III", 1, 8 << 24, 0), 600_000),
        (struct.pack("<III", 1, 8 << 24, 0), 2_000_000),
        (struct.pack("<III", 0, 6 << 24 | 250_000, 4) + struct.pack("<II", 1, 7) * 250_000, 4),
        (struct.pack("<III", 0, 6 << 24 | 2_000_000, 4) + struct.pack("<II", 1, 7) * 2_000_000, 1),
    ],
    ids=["many-typedefs", "two-million-typedefs", "wide-enums", "one-enum-of-two-million"],
)
def test_the_largest_blobs_stay_below_200_mb(record, count, tmp_path):
    (tmp_path / "record").write_bytes(record)
    command = [sys.executable, "-c", LARGEST, str(tmp_path / "record"), str(count)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) < 200, done.stdout


def test_names_that_are_tails_of_one_long_string_stay_small(tmp_path):
    script = LARGEST.replace("record * count", "b''.join(struct.pack('<III', i, 8 << 24, 0) for i in range(1, count))")
    script = script.replace('b"x" * 10', 'b"x" * 8_000_000').replace('btf.find("x")', "[btf.find(n) for n in 'xyz']")
    (tmp_path / "record").touch()
    command = [sys.executable, "-c", script, str(tmp_path / "record"), "300"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) < 200, done.stdout
