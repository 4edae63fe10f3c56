"""What do the tests of check mode share? Kernels that boot here, and the ids of what the running one holds."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bpflint.check.agent import _ids
from bpflint.check.guest import Guest
from bpflint.check.qemu import MACHINES
from bpflint.kernels import guest, store
from bpflint.model.errors import BpflintError
from support.bpf import require

_NEXT = {"programs": 11, "maps": 12, "btf": 23, "links": 31}
"""BPF_*_GET_NEXT_ID of enum bpf_cmd."""


@pytest.fixture
def host() -> None:
    """Skip where the running kernel loads nothing for us."""
    require()


@pytest.fixture
def boots() -> Callable[[str], Guest]:
    """Give a guest by name; skip, with the reason, where it cannot be had."""

    def guest_of(name: str) -> Guest:
        try:
            image = store.find(name)
            base = guest.base(image.arch, (), Path("/nonexistent"))
        except BpflintError as error:
            pytest.skip(str(error))
        if shutil.which(MACHINES[image.arch].program) is None:
            pytest.skip(f"{MACHINES[image.arch].program} is not installed")
        return Guest(image, base)

    return guest_of


@pytest.fixture
def bpftool() -> Path:
    """Give the tool: `BPFLINT_BPFTOOL`, else that of the machine."""
    path = os.environ.get("BPFLINT_BPFTOOL") or shutil.which("bpftool") or shutil.which("bpftool", path="/usr/sbin")
    return Path(path or pytest.skip("bpftool is not installed")).resolve()


@pytest.fixture
def ids() -> Callable[[], Mapping[str, frozenset[int]]]:
    """Give the ids of all programs, maps, BTF objects and links of the running kernel."""
    require()

    def all_ids() -> Mapping[str, frozenset[int]]:
        return {name: frozenset(_ids(command)) for name, command in _NEXT.items()}

    return all_ids


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records of checks go to the test's folder; headers are made once for all."""
    if "BPFLINT_CACHE_DIR" not in os.environ:
        monkeypatch.setenv("BPFLINT_CACHE_DIR", f"/tmp/bpflint-tests-{os.getuid()}")
