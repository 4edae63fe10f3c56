"""Is a kernel's struct told at once, and just as the whole command line tells it?"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bpflint.cli._kernel_layouts import kernel_table
from bpflint.kernels.pack import write as pack
from bpflint.kernels.rows import Rows
from bpflint.model.errors import ConfigError
from bpflint.model.verdict import Kernel

from .conftest import ROOT, Bpflint

OLD, NEW = Kernel("x86_64", "1.0"), Kernel("x86_64", "2.0")


@pytest.fixture
def rows(tmp_path) -> Rows:
    """Two kernels: a field in the middle is new, one is gone, and a struct has a field named `size`."""
    old = "s one 12 size:int@0;gone:int@32;last:~u8@32/3"
    new = "s one 16 size:int@0;added:{4 x:int@0}@32;:<4 y:int@0;z:char@0>@32;last:~u8@32/3"
    other = "s one 99 hidden:int@0"
    path = tmp_path / "two.pack"
    path.write_bytes(pack({OLD: [("one", old)], NEW: [("one", new), ("one", other), ("two", "e two 4 A=1")]}))
    return Rows(str(path))


def test_fields_stand_in_the_order_of_the_newest_kernel_and_changes_are_marked(rows: Rows) -> None:
    assert kernel_table(rows, "struct one").splitlines() == [
        "one        x86_64:1.0  x86_64:2.0",
        "* size             12          16",
        "  size              0           0",
        "* gone              4           -",
        "* added             -           4",
        "* added.x           -           4",
        "* y                 -           8",
        "* z                 -           8",
        "* last            8:0        12:0",
    ]


def test_one_field_is_told_with_what_is_in_it(rows: Rows) -> None:
    told = kernel_table(rows, "one.added", "x86_64").splitlines()
    assert [line.split()[-3:] for line in told[2:]] == [["added", "-", "4"], ["added.x", "-", "4"]]


@pytest.mark.parametrize(
    ("name", "arch"), [("three", ""), ("two", ""), ("one", "arm64"), ("one.none", ""), ("one.add", "")]
)
def test_what_no_kernel_has_is_an_error(rows: Rows, name: str, arch: str) -> None:
    with pytest.raises(ConfigError, match=r"^layout: no (shipped kernel has a (struct|field)|kernel of arm64)"):
        kernel_table(rows, name, arch)


@pytest.mark.parametrize(
    "words", [("sk_buff",), ("sock.sk_protocol", "x86_64"), ("list_head", "s390x"), ("union sigval",)]
)
def test_the_short_way_tells_what_the_long_one_does(bpflint: Bpflint, words: tuple[str, ...]) -> None:
    name, *arch = words
    short, long = bpflint("layout", name, "--kernels", *arch), bpflint("layout", name, "--kernels", *arch, "--quiet")
    assert short.stdout == long.stdout != ""
    assert (short.returncode, long.returncode, short.stderr, long.stderr) == (0, 0, "", "")


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("sk_bufff", "--kernels"), "no shipped kernel has a struct or union 'sk_bufff'; did you mean 'sk_buff'?"),
        (("--kernels",), "name one struct, or STRUCT.FIELD"),
        (("sk_buff", "--kernels", "--output-format", "json"), "prints text only"),
        (("a", "b", "--kernels"), "name one struct, or STRUCT.FIELD"),
        (("sk_buff", "--kernels", "vax"), "vax"),
        (("sk_buff", "--kernels", "riscv64"), "no kernel of riscv64 is shipped: there are arm64 s390x x86_64"),
        (("sock.sk_protocl", "--kernels"), "has a field 'sk_protocl' in 'sock'; did you mean 'sk_protocol'?"),
    ],
)
def test_what_is_wrong_is_left_to_the_command_line(bpflint: Bpflint, words: tuple[str, ...], part: str) -> None:
    done = bpflint("layout", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert part in done.stderr


def test_another_name_of_an_architecture_is_understood(bpflint: Bpflint) -> None:
    assert bpflint("layout", "--kernels", "sk_buff").stdout == bpflint("layout", "sk_buff", "--kernels").stdout
    assert bpflint("layout", "sk_buff", "--kernels", "amd64").stdout == bpflint(
        "layout", "--kernels", "x86_64", "sk_buff").stdout  # fmt: skip


def test_the_short_way_loads_the_rows_and_nothing_else() -> None:
    listing = (
        "import sys; before = set(sys.modules); sys.argv = ['bpflint', 'layout', 'sock.sk_protocol', '--kernels']\n"
        "from bpflint.__main__ import main\nassert main() == 0\n"
        "print(*sorted(set(sys.modules) - before), file=sys.stderr)"
    )
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'rules'}"}
    done = subprocess.run([sys.executable, "-c", listing], env=env, capture_output=True, text=True, timeout=60)
    loaded = {name for name in done.stderr.split() if name.startswith("bpflint.")}
    assert loaded == {
        "bpflint.__main__", "bpflint._hot", "bpflint.cli", "bpflint.cli._kernel_layouts", "bpflint.kernels",
        "bpflint.kernels.members", "bpflint.kernels.rows", "bpflint.model", "bpflint.model.errors",
    }  # fmt: skip
    assert not {"argparse", "dataclasses", "json", "pathlib", "re", "typing"} & set(done.stderr.split())


@pytest.mark.skipif(os.name != "posix", reason="file descriptors of a shell")
def test_nobody_reads_the_table() -> None:
    command = f"{sys.executable} -m bpflint layout task_struct --kernels"
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'rules'}"}
    for redirection, code in ((">&-", 0), ("| head -c 1 >&2; exit ${PIPESTATUS[0]}", 0), (">/dev/full", 2)):
        done = subprocess.run(["bash", "-c", f"{command} {redirection}"], env=env, capture_output=True, timeout=60)
        assert (done.returncode, b"Traceback" in done.stderr, done.stdout) == (code, False, b"")
