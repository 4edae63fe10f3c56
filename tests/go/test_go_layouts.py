"""Are our layouts those of Go's compiler? Random structs against go/types' sizes for every GOARCH."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bpflint.analysis.abi import abi, canonical_target
from bpflint.analysis.layout import lay_out
from bpflint.frontends.go.types import Types
from bpflint.frontends.go.workspace import Workspace
from bpflint.model.layout import Record
from go.structs import MODULE, OTHER, random_structs
from go.toolchain import GO, REASON, environment
from go.toolchain import go as run_go

COUNT = int(os.environ.get("BPFLINT_LAYOUTS", "150"))
SEED = int(os.environ.get("BPFLINT_SEED", "20261122"))
ARCHES = ("amd64", "arm64", "386", "arm", "s390x", "riscv64", "ppc64le", "mips64le", "loong64")

pytestmark = pytest.mark.skipif(GO is None, reason=REASON)


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="session")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("oracle")
    text = Path(__file__).with_name("oracle_layouts.go").read_text()
    write(folder, {"main.go": text, "go.mod": "module oracle\n\ngo 1.24\n"})
    run_go("build", "-o", "oracle", ".", cwd=folder)
    return folder / "oracle"


def asked(oracle: Path, root: Path, **more: str) -> dict[str, Any]:
    """Return what Go says of the package in `root`."""
    path = f"{Path(GO or '').resolve().parent}:{os.environ.get('PATH', '')}"
    command = [str(oracle), str(root), MODULE, *ARCHES]
    done = subprocess.run(command, env=environment(PATH=path, **more), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[:2000]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def types_of(root: Path) -> Types:
    files = [path.relative_to(root).as_posix() for path in sorted(root.rglob("*")) if path.is_file()]
    return Types(Workspace(root, files))


def shape(record: Record) -> dict[str, Any]:
    return {"size": record.size // 8, "align": record.align // 8, "fields": fields(record)}


def fields(record: Record | None) -> list[dict[str, Any]]:
    return [
        {"name": item.name, "offset": item.offset // 8, "size": item.size // 8, "fields": fields(item.record)}
        for item in (record.fields if record is not None else ())
    ]


def test_random_structs_lie_as_gos_compiler_lays_them(tmp_path: Path, oracle: Path) -> None:
    print(f"seed {SEED}, {COUNT} structs")
    source, names = random_structs(SEED, COUNT)
    write(tmp_path, {"m.go": source, "other/other.go": OTHER, "go.mod": f"module {MODULE}\n\ngo 1.24\n"})
    theirs = asked(oracle, tmp_path)
    types = types_of(tmp_path)
    package = types.workspace.package("")
    assert package is not None
    decls = {item.name: item for item in types.records(package.files[0])}
    wrong, compared = [], 0
    for arch in ARCHES:
        target = abi(canonical_target(arch))
        for name in names:
            record = lay_out(decls[name], target)
            assert record.opaque is None, (name, record.opaque)
            compared += 1
            if shape(record) != theirs[arch][name]:
                wrong.append((arch, name, shape(record), theirs[arch][name]))
    print(f"{compared} layouts of {len(names)} structs compared, {len(wrong)} differ")
    assert not wrong, f"{len(wrong)} of {compared} differ, first: {wrong[0]}"
    assert compared == COUNT * len(ARCHES)
