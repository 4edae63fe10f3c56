"""Are our Rust layouts rustc's? Random structs, unions and enums against sizes and offsets that it computes."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from pathlib import Path

import pytest

from bpflint.analysis.abi import abi, canonical_target
from bpflint.analysis.layout import lay_out, shape_of
from bpflint.frontends.rust.rtypes import Adt
from bpflint.frontends.rust.world import World
from bpflint.model.layout import Codec, Enum, Record, RecordDecl
from rust.sources import program, random_sources

COUNT = int(os.environ.get("BPFLINT_LAYOUTS", "150"))
ENUMS = max(20, COUNT // 5)
SEED = int(os.environ.get("BPFLINT_SEED", "20261122"))
HOST = abi(canonical_target(platform.machine()))
COMPILERS = sorted({found for name in ("rustc", "/usr/bin/rustc") if (found := shutil.which(name))})


def laid_out_by(rustc: str, folder: Path, text: str, printed: list[str]) -> dict[str, tuple[int, int, dict[str, int]]]:
    """Return {name: (size, align, {field: offset})} in bytes."""
    (folder / "layouts.rs").write_text(program(text, printed))
    command = [rustc, "--edition", "2021", "-C", "debuginfo=0", "-A", "warnings", "-o", "layouts", "layouts.rs"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[:3000]
    found = {}
    for line in subprocess.run([folder / "layouts"], capture_output=True, text=True, check=True).stdout.splitlines():
        name, size, align, *rest = line.split(" ")
        fields = {item.partition("=")[0]: int(item.partition("=")[2]) for item in rest if "=" in item}
        found[name] = (int(size), int(align), fields)
    return found


def ours(folder: Path, text: str) -> World:
    (folder / "declared.rs").write_text(text)
    return World(folder, ["declared.rs"])


def offsets(record: Record) -> dict[str, int]:
    """Byte offsets by field; those of an enum's variants as `V1.f0`."""
    if "enum" not in record.decl.attributes:
        return {field.name: field.offset // 8 for field in record.fields}
    found: dict[str, int] = {}
    for holder, base in ((item, item.offset) for item in record.fields):
        if holder.name == "tag" or holder.record is None:
            continue
        variants = holder.record.fields if holder.name == "payload" else (holder,)
        for variant in variants:
            for field in variant.record.fields if variant.record is not None else ():
                at = base + (variant.offset if holder.name == "payload" else 0) + field.offset
                if field.name != "tag":
                    found[f"{variant.name}.{field.name}"] = at // 8
    return found


def without_nothing(fields: dict[str, int], record: Record) -> dict[str, int]:
    """rustc gives `()` and PhantomData a place; they are no bytes, so we leave them out."""
    have = offsets(record)
    return {name: at for name, at in fields.items() if name in have}


@pytest.mark.skipif(not COMPILERS, reason="no rustc on this machine to lay types out")
@pytest.mark.parametrize("rustc", COMPILERS)
def test_records_and_enums_equal_rustcs(tmp_path: Path, rustc: str) -> None:
    print(f"seed {SEED}, {COUNT} structs and unions, {ENUMS} enums, {rustc}")
    text, printed = random_sources(SEED, COUNT, ENUMS)
    theirs = laid_out_by(rustc, tmp_path, text, printed)
    world = ours(tmp_path, text)
    top = world.names.file("declared.rs")
    assert top is not None
    wrong, compared = [], 0
    for name, (size, align, fields) in theirs.items():
        (item,) = top.items["type", name]
        made = world.layouts.type(Adt(item))
        if isinstance(made, Enum):
            shape = shape_of(made, HOST, Codec.RUST_C)
            if (shape.size // 8, shape.align // 8, dict(made.values)) != (size, align, fields):
                wrong.append((name, (shape.size // 8, shape.align // 8, dict(made.values)), (size, align, fields)))
            compared += 1
            continue
        assert isinstance(made, RecordDecl), (name, made)
        record = lay_out(made, HOST)
        mine = (record.size // 8, record.align // 8, offsets(record))
        if record.opaque or mine != (size, align, without_nothing(fields, record)):
            wrong.append((name, record.opaque, mine, (size, align, fields)))
        compared += 1
    assert compared == COUNT + ENUMS
    assert not wrong, f"{len(wrong)} of {compared} differ, first: {wrong[0]}"
