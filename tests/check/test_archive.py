"""Is what a guest boots into an archive that others can read, and does the agent find in it all that it imports?"""

from __future__ import annotations

import ast
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpflint.check.jobs import AGENT
from bpflint.kernels.guest import _MODULES, Member, cpio, jobs_archive

NAMES = st.from_regex(r"[a-z]{1,8}(/[a-z]{1,8}){0,3}", fullmatch=True)


@pytest.mark.skipif(shutil.which("cpio") is None, reason="the program cpio is not installed")
@settings(max_examples=20, deadline=None)
@given(st.dictionaries(NAMES, st.binary(max_size=100), max_size=6))
def test_cpio_reads_what_we_write(files: dict[str, bytes]) -> None:
    files = {name: data for name, data in files.items() if not any(other.startswith(name + "/") for other in files)}
    archive = cpio(Member(name, data, 0o100644) for name, data in files.items())
    done = subprocess.run(["cpio", "-t", "--quiet"], input=archive, capture_output=True, check=True)
    assert set(files) <= set(done.stdout.decode().split())


def test_every_folder_comes_before_what_it_holds() -> None:
    archive = jobs_archive(b"#!", {"jobs.json": b"[]", "0.o": b"\x7fELF"})
    assert archive.index(b"jobs\0") < archive.index(b"jobs/0.o\0")
    assert archive.endswith(b"TRAILER!!!\0" + b"\0" * ((-len(b"TRAILER!!!\0") - 110) % 4))


def test_the_guest_has_the_modules_that_the_agent_imports() -> None:
    built_in = {"sys", "time", "errno", "zlib", "select", "fcntl", "resource", "itertools"}
    tree = ast.parse(Path(AGENT).read_text(encoding="utf-8"))
    asked = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            asked |= {item.name.split(".")[0] for item in node.names}
        elif isinstance(node, ast.ImportFrom):
            asked.add((node.module or "").split(".")[0])
    assert asked - built_in <= set(_MODULES)
