"""Which files belong to a run, and is each one that cannot be read told in one line?"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bpflint.engine import discover as module
from bpflint.engine.discover import Found, Wanted, discover
from bpflint.engine.root import find_root

from .conftest import Write

SUFFIXES = frozenset({".c", ".h", ".py", ".o"})


def find(root: Path, *paths: str, **options: object) -> Found:
    return discover(root, paths, Wanted(SUFFIXES, **options))  # type: ignore[arg-type]


def names(found: Found) -> list[str]:
    return [item.path for item in found.files]


def told(found: Found) -> dict[str, tuple[str, str]]:
    for item in found.files:
        item.read()
    return {path: (item.severity, item.message) for path, item in found.reader.problems.items()}


def test_sources_are_found_and_the_usual_folders_skipped(write: Write, tmp_path: Path) -> None:
    for name in (
        "a.c",
        "b.txt",
        "x/b.py",
        "node_modules/c.c",
        ".venv/d.py",
        ".output/e.h",
        "__pycache__/f.py",
        "go.mod",
    ):
        write(name, "x")
    assert names(find(tmp_path)) == [".output/e.h", "a.c", "go.mod", "x/b.py"]


def test_a_vendor_folder_gives_headers_only(write: Write, tmp_path: Path) -> None:
    write("vendor/libbpf/bpf.h", "x")
    write("vendor/libbpf/bpf.c", "x")
    assert names(find(tmp_path)) == ["vendor/libbpf/bpf.h"]
    assert names(find(tmp_path, "vendor")) == ["vendor/libbpf/bpf.c", "vendor/libbpf/bpf.h"]


def test_build_folders_are_skipped_by_what_they_hold(write: Write, tmp_path: Path) -> None:
    for name in ("out/CMakeCache.txt", "out/a.c", "build/b.c", "rs/Cargo.toml", "rs/target/c.c", "target/d.c"):
        write(name, "x")
    assert names(find(tmp_path)) == ["build/b.c", "rs/Cargo.toml", "target/d.c"]


def test_nested_ignore_files_hold_and_the_deepest_decides(write: Write, tmp_path: Path) -> None:
    write(".gitignore", "*.o\n/gen/\nlocal.c\n")
    write("sub/.gitignore", "!keep.o\nmine.c\n")
    for name in ("a.o", "gen/a.c", "x/gen/b.c", "sub/keep.o", "sub/drop.o", "sub/mine.c", "mine.c", "sub/local.c"):
        write(name, "x")
    assert names(find(tmp_path)) == ["mine.c", "sub/keep.o", "x/gen/b.c"]


def test_ignore_files_above_the_root_hold_too(write: Write, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(".gitignore", "/agent/gen/\n")
    write("agent/gen/a.c", "x")
    write("agent/b.c", "x")
    assert names(find(tmp_path / "agent")) == ["b.c"]


def test_a_named_path_is_read_although_it_is_ignored(write: Write, tmp_path: Path) -> None:
    write(".gitignore", "gen\n")
    write("gen/a.c", "x")
    write("b.c", "x")
    assert names(find(tmp_path, "gen")) == ["b.c", "gen/a.c"]
    assert names(find(tmp_path, "gen/a.c")) == ["b.c", "gen/a.c"]


def test_configured_objects_and_include_folders_are_read_although_ignored(write: Write, tmp_path: Path) -> None:
    write(".gitignore", "gen\n")
    for name in ("gen/a.bpf.o", "gen/b.h", "gen/c.c"):
        write(name, "x")
    assert names(find(tmp_path, objects=("gen/*.o",), include_dirs=("gen",))) == ["gen/a.bpf.o", "gen/b.h"]


def test_excluded_files_are_not_read(write: Write, tmp_path: Path) -> None:
    write("a/b.c", "x")
    write("c.c", "x")
    assert names(find(tmp_path, exclude=("a",))) == ["c.c"]


def test_only_keeps_headers_of_elsewhere(write: Write, tmp_path: Path) -> None:
    for name in ("one/a.c", "two/b.c", "two/c.h"):
        write(name, "x")
    assert names(find(tmp_path, "one", only=True)) == ["one/a.c", "two/c.h"]


def test_an_assumed_root_is_not_read_as_a_project(write: Write, tmp_path: Path) -> None:
    for name in ("one/a.c", "two/b.c"):
        write(name, "x")
    assert names(find(tmp_path, "one", whole=False)) == ["one/a.c"]


def test_scope(write: Write, tmp_path: Path) -> None:
    scope = find(tmp_path, "src", "a.c").scope
    assert [scope.covers(path) for path in ("src/x.c", "srcs/x.c", "a.c", "b.c")] == [True, False, True, False]


def test_a_binary_named_c_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.c").write_bytes(b"\x7fELF\0\0")
    assert told(find(tmp_path)) == {"a.c": ("info", "is binary, not source text; the file was left out")}
    assert told(find(tmp_path, "a.c"))["a.c"][0] == "error"
    (tmp_path / "a.c").write_bytes("int x;".encode("utf-16"))
    assert told(find(tmp_path)) == {"a.c": ("info", "is UTF-16, not UTF-8; the file was left out")}


def test_a_huge_source_is_told(tmp_path: Path) -> None:
    with (tmp_path / "big.c").open("wb") as file:
        file.truncate(30 << 20)
    assert told(find(tmp_path)) == {"big.c": ("info", "30 MB is more than bpflint reads; the file was left out")}


def test_an_unreadable_file_is_told(write: Write, tmp_path: Path) -> None:
    path = write("a.c", "x")
    found = find(tmp_path)
    path.unlink()
    assert told(found) == {"a.c": ("info", "cannot be read: No such file or directory")}


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_without_permission_is_told(write: Write, tmp_path: Path) -> None:
    write("a.c", "x").chmod(0)
    assert "Permission denied" in told(find(tmp_path))["a.c"][1]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
@pytest.mark.parametrize("named", ["locked", "locked/a.c", "locked/gone.c"])
def test_a_named_path_without_permission_is_told(write: Write, tmp_path: Path, named: str) -> None:
    folder = write("locked/a.c", "x").parent
    folder.chmod(0)
    try:
        assert find_root(tmp_path, [tmp_path / named]).path == tmp_path
        assert "Permission denied" in told(find(tmp_path, named))[named][1]
        assert list(told(find(tmp_path))) == ["locked"]
    finally:
        folder.chmod(0o755)


def test_a_loop_of_links_is_told_and_not_followed(write: Write, tmp_path: Path) -> None:
    write("sub/a.c", "x")
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    found = find(tmp_path)
    assert names(found) == ["sub/a.c"]
    assert sorted(told(found)) == ["one", "sub/up", "two"]
    assert told(find(tmp_path, "one"))["one"][0] == "error"


def test_a_linked_source_inside_the_root_is_read_once(write: Write, tmp_path: Path) -> None:
    write("a.c", "x")
    (tmp_path / "b.c").symlink_to("a.c")
    (tmp_path / "b.h").symlink_to("a.c")
    assert names(find(tmp_path)) == ["a.c", "b.h"]


def test_a_fifo_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.c")
    assert names(find(tmp_path)) == []


def test_a_named_fifo_is_told_and_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.c")
    assert told(find(tmp_path, "a.c"))["a.c"] == ("error", "is no regular file; it was left out")


def test_a_deep_tree_does_not_end_the_run(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * 300)
    os.makedirs(deep)
    (deep / "a.c").write_text("x")
    assert len(names(find(tmp_path))) == 1


def test_reading_twice_reads_the_disk_once(write: Write, tmp_path: Path) -> None:
    path = write("a.c", "x")
    (item,) = find(tmp_path).files
    assert item.read() == b"x"
    path.write_text("changed")
    assert item.read() == b"x"


def test_limits_are_far_above_a_vmlinux_header() -> None:
    assert module.MAX_SOURCE >= 16 << 20
