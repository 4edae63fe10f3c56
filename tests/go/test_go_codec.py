"""Do we say what cilium/ebpf sends? Random Go structs against its own marshalling, built in a temporary module.

BPFLINT_CILIUM_EBPF names the source tree of cilium/ebpf. Its internal/sysenc is built as it stands; of what that
imports only the byte order and the pointer type are needed, which brings in nothing from the network.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bpflint.analysis.abi import abi
from bpflint.analysis.go_codec import EMBEDDED, map_codec, refusal
from bpflint.analysis.layout import size_of_type
from bpflint.frontends.go.gotypes import Named
from bpflint.model.layout import Array, Bits, Codec, Member, Opaque, Pointer, RecordDecl, Scalar, Type, Width
from go.structs import FIXED, MODULE, OTHER, PRELUDE, random_structs
from go.test_go_layouts import SEED, types_of, write
from go.toolchain import GO, REASON
from go.toolchain import go as run_go

COUNT = int(os.environ.get("BPFLINT_LAYOUTS", "150")) + 50
EBPF = os.environ.get("BPFLINT_CILIUM_EBPF", "")
_POINTER = """package sys

import "unsafe"

func UnsafePointer(ptr unsafe.Pointer) Pointer { return Pointer{ptr: ptr} }
"""
_TYPES = """
type N0 uint32
type N1 int
type N2 [3]uint16
type N3 [2]struct{ A uint32; B uint8 }
type N4 bool
type N5 [4]bool
type N6 float64
type N7 struct{ A, B uint32 }
type N8 struct{ a, b uint32 }
type N9 struct{ A string }
type N10 [2]complex128
type N11 struct{ N8; C uint32 }
type n12 struct{ A, B uint16 }
type N13 struct{ n12; C uint32 }
type N14 struct{ n n12; C uint32 }
type N15 struct{ A uint64; B [0]uint8 }
type N16 struct{ A uint32; b [0]uint8 }
type N17 struct{ a struct{}; B uint8; C uint16 }
"""
_PARTS = (
    {"scalars": FIXED, "pointers": False}, {"scalars": ("uint32", "int32", "float32"), "pointers": False},
    {"scalars": FIXED, "pointers": False, "hidden": True}, {"hidden": True},
)  # fmt: skip


def sources() -> tuple[str, list[str]]:
    """Return one package: plain structs, some with fields not exported, some with what cannot be sent."""
    text, names = PRELUDE, []
    for number, settings in enumerate(_PARTS):
        found, here = random_structs(SEED + number, COUNT // len(_PARTS) + 1, **settings)
        names.extend(f"{name}_{number}" for name in here)
        for name in sorted(here, key=len, reverse=True):
            found = found.replace(f"{name} ", f"{name}_{number} ").replace(f"{name}\n", f"{name}_{number}\n")
        text += found.removeprefix(PRELUDE)
    extra = [line.split()[1] for line in _TYPES.strip().splitlines()]
    return text + _TYPES, [*names, *(name for name in extra if name[0] == "N")]


def built(folder: Path) -> tuple[Path, list[str]]:
    """Write a module that is cilium/ebpf's internal/sysenc and our structs; return its folder and their names."""
    ebpf, (text, names) = Path(EBPF), sources()
    for path in (ebpf / "internal/sysenc").glob("*.go"):
        if not path.name.endswith("_test.go"):
            (folder / "internal/sysenc").mkdir(parents=True, exist_ok=True)
            shutil.copy(path, folder / "internal/sysenc" / path.name)
    (folder / "internal/sys").mkdir(parents=True)
    for pattern, target in (("internal/endian_*.go", "internal"), ("internal/sys/ptr_*.go", "internal/sys")):
        for path in ebpf.glob(pattern):
            if not path.name.endswith("_test.go"):
                shutil.copy(path, folder / target / path.name)
    table = "".join(f'\t"{name}": new(m.{name}),\n' for name in names)
    values = f'package main\n\nimport "github.com/cilium/ebpf/m"\n\nvar values = map[string]any{{\n{table}}}\n'
    path = "github.com/cilium/ebpf/m"
    return write(folder, {
        "go.mod": "module github.com/cilium/ebpf\n\ngo 1.24\n", "internal/sys/pointer.go": _POINTER,
        "main.go": Path(__file__).with_name("oracle_codec.go").read_text(), "values.go": values,
        "m/m.go": text.replace(MODULE, path), "m/other/other.go": OTHER,
    }), names  # fmt: skip


def said(codec: Codec | None) -> str:
    return {Codec.GO: "native", Codec.GO_PACKED: "packed", None: "refused"}[codec]


@pytest.mark.skipif(GO is None, reason=REASON)
@pytest.mark.skipif(not Path(EBPF, "internal/sysenc").is_dir() or not EBPF,
                    reason="BPFLINT_CILIUM_EBPF names no source tree of cilium/ebpf")  # fmt: skip
