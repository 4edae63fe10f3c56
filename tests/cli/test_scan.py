"""Does `bpflint scan` end with the right code, print where it should, and repeat byte by byte?"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import ROOT, Bpflint, Write


@pytest.mark.parametrize(
    ("text", "args", "code"),
    [
        ("record r\n", [], 0),
        ("bad x\n", [], 1),
        ("bad x\n", ["--exit-zero"], 0),
        ("bad x info\n", [], 0),
        ("bad x info\n", ["--fail-on", "info"], 1),
        ("bad x\n", ["--fail-on", "error"], 0),
        ("bad x\n", ["--ignore", "TOY101"], 0),
        ("bad x\n", ["--ignore", "toy-bad"], 0),
        ("bad x\n", ["--select", "TOY3"], 0),
        ("bad x // bpflint: ignore[TOY101] known\n", [], 0),
        ("style x\n", ["--persona", "pedantic", "--fail-on", "info"], 1),
        ("style x\n", ["--fail-on", "info"], 0),
        ("boom now\n", [], 3),
        ("boom now\n", ["--exit-zero"], 3),
        ("bad x\nboom now\n", [], 3),
        ("raise x\n", [], 3),
        ("bad x\n", ["gone.toy", "."], 2),
        ("bad x\n", ["gone.toy", ".", "--exit-zero"], 2),
        ("bad x\n", ["--select", "TOY999"], 2),
        ("bad x\n", ["--output-format", "jsn"], 2),
        ("bad x\n", ["--output", "json"], 2),
        ("bad x\n", ["--target", "vax"], 2),
        ("bad x\n", ["--fail-on", "fatal"], 2),
        ("bad x\n", ["-j", "0"], 2),
        ("bad x\n", ["--no-such-flag"], 2),
        ("", [], 2),
        ("", ["--allow-empty"], 0),
    ],
)
def test_exit_codes(write: Write, bpflint: Bpflint, text: str, args: list[str], code: int) -> None:
    write("a.toy", text)
    done = bpflint("scan", *args)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_name_is_one_line_with_the_nearest(write: Write, bpflint: Bpflint) -> None:
    write("a.toy", "bad x\n")
    assert bpflint("scan", "--output-format", "sarf").stderr.startswith(
        "bpflint: --output-format: unknown format 'sarf'; did you mean 'sarif'?"
    )
    assert (
        "bpflint: --select: unknown rule 'toy-bda'; did you mean 'toy-bad'?"
        in bpflint("scan", "--select", "toy-bda").stderr
    )


WRONG = [
    ("-I no/folder", "-I: no/folder: no such folder"),
    ("-D 9=3", "-D: '9=3' is no macro: NAME or NAME=VALUE"),
    ("--object build/*.o", "is named by 'build/*.o'"),
    ("--select=", "--select: names no rule, so none would run"),
    ("--output xml=x", "--output: unknown format 'xml'"),
    ("--output sarif=x --output json=./x", "--output: two formats go to ./x: give each a file of its own"),
]


@pytest.mark.parametrize(("words", "told"), WRONG)
def test_what_the_command_line_names_is_there_and_means_something(
    write: Write, bpflint: Bpflint, words: str, told: str
) -> None:
    write("a.toy", "bad x\n")
    done = bpflint("scan", *words.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_objects_and_folders_that_are_there_are_taken(write: Write, bpflint: Bpflint) -> None:
    write("a.toy", "good x\n")
    write("build/a.o", "")
    assert bpflint("scan", "-I", "build", "--object", "build/*.o", "-D", "X=1", "-DMAX(a, b)=a").returncode == 0


def test_a_libclang_that_is_not_there_is_two(write: Write, bpflint: Bpflint) -> None:
    write("a.toy", "good x\n")
    write("bpflint.toml", 'libclang-path = "/no/libclang.so"\n')
    told = "/no/libclang.so: no such file; without a choice the library that came with bpflint is used\n"
    done = bpflint("scan")
    assert (done.returncode, done.stderr) == (2, f"bpflint: bpflint.toml:1: {told}")
    done = bpflint("scan", "--isolated", BPFLINT_LIBCLANG="/no/libclang.so")
    assert (done.returncode, done.stderr) == (2, f"bpflint: BPFLINT_LIBCLANG: {told}")


def test_an_unknown_key_or_code_in_the_configuration_is_told_with_its_line(write: Write, bpflint: Bpflint) -> None:
    write("a.toy", "bad x\n")
    write("bpflint.toml", "\nselct = []\n")
    done = bpflint("scan")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("bpflint: bpflint.toml:2: unknown key 'selct'; did you mean 'select'?")
    write("bpflint.toml", 'ignore = ["TOY999"]\n')
    assert bpflint("scan").stderr.startswith("bpflint: bpflint.toml:1: unknown rule 'TOY999'")
    assert bpflint("scan", "--isolated").returncode == 1


def test_output_is_the_same_for_any_number_of_workers_and_between_runs(write: Write, bpflint: Bpflint) -> None:
    for number in range(9):
        write(f"d{number % 3}/f{number}.toy", f"program p\nbad x{number} near=d0/f0.toy:1\nembed bad y;boom z\n")
    for name in ("json", "sarif", "full"):
        one = bpflint("scan", "-j1", "--output-format", name).stdout
        assert one == bpflint("scan", "-j2", "--output-format", name).stdout
        assert one == bpflint("scan", "-j1", "--output-format", name, PYTHONHASHSEED="7").stdout


def test_moving_the_checkout_keeps_fingerprints(write: Write, bpflint: Bpflint, tmp_path: Path) -> None:
    write("a/b.toy", "bad x\nbad x\n")
    before = json.loads(bpflint("scan", "--output-format", "json").stdout)
    moved = tmp_path / "elsewhere"
    shutil.copytree(tmp_path / "project", moved)
    after = json.loads(bpflint("scan", "--output-format", "json", cwd=moved).stdout)
    assert [item["fingerprint"] for item in after["findings"]] == [item["fingerprint"] for item in before["findings"]]
    assert len({item["fingerprint"] for item in before["findings"]}) == 2


def test_a_scan_from_a_sub_folder_reports_it_and_reads_the_root(write: Write, bpflint: Bpflint, tmp_path: Path) -> None:
    write("bpflint.toml", "")
    write("one/a.toy", "bad x\n")
    write("two/b.toy", "bad y\n")
    done = bpflint("scan", "--output-format", "concise", cwd=tmp_path / "project" / "one")
    assert done.stdout.splitlines()[0] == "one/a.toy:1:1: warning: x is bad [TOY101]"
    assert "two/b.toy" not in done.stdout
    shown = bpflint("scan", "--show-files", cwd=tmp_path / "project" / "one").stdout
    assert shown.splitlines() == ["report  one/a.toy", "read    two/b.toy"]


def test_other_formats_are_written_beside(write: Write, bpflint: Bpflint, tmp_path: Path) -> None:
    write("a.toy", "bad x\n")
    done = bpflint(
        "scan", "--output", "sarif=out.sarif", "--output", "json=out.json", "-q", "--output-format", "concise"
    )
    assert done.stdout.count("\n") == 1
    assert json.loads((tmp_path / "project" / "out.sarif").read_text())["version"] == "2.1.0"
    assert json.loads((tmp_path / "project" / "out.json").read_text())["schema"] == 1
    assert not list((tmp_path / "project").glob(".bpflint-*"))


def test_an_output_that_cannot_be_written_is_told(write: Write, bpflint: Bpflint) -> None:
    write("a.toy", "bad x\n")
    done = bpflint("scan", "--output", "json=no/such/folder.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "bpflint: no/such/folder.json: cannot be written: there is no folder no/such\n"
    assert "is a folder" in bpflint("scan", "--output", "json=..").stderr


def test_a_format_that_goes_to_stdout_too_stands_behind_the_report(
    write: Write, site: Path, tmp_path: Path
) -> None:
    write("a.toy", "bad x\n")
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'rules'}:{site}"}
    words = ["scan", "--no-cache", "-q", "--output-format", "concise", "--output", "json-lines=/dev/stdout"]
    command = [sys.executable, "-m", "bpflint", *words]
    with (tmp_path / "all").open("w") as out:
        subprocess.run(command, cwd=tmp_path / "project", env=env, stdout=out, timeout=60)
    lines = (tmp_path / "all").read_text().splitlines()
    assert lines[0].startswith("a.toy:1:")
    assert json.loads(lines[1])["type"] == "run"


def test_nothing_found_is_said(bpflint: Bpflint) -> None:
    done = bpflint("scan")
    assert "nothing to look at under ." in done.stdout
    assert "no findings" in done.stdout


def test_nothing_goes_to_stderr_without_a_terminal(write: Write, bpflint: Bpflint) -> None:
    write("a.toy", "bad x\n")
    assert bpflint("scan").stderr == ""


@pytest.mark.parametrize(
    ("args", "env", "colored"),
    [
        ([], {}, False),
        (["--color"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_color(write: Write, bpflint: Bpflint, args: list[str], env: dict[str, str], colored: bool) -> None:
    write("a.toy", "bad x\n")
    assert ("\x1b[" in bpflint("scan", *args, **env).stdout) is colored


def test_statistics_and_times(write: Write, bpflint: Bpflint) -> None:
    write("a.toy", "bad x\nbad y\n")
    done = bpflint("scan", "--statistics", "--time")
    assert "    2  warning  TOY101  toy-bad" in done.stdout
    assert " ms  load" in done.stderr
    assert "     0.0 ms" not in done.stderr


def test_settings_are_shown(write: Write, bpflint: Bpflint) -> None:
    write("bpflint.toml", 'targets = ["s390x"]\nexclude = ["x"]\n')
    shown = bpflint("scan", "--show-settings", "-D", "A=1").stdout
    assert "targets = s390x\n" in shown
    assert "bpf-byte-orders = little big\n" in shown
    assert "defines = A=1\n" in shown


def test_nothing_is_loaded_from_the_scanned_tree(write: Write, bpflint: Bpflint) -> None:
    write("a.toy", "bad x\n")
    for name in ("platformdirs", "pathspec", "bpflint_rules", "json"):
        write(f"{name}.py", "raise SystemExit('loaded from the tree')\n")
    assert bpflint("scan").returncode == 1


def test_a_file_name_that_is_not_text_prints_in_every_format(bpflint: Bpflint, tmp_path: Path) -> None:
    (tmp_path / "project" / os.fsdecode(b"\xe9 x.toy")).write_text("bad x\n")
    names = (
        "full",
        "concise",
        "json",
        "json-lines",
        "sarif",
        "github",
        "gitlab",
        "junit",
        "rdjson",
        "gcc",
        "openmetrics",
    )
    done = bpflint("scan", *(f"--output={name}={tmp_path / name}" for name in names))
    assert done.returncode == 1, done.stderr
    assert all((tmp_path / name).read_bytes() for name in names)


PROGRAM = """#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "shared.h"
SEC("xdp") int pass(void *ctx) { return 2; }
"""


def test_c_under_a_name_that_is_not_text_is_told_and_the_rest_is_read(
    write: Write, bpflint: Bpflint, tmp_path: Path
) -> None:
    odd = tmp_path / "project" / os.fsdecode(b"odd\xfe")
    odd.mkdir()
    write("good.bpf.c", PROGRAM)
    (odd / "bad.bpf.c").write_text(PROGRAM)
    (odd / "shared.h").write_text("")
    done = bpflint("scan", "-v")
    assert done.returncode == 0, done.stderr
    assert "/bad.bpf.c: its name is not UTF-8, which libclang needs; rename it" in done.stdout
    assert "good.bpf.c:3: not found: shared.h" in done.stdout
    assert "looked at 1 program" in done.stdout
    done = bpflint("scan", cwd=odd, BPFLINT_CACHE_DIR=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "the project's folder has a name that is not UTF-8; rename it" in done.stderr


def test_broken_files_are_one_line_each_and_the_rest_is_reported(
    write: Write, bpflint: Bpflint, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    write("good.toy", "bad x\n")
    write("refused.toy", "refuse it makes no sense\n")
    write("crash.toy", "crash\n")
    (project / "binary.toy").write_bytes(b"\0\1\2")
    (project / "latin.toy").write_bytes(b"bad \xe9\n")
    (project / "loop.toy").symlink_to("loop.toy")
    with (project / "huge.toy").open("wb") as file:
        file.truncate(30 << 20)
    done = bpflint("scan", "--output-format", "concise")
    lines = {line.partition(":")[0]: line for line in done.stdout.splitlines()}
    assert done.returncode == 1
    assert "x is bad" in lines["good.toy"]
    assert "it makes no sense [BPF001]" in lines["refused.toy"]
    assert "its parser crashed" in lines["crash.toy"]
    assert "is binary" in lines["binary.toy"]
    assert "is bad" in lines["latin.toy"]
    assert "symbolic link" in lines["loop.toy"]
    assert "30 MB is more" in lines["huge.toy"]
    assert "not analysed: 5 files not read" in done.stdout
    named = bpflint("scan", "binary.toy", "--output-format", "concise")
    assert named.returncode == 2


def test_fix_and_diff_without_fixes_change_nothing(write: Write, bpflint: Bpflint) -> None:
    path = write("a.toy", "bad x\n")
    assert bpflint("scan", "--diff").stdout == ""
    assert bpflint("scan", "--fix").returncode == 1
    assert path.read_text() == "bad x\n"


def _heed_interrupts() -> None:
    """Whoever runs the tests in the background may have set them to be ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_interrupting_ends_with_130_and_leaves_no_process(write: Write, site: Path, tmp_path: Path) -> None:
    write("a.toy", "hang\n")
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'rules'}:{site}"}
    process = subprocess.Popen(
        [sys.executable, "-m", "bpflint", "scan", "-j2"], cwd=tmp_path / "project", env=env, start_new_session=True,
        preexec_fn=_heed_interrupts,
    )  # fmt: skip
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 130
    time.sleep(0.2)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_a_closed_pipe_is_no_error(write: Write, site: Path, tmp_path: Path) -> None:
    for number in range(50):
        write(f"f{number}.toy", "bad x\n" * 50)
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'rules'}:{site}"}
    command = f"{sys.executable} -m bpflint scan --output-format json | head -1"
    done = subprocess.run(
        command, shell=True, cwd=tmp_path / "project", env=env, capture_output=True, text=True, timeout=60
    )
    assert (done.stdout, done.stderr) == ("{\n", "")


