"""Is a pack what its kernels declared? Round trips, look-ups, damage, and the packages it was made of."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpflint.btf import Btf
from bpflint.btf import types as t
from bpflint.btf.encode import encode
from bpflint.kernels import rebuild
from bpflint.kernels.lines import lines_of
from bpflint.kernels.pack import SHIPPED, Line, Pack, shipped, write
from bpflint.kernels.rows import FUNCTIONS, TYPES
from bpflint.kernels.unpack import btf_of
from bpflint.model.errors import BpflintError
from bpflint.model.verdict import Kernel

ONE, TWO = Kernel("arm64", "1.0"), Kernel("x86_64", "2.0")
WORDS = st.sampled_from(["a", "list", "sk_buff", "x86_reg", "_pad"])


@st.composite
def kernels(draw: st.DrawFn) -> bytes:
    """Random types: integers, records with anonymous parts and bitfields, enumerations, typedefs, functions."""
    made: list[t.BtfType] = [t.Int("unsigned int", 4, 32, 0, 0), t.Int("long", 8, 64, 0, 1), t.Float("double", 8)]
    names = set()
    for _ in range(draw(st.integers(1, 12))):
        some = st.sampled_from([at for at, one in enumerate(made, 1) if not isinstance(one, t.Func | t.FuncProto)])
        kind = draw(st.sampled_from("pacsuetqf"))
        name = f"{draw(WORDS)}{len(made)}" if draw(st.booleans()) or kind in "tf" else ""
        names.add(name)
        match kind:
            case "p":
                made.append(t.Ptr(draw(some | st.just(0))))
            case "a":
                made.append(t.Array(draw(some), 1, draw(st.integers(0, 9))))
            case "c":
                made.append(t.Qualifier(draw(st.sampled_from(["const", "volatile", "restrict"])), draw(some)))
            case "s" | "u":
                members = tuple(
                    t.Member(draw(WORDS), draw(st.sampled_from([1, 2])), 32 * at, draw(st.sampled_from([0, 0, 3])))
                    if draw(st.booleans()) else t.Member(draw(WORDS), draw(some), 0, 0)
                    for at in range(draw(st.integers(0, 4)))
                )
                flagged = any(item.bits for item in members)
                made.append(t.Composite("struct" if kind == "s" else "union", name, 16, members, flagged))
            case "e":
                numbers = draw(st.lists(st.integers(-5, 1 << 31), max_size=3))
                values = tuple(t.Enumerator(f"V{at}", number) for at, number in enumerate(numbers))
                signed = any(item.value < 0 for item in values)
                wide = any(item.value >= 1 << 31 for item in values)
                made.append(t.Enum(name, 8 if wide else 4, values, signed, wide))
            case "t":
                made.append(t.Typedef(name, draw(some | st.just(0))))
            case _:
                params = tuple(t.Param(draw(WORDS), draw(some)) for _ in range(draw(st.integers(0, 3))))
                made.append(t.FuncProto(draw(st.integers(0, 3)), params))
                made.append(t.Func(f"fn{len(made)}", len(made), 1))
    return encode(made)


def parsed(lines: set[tuple[str, str]]) -> list[Line]:
    rows = (line.split(" ", 3) if line.count(" ") > 2 else [*line.split(" ", 2)] for _, line in sorted(lines))
    return [Line(row[0], row[1].replace("+", " "), " ".join(row[2:]), (ONE,)) for row in rows]


@settings(deadline=None)
@given(kernels())
def test_lines_become_the_same_lines_again(raw: bytes) -> None:
    lines = set(lines_of(Btf(raw)))
    again = Btf(btf_of(parsed(lines), "little"))
    again.check()
    assert lines <= set(lines_of(again))


@settings(deadline=None, max_examples=30)
@given(kernels(), kernels())
def test_a_pack_tells_what_each_kernel_declares(
    tmp_path_factory: pytest.TempPathFactory, one: bytes, two: bytes
) -> None:
    declared = {ONE: list(lines_of(Btf(one))), TWO: list(lines_of(Btf(two)))}
    path = tmp_path_factory.mktemp("pack") / "x.pack"
    path.write_bytes(write(declared))
    pack = Pack(path)
    assert pack.kernels == (ONE, TWO)
    for kernel, lines in declared.items():
        found = {f"{line.kind} {line.name.replace(' ', '+')} {line.text}" for functions in (False, True)
                 for line in pack.declarations(kernel, functions=functions)}  # fmt: skip
        assert found == {line for _, line in lines}
        for name, line in lines:
            assert any(kernel in item.kernels and line.endswith(item.text)
                       for item in pack.lookup(name, functions=line[0] in "fk"))  # fmt: skip


@pytest.mark.parametrize("size", [1, 30, 100])
def test_a_name_is_found_in_whatever_part_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr("bpflint.kernels.pack._PART", {TYPES: size, FUNCTIONS: size})
    names = ["a", "aa", "unsigned int", "zone", "z_1", "~"]
    types = [(name, f"i {name.replace(' ', '+')} {at} 0") for name in names for at in range(1, 4)]
    functions = [(name, f"f {name.replace(' ', '+')} (void|)") for name in names]
    path = tmp_path / "x.pack"
    path.write_bytes(write({ONE: types + functions}))
    pack = Pack(path)
    for name in names:
        assert [line.text for line in pack.lookup(name)] == ["1 0", "2 0", "3 0"]
        assert [line.kind for line in pack.lookup(name, functions=True)] == ["f"]
    for absent in ("", "A", "b", "unsigned", "unsigned+int", "zz", "\x7f"):
        assert pack.lookup(absent) == pack.lookup(absent, functions=True) == []
    assert len(list(pack.declarations(ONE))) == len(types)
    assert list(pack.declarations(TWO)) == []


def test_what_programs_may_call_is_told_apart(tmp_path: Path) -> None:
    lines = [("a", "k a (void|x:void)"), ("b k c", "f b+k+c (void|)"), ("k", "f k (void|k:void)"), ("k", "k k (int|)")]
    path = tmp_path / "x.pack"
    path.write_bytes(write({ONE: lines, TWO: [*lines[:1], ("z", "k z (void|)")]}))
    pack = Pack(path)
    assert [(line.name, line.text) for line in pack.callable(ONE)] == [("a", "(void|x:void)"), ("k", "(int|)")]
    assert [line.name for line in pack.callable(TWO)] == ["a", "z"]
    assert list(pack.callable(Kernel("x86_64", "0.1"))) == []
    for kernel in shipped().kernels[::5]:
        every = [line for line in shipped().declarations(kernel, functions=True) if line.kind == "k"]
        assert list(shipped().callable(kernel)) == every


@pytest.mark.parametrize("kernel", ["s390x:7.2.13", "arm64:5.10.223"])
def test_a_shipped_kernel_is_whole(kernel: str) -> None:
    mine = next(item for item in shipped().kernels if str(item) == kernel)
    lines = list(shipped().declarations(mine))
    btf = Btf(btf_of(lines, "big" if mine.arch == "s390x" else "little"))
    btf.check()
    back = {line for _, line in lines_of(btf)}
    assert back >= {f"{line.kind} {line.name.replace(' ', '+')} {line.text}" for line in lines}


def test_the_readme_and_the_list_tell_what_is_shipped() -> None:
    text, data = (SHIPPED.parent / "README.md").read_text(), SHIPPED.read_bytes()
    assert f"{len(data):,}" in text
    assert hashlib.sha256(data).hexdigest() in text
    assert sum(path.stat().st_size for path in SHIPPED.parent.iterdir() if path.suffix == ".pack") <= 2_000_000
    assert sorted(item.kernel for item in rebuild.sources()) == sorted(shipped().kernels)
    assert len(shipped().kernels) >= 12


def test_a_function_is_found_without_the_others() -> None:
    (line,) = shipped().declared(shipped().kernels[-1], "tcp_v4_connect", functions=True)
    assert line.text.startswith("(int|sk:*$sock,")
    assert shipped().declared(shipped().kernels[-1], "no_such_function", functions=True) == []


def test_task_struct_has_the_sizes_that_pahole_tells() -> None:
    found = shipped().lookup("task_struct")
    sizes = {str(kernel): int(line.text.split(" ")[0]) for line in found for kernel in line.kernels}
    assert sizes["x86_64:6.1.192"] == 9792
    assert len(sizes) == len(shipped().kernels)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 5000), st.integers(0, 255))
def test_damage_is_one_clear_error(tmp_path_factory: pytest.TempPathFactory, at: int, byte: int) -> None:
    data = bytearray(write({ONE: list(lines_of(Btf(encode((t.Int("int", 4, 32, 0, 1), t.Typedef("u", 1))))))}))
    data[at % len(data)] = byte
    path = tmp_path_factory.mktemp("pack") / "x.pack"
    path.write_bytes(data)
    try:
        pack = Pack(path)
        for kernel in pack.kernels:
            list(pack.declarations(kernel))
        pack.lookup("u")
    except BpflintError as error:
        assert str(path) in str(error)  # noqa: PT017  any other error fails the test


@pytest.mark.skipif("BPFLINT_KERNEL_PACKAGES" not in os.environ, reason="BPFLINT_KERNEL_PACKAGES names no folder")
def test_packages_give_what_is_shipped() -> None:
    folder = Path(os.environ["BPFLINT_KERNEL_PACKAGES"])
    there = [item for item in rebuild.sources() if (folder / item.file).is_file()]
    if not there:
        pytest.skip(f"{folder} has none of the packages of kernels.toml: they leave the archive as newer ones come")
    for source in there:
        assert rebuild.differences(source, rebuild.declared(source, folder), shipped()) == 0
