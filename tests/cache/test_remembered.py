"""Is a file that has the stat it had neither read nor hashed again, and every other one read?"""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path

import pytest

from bpflint.api import SourceFile
from bpflint.engine.inputs import Inputs
from bpflint.engine.remembered import Remembered
from bpflint.engine.store import Store

HOUR = 3600 * 10**9


class Files:
    """A folder of a project, and which of its files were read."""

    def __init__(self, folder: Path) -> None:
        self.root, self.store = folder / "root", Store(folder / "cache")
        self.root.mkdir()
        self.read: list[str] = []

    def write(self, name: str, data: bytes, *, old: bool = True) -> None:
        (self.root / name).write_bytes(data)
        if old:
            os.utime(self.root / name, ns=(time.time_ns() - HOUR,) * 2)

    def run(self, *plain: str, hidden: str = "") -> dict[str, str]:
        """Ask for the state of every file as one run does; `hidden` is one that is left out as no source."""
        self.read = []

        def reader(name: str) -> bytes:
            self.read.append(name)
            return b"" if name == hidden else (self.root / name).read_bytes()

        names = sorted(os.listdir(self.root))
        found = [SourceFile(name, partial(reader, name)) for name in names]
        self.inputs = Inputs(self.root, found, Remembered(self.store, str(self.root)))
        self.inputs.started += 10**9  # ctime cannot be set back
        states = {name: self.inputs.state("file", name) for name in names}
        self.inputs.remember(plain)
        return states


@pytest.fixture
def files(tmp_path: Path) -> Files:
    made = Files(tmp_path)
    made.write("a.c", b"int a;")
    made.write("b.h", b"int b;")
    return made


def test_what_has_not_changed_is_not_read_again(files: Files) -> None:
    before = files.run("b.h")
    assert (files.read, files.inputs.is_plain("b.h")) == (["a.c", "b.h"], False)
    assert files.run() == before
    assert (files.read, files.inputs.is_plain("a.c"), files.inputs.is_plain("b.h")) == ([], False, True)
    files.run()
    assert files.inputs.is_plain("b.h")


def test_what_has_changed_is_read_and_nothing_is_known_of_its_comments(files: Files) -> None:
    before = files.run("a.c", "b.h")
    files.write("a.c", b"int c;")
    assert files.run()["a.c"] != before["a.c"]
    assert (files.read, files.inputs.is_plain("a.c")) == (["a.c"], False)


def test_a_file_that_is_no_source_is_asked_again_so_that_each_run_says_so(files: Files) -> None:
    before = files.run("b.h", hidden="b.h")
    assert files.run(hidden="b.h") == before
    assert (files.read, files.inputs.is_plain("b.h")) == (["b.h"], False)


def test_a_file_that_was_just_written_is_not_trusted_by_its_time(files: Files) -> None:
    files.run()
    files.write("a.c", b"int c;", old=False)
    os.utime(files.root / "a.c", ns=(time.time_ns() + HOUR,) * 2)
    files.run()
    files.run()
    assert files.read == ["a.c"]


@pytest.mark.parametrize("rest", ["gone", "other"])
def test_an_entry_that_is_lost_or_foreign_costs_a_look(files: Files, rest: str) -> None:
    before = files.run()
    for path in files.store.folder.rglob("*"):
        if path.is_file():
            path.unlink() if rest == "gone" else path.write_bytes(b"other")
    assert files.run() == before
    assert files.read == ["a.c", "b.h"]