def test_watch_scans_again_after_a_change(write: Write, site: Path, tmp_path: Path) -> None:
    write("a.toy", "bad x\n")
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'rules'}:{site}"}
    process = subprocess.Popen(
        [sys.executable, "-m", "bpflint", "scan", "--watch", "--output-format", "concise", "-q"],
        cwd=tmp_path / "project", env=env, stdout=subprocess.PIPE, text=True, preexec_fn=_heed_interrupts,
    )  # fmt: skip
    assert process.stdout is not None
    assert "x is bad" in process.stdout.readline()
    write("a.toy", "record r\nbad other\n")
    assert "other is bad" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 130
    process.stdout.close()


def test_a_target_names_a_kernel_and_an_unknown_one_the_nearest(
    write: Write, bpflint: Bpflint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BPFLINT_DATA_DIR", str(tmp_path / "none of the user's own"))
    write("a.toy", "ok x\n")
    named = bpflint("scan", "--target", "x86_64:6.1", "--show-settings")
    assert "targets = x86_64\nbpf" in named.stdout
    assert "\nkernels = x86_64:6.1.192\n" in named.stdout
    unknown = bpflint("scan", "--target", "x86_64:5.15")
    assert unknown.returncode == 2
    assert "--target: no kernel x86_64:5.15 is at hand; did you mean 'x86_64:5.10.262'?" in unknown.stderr
    write("bpflint.toml", 'select = ["ALL"]\ntargets = ["arm64:6.99"]\n')
    configured = bpflint("scan")
    assert configured.returncode == 2
    assert "bpflint.toml:2: no kernel arm64:6.99 is at hand; did you mean 'arm64:6.18.15'?" in configured.stderr
