"""Does any text make the Rust front end crash, hang or guess? Unfinished code, cycles, depth, mutated programs."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpflint.analysis.abi import abi
from bpflint.analysis.layout import lay_out
from bpflint.api import FrontEndError, Settings, SourceFile
from bpflint.frontends.rust import RustFrontEnd
from bpflint.frontends.rust.scopes import Item
from bpflint.model.unit import Unit
from rust.sources import random_sources
from rust.test_rust_units import AYA, EVENT, SKEL, uses

SEED = 20261122
PROGRAM = (
    AYA + SKEL + EVENT
    + """
#[repr(C)] pub enum Kind { A { x: u8 }, B(u64, [Event; 4]), C }
#[repr(transparent)] struct Id(u32);
type Ids = [Id; size_of::<Event>() * 2];
unsafe impl aya::Pod for Event {}
impl Event { fn read(data: &[u8]) -> &Self { unsafe { &*(data.as_ptr() as *const Event) } } }
async fn load(b: &mut Ebpf, name: &str) -> Result<HashMap<MapData, u32, Event>, E> {
    let m: HashMap<_, u32, Event> = HashMap::try_from(b.take_map(name).ok_or("x")?)?;
    for item in m.iter() { let (k, v) = item?; if k > 3 && v.pid != 0 { return Err(E); } }
    match b.map_mut("EV") { Some(x) if true => drop(x), None | Some(_) => {} }
    Ok(m)
}
fn main() {
    let skel = ProbeSkelBuilder::default().open().unwrap().load().unwrap();
    let mut r = RingBufferBuilder::new();
    r.add(&skel.maps.events, |data| { Event::read(data); 0 }).unwrap();
    while r.build().unwrap().poll(D).is_ok() { skel.maps.seen.update(&1u32.to_ne_bytes(), &[0; 16], MapFlags::ANY); }
}
"""
)


def load(folder: Path, text: str | bytes, name: str = "src/main.rs") -> Unit:
    data = text if isinstance(text, bytes) else text.encode()
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    frontend = RustFrontEnd()
    (job,) = frontend.plan([SourceFile(name, lambda: b"// bpf\n" + data)], Settings(root=folder))
    (unit,) = frontend.load(job, Settings(root=folder)).units
    for record in unit.records:
        for target in ("x86_64", "i386"):
            lay_out(record, abi(target))
    return unit


def test_the_program_that_is_mutated_is_understood(tmp_path: Path) -> None:
    unit = load(tmp_path, PROGRAM)
    assert unit.problems == ()
    assert ("events", "event", "decode", "Event") in uses(unit)


CYCLES = {
    "a struct holds itself": "#[repr(C)] struct A { a: A }",
    "two structs hold each other": "#[repr(C)] struct A { b: [B; 2] } #[repr(C)] struct B { a: A }",
    "an alias means itself": "type A = B; type B = A; #[repr(C)] struct S { a: A }",
    "a generic grows for ever": "#[repr(C)] struct G<T> { a: T, b: Box<G<G<T>>> } #[repr(C)] struct S { g: G<u8> }",
    "an enum holds itself": "#[repr(C)] enum E { A(E), B }",
    "a constant needs itself": "const N: usize = M + 1; const M: usize = N; #[repr(C)] struct S { a: [u8; N] }",
    "a size needs itself": "#[repr(C)] struct S { a: [u8; size_of::<S>()] }",
    "globs lead in a circle": "mod a { pub use super::b::*; } mod b { pub use super::a::*; } use a::*; use b::*;"
    " #[repr(C)] struct S { x: Missing }",
    "an import names itself": "use x::x; use self::x as x; #[repr(C)] struct S { a: x }",
    "a file includes itself": 'include!("main.rs"); mod main; #[repr(C)] struct S { a: u8 }',
    "functions call each other": "fn f(o: &libbpf_rs::Object, n: &str) { g(o, n) } fn g(o: &libbpf_rs::Object, n: &str)"
    ' { f(o, n); o.map(n).unwrap().delete(&1u8.to_ne_bytes()); } fn h(o: &libbpf_rs::Object) { f(o, "map") }',
}


@pytest.mark.parametrize("case", CYCLES)
def test_cycles_end(tmp_path: Path, case: str) -> None:
    start = time.monotonic()
    load(tmp_path, CYCLES[case])
    assert time.monotonic() - start < 5


DEEP = {
    "parentheses": "fn f(skel: &X) { let x = " + "(" * 20_000 + "1" + ")" * 20_000 + "; }",
    "a constant": "const N: usize = " + "1 + (" * 5_000 + "1" + ")" * 5_000 + "; #[repr(C)] struct S { a: [u8; N] }",
    "arrays": "#[repr(C)] struct S { a: " + "[" * 3_000 + "u8" + "; 1]" * 3_000 + " }",
    "pointers": "#[repr(C)] struct S { a: " + "*const " * 20_000 + "u8 }",
    "generics": "#[repr(C)] struct S { a: " + "Option<" * 5_000 + "u8" + ">" * 5_000 + " }",
    "blocks": "fn f(skel: &X) { " + "{ " * 10_000 + "}" * 10_000 + "}",
    "a method chain": "fn f(skel: &X) { skel" + ".maps()" * 10_000 + "; }",
    "modules": "mod a { " * 3_000 + "#[repr(C)] struct S { a: u8 }" + "}" * 3_000,
    "a use tree": "use a::{" * 3_000 + "b" + "}" * 3_000 + ";",
    "closures": "fn f(skel: &X) { let x = " + "|a| " * 5_000 + "1; }",
    "nested structs": "".join(f"#[repr(C)] struct S{n} {{ a: S{n + 1}, b: S{n + 1} }}\n" for n in range(300))
    + "#[repr(C)] struct S300 { a: u8 }",
    "an attribute": "#[cfg(" + "not(" * 5_000 + "x" + ")" * 5_000 + ")] #[repr(C)] struct S { a: u8 }",
}


@pytest.mark.parametrize("case", DEEP)
def test_depth_ends(tmp_path: Path, case: str) -> None:
    start = time.monotonic()
    load(tmp_path, DEEP[case])
    assert time.monotonic() - start < 20


def test_every_beginning_of_a_program_is_read(tmp_path: Path) -> None:
    data = PROGRAM.encode()
    for end in range(0, len(data), 37):
        load(tmp_path, data[:end])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1 << 32))
def test_mutated_programs_are_read(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    data = bytearray(PROGRAM.encode())
    for _ in range(rng.randint(1, 12)):
        at, length = rng.randrange(len(data)), rng.randint(1, 40)
        match rng.randrange(4):
            case 0:
                del data[at : at + length]
            case 1:
                data[at:at] = data[rng.randrange(len(data)) :][:length]
            case 2:
                data[at:at] = rng.choice((b"<", b"{", b"::", b"'", b'"', b"r#", b"[0; ", b"\xff", b"/*", b"macro!{"))
            case 3:
                data[at : at + 1] = bytes([rng.randrange(256)])
    load(tmp_path, bytes(data))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400))
def test_any_bytes_are_read(tmp_path: Path, data: bytes) -> None:
    load(tmp_path, b"#[repr(C)] struct " + data)


def test_a_file_of_fifty_thousand_lines_ends_quickly(tmp_path: Path) -> None:
    text, _ = random_sources(SEED, 3_000, 300)
    body = "fn f(skel: &X) { let mut x = 0u32;\n" + "x = skel.maps.a.b(x + 1);\n" * 35_000 + "}\n"
    start = time.monotonic()
    unit = load(tmp_path, text + body)
    assert time.monotonic() - start < 120
    assert len(unit.records) > 2_000


def test_a_file_too_large_for_a_hand_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(FrontEndError, match=r"src/main\.rs: \d+ MB is too large"):
        load(tmp_path, b"//bpf" + b" " * (9 << 20))


def test_a_declaration_is_never_spelled_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its text is that of its whole crate: as a key for calls already followed it took minutes and a gigabyte."""

    def refuse(_self: Item) -> str:
        raise AssertionError("spelled out")

    monkeypatch.setattr(Item, "__repr__", refuse)
    generic = "fn decode<T>(data: &[u8], _like: &T) -> T { unsafe { (data.as_ptr() as *const T).read_unaligned() } }\n"
    caller = """fn main() {
    let skel = ProbeSkelBuilder::default().open().unwrap().load().unwrap();
    let mut r = RingBufferBuilder::new();
    r.add(&skel.maps.events, |data| { let one: Event = decode::<Event>(data, &e); 0 }).unwrap();
}
"""
    unit = load(tmp_path, AYA + SKEL + EVENT + generic + caller)
    assert "Event" in {item.name for item in unit.records}
