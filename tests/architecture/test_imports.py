"""Does every part import only what it may, and would a violation be noticed?"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytest.importorskip("importlinter")

HOMES = {
    "clang": ("bpflint/frontends/c/",),
    "elftools": ("bpflint/frontends/objects/", "bpflint/kernels/"),
    "tree_sitter": ("bpflint/frontends/go/", "bpflint/frontends/rust/"),
    "tree_sitter_go": ("bpflint/frontends/go/",),
    "tree_sitter_rust": ("bpflint/frontends/rust/",),
    "sarif_om": ("bpflint/reporters/sarif.py",),
}
"""The only places a library may be imported in."""


def sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names.update(item.name for item in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return names


@pytest.mark.parametrize("library", sorted(HOMES))
def test_a_library_is_imported_in_its_home_only(library: str) -> None:
    strangers = [
        path.relative_to(ROOT).as_posix()
        for path in sources("bpflint", "rules")
        if any(name.split(".")[0] == library for name in imported(path))
    ]
    assert [path for path in strangers if not path.startswith(HOMES[library])] == []


def test_rules_import_the_public_api_only() -> None:
    for path in sources("rules/bpflint_rules"):
        inside = {name for name in imported(path) if name.startswith("bpflint")}
        assert {name for name in inside if not name.startswith("bpflint_rules")} <= {"bpflint.api"}, path


def test_flake8s_door_imports_the_standard_library_only() -> None:
    tree = ast.parse((ROOT / "bpflint/flake8_plugin.py").read_bytes())
    names = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    roots = {(item.module if isinstance(item, ast.ImportFrom) else item.names[0].name).split(".")[0] for item in names}
    assert roots <= set(sys.stdlib_module_names)


def test_every_module_opens_with_a_docstring() -> None:
    for path in sources("bpflint", "rules/bpflint_rules"):
        doc = ast.get_docstring(ast.parse(path.read_bytes())) or ""
        assert doc, f"{path.relative_to(ROOT)}: no docstring"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": f"{folder}:{folder / 'rules'}"}
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c(args=['--no-cache'])"]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tree")
    for name in ("bpflint", "rules"):
        only_python = shutil.ignore_patterns("headers", "data", "__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=only_python)
    (folder / "bpflint" / "headers").mkdir(exist_ok=True)
    headers = ROOT / "bpflint" / "headers" / "__init__.py"
    if headers.exists():
        shutil.copy(headers, folder / "bpflint" / "headers")
    for package in ("rules/bpflint_rules", "bpflint/facts"):
        (folder / package / "__init__.py").touch()
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_the_contracts_hold(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("bpflint/model/source.py", "import bpflint.engine.run"),
        ("bpflint/analysis/padding.py", "import bpflint.reporters.json"),
        ("bpflint/reporters/json.py", "import bpflint.engine.select"),
        ("bpflint/engine/merge.py", "import bpflint.cli.scan"),
        ("rules/bpflint_rules/deliberate.py", "import bpflint.model.finding"),
    ],
)
def test_a_deliberate_violation_fails(copy: Path, file: str, line: str) -> None:
    path = copy / file
    before = path.read_text() if path.exists() else None
    path.write_text((before or '"""A deliberate violation?"""\n') + f"\n{line}\n")
    try:
        done = lint(copy)
        assert done.returncode != 0, done.stdout
        assert "BROKEN" in done.stdout
    finally:
        path.unlink() if before is None else path.write_text(before)
