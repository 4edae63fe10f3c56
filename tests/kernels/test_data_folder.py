"""Are kernels kept where the user's data belongs?"""

from __future__ import annotations

from pathlib import Path

import pytest

from bpflint.kernels.store import data_folder


@pytest.mark.parametrize(("variables", "platform", "expected"), [
    ({"BPFLINT_DATA_DIR": "/d", "XDG_DATA_HOME": "/x"}, "linux", "/d"),
    ({"XDG_DATA_HOME": "/x"}, "linux", "/x/bpflint"),
    ({"XDG_DATA_HOME": " "}, "linux", "/home/u/.local/share/bpflint"),
    ({}, "linux", "/home/u/.local/share/bpflint"),
    ({"XDG_DATA_HOME": "/x"}, "darwin", "/home/u/Library/Application Support/bpflint"),
])  # fmt: skip
def test_the_folder_is_the_one_of_the_system(
    variables: dict[str, str], platform: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BPFLINT_DATA_DIR", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": "/home/u", **variables}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.platform", platform)
    assert data_folder() == Path(expected)
