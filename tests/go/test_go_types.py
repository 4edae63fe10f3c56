"""What do types and names mean? Resolved through packages, stubs, cgo, embedding, generics and functions' own types."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpflint.frontends.go import known
from bpflint.frontends.go.gotypes import (
    ArrayOf,
    Basic,
    GoType,
    MapOf,
    Named,
    OtherType,
    PointerTo,
    Signature,
    Slice,
)  # fmt: skip
from bpflint.frontends.go.types import Types
from bpflint.frontends.go.workspace import GoFile
from bpflint.model.layout import Array, Opaque, Pointer, RecordDecl, Scalar, Type, Width
from go.test_go_layouts import types_of, write

SOURCE = """package m

// #define LEN 16
// #include "c.h"
import "C"

import (
	"net"
	"net/netip"
	"structs"
	"time"
	"unsafe"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

// Port is a port.

type Port uint16
type port Port

// Event is struct event_t,
// of prog.bpf.c.
type Event struct {
	_ structs.HostLayout
	Header
	Pid, Tid uint32 `align:"pid"`
	Comm     [unix.IFNAMSIZ]byte
	Ports    [2]port
	Took     time.Duration
	Next     *Event
	Raw      unsafe.Pointer
	N        int
	F        float32
	Z        complex64
	B        bool
	_        [3]byte
}

type (
	/* Header is what all events
	start with. */
	Header struct {
		Kind uint8
		Inner
	}
	Inner struct{ Depth uint16 }
	Renamed Header
	Alias = Header
)

func (*Header) MarshalBinary() ([]byte, error) { return nil, nil }
func (h Header) Name() string { return "" }

type Odd struct {
	S   string
	L   []byte
	M   map[string]int
	C   chan int
	I   interface{ Do() }
	A   any
	E   error
	Fn  func(x int) bool
	Ip  net.IP
	Ad  netip.Addr
	Map *ebpf.Map
	Cs  C.struct_foo
	Cu  C.uint
	Cl  C.ulong
	Ca  [C.LEN]C.char
	Cn  [C.FROM_HEADER]C.uint8_t
	Ex  [C.UNKNOWN]byte
	Un  Missing
}

type Pair[K comparable, V any] struct {
	Key   K
	Value [2]V
}
type Held struct {
	P Pair[uint16, Inner]
	Q Pair[Port, Pair[bool, int8]]
}
type FromC C.struct_event

var objects struct {
	Events *ebpf.Map `ebpf:"events"`
}
var spec, specErr = ebpf.LoadCollectionSpec("x.o")
var counts = map[uint32]Event{}
var table = [...]Port{4: 1}
var later = time.Now
var first = counts[0].Comm

func run() {
	const size = 4
	type local struct{ A [size]byte }
	{
		type local struct{ B uint64 }
		type user struct{ l local }
	}
	type outer struct{ l local }
}
"""
HEADER = "#define FROM_HEADER (OTHER)\n#define OTHER 0x20u /* bytes */\n"
FILES = {"m.go": SOURCE, "c.h": HEADER, "go.mod": "module example.com/m\n"}


def line_of(text: str) -> int:
    return SOURCE[: SOURCE.index(text)].count("\n") + 1


@pytest.fixture
def types(tmp_path: Path) -> Types:
    return types_of(write(tmp_path, FILES))


@pytest.fixture
def file(types: Types) -> GoFile:
    found = types.workspace.file("m.go")
    assert found is not None
    return found


def record(types: Types, file: GoFile, name: str) -> RecordDecl:
    return next(item for item in types.records(file) if item.name == name)


def short(type_: Type) -> str:
    match type_:
        case Scalar(names=names):
            return "/".join(names)
        case Array(element=element, length=length, names=names):
            return f"[{length}]{short(element)}{''.join(f' {name}' for name in names)}"
        case RecordDecl(name=name):
            return f"struct {name}"
        case Pointer(spelling=spelling):
            return f"pointer {spelling}"
        case Opaque(spelling=spelling, reason=reason):
            return f"{spelling}: {reason}"
        case _:
            return "?"


def test_members_of_a_plain_struct(types: Types, file: GoFile) -> None:
    event = record(types, file, "Event")
    assert [(item.name, short(item.type)) for item in event.members] == [
        ("_", "struct HostLayout"), ("Header", "struct Header"), ("Pid", "uint32"), ("Tid", "uint32"),
        ("Comm", "[16]uint8"), ("Ports", "[2]port/Port/uint16"), ("Took", "Duration/int64"),
        ("Next", "pointer *example.com/m.Event"), ("Raw", "pointer unsafe.Pointer"),
        ("N", "int"), ("F", "float32"), ("Z", "[2]float32 complex64"), ("B", "bool"),
        ("_", "[3]uint8"),
    ]  # fmt: skip
    assert [item.tag for item in event.members[2:5]] == ['align:"pid"', 'align:"pid"', ""]
    number = event.members[9].type
    assert isinstance(number, Scalar)
    assert number.width is Width.POINTER
    assert [item.span.line for item in event.members[2:4] if item.span] == [line_of("Pid, Tid")] * 2
    assert event.members[0].type is not event.members[1].type
    assert event.span is not None
    assert (event.span.line, event.span.column, event.span.end_column) == (line_of("type Event"), 6, 11)


def test_what_is_said_of_a_record(types: Types, file: GoFile) -> None:
    event, header = record(types, file, "Event"), record(types, file, "Header")
    assert event.comment == "Event is struct event_t,\nof prog.bpf.c."
    assert event.attributes == ("MarshalBinary", "HostLayout", "embedded:Header")
    assert header.comment == "Header is what all events\nstart with."
    assert header.attributes == ("MarshalBinary", "embedded:Inner")
    renamed = record(types, file, "Renamed")
    assert renamed.names == ("Renamed", "Header")
    assert renamed.attributes == ("embedded:Inner",)
    assert record(types, file, "Event").members[1].type is header


def test_what_has_no_plain_bytes_says_why(types: Types, file: GoFile) -> None:
    odd = {item.name: short(item.type) for item in record(types, file, "Odd").members}
    assert odd == {
        "S": "string: a string", "L": "[]uint8: a slice", "M": "map[string]int: a map", "C": "chan int: a channel",
        "I": "interface{ Do() }: an interface", "A": "any: an interface", "E": "error: an interface",
        "Fn": "func: a function", "Ip": "IP: a slice", "Ad": "Addr: a struct that holds a pointer",
        "Map": "pointer *github.com/cilium/ebpf.Map", "Cs": "C.struct_foo: declared in C (cgo)", "Cu": "uint32",
        "Cl": "C.ulong", "Ca": "[16]int8", "Cn": "[32]uint8", "Ex": "[?]uint8: array length is not constant",
        "Un": "Missing: not declared in what was read",
    }  # fmt: skip
    package = file.package
    assert short(types.model(types.named(package.types["FromC"]))) == "C.struct_event: declared in C (cgo)"


def test_instances_of_generic_types(types: Types, file: GoFile) -> None:
    held = record(types, file, "Held")
    inner = [item.type for item in held.members]
    assert [short(item) for item in inner] == [
        "struct Pair[uint16,example.com/m.Inner]", "struct Pair[example.com/m.Port,example.com/m.Pair[bool,int8]]",
    ]  # fmt: skip
    assert all(isinstance(item, RecordDecl) for item in inner)
    assert [short(item.type) for item in inner[0].members] == ["uint16", "[2]struct Inner"]  # type: ignore[union-attr]


def test_types_inside_functions_hold_in_their_block(types: Types, file: GoFile) -> None:
    found = [item for item in types.records(file) if item.span and item.span.line > line_of("func run")]
    assert [(item.name, [short(member.type) for member in item.members]) for item in found] == [
        ("local", ["[4]uint8"]), ("local", ["uint64"]), ("user", ["struct local"]), ("outer", ["struct local"]),
    ]  # fmt: skip
    assert found[2].members[0].type is found[1]
    assert found[3].members[0].type is found[0]


def test_fields_are_promoted(types: Types, file: GoFile) -> None:
    event = Named("example.com/m", "Event")
    for type_ in (event, PointerTo(event)):
        assert types.field(type_, "Depth") == (types.field(Named("example.com/m", "Inner"), "Depth"))
    found = types.field(event, "Kind")
    assert found is not None
    assert found[1] == Named("example.com/m", "Header")
    assert types.field(event, "Nothing") is None
    method = types.method(PointerTo(event), "Name")
    assert method is not None
    assert (method.receiver, types.signature(method)) == ("Header", Signature((), (Basic("string"),)))


def test_two_fields_at_one_depth_count_for_nothing(tmp_path: Path) -> None:
    source = "type A struct{ X int }\ntype B struct{ X int }\ntype T struct { A; *B }\ntype U struct { T; X int }\n"
    types = types_of(write(tmp_path, {"m.go": f"package m\n{source}"}))
    assert types.field(Named("", "T"), "X") is None
    found = types.field(Named("", "U"), "X")
    assert found is not None
    assert found[1] == Named("", "U")


EBPF = "github.com/cilium/ebpf"


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("spec", PointerTo(Named(EBPF, "CollectionSpec"))), ("specErr", Basic("error")),
        ("counts", MapOf(Basic("uint32"), Named("example.com/m", "Event"))),
        ("table", ArrayOf(Named("example.com/m", "Port"), 5)), ("first", ArrayOf(Basic("uint8"), 16)),
        ("nothing", None),
    ],
)  # fmt: skip
def test_package_variables(types: Types, file: GoFile, name: str, type_: GoType | None) -> None:
    assert types.variable(file.package, name) == type_


@pytest.mark.parametrize(
    ("callee", "results"),
    [
        (f"{EBPF}.Map.Lookup", (Basic("error"),)),
        (f"{EBPF}.Map.Iterate", (PointerTo(Named(EBPF, "MapIterator")),)),
        (f"{EBPF}/ringbuf.Reader.Read", (Named(f"{EBPF}/ringbuf", "Record"), Basic("error"))),
        (f"{EBPF}/link.Link.Close", (Basic("error"),)),
        ("github.com/aquasecurity/libbpfgo.BPFMap.GetValue", (Slice(Basic("uint8")), Basic("error"))),
        ("github.com/DataDog/ebpf-manager.Manager.GetMap",
         (PointerTo(Named(EBPF, "Map")), Basic("bool"), Basic("error"))),
        ("encoding/binary.Read", (Basic("error"),)), ("net.ParseIP", (Named("net", "IP"),)),
    ],
)  # fmt: skip
def test_known_signatures(types: Types, callee: str, results: tuple[GoType, ...]) -> None:
    found = types.known_signature(callee)
    assert found is not None
    assert found.results == results


def test_what_is_not_known(types: Types) -> None:
    for callee in ("", "x", "github.com/cilium/ebpf.Map.Nothing", "gopkg.in/yaml.v3.Marshal", "a/b.C.d.e"):
        assert types.known_signature(callee) is None
        assert not types.is_known_type(callee)


def test_fields_of_known_structs(types: Types) -> None:
    found = types.field(PointerTo(Named(EBPF, "CollectionSpec")), "Maps")
    assert found is not None
    assert found[0].type == MapOf(Basic("string"), PointerTo(Named(EBPF, "MapSpec")))
    assert found[0].span is None


def test_every_stub_is_sound() -> None:
    types = known._types()
    names = sorted(path.name.removesuffix(".go").replace("+", "/") for path in known.STUBS.glob("*.go"))
    assert len(names) > 30
    for name in names:
        package = types.workspace.by_import(name)
        assert package is not None
        assert not package.files[0].source.root.has_error, name
        for group in (*package.every.functions.values(), *package.every.methods.values()):
            for decl in group:
                signature = types.signature(decl)
                for type_ in (*(item for _, item in signature.params), *signature.results):
                    assert not unresolved(type_), (name, decl.name, type_)
        for decls in package.every.constants.values():
            assert types.constants.declared(decls[0]) is not None, (name, decls[0].name)


def unresolved(type_: GoType) -> bool:
    match type_:
        case OtherType(reason=reason):
            return reason != "a channel"
        case PointerTo(element=element) | Slice(element=element) | ArrayOf(element=element):
            return unresolved(element)
        case _:
            return False
