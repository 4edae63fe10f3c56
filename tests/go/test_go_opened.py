"""Does a Go file say of which names it cannot tell the object that they are looked up in?"""

from __future__ import annotations

from pathlib import Path

import pytest

from bpflint.api import Settings, SourceFile
from bpflint.frontends.go import GoFrontEnd

HEAD = """package {package}

import (
	"os"
	"path/filepath"

	"github.com/cilium/ebpf"
)

const file = "probe.o"

"""


def loaders(tmp_path: Path, body: str, package: str = "main") -> set[str | None]:
    text = (HEAD.format(package=package) + body).encode()
    (tmp_path / "main.go").write_bytes(text)
    (tmp_path / "go.mod").write_text("module example.com/x\n\ngo 1.22\n\nrequire github.com/cilium/ebpf v0.12.0\n")
    files = [SourceFile(name, (tmp_path / name).read_bytes) for name in ("main.go", "go.mod")]
    frontend, settings = GoFrontEnd(), Settings(root=tmp_path)
    units = [unit for job in frontend.plan(files, settings) for unit in frontend.load(job, settings).units]
    return {item.loader for unit in units for item in unit.references}


@pytest.mark.parametrize(
    ("opened", "want"),
    [
        ('c, _ := ebpf.LoadCollection("probe.o")', ""),
        ("c, _ := ebpf.LoadCollection(file)", ""),
        ('path := filepath.Join(os.Args[1], "probe.o"); c, _ := ebpf.LoadCollection(path)', ""),
        ("s, _ := loadProbe(); c, _ := ebpf.NewCollection(s)", ""),
        ("c, _ := ebpf.LoadCollection(os.Args[1])", None),
        ('c, _ := ebpf.LoadCollection(os.Getenv("OBJECT"))', None),
        ('path := "probe.o"; if len(os.Args) > 1 { path = os.Args[1] }; c, _ := ebpf.LoadCollection(path)', None),
        ("s, _ := ebpf.LoadCollectionSpec(os.Args[1]); c, _ := ebpf.NewCollection(s)", None),
        ("s, _ := ebpf.LoadCollectionSpec(os.Args[1]); t := s.Copy(); c, _ := ebpf.NewCollection(t)", None),
    ],
)  # fmt: skip
def test_a_collection_is_of_an_object_whose_file_is_told(opened: str, want: str | None, tmp_path: Path) -> None:
    body = f'func run() *ebpf.Map {{ {opened}; return c.Maps["flows"] }}\n'
    assert loaders(tmp_path, body) == {want}


@pytest.mark.parametrize(
    ("package", "name", "want"),
    [("flows", "Of", None), ("flows", "of", ""), ("main", "Of", "")],
)  # fmt: skip
def test_an_exported_function_is_called_by_any_package(
    package: str, name: str, want: str | None, tmp_path: Path
) -> None:
    body = f'func {name}(c *ebpf.Collection) *ebpf.Map {{ return c.Maps["flows"] }}\n'
    assert loaders(tmp_path, body, package) == {want}
