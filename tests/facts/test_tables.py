"""Does a table say what its file says, whatever lies beside Python's compiled modules?"""

from __future__ import annotations

import marshal
import os
import sys
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from bpflint._tables import read_table


@pytest.fixture(autouse=True)
def compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


def made(folder: Path) -> tuple[Path, Path]:
    table = folder / "words.toml"
    table.write_text('[[word]]\nname = "one"\n')
    return table, Path(cache_from_source(f"{table}.py"))


def test_the_second_reading_takes_what_the_first_kept(tmp_path: Path) -> None:
    table, kept = made(tmp_path)
    assert read_table(table) == {"word": [{"name": "one"}]}
    stamp, _ = marshal.loads(kept.read_bytes())
    kept.write_bytes(marshal.dumps((stamp, {"word": []})))
    assert read_table(table) == {"word": []}


def test_a_changed_file_is_parsed_anew(tmp_path: Path) -> None:
    table, _ = made(tmp_path)
    read_table(table)
    table.write_text('[[word]]\nname = "two"\n')
    os.utime(table, ns=(1, 1))
    assert read_table(table) == {"word": [{"name": "two"}]}


@pytest.mark.parametrize("bytes_", [b"", b"nonsense", marshal.dumps(7), marshal.dumps(())])
def test_what_cannot_be_read_is_parsed_anew(tmp_path: Path, bytes_: bytes) -> None:
    table, kept = made(tmp_path)
    kept.parent.mkdir(exist_ok=True)
    kept.write_bytes(bytes_)
    assert read_table(table) == {"word": [{"name": "one"}]}


def test_nothing_is_written_where_python_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    table, kept = made(tmp_path)
    read_table(table)
    assert not kept.exists()
