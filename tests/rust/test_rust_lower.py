"""Do lowered Rust bodies say what the source does? Guards, `?`, loops, closures and the places of operations."""

from __future__ import annotations

from pathlib import Path

from bpflint.api import Function, operations
from bpflint.model.flow import AddressOf, Assign, Call, CallExpr, Cast, Deref, Name, Return, SizeOf
from bpflint.model.layout import Pointer, RecordDecl
from rust.test_rust_units import EVENT, units


def lowered(folder: Path, text: str) -> dict[str, Function]:
    unit = units(folder, src__main="// bpf\n" + text)["src/main.rs"]
    return {item.name: item for item in unit.functions}


def test_a_cast_of_bytes_keeps_its_type(tmp_path: Path) -> None:
    text = EVENT + "fn f(data: &[u8]) { let e = unsafe { &*(data.as_ptr() as *const Event) }; }"
    function = lowered(tmp_path, text)["f"]
    (op,) = [item for item in operations(function) if isinstance(item, Assign)]
    assert isinstance(op.target, Name)
    assert op.target.name == "e"
    assert isinstance(op.value, AddressOf)
    assert isinstance(op.value.place, Deref)
    cast = op.value.place.pointer
    assert isinstance(cast, Cast)
    assert isinstance(cast.type, Pointer)
    assert isinstance(cast.type.pointee, RecordDecl)
    assert isinstance(cast.value, CallExpr)
    assert (cast.value.callee, cast.value.receiver) == ("as_ptr", Name(
        "data", 1, Pointer("&[u8]"), cast.value.receiver.span, "parameter"))  # type: ignore[union-attr]  # fmt: skip


def test_a_guard_leaves_by_its_edge(tmp_path: Path) -> None:
    text = EVENT + (
        "fn f(data: &[u8]) -> i32 { if data.len() < std::mem::size_of::<Event>() { return 1; } let bpf = 2; 0 }"
    )
    function = lowered(tmp_path, text)["f"]
    edges = [edge for block in function.blocks for edge in block.edges if edge.test is not None]
    tests = {edge.test.outcome for edge in edges if edge.test is not None}
    assert tests == {"true", "false"}
    assert [item.value.value for item in operations(function) if isinstance(item, Return)] == [1, 0]  # type: ignore[union-attr]
    sizes = [edge.test.value.right for edge in edges]  # type: ignore[union-attr]
    assert isinstance(sizes[0], SizeOf)
    assert isinstance(sizes[0].operand, RecordDecl)


def test_a_question_mark_returns_on_its_error_edge(tmp_path: Path) -> None:
    text = 'fn f(o: &libbpf_rs::Object) -> R { let v = o.map("m")?.lookup(&[0; 4])?; Ok(v) }'
    function = lowered(tmp_path, text)["f"]
    outcomes = [edge.test.outcome for block in function.blocks for edge in block.edges if edge.test is not None]
    assert outcomes.count("error") == 2
    assert [item.call.callee for item in operations(function) if isinstance(item, Call)] == ["map", "lookup"]


def test_closures_are_functions_that_capture(tmp_path: Path) -> None:
    text = "fn f(maps: &M, n: u32) { maps.add(|data| { use_it(data, n); 0 }); }"
    found = lowered(tmp_path, text)
    closure = found["f::{closure}"]
    assert [item.name for item in closure.params] == ["data"]
    (call,) = [item.call for item in operations(closure) if isinstance(item, Call)]
    assert [(item.name, item.storage) for item in call.args if isinstance(item, Name)] == [
        ("data", "parameter"), ("n", "captured"),
    ]  # fmt: skip


def test_equal_names_of_different_scopes_differ(tmp_path: Path) -> None:
    text = "fn f() { let bpf = 1; { let bpf = 2; g(bpf); } g(bpf); }"
    function = lowered(tmp_path, text)["f"]
    numbers = [item.call.args[0].decl for item in operations(function) if isinstance(item, Call)]  # type: ignore[union-attr]
    assert len(set(numbers)) == 2
