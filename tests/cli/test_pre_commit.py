"""Are the two hooks what pre-commit expects?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .conftest import ROOT

yaml = pytest.importorskip("yaml")


@pytest.fixture
def hooks() -> dict[str, dict[str, Any]]:
    return {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}


def test_there_are_two_hooks(hooks: dict[str, dict[str, Any]]) -> None:
    assert {name: hook["entry"] for name, hook in hooks.items()} == {
        "bpflint": "bpflint hook",
        "bpflint-scan": "bpflint scan",
    }


def test_both_run_serially_over_the_four_languages(hooks: dict[str, dict[str, Any]]) -> None:
    for hook in hooks.values():
        assert hook["types_or"] == ["c", "go", "rust", "python"]
        assert hook["require_serial"] is True
    assert hooks["bpflint-scan"]["pass_filenames"] is False
    assert "pass_filenames" not in hooks["bpflint"]


def test_pre_commit_takes_the_manifest() -> None:
    clientlib = pytest.importorskip("pre_commit.clientlib")
    clientlib.load_manifest(str(ROOT / Path(".pre-commit-hooks.yaml")))
