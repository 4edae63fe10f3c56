"""Do the other subcommands keep their contracts?"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib import import_module, resources
from pathlib import Path

import jsonschema
import pytest

from bpflint.cli import _main
from bpflint.cli._main import commands
from bpflint.cli.editor import PATTERN, github_matcher, vscode

from .conftest import ROOT, Bpflint, Write

C = """
struct inner { unsigned char a; unsigned int b; };
struct event {
    unsigned int pid;
    unsigned long long ts;
    struct inner in[2];
    unsigned int x : 3, : 5, y : 8;
    union { unsigned short port; unsigned char raw[2]; };
};
#include <bpf/bpf_helpers.h>
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 8);
    __type(key, __u32);
    __type(value, struct event);
} events SEC(".maps");
SEC("xdp") int pass(void *ctx) { return 2; }
"""


def test_every_subcommand_has_the_three_names() -> None:
    assert set(commands()) >= {"scan", "layout", "rule", "hook", "doctor", "config", "cache", "editor", "new"}
    for name in commands():
        module = import_module(f"bpflint.cli.{name.replace('-', '_')}")
        assert module.HELP
        assert callable(module.add_arguments)
        assert callable(module.run)


@pytest.mark.parametrize("name", ["", *commands()])
def test_help(bpflint: Bpflint, name: str) -> None:
    done = bpflint(*name.split(), "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("usage: bpflint")


def test_version_and_no_command(bpflint: Bpflint) -> None:
    assert bpflint("--version").stdout == "bpflint 0.1.0\n"
    assert bpflint().returncode == 2
    assert bpflint("scna").returncode == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("scna .", "unknown command 'scna'; did you mean 'scan'? (bpflint --help lists all)"),
        (".", "unknown command '.'; did you mean 'bpflint scan .'? (bpflint --help lists all)"),
        ("scan --selct X", "unknown argument '--selct'; did you mean '--select'? (bpflint scan --help lists all)"),
        ("scan . --kernel host", "unknown argument '--kernel' (bpflint scan --help lists all)"),
        ("scan -fix", "unknown argument '-fix'; did you mean '--fix'? (bpflint scan --help lists all)"),
        ("editor vim emacs", "unknown argument 'emacs' (bpflint editor --help lists all)"),
        ("--verison", "unknown argument '--verison' (bpflint --help lists all)"),
    ],
)
def test_a_wrong_word_is_one_line_with_the_nearest(bpflint: Bpflint, words: str, told: str) -> None:
    done = bpflint(*words.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"bpflint: {told}")
    assert done.stderr.count("\n") == 1


FULL = (
    "--help", "--version", "scan", "scan --output-format json", "scan --show-files", "layout --all", "config", "doctor",
    "editor vim", "cache", "rule --all", "kernels list", "kernels vmlinux-h --type pid",
)  # fmt: skip


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a full disk is a device of Linux")
@pytest.mark.parametrize("words", FULL)
def test_what_cannot_be_printed_is_one_line_and_two(write: Write, site: Path, tmp_path: Path, words: str) -> None:
    write("a.bpf.c", C)
    env = {"PYTHONPATH": f"{ROOT}:{ROOT / 'rules'}:{site}", "BPFLINT_CACHE_DIR": str(tmp_path / "cache")}
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bpflint", *words.split()],
            cwd=tmp_path / "project", env=env, stdout=full, stderr=subprocess.PIPE, text=True, timeout=120,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (2, "bpflint: the output cannot be written: No space left on device\n")


def test_a_current_folder_that_is_gone_is_one_line(site: Path, tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    command = f"cd gone && rmdir ../gone && {sys.executable} -m bpflint scan"
    env = {"PYTHONPATH": f"{ROOT}:{ROOT / 'rules'}:{site}"}
    done = subprocess.run(command, shell=True, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr == "bpflint: the current folder cannot be used: No such file or directory; cd to another one\n"


def test_ctrl_c_in_the_midst_of_a_class_is_no_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_argv: object) -> int:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as error:  # as type.__new__ of Python 3.11 does
            raise RuntimeError("Error calling __set_name__ on 'Field' instance") from error

    monkeypatch.setattr(_main, "_run", interrupted)
    assert _main.main(["scan"]) == 130


def test_ctrl_c_while_the_command_line_is_loaded_is_no_traceback(tmp_path: Path) -> None:
    code = (
        "import sys\nclass Finder:\n    def find_spec(self, name, *_):\n"
        "        if name == 'bpflint.cli._main': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Finder()); sys.argv = ['bpflint', 'doctor']\n"
        "from bpflint.__main__ import program\nprogram()"
    )
    env = {"PYTHONPATH": f"{ROOT}:{ROOT / 'rules'}"}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


def test_only_the_chosen_subcommand_is_imported(site: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from bpflint.cli._main import main; main(['cache']); "
        "print([m for m in sys.modules if m.startswith('bpflint.cli.')])"
    )
    env = {"PYTHONPATH": f"{ROOT}:{ROOT / 'rules'}", "BPFLINT_CACHE_DIR": str(tmp_path)}
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, timeout=60).stdout
    assert "bpflint.cli.cache" in out
    assert "bpflint.cli.scan" not in out


def test_layout_keeps_the_contract_of_the_oracles(write: Write, bpflint: Bpflint) -> None:
    write("a.bpf.c", C)
    done = bpflint("layout", "event", ".", "--target", "i386", "--target", "bpfel", "--output-format", "json")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    schema = json.loads(resources.files("bpflint").joinpath("schema/bpflint-1.schema.json").read_text())
    jsonschema.Draft202012Validator({**schema["$defs"]["layouts"], "$defs": schema["$defs"]}).validate(data)
    by_target = {item["target"]: item for item in data["layouts"]}
    assert set(by_target) == {"i386", "bpfel"}
    offsets = {field["name"]: field["offset_bits"] // 8 for field in by_target["i386"]["fields"]}
    assert (offsets["ts"], offsets["in"], offsets["in[0].b"]) == (4, 12, 16)
    assert (by_target["bpfel"]["size"], by_target["i386"]["size"]) == (40, 32)
    widths = {field["name"]: field["size_bits"] for field in by_target["bpfel"]["fields"]}
    assert (widths["x"], widths["y"], widths["port"]) == (3, 8, 16)


def test_layout_as_text_shows_padding(write: Write, bpflint: Bpflint) -> None:
    write("a.bpf.c", C)
    text = bpflint("layout", "struct event", ".").stdout
    assert text.startswith("struct event  a.bpf.c:3  bpfel, c\n")
    assert "         4      4  -- padding --\n" in text


def test_layout_takes_a_name_of_two_words_without_quotes(write: Write, bpflint: Bpflint) -> None:
    write("a.bpf.c", C)
    assert bpflint("layout", "struct", "event", "a.bpf.c").stdout == bpflint("layout", "event", "a.bpf.c").stdout != ""


def test_layout_of_a_type_that_is_defined_elsewhere_says_so(write: Write, bpflint: Bpflint) -> None:
    write("a.bpf.c", C)
    write("bpflint.toml", "")
    write("sub/b.bpf.c", C.replace("event", "other"))
    done = bpflint("layout", "event", "sub", "gone")
    assert done.returncode == 2
    assert done.stderr == (
        "bpflint: layout: no type 'event' under sub, gone; it is defined elsewhere in the project\n"
        "  gone: no such file or folder\n"
    )


def test_layout_of_an_unknown_type_names_the_nearest(write: Write, bpflint: Bpflint) -> None:
    write("a.bpf.c", C)
    done = bpflint("layout", "evnt", ".")
    assert done.returncode == 2
    assert "no type 'evnt' under .; did you mean 'event'?" in done.stderr


def test_all_layouts(write: Write, bpflint: Bpflint) -> None:
    write("a.bpf.c", C)
    names = {
        item["name"] for item in json.loads(bpflint("layout", "--all", "--output-format", "json").stdout)["layouts"]
    }
    assert names >= {"event", "inner"}


def test_rules_are_listed_and_explained(bpflint: Bpflint) -> None:
    assert "TOY101  toy-bad" in bpflint("rule", "--all").stdout
    done = bpflint("rule", "TOY10")
    assert (done.returncode, "did you mean 'TOY101'" in done.stderr) == (2, True)
    assert "docstring lacks '## What it does'" in bpflint("rule", "toy-bad").stderr


def test_a_new_rule_has_the_right_shape(write: Write, bpflint: Bpflint, tmp_path: Path) -> None:
    done = bpflint("new", "rule", "odd-struct", "--code", "ABC001")
    assert done.returncode == 0, done.stderr
    path = tmp_path / "project" / "abc001_odd_struct.py"
    scope: dict[str, object] = {"__name__": "x"}
    exec(compile(path.read_text(), str(path), "exec"), scope)
    from bpflint.api import HEADINGS, rule_doc

    assert list(rule_doc(scope["OddStruct"])) == list(HEADINGS)  # type: ignore[arg-type]
    for args in (["odd-struct", "--code", "ABC001"], ["Odd"], ["toy-bad"], ["new-one", "--code", "TOY101"]):
        assert bpflint("new", "rule", *args).returncode == 2


def test_config_lists_every_key(write: Write, bpflint: Bpflint) -> None:
    write("bpflint.toml", 'fail-on = "error"\n')
    text = bpflint("config").stdout
    assert 'fail-on = "error"   # bpflint.toml:1' in text
    assert bpflint("config", "fail_on").returncode == 2


def test_the_cache_is_shown_and_cleaned(write: Write, bpflint: Bpflint, tmp_path: Path) -> None:
    write("good.bpf.c", C)
    assert bpflint("scan").returncode == 0
    (tmp_path / "cache" / "checks").mkdir()
    (tmp_path / "cache" / "checks" / "2026-01-31T120000Z-0123abcd.json").write_bytes(b"0" * 4096)
    size = re.fullmatch(r".*/cache \((\d+) KiB\)\n", bpflint("cache").stdout)
    assert size is not None
    assert int(size[1]) >= 4
    assert bpflint("cache", "clean").stdout == f"removed {size[1]} KiB from {tmp_path / 'cache'}\n"
    assert not (tmp_path / "cache").exists()
    assert bpflint("cache", "clean").returncode == 0


def test_cleaning_leaves_what_others_keep_in_the_folder(write: Write, bpflint: Bpflint, tmp_path: Path) -> None:
    write("good.bpf.c", C)
    assert bpflint("scan").returncode == 0
    foreign = [tmp_path / "cache" / name for name in ("src", "checks", "vmlinux-6.1", "results-old")]
    for folder in foreign:
        folder.mkdir()
        (folder / "mine.json").touch()
    done = bpflint("cache", "clean")
    assert done.stdout.endswith(f"from {tmp_path / 'cache'}; what bpflint has not written stays\n")
    assert sorted((tmp_path / "cache").iterdir()) == sorted(foreign)
    assert all((folder / "mine.json").exists() for folder in foreign)


def test_editor_settings_use_the_one_pattern(bpflint: Bpflint) -> None:
    assert json.loads(vscode())["tasks"][0]["problemMatcher"]["pattern"]["regexp"] == PATTERN
    assert json.loads(github_matcher())["problemMatcher"][0]["pattern"][0]["regexp"] == PATTERN
    for name in ("vscode", "github-matcher", "vim", "emacs"):
        assert bpflint("editor", name).stdout


def test_the_emacs_pattern_matches_a_line() -> None:
    from bpflint.cli.editor import _EMACS

    found = re.search(r'"(\^.+?)"\n', _EMACS)
    assert found is not None
    pattern = re.sub(r"\\\\([()|])", r"\1", found[1])
    assert re.match(pattern, "src/a.c:3:5: warning: x [BPF101]")


STAGED = [
    (["a.toy"], 0, "not a source of ours"),
    (["readme.md"], 0, "no source at all"),
    (["one.py"], 1, "the file with the finding"),
    (["one.cpp"], 1, "likewise of C++"),
    (["shared.h"], 1, "a header the unit includes"),
    (["other.py"], 0, "another file"),
    (["bpflint.toml"], 1, "the configuration may change everything"),
    ([], 0, "nothing staged"),
    (["gone.py"], 0, "a deleted file"),
]


@pytest.mark.parametrize(("files", "code", "_why"), STAGED)
def test_hook_reports_what_touches_the_staged_files(
    write: Write, bpflint: Bpflint, files: list[str], code: int, _why: str
) -> None:
    write("bpflint.toml", "")
    write("main.toy", "program p\nbad x near=one.py:1\nbad x near=one.cpp:1\ninclude shared.h\n")
    for name in ("one.py", "one.cpp", "other.py", "shared.h"):
        write(name, "")
    done = bpflint("hook", *files)
    assert done.returncode == code, done.stdout + done.stderr
    assert ("x is bad" in done.stdout) == (code == 1)


def test_hook_is_silent_where_there_is_no_bpf(write: Write, bpflint: Bpflint) -> None:
    write("one.py", "print()\n")
    done = bpflint("hook", "one.py")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(("traced", "end"), [("", False), ("sys.setprofile(lambda *_: None)", True)])
def test_a_process_ends_at_once_unless_somebody_traces_it(tmp_path: Path, traced: str, end: bool) -> None:
    code = (
        "import atexit, sys; atexit.register(print, 'taken apart'); sys.argv = ['bpflint', 'scan', 'no-such']\n"
        f"{traced}\nfrom bpflint.__main__ import program\nprogram()"
    )
    env = {"PYTHONPATH": f"{ROOT}:{ROOT / 'rules'}", "BPFLINT_CACHE_DIR": str(tmp_path / "cache")}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "no such file or folder" in done.stdout
    assert ("taken apart" in done.stdout) is end
