"""Is one struct written in C, ctypes, Go and Rust one layout? The BTF of the compiled object judges."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from bpflint.analysis.abi import abi
from bpflint.analysis.compare import leaves, normal_name
from bpflint.analysis.layout import lay_out
from bpflint.api import FrontEnd, Record, RecordDecl, Settings, SourceFile
from bpflint.engine.plugins import load_frontends

COUNT = int(os.environ.get("BPFLINT_LAYOUTS", "150"))
SEED = int(os.environ.get("BPFLINT_SEED", "20261123"))
CLANG = shutil.which("clang-19") or shutil.which("clang")

SCALARS = {
    "__u8": ("c_uint8", "uint8", "u8"), "__s8": ("c_int8", "int8", "i8"), "__u16": ("c_uint16", "uint16", "u16"),
    "__s16": ("c_int16", "int16", "i16"), "__u32": ("c_uint32", "uint32", "u32"), "__s32": ("c_int32", "int32", "i32"),
    "__u64": ("c_uint64", "uint64", "u64"), "__s64": ("c_int64", "int64", "i64"), "_Bool": ("c_bool", "bool", "bool"),
    "float": ("c_float", "float32", "f32"), "double": ("c_double", "float64", "f64"),
}  # fmt: skip
Field = tuple[str, str, int]
"""Name, scalar or earlier struct, and array length (0: no array)."""


def random_fields(rng: random.Random, number: int) -> list[Field]:
    fields = []
    for index in range(rng.randint(1, 7)):
        base = f"S{rng.randrange(number)}" if number and rng.random() < 0.2 else rng.choice(sorted(SCALARS))
        fields.append((f"m{index}", base, rng.randint(1, 5) if rng.random() < 0.25 else 0))
    return fields


def spelled(base: str, language: int) -> str:
    return SCALARS[base][language] if base in SCALARS else base


def sources(structs: list[list[Field]]) -> dict[str, str]:
    c, python = ['#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\n'], ["import ctypes  # of a bpf program\n"]
    go, rust = ["package bpf\n"], ["// shared with bpf\n"]
    for number, fields in enumerate(structs):
        name = f"S{number}"
        c_fields = [f"{base if base in SCALARS else 'struct ' + base} {item}{f'[{size}]' if size else ''};"
                    for item, base, size in fields]  # fmt: skip
        c.append(f"struct {name} {{ {' '.join(c_fields)} }};\n")
        py = [f'("{item}", {"ctypes." + spelled(base, 0) if base in SCALARS else base}{f" * {size}" if size else ""})'
              for item, base, size in fields]  # fmt: skip
        python.append(f"class {name}(ctypes.Structure):\n    _fields_ = [{', '.join(py)}]\n")
        of_go = [f"\tM{item[1:]} {f'[{size}]' if size else ''}{spelled(base, 1)}\n" for item, base, size in fields]
        go.append(f"type {name} struct {{\n{''.join(of_go)}}}\n")
        of_rust = [f"    pub {item}: {f'[{spelled(base, 2)}; {size}]' if size else spelled(base, 2)},\n"
                   for item, base, size in fields]  # fmt: skip
        rust.append(f"#[repr(C)]\npub struct {name} {{\n{''.join(of_rust)}}}\n")
    # clang drops types that nothing refers to, so each is held by a global
    c.extend(f"struct S{number} held_{number};\n" for number in range(len(structs)))
    c.append('char LICENSE[] SEC("license") = "GPL";\n')
    return {"s.bpf.c": "".join(c), "s.py": "".join(python), "s.go": "".join(go), "s.rs": "".join(rust)}


def loaded(root: Path, frontend: FrontEnd, path: str) -> dict[str, RecordDecl]:
    files = [SourceFile(path, (root / path).read_bytes)]
    settings = Settings(root=root, all_files=True)
    units = [unit for job in frontend.plan(files, settings) for unit in frontend.load(job, settings).units]
    assert [problem for unit in units for problem in unit.problems] == []
    return {decl.name: decl for unit in units for decl in unit.records}


def places(record: Record) -> tuple[int, list[tuple[str, int, int]]]:
    assert record.opaque is None, (record.name, record.opaque)
    found = [(normal_name(item.path), int(item.offset), int(item.size)) for item in leaves(record)]
    return int(record.size), sorted(found, key=lambda item: (item[1], item[0]))


@pytest.mark.skipif(CLANG is None, reason="no clang on this machine to compile the object that judges")
def test_one_struct_is_one_layout_in_four_languages(tmp_path: Path) -> None:
    print(f"seed {SEED}, {COUNT} structs")
    rng = random.Random(SEED)
    structs = [random_fields(rng, number) for number in range(COUNT)]
    for path, text in sources(structs).items():
        (tmp_path / path).write_text(text)
    # the object is compiled from the same text, with the scalars it names and nothing else
    plain = (tmp_path / "s.bpf.c").read_text().split("\n", 2)[2].replace('SEC("license")', "")
    names = {"__u8": "unsigned char", "__s8": "signed char", "__u16": "unsigned short", "__s16": "short",
             "__u32": "unsigned int", "__s32": "int", "__u64": "unsigned long long", "__s64": "long long"}  # fmt: skip
    typedefs = "".join(f"typedef {spelling} {name};\n" for name, spelling in names.items())
    (tmp_path / "judge.c").write_text(typedefs + plain)
    judge = tmp_path / "judge.o"
    command = [CLANG or "", "-target", "bpfel", "-g", "-O2", "-c", str(tmp_path / "judge.c"), "-o", str(judge)]
    subprocess.run(command, check=True, capture_output=True)

    frontends = {item.name: item for item in load_frontends()}
    head = "// a bpf program\n" + typedefs + "#define SEC(x) __attribute__((section(x), used))\n"
    (tmp_path / "s.bpf.c").write_text(head + plain.replace("LICENSE[]", 'LICENSE[] SEC("license")'))
    found = {name: loaded(tmp_path, frontends[name], path)
             for name, path in (("c", "s.bpf.c"), ("python", "s.py"), ("go", "s.go"), ("rust", "s.rs"))}  # fmt: skip
    found["object"] = loaded(tmp_path, frontends["objects"], "judge.o")
    for number in range(COUNT):
        name = f"S{number}"
        judged = places(lay_out(found["object"][name], abi("bpfel")))
        for language in ("c", "python", "go", "rust"):
            target = "bpfel" if language == "c" else "x86_64"
            assert places(lay_out(found[language][name], abi(target))) == judged, (name, language)
