"""Does flake8 show our findings of Python files, and does it never die of us?"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT

pytest.importorskip("flake8")

PLUGIN = """
from collections.abc import Iterable
from bpflint.api import Codec, Context, Finding, FrontEnd, Job, Loaded, RecordDecl, Rule, RuleMeta, Severity, Span, Unit

class PythonRule(Rule):
    meta = RuleMeta(code="TOY500", name="toy-structure", summary="s", severity=Severity.WARNING)
    def check_unit(self, unit, ctx):
        for row, line in enumerate((ctx.settings.root / unit.path).read_text().splitlines(), 1):
            if "Structure)" in line and unit.path.endswith(".py"):
                yield self.finding(Span(unit.path, row, line.index("c") + 1), "a structure", subject=line)

class Cross(PythonRule):
    meta = RuleMeta(code="TOY501", name="toy-cross2", summary="s", severity=Severity.WARNING, cross_file=True)
"""
SOURCE = """import ctypes


class A(ctypes.Structure):
    pass


class B(ctypes.Structure):  # noqa: TOY500
    pass


class C(ctypes.Structure):  # bpflint: ignore[TOY500] fine
    pass
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Our flake8 door and a rule, as installed distributions; the built-in front ends read the file."""
    folder = tmp_path / "site"
    for name, group in (("bpfdoor", "flake8.extension"), ("toy", "bpflint.rules")):
        info = folder / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        lines = "BPF = bpflint.flake8_plugin:Checker\nTOY = bpflint.flake8_plugin:Checker"
        (info / "entry_points.txt").write_text(f"[{group}]\n{lines if name == 'bpfdoor' else 't = toyrules'}\n")
    (folder / "toyrules").mkdir()
    (folder / "toyrules" / "__init__.py").write_text(PLUGIN)
    return folder


def flake8(folder: Path, site: Path, *args: str, hide: str = "") -> subprocess.CompletedProcess[str]:
    hidden = site / "hidden"
    if hide:
        (hidden / hide).mkdir(parents=True)
        (hidden / hide / "__init__.py").write_text("raise ImportError('hidden by the test')\n")
    path = f"{hidden}:{ROOT}:{ROOT / 'rules'}:{site}"
    return subprocess.run(
        [sys.executable, "-m", "flake8", "-j1", "--isolated", *args, "."],
        cwd=folder, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "a.py").write_text(SOURCE)
    return folder


def has_python() -> bool:
    from bpflint.engine.plugins import load_frontends

    return any(item.name == "python" for item in load_frontends())


@pytest.mark.skipif(not has_python(), reason="the Python front end is not there")
def test_findings_appear_with_libclang_absent_and_comments_hold(project: Path, site: Path) -> None:
    done = flake8(project, site, "--select", "TOY", hide="clang")
    assert set(done.stdout.splitlines()) == {"./a.py:4:1: TOY500 a structure"}, done.stderr


@pytest.mark.skipif(not has_python(), reason="the Python front end is not there")
def test_our_own_configuration_is_found(project: Path, site: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.bpflint]\nignore = ["TOY500"]\n')
    assert flake8(project, site, "--select", "TOY").stdout == ""


@pytest.mark.parametrize("hide", ["toyrules", "tomllib"])
def test_flake8_goes_on_when_we_cannot(project: Path, site: Path, hide: str) -> None:
    (project / "pyproject.toml").write_text("[tool.bpflint]\n")
    (project / "b.py").write_text("import os\n")
    done = flake8(project, site, "-v", hide=hide)
    assert "./b.py:1:1: F401" in done.stdout
    assert "bpflint gave nothing" in done.stdout + done.stderr


def test_importing_the_door_imports_nothing_of_ours() -> None:
    code = "import sys, bpflint.flake8_plugin; print(sorted(m for m in sys.modules if m.startswith('bpflint')))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.strip() == "['bpflint', 'bpflint.flake8_plugin']"


def test_a_file_without_shared_bytes_costs_nothing() -> None:
    from bpflint.flake8_plugin import Checker

    lines = ["import os\n"]
    assert list(Checker(ast.parse(lines[0]), "nowhere.py", lines).run()) == []


def test_the_version_is_ours() -> None:
    from bpflint import __version__
    from bpflint.flake8_plugin import Checker

    assert Checker.version == __version__
