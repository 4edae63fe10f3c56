"""Does the sample runner complain both ways, about what is missing and about what is too much?"""

from __future__ import annotations

from pathlib import Path

import pytest

from bpflint.testing import Sample, rules_without_samples, run_sample, run_samples, samples

from .conftest import PLUGINS, Write


@pytest.mark.parametrize(
    ("text", "complaints"),
    [
        ('bad x // want TOY101 "x is bad"', []),
        ("// want-next TOY101\nbad x", []),
        ('bad x // want TOY101 on=arm64,x86_64 "x"', []),
        ('bad x // want TOY101 on=i386 "x"', ['not found: a.toy:1: TOY101 on=i386 "x"', "not wanted: a.toy:1: TOY101"]),
        ('bad x // want TOY101 "y"', ['not found: a.toy:1: TOY101 "y"', "not wanted: a.toy:1: TOY101"]),
        ("bad x // want TOY101 TOY101", ["not found: a.toy:1: TOY101"]),
        ("record r // want TOY101", ["not found: a.toy:1: TOY101"]),
        ("bad x", ["not wanted: a.toy:1: TOY101", "a bad sample wants at least one finding"]),
        ("bad x // want TOY101\nstyle y", []),
        ("bad x // want TOY101\nproblem odd", ["not wanted: a.toy:2: BPF002 odd"]),
        ("bad x // want TOY101\nproblem odd // want BPF002", []),
    ],
)
def test_a_bad_sample(write: Write, tmp_path: Path, text: str, complaints: list[str]) -> None:
    write("TOY101-toy/bad/a.toy", text + "\n")
    got = run_sample(Sample(tmp_path / "TOY101-toy" / "bad", "bad"), PLUGINS)
    assert [line.split(" on=arm64")[0].split(" on=x86")[0].split(' "x is')[0] for line in got] == complaints


def test_a_good_sample_is_silent_and_wants_nothing(write: Write, tmp_path: Path) -> None:
    write("TOY101-toy/bad/a.toy", "bad x // want TOY101\n")
    write("TOY101-toy/good/a.toy", "bad x\n")
    write("TOY101-toy/good-2/a.toy", "bad x // want TOY101\n")
    failed = run_samples(tmp_path, PLUGINS)
    assert sorted(failed) == ["TOY101-toy/good", "TOY101-toy/good-2"]
    assert failed["TOY101-toy/good"][0].startswith("not wanted: a.toy:1: TOY101")


def test_each_folder_is_a_root_of_its_own(write: Write, tmp_path: Path) -> None:
    write("bpflint.toml", "nonsense = 1\n")
    write("TOY101-toy/bad/a.toy", "bad x // want TOY101\n")
    assert run_samples(tmp_path, PLUGINS) == {}


def test_a_sample_may_have_a_configuration(write: Write, tmp_path: Path) -> None:
    write("TOY101-toy/bad/bpflint.toml", 'targets = ["s390x"]\n')
    write("TOY101-toy/bad/a.toy", "bad x // want TOY101 on=s390x\n")
    assert run_samples(tmp_path, PLUGINS) == {}


def test_rules_without_samples_are_named(write: Write, tmp_path: Path) -> None:
    write("TOY101-toy/bad/a.toy", "")
    write("TOY101-toy/good/a.toy", "")
    write("TOY201-toy/bad/a.toy", "")
    assert len(samples(tmp_path)) == 3
    assert rules_without_samples(tmp_path, PLUGINS.rules) == ["TOY201", "TOY301", "TOY401"]
