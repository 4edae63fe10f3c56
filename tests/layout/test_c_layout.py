"""Are our layouts clang's? Random structs against libclang's own offsets on every target, and clang's record dump."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from clang import cindex

from bpflint.analysis.abi import abi
from bpflint.analysis.layout import lay_out
from bpflint.api import Job, Record, Settings
from bpflint.frontends.c.cursors import api
from bpflint.frontends.c.unit import load_unit
from layout.structs import random_structs, resolve_kinds

COUNT = int(os.environ.get("BPFLINT_LAYOUTS", "150"))
SEED = int(os.environ.get("BPFLINT_SEED", "20261122"))
TRIPLES = {
    "bpfel": "bpfel", "bpfeb": "bpfeb", "x86_64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu",
    "s390x": "s390x-linux-gnu", "riscv64": "riscv64-linux-gnu", "arm": "arm-linux-gnueabihf", "i386": "i386-linux-gnu",
    "ppc64le": "powerpc64le-linux-gnu", "mips64le": "mips64el-linux-gnuabi64", "loong64": "loongarch64-linux-gnu",
}  # fmt: skip
NO_INT128 = ("arm", "i386")


def our_records(tmp_path: Path, source: str, target: str) -> dict[str, Record]:
    (tmp_path / "s.bpf.c").write_text(source)
    unit = load_unit(Job("c", "s.bpf.c", "bpf"), Settings(root=tmp_path)).units[0]
    assert unit.problems == ()
    return {decl.name: lay_out(decl, abi(target)) for decl in unit.records}


def clang_offsets(source: str, target: str) -> dict[str, tuple[int, int, list[tuple[str, int]]]]:
    """Return {name: (size in bits, align in bits, [(member, offset in bits)])} as libclang lays them out."""
    args = ["-target", TRIPLES[target], "-x", "c", "-std=gnu11", "-nostdinc"]
    unit = cindex.Index.create().parse("o.c", args=args, unsaved_files=[("o.c", source)])
    assert not [item for item in unit.diagnostics if item.severity >= cindex.Diagnostic.Error]
    found = {}
    for cursor in unit.cursor.get_children():
        if cursor.kind in (cindex.CursorKind.STRUCT_DECL, cindex.CursorKind.UNION_DECL) and re.match(
            r"s\d", cursor.spelling
        ):
            fields = [(item.spelling, int(api().field_offset(item))) for item in cursor.type.get_fields()
                      if item.spelling and "(" not in item.spelling]  # fmt: skip
            found[cursor.spelling] = (cursor.type.get_size() * 8, cursor.type.get_align() * 8, fields)
    return found


@pytest.mark.parametrize("target", sorted(TRIPLES))
def test_records_from_source_equal_clangs_offsets(tmp_path: Path, target: str) -> None:
    print(f"seed {SEED}, {COUNT} structs")
    source = resolve_kinds(random_structs(SEED, COUNT, int128=target not in NO_INT128))
    ours, theirs = our_records(tmp_path, source, target), clang_offsets(source, target)
    wrong = []
    for name, (size, align, fields) in theirs.items():
        record = ours[name]
        mine = [(field.name, int(field.offset)) for field in record.fields if field.name]
        if (record.size, record.align, mine) != (size, align, fields):
            wrong.append((name, (record.size, record.align, mine), (size, align, fields)))
    assert len(theirs) == COUNT
    assert not wrong, f"{len(wrong)} of {COUNT} differ, first: {wrong[0]}"


def _dumped(source: Path, target: str) -> dict[str, tuple[int, dict[str, int]]]:
    """Return {name: (size in bytes, {top-level member: offset in bits})} of clang's record dump."""
    text = subprocess.run(
        [CLANG or "", "-target", target, "-std=gnu11", "-fsyntax-only", "-Xclang", "-fdump-record-layouts",
         str(source)], capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    found = {}
    for block in text.split("*** Dumping AST Record Layout")[1:]:
        lines = [line for line in block.splitlines() if "|" in line]
        head = re.match(r"\s*0 \| (?:struct|union) (s\d+)$", lines[0])
        if head is None:
            continue
        size = next(re.search(r"sizeof=(\d+)", line) for line in lines if "sizeof=" in line)
        fields = {}
        for line in lines[1:]:
            match = re.match(r"\s*(\d+)(?::(\d+)-\d+|:-)? \|   (\S.*) (m\d+)$", line)
            if match:
                fields[match[4]] = int(match[1]) * 8 + int(match[2] or 0)
        assert size is not None
        found[head[1]] = (int(size[1]), fields)
    return found


CLANG = shutil.which("clang-19") or shutil.which("clang")


@pytest.mark.skipif(CLANG is None, reason="no clang on this machine to dump record layouts")
@pytest.mark.parametrize("target", ["bpfel", "bpfeb"])
def test_records_equal_clangs_record_dump(tmp_path: Path, target: str) -> None:
    source = resolve_kinds(random_structs(SEED + 1, COUNT))
    ours = our_records(tmp_path, source, target)
    path = tmp_path / "dump.c"
    kinds = re.findall(r"^(struct|union) (s\d+) \{", source, re.M)
    # Measured last: -complete dumps a record before its trailing attributes are read.
    path.write_text(source + "".join(f'_Static_assert(sizeof({kind} {name}) > 0, "");\n' for kind, name in kinds))
    dumped = _dumped(path, target)
    assert len(dumped) == COUNT
    for name, (size, fields) in dumped.items():
        mine = {field.name: int(field.offset) for field in ours[name].fields}
        assert (ours[name].size // 8, {key: mine[key] for key in fields}) == (size, fields), name


@pytest.mark.skipif(CLANG is None, reason="no clang on this machine to compile objects")
@pytest.mark.parametrize("target", ["bpfel", "bpfeb"])
def test_records_from_source_equal_the_compiled_objects_btf(tmp_path: Path, target: str) -> None:
    from bpflint.frontends.objects.unit import load_unit as load_object

    source = resolve_kinds(random_structs(SEED + 2, COUNT))
    ours = our_records(tmp_path, source, target)
    kinds = re.findall(r"^(struct|union) (s\d+) \{", source, re.M)
    # clang drops types that nothing refers to, so each is held by a global.
    text = source + "".join(f"{kind} {name} held_{name};\n" for kind, name in kinds)
    (tmp_path / "o.c").write_text(text)
    out = tmp_path / "o.o"
    command = [CLANG or "", "-target", target, "-std=gnu11", "-g", "-O2", "-c", str(tmp_path / "o.c"), "-o", str(out)]
    subprocess.run(command, check=True, capture_output=True)
    unit = load_object("o.o", out.read_bytes())
    assert unit.problems == ()
    compiled = {decl.name: lay_out(decl, abi(target)) for decl in unit.records}
    wrong = []
    for _, name in kinds:
        mine, theirs = _named_places(ours[name]), _named_places(compiled[name])
        if mine != theirs:
            wrong.append((name, mine, theirs))
    assert not wrong, f"{len(wrong)} of {len(kinds)} differ, first: {wrong[0]}"


def _named_places(record: Record) -> tuple[int, list[tuple[str, int, int]]]:
    return int(record.size), [(item.name, int(item.offset), int(item.size)) for item in record.fields if item.name]
