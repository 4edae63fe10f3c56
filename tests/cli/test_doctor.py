"""Does `bpflint doctor` name the right next step for each thing that is missing?"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bpflint.cli import doctor

from .conftest import Bpflint, Write


def test_a_sound_installation_is_ready(bpflint: Bpflint) -> None:
    done = bpflint("doctor")
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1] == "ready"


def steps(check: object) -> list[str]:
    return [item.step for item in check() if item.step]  # type: ignore[operator]


@pytest.mark.parametrize("name", ["elftools", "sarif_om", "pathspec", "platformdirs"])
def test_a_missing_library(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    package = {"elftools": "pyelftools", "sarif_om": "sarif-om"}.get(name, name)
    assert steps(doctor.libraries) == [f"python -m pip install {package}"]


def test_libclang_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "clang.cindex", None)
    assert steps(doctor.libclang) == ["python -m pip install 'libclang>=18.1.1,<19'"]


def test_libclang_shadowed_by_another_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_installed", lambda name: name == "clang")
    (step,) = steps(doctor.libclang)
    assert step.startswith("python -m pip uninstall -y clang && ")


def test_a_chosen_libclang_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BPFLINT_LIBCLANG", "/no/libclang.so")
    assert steps(doctor.libclang) == ["unset BPFLINT_LIBCLANG"]


def test_a_chosen_libclang_that_is_none(bpflint: Bpflint, tmp_path: Path) -> None:
    fake = tmp_path / "libclang.so"
    fake.write_bytes(b"nothing")
    done = bpflint("doctor", BPFLINT_LIBCLANG=str(fake))
    assert (done.returncode, done.stdout.splitlines()[-1]) == (2, "next: unset BPFLINT_LIBCLANG")


def test_a_broken_configuration(write: Write, bpflint: Bpflint) -> None:
    path = write("bpflint.toml", "selct = []\n")
    done = bpflint("doctor")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (2, f"next: edit {path}")


def test_a_cache_that_is_no_folder(bpflint: Bpflint, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = bpflint("doctor", BPFLINT_CACHE_DIR=str(tmp_path / "file"))
    assert f"MISS  cache: {tmp_path / 'file'} cannot be written" in done.stdout
    assert done.returncode == 2


def test_a_plugin_that_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    from bpflint.api import PluginError
    from bpflint.engine import plugins

    def fail() -> None:
        raise PluginError("dist-a: cannot load 'pkg'")

    monkeypatch.setattr(plugins, "load_plugins", fail)
    assert steps(doctor.plugins) == ["python -m pip uninstall dist-a"]


def test_missing_headers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor, "__file__", str(tmp_path / "cli" / "doctor.py"))
    assert steps(doctor.embedded)[0] == "python -m pip install --force-reinstall bpflint"
