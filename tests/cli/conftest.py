"""How is the command line run in tests? As a process, with the toy language and its rules as a plugin."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Bpflint = Callable[..., subprocess.CompletedProcess[str]]
Write = Callable[[str, str], Path]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder on the path with one distribution in it, as pip would leave it."""
    folder = tmp_path_factory.mktemp("site")
    info = folder / "toy-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: toy\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[bpflint.rules]\nt = toy_plugin\n[bpflint.frontends]\nt = toy_plugin\n")
    (folder / "toy_plugin").mkdir()
    (folder / "toy_plugin" / "__init__.py").write_text('"""A plugin."""\n')
    (folder / "toy_plugin" / "toy.py").write_text((ROOT / "tests" / "engine" / "toy.py").read_text())
    return folder


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, text: str) -> Path:
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return write


@pytest.fixture
def bpflint(tmp_path: Path, site: Path) -> Bpflint:
    folder = tmp_path / "project"
    folder.mkdir(exist_ok=True)

    def run(*args: str, cwd: Path = folder, **env: str) -> subprocess.CompletedProcess[str]:
        own = {"PYTHONPATH": f"{ROOT}:{ROOT / 'rules'}:{site}", "BPFLINT_CACHE_DIR": str(tmp_path / "cache")}
        clean = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
        return subprocess.run(
            [sys.executable, "-m", "bpflint", *args],
            cwd=cwd, env={**clean, **own, **env}, capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    return run