@pytest.mark.parametrize(("arch", "target"), [("amd64", "x86_64"), ("386", "i386")])
def test_what_put_and_lookup_do_is_what_cilium_ebpf_does(tmp_path: Path, arch: str, target: str) -> None:
    folder, names = built(tmp_path)
    run_go("build", "-o", "truth", ".", cwd=folder, GOARCH=arch)
    try:
        done = subprocess.run([str(folder / "truth")], capture_output=True, text=True)
    except OSError as error:
        pytest.skip(f"this machine does not run {arch} programs: {error}")
    theirs: dict[str, Any] = json.loads(done.stdout)
    types, wrong, counts = types_of(folder), [], dict.fromkeys(("native", "packed", "refused"), 0)
    for name in names:
        model = types.model(Named("github.com/cilium/ebpf/m", name))
        if size_of_type(model, abi(target), Codec.GO) == 0:
            continue  # nothing is sent, so the memory cannot be told from a copy
        mine = {"put": said(map_codec(model, abi(target))), "get": said(map_codec(model, abi(target), decode=True))}
        counts[mine["put"]] += 1
        if mine != {key: theirs[name][key] for key in mine}:
            wrong.append((name, mine, theirs[name]))
        for way, decode in (("put", False), ("get", True)):
            assert (mine[way] == "refused") == bool(refusal(model, decode=decode)) or isinstance(model, Opaque), name
        if mine["put"] == "packed":
            size = size_of_type(model, abi(target), Codec.GO_PACKED)
            assert size is not None
            assert size // 8 == theirs[name]["size"], name
    print(f"seed {SEED}, {sum(counts.values())} types on {arch}: {counts}, {len(wrong)} differ")
    assert not wrong, f"{len(wrong)} differ, first: {wrong[:3]}"


def scalar(name: str, bits: int) -> Scalar:
    return Scalar((name,), Bits(bits))


def record(*members: Member, attributes: tuple[str, ...] = ()) -> RecordDecl:
    return RecordDecl("T", "struct", members, "go", Codec.GO, attributes=attributes)


U8, U32 = scalar("uint8", 8), scalar("uint32", 32)
INNER = record(Member("A", U32))


@pytest.mark.parametrize(
    ("type_", "put", "get"),
    [
        pytest.param(U32, Codec.GO, Codec.GO, id="a sized integer"),
        pytest.param(Scalar(("int",), Width.POINTER), None, None, id="int has no fixed size"),
        pytest.param(Pointer("*T"), None, None, id="a pointer"),
        pytest.param(Opaque("string", "a string"), None, None, id="a string inside a struct"),
        pytest.param(Opaque("T", "declared outside the tree"), None, None, id="what is not known"),
        pytest.param(record(Member("A", U32), Member("B", U32)), Codec.GO, Codec.GO, id="no padding"),
        pytest.param(record(Member("A", U8), Member("B", U32)), Codec.GO_PACKED, Codec.GO_PACKED, id="a hole"),
        pytest.param(record(Member("A", U32), Member("B", U8)), Codec.GO_PACKED, Codec.GO_PACKED, id="a tail"),
        pytest.param(record(Member("A", U8), Member("_", Array(U8, 3)), Member("B", U32)), Codec.GO, Codec.GO,
                     id="blank fields count as bytes"),
        pytest.param(record(Member("a", U32)), Codec.GO_PACKED, None, id="decoding into a hidden field panics"),
        pytest.param(record(Member("t", INNER, ), attributes=(EMBEDDED + "t",)), Codec.GO_PACKED, Codec.GO_PACKED,
                     id="the exported fields of a hidden embedded struct can be set"),
        pytest.param(record(Member("t", INNER)), Codec.GO_PACKED, None, id="those of a hidden named one cannot"),
        pytest.param(record(Member("A", U32), attributes=("MarshalBinary",)), None, Codec.GO, id="its own bytes"),
        pytest.param(record(Member("A", U32), attributes=("UnmarshalBinary",)), Codec.GO, None, id="reads them itself"),
        pytest.param(Array(record(Member("A", U32), Member("B", U8)), None), Codec.GO_PACKED, Codec.GO_PACKED,
                     id="a slice is as its elements"),
        pytest.param(Array(Scalar(("int",), Width.POINTER), 0), None, None, id="an empty array still has its type"),
    ],
)  # fmt: skip
def test_one_type(type_: Type, put: Codec | None, get: Codec | None) -> None:
    target = abi("x86_64")
    assert (map_codec(type_, target), map_codec(type_, target, decode=True)) == (put, get)


def test_a_refusal_names_the_part() -> None:
    inner = record(Member("B", Array(Pointer("*T"), 2)))
    assert refusal(record(Member("A", U32), Member("C", inner))) == "C.B is a pointer"
    assert refusal(record(Member("A", Scalar(("Size", "uint"), Width.POINTER)))) == "A is uint, which has no fixed size"
    assert "not exported" in refusal(record(Member("a", U32)), decode=True)
    assert refusal(Opaque("T", "declared outside the tree")) == ""
