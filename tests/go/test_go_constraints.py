"""For which targets is a file built? Constraint lines, file names, and lines that are none."""

from __future__ import annotations

import pytest

from bpflint.analysis.abi import TARGETS
from bpflint.frontends.go.constraints import covers, targets_of

LITTLE = "//go:build 386 || amd64 || arm || arm64 || loong64 || mips64le || mipsle || ppc64le || riscv64 || wasm"
BIG = "//go:build mips || mips64 || ppc64 || s390x"


@pytest.mark.parametrize(
    ("name", "head", "targets"),
    [
        pytest.param("a.go", "", (), id="no constraint"),
        pytest.param("a_test.go", "", (), id="a test"),
        pytest.param("linux.go", "", (), id="the whole name is no constraint"),
        pytest.param("amd64.go", "", (), id="nor is an architecture's"),
        pytest.param("a_linux.go", "", (), id="the system"),
        pytest.param("a_unix.go", "", (), id="unix is no system"),
        pytest.param("a_windows.go", "", None, id="another system"),
        pytest.param("a_arm64.go", "", ("arm64",), id="an architecture"),
        pytest.param("a_linux_386_test.go", "", ("i386",), id="system, architecture and test"),
        pytest.param("a_windows_amd64.go", "", None, id="another system's architecture"),
        pytest.param("a_mips.go", "", None, id="an architecture that is no target"),
        pytest.param("a_x86_bpfel.go", LITTLE, tuple(item for item in TARGETS if item != "s390x"), id="bpf2go little"),
        pytest.param("a_bpfeb.go", BIG, ("s390x",), id="bpf2go big"),
        pytest.param("a.go", "//go:build ignore", None, id="ignored"),
        pytest.param("a.go", "//go:build mine", None, id="a tag of the project's own"),
        pytest.param("a.go", "//go:build !mine", (), id="without a tag of the project's own"),
        pytest.param("a.go", "//go:build linux && cgo && go1.21 && gc", (), id="tags that hold"),
        pytest.param("a.go", "//go:build !(linux && arm64) && (amd64 || arm64)", ("x86_64",), id="nested"),
        pytest.param("a.go", "//go:build !!amd64", ("x86_64",), id="not not"),
        pytest.param("a.go", "//go:build amd64 // as the tests run there", ("x86_64",), id="a remark behind it"),
        pytest.param("a.go", "//go:build amd64 &&", None, id="unfinished"),
        pytest.param("a.go", "//go:build (amd64", None, id="left open"),
        pytest.param("a.go", "//go:build amd64)", None, id="closed twice"),
        pytest.param("a.go", "//go:build " + "!(" * 5001 + "amd64" + ")" * 5001, None, id="too deep to be meant"),
        pytest.param("a.go", "// +build amd64 arm64\n", ("x86_64", "arm64"), id="blanks are or"),
        pytest.param("a.go", "// +build linux,amd64 !linux\n", ("x86_64",), id="commas are and"),
        pytest.param("a.go", "// +build amd64 arm64\n// +build !arm64\n", ("x86_64",), id="lines are and"),
        pytest.param("a.go", "//go:build arm64\n// +build amd64\n", ("arm64",), id="the new line wins"),
        pytest.param("a.go", "// Copyright\n\n/* text */\n//go:build arm64", ("arm64",), id="behind other comments"),
        pytest.param("a.go", "// +build ignore", (), id="a package comment that speaks of it"),
        pytest.param("a_arm64.go", "//go:build amd64", None, id="name and line exclude each other"),
    ],
)  # fmt: skip
def test_targets(name: str, head: str, targets: tuple[str, ...] | None) -> None:
    assert targets_of(f"some/{name}", f"{head}\npackage x\n\n//go:build ignore\n".encode()) == targets


def test_covers() -> None:
    assert covers((), "arm64")
    assert covers(("arm64",), "arm64")
    assert not covers(("arm64",), "x86_64")
    assert not covers(None, "arm64")
