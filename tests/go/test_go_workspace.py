"""Which package does an import mean, and which declaration a name? Modules, replaces, vendor, build constraints."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpflint.frontends.go.gotypes import Named
from bpflint.frontends.go.modules import Modules
from bpflint.frontends.go.types import Types
from bpflint.frontends.go.workspace import Package, Workspace
from bpflint.model.layout import Array, Opaque, RecordDecl, Type
from go.test_go_layouts import types_of, write


def package_of(types: Types, folder: str = "") -> Package:
    found = types.workspace.package(folder)
    assert found is not None
    return found


def model(types: Types, name: str, folder: str = "") -> Type:
    package = package_of(types, folder)
    return types.model(types.named(package.types[name]))


def length(types: Types, name: str = "T", folder: str = "") -> int | str | None:
    """Return the length of the array that is the first member of a struct, or why there is none."""
    record = model(types, name, folder)
    assert isinstance(record, RecordDecl)
    first = record.members[0].type
    if isinstance(first, Opaque):
        return first.reason
    assert isinstance(first, Array)
    return first.length


USER = 'package a\n\nimport x "{path}"\n\ntype T struct{{ f [x.N]byte }}\n'


@pytest.mark.parametrize(
    ("files", "path", "expected"),
    [
        pytest.param({"go.mod": "module m\n", "b/b.go": "package b\nconst N = 2\n"}, "m/b", 2, id="the same module"),
        pytest.param({"go.mod": "module m\n", "b/go.mod": "module n\n", "b/b.go": "package b\nconst N = 3\n"}, "n", 3,
                     id="a module below"),
        pytest.param({"go.mod": "module m\n", "b/go.mod": "module m/b\n", "b/b.go": "package b\nconst N = 4\n"}, "m/b",
                     4, id="a module below whose path goes on"),
        pytest.param({"go.mod": "module m\nreplace (\n\to/p v1.2.3 => ./fork\n)\n",
                      "fork/q/q.go": "package q\nconst N = 5\n"}, "o/p/q", 5, id="replaced by a folder"),
        pytest.param({"go.mod": "module m\nreplace o/p => ../outside\n"}, "o/p", "array length is not constant",
                     id="replaced by a folder outside the tree"),
        pytest.param({"go.mod": 'module "m" // as it is\n', "b/b.go": "package other\nconst N = 6\n"}, "m/b", 6,
                     id="a package that is not named as its folder"),
        pytest.param({"go.mod": "module m\n", "vendor/o/p/p.go": "package p\nconst N = 7\n"}, "o/p",
                     "array length is not constant", id="vendored: somebody else's code is not read"),
        pytest.param({"go.mod": "module m\n", "b/b.go": "package b\nconst N = 1\n",
                      "b/b_test.go": "package b\nconst M = 2\n", "b/x_test.go": "package b_test\nconst N = 9\n"},
                     "m/b", 1, id="beside its tests"),
        pytest.param({"go.mod": "module m\n"}, "m/none", "array length is not constant", id="not there"),
        pytest.param({}, "golang.org/x/sys/unix", "array length is not constant", id="outside, a name it has not"),
    ],
)  # fmt: skip
def test_an_import_leads_to_its_package(
    tmp_path: Path, files: dict[str, str], path: str, expected: int | str
) -> None:
    write(tmp_path, {"a/a.go": USER.format(path=path), **files})
    assert length(types_of(tmp_path), folder="a") == expected


def test_vendored_packages_see_each_other(tmp_path: Path) -> None:
    write(tmp_path, {"go.mod": "module m\n", "vendor/o/a/a.go": USER.format(path="o/p"),
                     "vendor/o/p/p.go": "package p\nconst N = 7\n"})  # fmt: skip
    types = Types(Workspace(tmp_path, ["go.mod", "vendor/o/a/a.go"]))
    assert length(types, folder="vendor/o/a") == 7
    assert types.workspace.read == ["vendor/o/a/a.go", "vendor/o/p/p.go"]


def test_without_a_go_mod_the_tail_of_an_import_path_is_looked_for(tmp_path: Path) -> None:
    files = {"b/c/c.go": "package c\nconst N = 8\n", "a/a.go": USER.format(path="example.com/m/b/c")}
    assert length(types_of(write(tmp_path, files)), folder="a") == 8


def test_a_tree_without_a_module_names_packages_by_folder(tmp_path: Path) -> None:
    types = types_of(write(tmp_path, {"pkg/x/x.go": "package x\ntype T struct{ A byte }\n"}))
    package = package_of(types, "pkg/x")
    assert package.path == "pkg/x"
    assert types.decl(Named("pkg/x", "T")) is package.types["T"]


def test_imports_go_by_the_packages_own_name(tmp_path: Path) -> None:
    imports = ('"m/go-bpf"', '"gopkg.in/yaml.v3"', '"github.com/x/go-y/v2"', 'z "m/z"', '_ "m/w"', '. "m/v"', '"C"')
    text = "package a\nimport (\n" + "\n".join(imports) + "\n)\n"
    write(tmp_path, {"go.mod": "module m\n", "go-bpf/x.go": "package bpf\n", "a.go": text})
    file = types_of(tmp_path).workspace.file("a.go")
    assert file is not None
    assert dict(file.imports) == {
        "bpf": "m/go-bpf", "yaml": "gopkg.in/yaml.v3", "y": "github.com/x/go-y/v2", "z": "m/z", "C": "C",
    }  # fmt: skip
    assert file.dots == ("m/v",)


def test_the_name_most_files_have_is_the_package(tmp_path: Path) -> None:
    ignored = "//go:build ignore\n\npackage main\n"
    write(tmp_path, {"x/a.go": "package x\n", "x/b.go": "package x\n", "x/gen.go": ignored, "x/y.go": "package y\n",
                     "x/x_test.go": "package x_test\n", "go.mod": "module m\n"})  # fmt: skip
    found = types_of(tmp_path).workspace.packages("x")
    assert [(item.name, item.path) for item in found] == [
        ("x", "m/x"), ("main", "m/x#main"), ("y", "m/x#y"),
    ]  # fmt: skip


def test_what_tests_declare_is_not_read(tmp_path: Path) -> None:
    helper = "package x\n\ntype helper struct{}\n"
    write(tmp_path, {"x/a.go": "package x\n", "x/a_test.go": helper, "go.mod": "module m\n"})
    work = types_of(tmp_path).workspace
    (found,) = work.packages("x")
    assert not found.declares("helper")
    assert work.read == ["x/a.go"]


LITTLE, BIG = "//go:build amd64 || arm64\n\npackage a\n", "//go:build s390x\n\npackage a\n"


def test_each_file_sees_the_declaration_built_with_it(tmp_path: Path) -> None:
    struct = "type U{} struct{{ f [N]byte }}\n"
    write(tmp_path, {"a.go": "package a\n" + struct.format(""), "l.go": LITTLE + "const N = 1\n" + struct.format("L"),
                     "b.go": BIG + "const N = 2\n" + struct.format("B")})  # fmt: skip
    types = types_of(tmp_path)
    assert [length(types, name) for name in ("U", "UL", "UB")] == [1, 1, 2]
    records = [model(types, name) for name in ("U", "UL", "UB")]
    assert [item.attributes for item in records if isinstance(item, RecordDecl)] == [
        ("targets:x86_64,arm64",), ("targets:x86_64,arm64",), ("targets:s390x",),
    ]  # fmt: skip


def test_what_holds_a_narrowed_type_is_narrowed_too(tmp_path: Path) -> None:
    write(tmp_path, {"a.go": "package a\ntype V struct{ u [2]U }\ntype W struct{ v V }\ntype X struct{ b byte }\n",
                     "l.go": LITTLE + "type U struct{ f byte }\n",
                     "b.go": BIG + "type U struct{ f uint16 }\n"})  # fmt: skip
    types = types_of(tmp_path)
    for _ in range(2):
        found = {name: model(types, name) for name in ("W", "V", "X")}
        assert {name: item.attributes for name, item in found.items() if isinstance(item, RecordDecl)} == {
            "W": ("targets:x86_64,arm64",), "V": ("targets:x86_64,arm64",), "X": (),
        }  # fmt: skip


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"b.go": "package a\nconst N = 1\n"}, 1, id="once"),
        pytest.param({"b.go": "package a\nconst N = 1\n", "c.go": "package a\nconst N = 2\n"}, None, id="twice"),
        pytest.param({"b.go": "package a\nconst N = 1\n", "c.go": "package a\nconst N = 1\n"}, 1, id="twice the same"),
        pytest.param({"b_linux.go": "package a\nconst N = 1\n", "b_windows.go": "package a\nconst N = 2\n"}, 1,
                     id="for another system"),
        pytest.param({"b.go": "//go:build !x\n\npackage a\nconst N = 1\n",
                      "c.go": "//go:build x\n\npackage a\nconst N = 2\n"}, 1, id="under a tag"),
        pytest.param({"b.go": "//go:build x\n\npackage a\nconst N = 1\n"}, None, id="only under a tag"),
    ],
)  # fmt: skip
def test_a_name_declared_several_times(tmp_path: Path, files: dict[str, str], expected: int | None) -> None:
    types = types_of(write(tmp_path, {"a.go": "package a\ntype T struct{ f [N]byte }\n", **files}))
    assert length(types) == (expected if expected is not None else "array length is not constant")


def test_excluded_files_see_their_own(tmp_path: Path) -> None:
    write(tmp_path, {"a.go": "//go:build mine\n\npackage a\ntype T struct{ f [N]byte }\nconst N = 3\n",
                     "b.go": "//go:build !mine\n\npackage a\nconst N = 4\n"})  # fmt: skip
    assert length(types_of(tmp_path)) == 3


def test_modules_of_folders(tmp_path: Path) -> None:
    write(tmp_path, {"go.mod": "module m\n", "sub/go.mod": "module n/v2\n"})
    modules = Modules(tmp_path, ["go.mod", "sub/go.mod"])
    assert [modules.path_of(item) for item in ("", "x/y", "sub", "sub/z", "subway", "x/vendor/o/p")] == [
        "m", "m/x/y", "n/v2", "n/v2/z", "m/subway", "o/p",
    ]  # fmt: skip
