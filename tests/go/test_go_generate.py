"""What does bpf2go read and name? Its directives as go generate runs them, and its Go names for C's."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from bpflint.frontends.go.generate import Bpf2Go, directives, exported, generated_name
from go.test_go_layouts import SEED, types_of, write
from go.toolchain import GO, REASON
from go.toolchain import go as run_go

NAMES = """package main

import (
	"encoding/json"
	"os"

	"m/internal"
)

func main() {
	var names []string
	json.NewDecoder(os.Stdin).Decode(&names)
	for i := range names {
		names[i] = internal.Identifier(names[i])
	}
	json.NewEncoder(os.Stdout).Encode(names)
}
"""
EBPF = os.environ.get("BPFLINT_CILIUM_EBPF", "")
TOOL = "go run github.com/cilium/ebpf/cmd/bpf2go"


def runs(folder: Path, *lines: str, **more: str) -> list[Bpf2Go]:
    text = "\n".join(("package probe", "", *(f"//go:generate {line}" for line in lines), ""))
    types = types_of(write(folder, {"pkg/probe/gen.go": text, **more}))
    file = types.workspace.file("pkg/probe/gen.go")
    assert file is not None
    return list(directives(file))


PLAIN = ("bpf", "pkg/probe/x.c", (), ("bpfel", "bpfeb"), "pkg/probe", "bpf", True)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(f"{TOOL} bpf x.c", PLAIN, id="plain"),
        pytest.param(f"{TOOL} -target amd64,arm64 -type event -type key Probe ../../bpf/x.bpf.c -- -I../h -O2",
                     ("Probe", "bpf/x.bpf.c", ("event", "key"), ("amd64", "arm64"), "pkg/probe", "probe", True),
                     id="targets and types"),
        pytest.param(f"{TOOL} -no-global-types -no-strip --type=event --target=bpfel bpf x.c",
                     ("bpf", "pkg/probe/x.c", ("event",), ("bpfel",), "pkg/probe", "bpf", False),
                     id="switches and equals"),
        pytest.param(f"{TOOL} -output-dir ../out -output-stem Gen -go-package out bpf x.c",
                     ("bpf", "pkg/probe/x.c", (), ("bpfel", "bpfeb"), "pkg/out", "Gen", True), id="output"),
        pytest.param(f'{TOOL} -cflags "-O2 -g" -cc clang bpf x.c', PLAIN, id="quoted flags"),
        pytest.param("go tool bpf2go -tags linux bpf x.c", PLAIN, id="go tool"),
        pytest.param(f"{TOOL}@v0.16.0 bpf x.c", PLAIN, id="with a version"),
        pytest.param(f"{TOOL} -target $TARGET $GOPACKAGE $REPO_ROOT/bpf/x.c",
                     ("probe", "bpf/x.c", (), (), "pkg/probe", "probe", True), id="variables"),
        pytest.param(f"{TOOL} bpf x.c -type event", PLAIN, id="no flags behind the arguments, as in Go's flag package"),
    ],
)  # fmt: skip
def test_directive(tmp_path: Path, line: str, expected: tuple[object, ...]) -> None:
    found = runs(tmp_path, line, **{"bpf/x.c": "int x;\n"})
    assert [(item.ident, item.source, item.types, item.targets, item.folder, item.stem, item.global_types)
            for item in found] == [expected]  # fmt: skip


def test_place_package_and_flags(tmp_path: Path) -> None:
    found = runs(tmp_path, "stringer -type=Kind", f"{TOOL} -go-package out bpf x.c -- -I../h -DX")
    assert [(item.package, item.cflags, item.span.line) for item in found] == [("out", ("-I../h", "-DX"), 4)]


@pytest.mark.parametrize("line", ["echo bpf2go", f"{TOOL} bpf", f"{TOOL} -type", f"{TOOL} 'bpf", "stringer bpf2go"])
def test_what_is_no_run(tmp_path: Path, line: str) -> None:
    assert runs(tmp_path, line) == []


@pytest.mark.parametrize(
    ("c_name", "go_name"),
    [
        ("event", "Event"), ("event_t", "EventT"), ("http_event", "HttpEvent"), ("__u32", "U32"), ("_event", "Event"),
        ("IP_KEY", "IP_KEY"), ("ipv4_key", "Ipv4Key"), ("a__b", "A__b"), ("ab__c", "AbC"), ("a1_b", "A1B"),
        ("MAX_a", "MAX_a"), ("sock-key", "Sockkey"), ("", ""), ("___", ""), ("x_", "X_"), ("xy_", "Xy"),
    ],
)  # fmt: skip
def test_exported(c_name: str, go_name: str) -> None:
    assert exported(c_name) == go_name
    assert generated_name("bpf", c_name) == f"bpf{go_name}"


@pytest.mark.skipif(GO is None, reason=REASON)
@pytest.mark.skipif(not EBPF or not Path(EBPF, "internal/output.go").is_file(),
                    reason="BPFLINT_CILIUM_EBPF names no source tree of cilium/ebpf")  # fmt: skip
def test_names_are_those_that_bpf2go_makes(tmp_path: Path) -> None:
    rng = random.Random(SEED)
    letters = "abzABZ019___-é.ßǆΣ"
    names = ["".join(rng.choice(letters) for _ in range(rng.randrange(12))) for _ in range(3000)]
    write(tmp_path, {"main.go": NAMES, "go.mod": "module m\n\ngo 1.24\n", "internal/x.go": "package internal\n"})
    shutil.copy(Path(EBPF, "internal/output.go"), tmp_path / "internal/output.go")
    run_go("build", "-o", "names", ".", cwd=tmp_path)
    done = subprocess.run([str(tmp_path / "names")], input=json.dumps(names), capture_output=True, text=True)
    pairs = zip(names, json.loads(done.stdout), strict=True)
    wrong = [(name, mine, theirs) for name, theirs in pairs if (mine := exported(name)) != theirs]
    print(f"seed {SEED}, {len(names)} names, {len(wrong)} differ")
    assert not wrong, wrong[:5]
