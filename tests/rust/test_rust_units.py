"""Which map does each type meet? Small programs of aya and libbpf-rs, and what is said of their uses."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpflint.api import Settings, SourceFile
from bpflint.frontends.rust import RustFrontEnd
from bpflint.model.layout import Array, Opaque, RecordDecl, Scalar, Type
from bpflint.model.unit import Unit


def units(folder: Path, **files: str) -> dict[str, Unit]:
    """Write files (`src__main` is src/main.rs, `Cargo` is Cargo.toml) and return their Units by path."""
    found = []
    for key, text in files.items():
        name = key.replace("__", "/") + (".toml" if key.endswith("Cargo") else ".rs")
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        found.append(SourceFile(name, path.read_bytes))
    frontend, settings = RustFrontEnd(), Settings(root=folder)
    jobs = frontend.plan(found, settings)
    return {unit.path: unit for job in jobs for unit in frontend.load(job, settings).units}


def spelled(type_: Type | None) -> str:
    match type_:
        case RecordDecl(name=name) | Scalar(names=(name, *_)):
            return name
        case Array(element=element, length=length):
            return f"[{spelled(element)}; {length}]"
        case Opaque(spelling=spelling, reason=reason):
            return f"? {spelling}: {reason}"
    return str(type_)


def uses(unit: Unit) -> set[tuple[str, str, str, str]]:
    return {(use.map, use.role, use.op, spelled(use.type)) for use in unit.uses}


def one(folder: Path, text: str) -> set[tuple[str, str, str, str]]:
    return uses(units(folder, src__main="// bpf\n" + text)["src/main.rs"])


EVENT = "#[repr(C)] #[derive(Clone, Copy)] struct Event { pid: u32, ts: u64 }\n"
AYA = "use aya::{maps::{HashMap, Array, PerCpuArray, RingBuf, LpmTrie, MapData, perf::AsyncPerfEventArray}, Ebpf};\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('fn f(b: &mut Ebpf) { let m = HashMap::<_, u32, Event>::try_from(b.map_mut("EV").unwrap())?; }',
         {("EV", "key", "open", "u32"), ("EV", "value", "open", "Event")}),
        ('fn f(b: &mut Ebpf) { let m: HashMap<_, u32, Event> = b.take_map("EV").unwrap().try_into()?; }',
         {("EV", "key", "open", "u32"), ("EV", "value", "open", "Event")}),
        ('const N: &str = "EV"; fn f(b: &mut Ebpf) { let mut m = HashMap::try_from(b.map_mut(N).unwrap())?;'
         " m.insert(1u32, Event { pid: 1, ts: 2 }, 0)?; }",
         {("EV", "key", "update", "u32"), ("EV", "value", "update", "Event")}),
        ('fn f(b: &mut Ebpf) -> Result<HashMap<&MapData, u32, Event>> { Ok(HashMap::try_from(b.map("EV").unwrap())?) }',
         {("EV", "key", "open", "u32"), ("EV", "value", "open", "Event")}),
        ('struct S { m: Array<MapData, Event> } impl S { fn new(b: &mut Ebpf) -> Self {'
         ' Self { m: Array::try_from(b.take_map("EV").unwrap()).unwrap() } }'
         " fn read(&self) -> Event { self.m.get(&0, 0).unwrap() } }",
         {("EV", "value", "open", "Event"), ("EV", "value", "lookup", "Event")}),
        ('fn f(b: &mut Ebpf) { let m: PerCpuArray<_, u64> = PerCpuArray::try_from(b.map("C").unwrap())?; }',
         {("C", "value", "open", "u64")}),
        ('fn f(b: &mut Ebpf) { let m: LpmTrie<_, u32, u8> = LpmTrie::try_from(b.map("T").unwrap())?; }',
         {("T", "key", "open", "Key<u32>"), ("T", "value", "open", "u8")}),
        ('fn f(b: &mut Ebpf) { let mut r = RingBuf::try_from(b.take_map("R").unwrap())?; while let Some(item) ='
         ' r.next()'
         " { let e = unsafe { &*(item.as_ptr() as *const Event) }; } }",
         {("R", "event", "decode", "Event")}),
        ('async fn f(b: &mut Ebpf) { let r = RingBuf::try_from(b.take_map("R").unwrap())?; let mut p ='
         " AsyncFd::with_interest(r, Interest::READABLE)?; loop { let mut g = p.readable_mut().await?; let ring ="
         " g.get_inner_mut(); while let Some(i) = ring.next() { let e: Event = unsafe {"
         " std::ptr::read_unaligned(i.as_ptr().cast()) }; } } }",
         {("R", "event", "decode", "Event")}),
        ('async fn f(b: &mut Ebpf) { let mut a = AsyncPerfEventArray::try_from(b.take_map("P").unwrap())?;'
         " for cpu in online_cpus()? { let mut buf = a.open(cpu, None)?; tokio::spawn(async move { let mut"
         " bufs = vec![]; loop { let got = buf.read_events(&mut bufs).await.unwrap(); for i in"
         " 0..got.read { let b = &mut bufs[i]; let p ="
         " b.as_ptr() as *const Event; let e = unsafe { p.read_unaligned() }; } } }); } }",
         {("P", "event", "decode", "Event")}),
        ('fn load(b: &mut Ebpf, name: &str) -> Array<MapData, u16> { Array::try_from(b.take_map(name).unwrap())'
         '.unwrap() } fn f(b: &mut Ebpf) { let a = load(b, "ONE"); let c = load(b, "TWO"); }',
         {("ONE", "value", "open", "u16"), ("TWO", "value", "open", "u16")}),
        ('fn poll<T: Copy>(b: &mut Ebpf, map_name: &str, s: impl Fn(T)) { let mut r = RingBuf::try_from('
         'b.take_map(map_name).unwrap())?; let i = r.next().unwrap(); let e = unsafe { *(i.as_ptr() as *const T) }; }'
         ' fn f(b: &mut Ebpf) { poll::<Event>(b, "R", |_| {}); }',
         {("R", "event", "decode", "Event")}),
        ('fn f() { let b = EbpfLoader::new().set_global("level", &7u8, true).load(&[]).unwrap(); }'.replace(
            "EbpfLoader", "aya::EbpfLoader"), {("level", "global", "update", "u8")}),
    ],
)  # fmt: skip
def test_uses_of_aya(tmp_path: Path, body: str, expected: set[tuple[str, ...]]) -> None:
    assert one(tmp_path, AYA + EVENT + body) == expected


SKEL = 'mod probe { include!(concat!(env!("OUT_DIR"), "/probe.skel.rs")); } use probe::*; use libbpf_rs::*;\n'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("fn on(data: &[u8]) -> i32 { let mut e = Event::default(); plain::copy_from_bytes(&mut e, data).unwrap(); 0 }"
         " fn main() { let skel = ProbeSkelBuilder::default().open().unwrap().load().unwrap(); let mut b ="
         " RingBufferBuilder::new(); b.add(&skel.maps.events, on).unwrap(); }",
         {("events", "event", "decode", "Event")}),
        ("fn main() { let skel = ProbeSkelBuilder::default().open().unwrap(); let p ="
         " PerfBufferBuilder::new(skel.maps().events()).sample_cb(|_cpu: i32, data: &[u8]| { let e: &Event ="
         " plain::from_bytes(data).unwrap(); }).build().unwrap(); }",
         {("events", "event", "decode", "Event")}),
        ("struct H { n: u8 } impl H { fn take(&self, d: &[u8]) -> i32 { let e = unsafe { *(d.as_ptr() as *const"
         " Event) }; 0 } } fn go(skel: &ProbeSkel) { let h = H { n: 1 }; let mut b = RingBufferBuilder::new();"
         " b.add(&skel.maps.events, move |d| h.take(d)).unwrap(); }",
         {("events", "event", "decode", "Event")}),
        ("fn go(skel: &ProbeSkel, id: u32) { let v = Event { pid: 1, ts: 1 }; skel.maps.seen.update(&id.to_ne_bytes(),"
         " unsafe { plain::as_bytes(&v) }, MapFlags::ANY).unwrap(); }",
         {("seen", "key", "update", "u32"), ("seen", "value", "update", "Event")}),
        ("unsafe fn any_as_u8_slice<T: Sized>(p: &T) -> &[u8] { std::slice::from_raw_parts((p as *const T) as"
         " *const u8, std::mem::size_of::<T>()) } fn go(skel: &ProbeSkel) { let k = Event { pid: 1, ts: 1 };"
         " skel.maps.seen.delete(unsafe { any_as_u8_slice(&k) }).unwrap(); }",
         {("seen", "key", "delete", "Event")}),
        ("fn go(skel: &ProbeSkel) { for key in skel.maps.seen.keys() { let k: &Event = plain::from_bytes(&key)"
         ".unwrap(); if let Ok(Some(v)) = skel.maps.seen.lookup(&key, MapFlags::ANY) { let n ="
         " u64::from_ne_bytes(v.try_into().unwrap()); } } }",
         {("seen", "key", "decode", "Event"), ("seen", "value", "decode", "u64")}),
        ("fn go(obj: &Object) { let m = obj.map(\"seen\").unwrap(); let v = m.lookup_percpu(&1u32.to_le_bytes(),"
         " MapFlags::ANY).unwrap().unwrap(); for c in &v { let e: Event = bytemuck::pod_read_unaligned(c); } }",
         {("seen", "key", "lookup", "u32"), ("seen", "value", "decode", "Event")}),
        ("fn go(obj: &Object) { let m = obj.maps().find(|m| m.name() == \"seen\").unwrap(); m.delete(&[0u8; 4])"
         ".unwrap(); }",
         {("seen", "key", "delete", "[u8; 4]")}),
        ('extern "C" fn on(_ctx: *mut c_void, data: *mut c_void, _size: u64) -> i32 { let e = unsafe {'
         " &*(data as *const Event) }; 0 } fn go(skel: &ProbeSkel) { unsafe { ring_buffer__new("
         "skel.maps.events.as_fd().as_raw_fd(), Some(on), null_mut(), null()) }; }",
         {("events", "event", "decode", "Event")}),
        ("fn go(skel: &ProbeSkel) { let k: u32 = 1; let v = Event { pid: 1, ts: 1 }; unsafe {"
         " libbpf_sys::bpf_map_update_elem(skel.maps.seen.as_fd().as_raw_fd(), &k as *const _ as *const c_void,"
         " &v as *const _ as *const c_void, 0) }; }",
         {("seen", "key", "update", "u32"), ("seen", "value", "update", "Event")}),
        ("fn go(skel: &ProbeSkel) { let e: types::event = plain::from_bytes(&skel.maps.seen.lookup(&[0u8; 4],"
         " MapFlags::ANY).unwrap().unwrap()).unwrap(); }",
         {("seen", "key", "lookup", "[u8; 4]"),
          ("seen", "value", "decode", "? types::event: generated at build time")}),
        ("fn go(skel: &ProbeSkel) { let v = skel.maps.seen.lookup(&1u8.to_ne_bytes(), MapFlags::ANY).unwrap().unwrap();"
         " let (pid, rest) = (u32::from_ne_bytes(v[8..12].try_into().unwrap()), 0); }",
         {("seen", "key", "lookup", "u8")}),
    ],
)  # fmt: skip
def test_uses_of_libbpf_rs(tmp_path: Path, body: str, expected: set[tuple[str, ...]]) -> None:
    assert one(tmp_path, SKEL + EVENT + body) == expected


def test_how_order_and_per_cpu_are_told(tmp_path: Path) -> None:
    text = (
        "// bpf\nuse libbpf_rs::*; fn go(o: &Object) { let m = o.map(\"m\").unwrap();"
        " let v = m.lookup_percpu(&7u32.to_be_bytes(), MapFlags::ANY).unwrap().unwrap();"
        " for c in v { let n = u64::from_le_bytes(c.try_into().unwrap()); } }"
    )
    found = {use.role: use for use in units(tmp_path, src__main=text)["src/main.rs"].uses}
    assert (found["key"].how, found["key"].order, found["key"].per_cpu) == ("u32::to_be_bytes", "big", False)
    assert (found["value"].how, found["value"].order, found["value"].per_cpu) == ("u64::from_le_bytes", "little", True)


def test_types_of_other_modules_and_crates_are_found(tmp_path: Path) -> None:
    found = units(
        tmp_path,
        app__Cargo='[package]\nname = "app"\n[dependencies]\ncommon = { path = "../common", package = "my-common" }\n',
        common__Cargo='[package]\nname = "my-common"\n',
        common__src__lib="pub mod wire; pub const LEN: usize = wire::HALF * 2;",
        common__src__wire="pub const HALF: usize = 8;\n#[repr(C)] pub struct Event { pub name: [u8; super::LEN] }",
        app__src__main='// bpf\nmod user; use common::wire::*; fn f(o: &libbpf_rs::Object) { user::go(o) }',
        app__src__user__mod="use crate::Event as E; use libbpf_rs::Object; pub fn go(o: &Object) {"
        ' let v = o.map("m").unwrap().lookup(&[0u8; 4], MapFlags::ANY); let e: &E = plain::from_bytes(&v).unwrap(); }',
    )
    unit = found["app/src/user/mod.rs"]
    assert ("m", "value", "decode", "Event") in uses(unit)
    (record,) = [item for item in unit.records if item.name == "Event"]
    assert record.span is not None
    assert record.span.path == "common/src/wire.rs"
    assert spelled(record.members[0].type) == "[u8; 16]"
    assert "common/src/wire.rs" in unit.includes


def test_links_and_references(tmp_path: Path) -> None:
    found = units(
        tmp_path,
        Cargo='[package]\nname = "x"\n',
        build='const SRC: &str = "src/bpf/probe.bpf.c"; fn main() { SkeletonBuilder::new().source(SRC); }',
        src__main=SKEL + 'fn main() { let mut s = ProbeSkelBuilder::default().open().unwrap();'
        ' s.maps.rodata_data.as_deref_mut().unwrap().target = 1; s.progs.on_exec.attach(); }'
        ' fn other() { let b = aya::Ebpf::load(include_bytes_aligned!(concat!(env!("OUT_DIR"), "/tracer"))).unwrap();'
        ' b.program_mut("on_open"); let o = ObjectBuilder::default().open_file("x.bpf.o"); }'
        ' fn texts() { let c = (include_str!("count.c"), include_str!("help.txt")); }',
    )
    unit = found["src/main.rs"]
    assert {(link.kind, link.name) for link in unit.links} == {
        ("skeleton", "probe"), ("source", "src/bpf/probe.bpf.c"), ("object", "tracer"), ("object", "x.bpf.o"),
        ("source", "count.c"),
    }  # fmt: skip
    assert {(item.kind, item.name) for item in unit.references} == {
        ("variable", "target"), ("program", "on_exec"), ("program", "on_open"),
    }  # fmt: skip


def test_what_is_not_known_is_not_guessed(tmp_path: Path) -> None:
    text = AYA + EVENT + (
        "fn f(b: &mut Ebpf, name: String) { let m: Array<_, u32> = Array::try_from(b.map(&name).unwrap())?; }"
        "fn g(x: Unheard) { x.insert(1u32, 2u32, 0); let v = x.lookup(&3u32.to_ne_bytes()); }"
        "fn h(data: &[u8]) { let e = unsafe { &*(data.as_ptr() as *const Event) }; }"
    )  # fmt: skip
    assert one(tmp_path, text) == set()


def test_files_without_a_trace_of_bpf_are_not_read(tmp_path: Path) -> None:
    assert units(tmp_path, src__lib="#[repr(C)] pub struct S { a: u32 } fn f() {}") == {}


def test_attributes_say_what_the_declaration_promises(tmp_path: Path) -> None:
    text = (
        "// bpf\nuse aya::Pod;\n/// Sent for each exec.\n#[repr(C, packed)] #[derive(Clone, Copy)] struct A { a: u8 }\n"
        "unsafe impl Pod for A {}\n#[derive(bytemuck::Pod)] struct B { a: u8, b: u32 }\nstruct C { a: u8 }"
    )
    found = {item.name: item for item in units(tmp_path, src__lib=text)["src/lib.rs"].records}
    assert set(found) == {"A", "B"}
    told = set(found["A"].attributes)
    assert {"repr(C)", "repr(packed)", "unsafe impl Pod", "trait aya::Pod", "derive(Copy)"} <= told
    assert found["A"].packed
    assert found["A"].comment == "Sent for each exec."
    assert found["B"].codec.value == "rust"


def test_programs_of_aya_are_the_kernel_side(tmp_path: Path) -> None:
    text = (
        "#![no_std]\nuse aya_ebpf::{macros::{map, xdp}, maps::{HashMap, PerfEventArray, RingBuf, Array}};\n" + EVENT +
        '#[map] static SEEN: HashMap<u32, Event> = HashMap::with_max_entries(1 << 10, 1);\n'
        '#[map(name = "counts")] static COUNTS: Array<u64> = Array::with_max_entries(4, 0);\n'
        "#[map] static EVENTS: PerfEventArray<Event> = PerfEventArray::new(0);\n"
        "#[map] static RING: RingBuf = RingBuf::with_byte_size(4096, 0);\n"
        "#[xdp] pub fn filter(ctx: XdpContext) -> u32 { let e = Event { pid: 1, ts: 2 }; RING.output(&e, 0);"
        " if let Some(r) = RING.reserve::<[u8; 3]>(0) { r.discard(0); } 2 }\n"
        '#[link_section = "license"] #[no_mangle] static LICENSE: [u8; 4] = *b"GPL\\0";\n'
    )  # fmt: skip
    unit = units(tmp_path, src__main=text)["src/main.rs"]
    assert (unit.side, unit.language, unit.license) == ("bpf", "rust", "GPL")
    assert [(item.name, item.kind, spelled(item.key), spelled(item.value), item.max_entries) for item in unit.maps] == [
        ("SEEN", "hash", "u32", "Event", 1024), ("counts", "array", "u32", "u64", 4),
        ("EVENTS", "perf_event_array", "u32", "None", None), ("RING", "ringbuf", "None", "None", 4096),
    ]  # fmt: skip
    assert unit.maps[0].flags == 1
    assert [(item.name, item.section) for item in unit.programs] == [("filter", "xdp")]
    assert uses(unit) == {
        ("EVENTS", "event", "output", "Event"), ("RING", "event", "output", "Event"),
        ("RING", "event", "reserve", "[u8; 3]"),
    }  # fmt: skip


def test_the_kernels_own_types_are_read_where_a_program_names_one(tmp_path: Path) -> None:
    """What `aya-tool generate` writes has thousands of records, of which a program shares one at most."""
    head = "/* automatically generated by rust-bindgen 0.72.1 */\n"
    found = units(
        tmp_path, e__Cargo='[package]\nname = "e"\n[dependencies]\naya-ebpf = "0.1"\n',
        e__src__vmlinux=f"{head}#[repr(C)] pub struct task_struct {{ pub pid: i32 }}\n"
        "#[repr(C)] pub struct bpf_key { pub tgid: u32, pub cpu: u32 }\n",
        e__src__bindings=f"{head}#[repr(C)] pub struct bpf_event {{ pub pid: u32 }}\n",
        e__src__main="mod vmlinux;\nuse vmlinux::bpf_key;\nuse aya_ebpf::{macros::map, maps::HashMap};\n"
        "#[map] static COUNTS: HashMap<bpf_key, u64> = HashMap::with_max_entries(8, 0);\n",
    )  # fmt: skip
    assert sorted(found) == ["e/src/bindings.rs", "e/src/main.rs"]
    key = found["e/src/main.rs"].maps[0].key
    assert isinstance(key, RecordDecl)
    assert [item.name for item in key.members] == ["tgid", "cpu"]
