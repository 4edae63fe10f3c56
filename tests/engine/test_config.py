"""Is a configuration found where it should be, and is every mistake in it told with file, line and next step?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bpflint.api import ConfigError, Severity
from bpflint.engine.config import Config, load_config, macro_complaint
from bpflint.engine.request import Flags, wishes
from bpflint.engine.root import Root, find_root, relative
from bpflint.engine.select import Wish

from .conftest import Write


def read(folder: Path) -> Config:
    return load_config(find_root(folder))


def test_every_key_is_read(write: Write, tmp_path: Path) -> None:
    write(
        "bpflint.toml",
        """
select = ["BPF1"]
extend-select = ["BPF201"]
ignore = ["BPF103"]
exclude = ["third_party"]
targets = ["amd64", "arm64:5.10", "host"]
bpfeb = true
min-kernel = "5.10"
include-dirs = ["include"]
defines = ["X=1"]
system-headers = true
libclang-path = "/lib/libclang.so"
vmlinux-btf = "v.btf"
objects = ["build/*.o"]
fail-on = "error"
persona = "pedantic"
file-timeout = 5
[per-file-ignores]
"tests/**" = ["BPF301"]
[[pair]]
bpf = "struct event"
user = "x.py:Event"
codec = "ctypes"
[[pair]]
map = "events"
ignore = true
""",
    )
    config = read(tmp_path)
    assert (config.select, config.fail_on, config.file_timeout) == (("BPF1",), Severity.ERROR, 5)
    assert config.per_file_ignores == (("tests/**", ("BPF301",)),)
    assert [(pair.bpf, pair.map, pair.ignore, pair.line) for pair in config.pair] == [
        ("struct event", "", False, 20),
        ("", "events", True, 24),
    ]
    assert config.place("ignore") == "bpflint.toml:4"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("\nselct = []\n", r"pyproject\.toml:3: unknown key 'selct'; did you mean 'select'\?"),
        ("select = 'x'\n", r"pyproject\.toml:2: 'select' must be a list of strings"),
        ("bpfeb = 1\n", r"pyproject\.toml:2: 'bpfeb' must be true or false"),
        ("fail-on = 'bad'\n", r"pyproject\.toml:2: 'bad' is no severity"),
        ("persona = 'x'\n", r"pyproject\.toml:2: 'persona' must be"),
        ("targets = ['vax']\n", r"pyproject\.toml:2: unknown target 'vax'"),
        ("min-kernel = 'new'\n", r"pyproject\.toml:2: 'min-kernel' must be a kernel release"),
        ("file-timeout = 0\n", r"pyproject\.toml:2: 'file-timeout' must be a number of seconds"),
        ("per-file-ignores = []\n", r"pyproject\.toml:2: 'per-file-ignores' must be a table"),
        ("\n[[tool.bpflint.pair]]\nbfp = 'x'\n", r"pyproject\.toml:4: unknown key 'bfp' in a pair; did you mean 'bpf'"),
        ("[[tool.bpflint.pair]]\nbpf = 'x'\n", r"pyproject\.toml:2: a pair needs"),
        (
            "[[tool.bpflint.pair]]\nbpf='x'\nuser='y'\ncodec='cytpes'\n",
            r"5: unknown codec 'cytpes'; did you",
        ),
        ("defines = ['X Y']\n", r"pyproject\.toml:2: 'X Y' is no macro: NAME or NAME=VALUE"),
        ("select = [\n", r"pyproject\.toml:\d+: not valid TOML"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_hint(write: Write, tmp_path: Path, text: str, complaint: str) -> None:
    write("pyproject.toml", "[tool.bpflint]\n" + text)
    with pytest.raises(ConfigError, match=complaint):
        read(tmp_path)


@pytest.mark.parametrize("text", ["targets = ['x86_64']\n", "[[tool.bpflint.pair]]\nbpf = 'x'\nuser = 'y'\n"])
def test_the_table_of_pyproject_does_not_belong_into_our_own_file(write: Write, tmp_path: Path, text: str) -> None:
    write("bpflint.toml", "\n" + ("" if text.startswith("[") else "[tool.bpflint]\n") + text)
    with pytest.raises(ConfigError, match=r"bpflint\.toml:2: \[tool\.bpflint\] is for pyproject\.toml; in"):
        read(tmp_path)


@pytest.mark.parametrize("text", ["X", "X=", "X=1", "X=a b", "__TARGET_ARCH_x86", "MAX(a, b)=((a) > (b))", "V(...)=1"])
def test_macros_are_taken_as_compilers_take_them(text: str) -> None:
    assert macro_complaint(text) == ""


@pytest.mark.parametrize("text", ["", "X Y", "9=3", "=1", "-DX", "X-Y=1"])
def test_what_is_no_macro_is_told(text: str) -> None:
    assert "is no macro" in macro_complaint(text)


def test_the_root_is_the_folder_of_the_nearest_configuration(write: Write, tmp_path: Path) -> None:
    write("pyproject.toml", "[tool.bpflint]\n")
    write("sub/pyproject.toml", "[project]\nname = 'x'\n")
    (tmp_path / "sub" / "deep").mkdir()
    assert find_root(tmp_path / "sub" / "deep") == Root(tmp_path, tmp_path / "pyproject.toml")


def test_without_configuration_the_top_of_the_work_tree_is_the_root(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert find_root(tmp_path / "a" / "b") == Root(tmp_path)


def test_a_home_folder_that_was_only_assumed_is_not_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert not Root(tmp_path, sure=False).read
    assert Root(tmp_path).read
    assert Root(tmp_path / "src", sure=False).read


def test_isolated_ignores_configurations(write: Write, tmp_path: Path) -> None:
    write("sub/bpflint.toml", "nonsense = 1\n")
    (tmp_path / ".git").mkdir()
    assert find_root(tmp_path / "sub", isolated=True) == Root(tmp_path)


def test_paths_outside_start_the_search_at_the_folder_they_share(write: Write, tmp_path: Path) -> None:
    write("here/bpflint.toml", "")
    write("there/bpflint.toml", "")
    write("there/x/a.c", "")
    root = find_root(tmp_path / "here", [Path("../there/x"), Path("../there/x/a.c")])
    assert root.path == tmp_path / "there"
    assert relative(root.path, tmp_path / "here", Path("../there/x")) == "x"


@pytest.mark.parametrize(
    ("paths", "told"), [(["/"], "/: lies in no folder below /"), (["/", "/dev"], "the PATHs share no folder below /")]
)
def test_the_top_of_the_file_system_is_no_project(tmp_path: Path, paths: list[str], told: str) -> None:
    with pytest.raises(ConfigError, match=f"^{told}"):
        find_root(tmp_path, [Path(path) for path in paths])


SELECT, IGNORE = Wish(("BPF1",), "bpflint.toml:1"), Wish(("BPF101",), "bpflint.toml:2")
PLACES = {"select": "bpflint.toml:1", "ignore": "bpflint.toml:2"}


def test_select_on_the_command_line_replaces_the_configured_selection() -> None:
    config = Config(select=("BPF1",), ignore=("BPF101",), places=PLACES)
    select, ignore = wishes(config, Flags(select=("BPF101",)))
    assert select is not None
    assert select[0].selectors == ("BPF101",)
    assert [wish.selectors for wish in ignore] == [()]


def test_a_selection_of_nothing_is_a_mistake_unless_something_is_added() -> None:
    nothing = Config(select=(), places=PLACES)
    for config, flags, place in ((nothing, Flags(), "bpflint.toml:1"), (Config(), Flags(select=()), "--select")):
        with pytest.raises(ConfigError, match=f"{place}: names no rule"):
            wishes(config, flags)
        assert wishes(config, replace(flags, extend_select=("BPF1",)))[0] is not None


def test_other_flags_add_to_the_configured_selection() -> None:
    config = Config(select=("BPF1",), ignore=("BPF101",), places=PLACES)
    select, ignore = wishes(config, Flags(extend_select=("BPF2",), ignore=("BPF102",)))
    assert select is not None
    assert {wish.selectors for wish in select} >= {("BPF1",), ("BPF2",)}
    assert ignore == (IGNORE, Wish(("BPF102",), "--ignore"))


def test_extending_the_default_keeps_the_default() -> None:
    select, _ = wishes(Config(), Flags(extend_select=("BPF2",)))
    assert select is not None
    assert select[0].selectors == ("ALL",)
