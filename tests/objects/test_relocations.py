"""Does an object give its CO-RE relocations with the functions and source lines they belong to?"""

from __future__ import annotations

import random
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from test_objects import clang

from bpflint.api import Context, FrontEndError, Kernel, Project, Settings
from bpflint.btf import Btf
from bpflint.frontends.objects.unit import load_unit
from bpflint.kernels.catalogue import Catalogue

SOURCE = """
#define SEC(x) __attribute__((section(x), used))
struct task_struct { int pid; unsigned int __state; char comm[16]; } __attribute__((preserve_access_index));
struct task_struct___old { long state; } __attribute__((preserve_access_index));
static __attribute__((noinline)) int sub(struct task_struct *t) { return t->pid; }
SEC("raw_tp/one") int one(struct task_struct *t)
{
    return sub(t) + t->__state;
}
SEC("raw_tp/two") int two(struct task_struct *t)
{
    if (__builtin_preserve_field_info(t->__state, 2))
        return t->__state;
    return ((struct task_struct___old *)t)->state;
}
SEC("raw_tp/three") int three(struct task_struct *t)
{
    int *comm = (int *)__builtin_preserve_access_index(&t->comm);
    return *comm + __builtin_preserve_type_info(*(struct task_struct *)0, 1);
}
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("o") / "src"
    folder.mkdir()
    (folder / "prog.bpf.c").write_text(SOURCE)
    command = [clang(), "-target", "bpfel", "-g", "-O2", "-c", str(folder / "prog.bpf.c"), "-o", str(folder / "p.o")]
    subprocess.run(command, check=True)
    return (folder / "p.o").read_bytes()


def test_each_relocation_has_its_function_and_line(data: bytes) -> None:
    unit = load_unit("build/prog.o", data, ["README.md", "src/prog.bpf.c", "old/src.c"])
    assert Btf(unit.btf).find("task_struct")
    found = {(item.function, item.kind, item.span.path, item.span.line) for item in unit.relocations}
    assert ("one", 0, "src/prog.bpf.c", 8) in found
    assert ("sub", 0, "src/prog.bpf.c", 5) in found
    assert ("three", 9, "src/prog.bpf.c", 19) in found
    by_function = {item.function: item for item in unit.relocations}
    assert by_function["one"].programs == ("one",)
    assert by_function["two"].guarded
    assert not by_function["one"].guarded
    assert by_function["sub"].programs == ()
    assert by_function["sub"].guarded, "the object asks somewhere: who calls it behind a question is not followed"
    assert by_function["one"].direct
    assert not by_function["three"].direct


def test_without_the_source_the_place_is_the_object(data: bytes) -> None:
    unit = load_unit("build/prog.o", data, ["a/prog.bpf.c", "b/prog.bpf.c"])
    assert {(item.span.path, item.span.line) for item in unit.relocations} == {("build/prog.o", 1)}


def test_a_kernel_is_asked_for_each(data: bytes) -> None:
    unit = load_unit("prog.o", data)
    ctx = Context(Settings(root=Path()), Project((unit,)), kernels=Catalogue())
    old, new = (
        {item.words: item for _, item in ctx.resolutions(unit, Kernel("x86_64", release))}
        for release in ("5.10.262", "7.3.4")
    )
    assert old["struct task_struct.__state"].missing
    assert new["struct task_struct.__state"].outcome == "resolved"
    assert new["struct task_struct___old.state"].outcome == "missing-field"
    assert old["struct task_struct.comm"].outcome == "resolved"


def test_damaged_relocations_are_one_line(data: bytes) -> None:
    at = data.index(b"\x9f\xeb\x01", data.index(b"\x9f\xeb\x01") + 4)
    unit = load_unit("prog.o", data[: at + 3] + b"\x09" + data[at + 4 :])
    assert unit.relocations == ()
    assert unit.btf == b""
    (problem,) = unit.problems
    assert problem.message.startswith("prog.o: its relocations cannot be read: BTF.ext:")
    assert unit.programs


def test_hostile_objects_give_units_or_one_line(data: bytes) -> None:
    chance, kernel = random.Random(11), Kernel("x86_64", "7.3.4")
    start, read = data.index(b"\x9f\xeb\x01"), 0
    for _ in range(300):
        damaged = bytearray(data)
        for _ in range(chance.randrange(1, 6)):
            damaged[chance.randrange(start, len(data))] = chance.randrange(256)
        with suppress(FrontEndError):
            unit = load_unit("prog.o", bytes(damaged))
            ctx = Context(Settings(root=Path()), Project((unit,)), kernels=Catalogue())
            assert len(ctx.resolutions(unit, kernel)) == len(unit.relocations)
            read += bool(unit.relocations)
    assert read > 20
