"""Does odd input stay harmless? Unfinished, circular, deep, doubled and huge Go: answers or silence, never a crash."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpflint.analysis.abi import abi
from bpflint.analysis.go_codec import map_codec, refusal
from bpflint.analysis.layout import lay_out
from bpflint.frontends.go.constraints import targets_of
from bpflint.frontends.go.generate import directives
from bpflint.frontends.go.types import Types
from bpflint.frontends.go.workspace import Workspace
from bpflint.model.layout import Opaque, RecordDecl
from bpflint.model.source import Span
from go.structs import OTHER, random_structs
from go.test_go_layouts import types_of, write

SEED_FILE = '''//go:build linux && (amd64 || !arm64)
// +build linux

// Package m is read while it is edited.
package m

import (
	"encoding/binary"
	other "example.com/m/other"
	. "example.com/m/other"
	"github.com/cilium/ebpf"
	"unsafe"
)

// #define LEN 4
import "C"

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go -target amd64,arm64 -type event bpf prog.c -- -I../h

const (
	A, B = iota, 1 << (10 * iota)
	C1, _
	Big = ^uint64(0) >> 3
)

// event is struct event of prog.c
type event struct {
	other.Inner `json:"x"`
	*Key
	Pid, Tid uint32
	_        [A + 4]byte
	Comm     [C.LEN]C.char `ebpf:"comm"`
	m        map[string]*ebpf.Map
	f        func(a int, b ...string) (err error)
	anon     struct{ x, y [2][3]bool }
	last     [0]uint64
}

type Key [unsafe.Sizeof(event{}.Pid)]byte
type Alias = event
type Pair[K comparable, V any] struct { k K; v V }
type Held struct { Pair[uint32, Alias]; p *Pair[Held, Held] }

var table = [...]uint16{1, 5: 2}
var coll, err = ebpf.NewCollection(nil)
var order = binary.LittleEndian

func (e *event) MarshalBinary() ([]byte, error) { return nil, nil }

func run[T any](x T) (n int) {
	type local struct { a, b byte }
	var l local
	_ = l
	for i := range 4 { n += i }
	return len(table) + int(unsafe.Offsetof(event{}.Tid))
}
'''


def ask_everything(types: Types) -> None:
    """Ask every question the front end asks, of every declaration."""
    work = types.workspace
    for folder in ("", "other"):
        for package in work.packages(folder):
            for file in package.files:
                records = list(types.records(file))
                list(directives(file))
                for record in records:
                    for target in ("x86_64", "i386"):
                        lay_out(record, abi(target))
                        map_codec(record, abi(target))
                    refusal(record, decode=True)
            for constants in package.every.constants.values():
                for constant in constants:
                    types.constants.declared(constant)
            for name in package.variables:
                types.variable(package, name)
            for functions in (*package.every.functions.values(), *package.every.methods.values()):
                for function in functions:
                    types.signature(function)
                    assert function.node is not None
            for decls in package.every.types.values():
                for decl in decls:
                    type_ = types.named(decl)
                    types.model(type_)
                    types.field(type_, "Pid")
                    types.method(type_, "MarshalBinary")


def test_the_seed_itself_is_read(tmp_path: Path) -> None:
    types = types_of(write(tmp_path, {"m.go": SEED_FILE, "other/other.go": OTHER, "go.mod": "module example.com/m\n"}))
    ask_everything(types)
    package = types.workspace.package("")
    assert package is not None
    assert [item.name for item in types.records(package.files[0])] == ["event", "Held", "local"]


PIECES = sorted({*re.findall(r"\w+|[^\w\s]", SEED_FILE), "\n", "\t", "\x00", "\ufeff", "é", "`", "/*", "*/", "//"})


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_file_under_edit_never_raises(tmp_path: Path, data: st.DataObject) -> None:
    text = SEED_FILE
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(text)))
        match data.draw(st.integers(0, 3)):
            case 0:
                text = text[:at]
            case 1:
                text = text[:at] + text[data.draw(st.integers(at, min(len(text), at + 80))) :]
            case 2:
                text = text[:at] + data.draw(st.sampled_from(PIECES)) + text[at:]
            case _:
                start = data.draw(st.integers(0, len(text)))
                text = text[:at] + text[start : start + 60] + text[at:]
    files = {"m.go": text, "other/other.go": OTHER, "go.mod": "module example.com/m\n"}
    ask_everything(types_of(write(tmp_path, files)))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_bytes_that_are_no_go_never_raise(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "m.go").write_bytes(b"package m\n" + data)
    (tmp_path / "go.mod").write_bytes(data)
    ask_everything(types_of(tmp_path))
    targets_of("m_linux.go", data)
    targets_of("m.go", b"//go:build " + data)


def test_random_structs_cut_anywhere_never_raise(tmp_path: Path) -> None:
    source, _ = random_structs(3, 40)
    rng = random.Random(3)
    for _ in range(25):
        start, end = sorted((rng.randrange(len(source)), rng.randrange(len(source))))
        write(tmp_path, {"m.go": "package m\n" + source[start:end], "other/other.go": OTHER})
        ask_everything(types_of(tmp_path))


LENGTHS = "[len(" * 50 + "[1]int{}" + ")]int{}" * 50
DOUBLING = "type T struct{ a, b A0 }\n" + "".join(f"type A{n} struct{{ a, b A{n + 1} }}\n" for n in range(40))


@pytest.mark.parametrize(
    ("source", "reasons"),
    [
        pytest.param("type T struct{ t T }", {"contains itself"}, id="itself"),
        pytest.param("type T struct{ u [2]U }\ntype U struct{ t T }", {"contains itself"}, id="through another"),
        pytest.param("type T struct{ u U }\ntype U U", {"declared in a circle"}, id="a name that is its own"),
        pytest.param("type T struct{ u U }\ntype U V\ntype V U", {"declared in a circle"}, id="two in a circle"),
        pytest.param("type T struct{ u U }\ntype U = U", {"nested too deeply"}, id="an alias of itself"),
        pytest.param("type T struct{ a [len(T{}.a)]int }", {"array length is not constant"}, id="a length of itself"),
        pytest.param("type T struct{ a [n]int }\nconst n = m\nconst m = n", {"not constant"}, id="of constants"),
        pytest.param("import \"unsafe\"\ntype T struct{ a int; b [unsafe.Sizeof(T{}.a)]int }", {"not constant"},
                     id="a length by its own size"),
        pytest.param(f"type T struct{{ a [len({LENGTHS})]int }}", {"not constant"}, id="lengths in lengths"),
        pytest.param("type T struct{ a [-1]int }", {"array length is not constant"}, id="less than nothing"),
        pytest.param("type T struct{ g G[int] }\ntype G[P any] struct{ g G[[2]P] }", {"nested too deeply", "generic"},
                     id="a generic that grows"),
        pytest.param("type T struct{ g G[int] }\ntype G[P any] struct{ a, b G[G[P]] }",
                     {"nested too deeply", "generic", "too large"}, id="a generic that doubles"),
        pytest.param(DOUBLING,
                     {"too large", "nested too deeply"}, id="forty structs of two structs"),
        pytest.param("type T struct{ a U }\ntype U uint8\ntype U uint16", {"declared twice"}, id="declared twice"),
        pytest.param("type T struct {\n\tA uint32\n\tB [\n\tC uint16\n}", {"unfinished"}, id="a field under edit"),
        pytest.param("type T struct {\n\tA uint32\n\tB.\n}", {"unfinished"}, id="a package name alone"),
        pytest.param("type T struct {\n\tA uint32 `x\n}\n`\n\tB !\n}", {"unfinished"}, id="what is no field"),
        pytest.param("type T struct{ a U }", {"not declared in what was read"}, id="not declared"),
        pytest.param("type T struct{ a p.U }", {"nothing is imported as p"}, id="not imported"),
        pytest.param("type T struct{ a G }\ntype G[P any] struct{ p P }", {"generic"}, id="without its arguments"),
    ],
)  # fmt: skip
def test_what_cannot_be_laid_out_is_opaque(tmp_path: Path, source: str, reasons: set[str]) -> None:
    types = types_of(write(tmp_path, {"m.go": f"package m\n\n{source}\n"}))
    package = types.workspace.package("")
    assert package is not None
    record = next(item for item in types.records(package.files[0]) if item.name == "T")
    assert any(reason in (lay_out(record, abi("x86_64")).opaque or "") for reason in reasons)
    ask_everything(types)


@pytest.mark.parametrize(
    ("head", "opening", "core", "closing", "tail"),
    [
        ("const X = ", "(", "1", ")", ""),
        ("const X = ", "-", "1", "", ""),
        ("const X = ", "1 + (", "1", ")", ""),
        ("type X ", "[]", "int", "", ""),
        ("type X ", "[1]", "int", "", ""),
        ("type X ", "*", "int", "", ""),
        ("type X ", "map[int]", "int", "", ""),
        ("type X ", "struct { x ", "int", "}", ""),
        ("type X ", "func(x ", "int", ")", ""),
        ("type X ", "G[", "int", "]", "\ntype G[T any] struct { t T }"),
        ("var X = ", "f(", "1", ")", "\nfunc f(x int) int { return x }"),
        ("var X = ", "x.", "x", "", ""),
        ("var X = ", "[]T{", "1", "}", ""),
        ("func X() { ", "if x { ", "return", " }", " }"),
        ("func X() { x = ", "func() { x = ", "1", " }", " }"),
    ],
)
def test_ten_thousand_levels_deep(
    tmp_path: Path, head: str, opening: str, core: str, closing: str, tail: str
) -> None:
    write(tmp_path, {"m.go": f"package m\n\n{head}{opening * 10_000}{core}{closing * 10_000}{tail}\n"})
    started = time.process_time()
    ask_everything(types_of(tmp_path))
    assert time.process_time() - started < 10


def test_a_sum_of_twenty_thousand_terms_is_still_folded(tmp_path: Path) -> None:
    types = types_of(write(tmp_path, {"m.go": "package m\n\nconst X = " + "1 + " * 20_000 + "1\n"}))
    package = types.workspace.package("")
    assert package is not None
    found = types.constants.declared(package.constants["X"])
    assert found is not None
    assert found.plain() == 20_001


def test_fifty_thousand_generated_lines_are_read_in_time(tmp_path: Path) -> None:
    lines = ["// Code generated by hand. DO NOT EDIT.", "package m", ""]
    for number in range(2500):
        lines += [f"const C{number} = {number} + iota", f"type S{number} struct {{", f"\tA [C{number} + 1]uint8"]
        lines += [f"\tF{index} uint{8 << index % 4} `json:\"f{index}\"`" for index in range(10)]
        lines += ["}", "", f"func (s *S{number}) Get() uint8 {{", f"\treturn s.F0 + C{number}", "}", ""]
    assert len(lines) >= 47_000
    types = types_of(write(tmp_path, {"m.go": "\n".join(lines)}))
    started = time.process_time()
    package = types.workspace.package("")
    assert package is not None
    assert len(list(types.records(package.files[0]))) == 2500
    assert time.process_time() - started < 15


def test_a_table_of_fifty_thousand_lines_costs_little(tmp_path: Path) -> None:
    rows = "".join(f"\t{number}: {{A: {number}, B: \"{{\", C: '}}'}},\n" for number in range(50_000))
    text = f"package m\n\nvar table = map[int]row{{\n{rows}}}\n\ntype row struct {{\n\tA int32\n}}\n"
    types = types_of(write(tmp_path, {"m.go": text}))
    package = types.workspace.package("")
    assert package is not None
    started = time.process_time()
    assert [item.name for item in types.records(package.files[0])] == ["row"]
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"a.go": "package a\ntype T struct{}\n", "b.go": "package b\ntype T struct{}\n"}, id="two names"),
        pytest.param({"a.go": "//go:build ignore\npackage a\n", "b_windows.go": "package a\n"}, id="nothing for Linux"),
        pytest.param({"a.go": ""}, id="empty"),
        pytest.param({"a.go": "package"}, id="no name"),
        pytest.param({"a.go": "package a\nimport \"example.com/m\"\nvar X = m.X\n", "go.mod": "module example.com/m"},
                     id="imports itself"),
        pytest.param({"go.mod": "module\n"}, id="a go.mod that names nothing"),
        pytest.param({"go.mod": "module a\nreplace b => ../../..\nreplace c => /etc\n",
                      "x.go": "package x\nimport \"b\"\n"}, id="a replace that leaves the tree"),
    ],
)  # fmt: skip
def test_odd_folders(tmp_path: Path, files: dict[str, str]) -> None:
    ask_everything(types_of(write(tmp_path, files)))


def test_marks_and_line_ends_of_other_systems(tmp_path: Path) -> None:
    text = "\ufeffpackage m\r\n\r\n// doc\r\ntype T struct {\r\n\tA uint8\r\n}\r\n"
    (tmp_path / "m.go").write_bytes(text.encode())
    types = types_of(tmp_path)
    file = types.workspace.file("m.go")
    assert file is not None
    found = [(item.name, item.comment, item.span) for item in types.records(file)]
    assert found == [("T", "doc", Span("m.go", 4, 6, 4, 7))]


def test_a_file_that_is_no_go_is_told(tmp_path: Path) -> None:
    (tmp_path / "m.go").write_bytes("package m".encode("utf-16"))
    types = types_of(tmp_path)
    assert types.workspace.package("") is None
    assert types.workspace.unread == {"m.go": "has no package clause"}


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    work = Workspace(tmp_path, ["a/a.go"])
    assert work.package("a") is None
    assert "a/a.go" in work.unread


def test_opaque_reasons_never_stand_for_a_record(tmp_path: Path) -> None:
    source = "package m\ntype T C.struct_x\ntype U []byte\ntype V interface{ F() }\n"
    types = types_of(write(tmp_path, {"m.go": source}))
    package = types.workspace.package("")
    assert package is not None
    models = {name: types.model(types.named(decl)) for name, decl in package.types.items()}
    assert all(isinstance(item, Opaque) for item in models.values())
    assert not any(isinstance(item, RecordDecl) for item in models.values())
