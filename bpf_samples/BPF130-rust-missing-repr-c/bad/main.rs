use aya::maps::{Array, MapData, RingBuf};
use aya::{Ebpf, Pod};

// The compiler is free to put `pid` before `ts`.
struct Limit { // want BPF130 "value of map `limits`"
    most: u32,
    window: u64,
}

unsafe impl Pod for Limit {}

/// A part of the path buffer; `repr(C)` of `Exec` does not reach in here.
struct Slice { // want BPF130 "inside of `Exec`"
    start: u32,
    len: u16,
}

enum Kind {
    Exec,
    Fork,
}

#[repr(C)]
struct Exec {
    kind: Kind, // want BPF130 "enum `Kind` has no `repr`"
    ts: u64,
    pid: u32,
    path: Slice,
    reason: Option<Reason>, // want BPF130 "it has no layout to rely on"
}

#[repr(C)]
enum Reason {
    Asked,
    Forced,
}

#[derive(Clone, Copy)]
struct Verdict { // want BPF130 "`unsafe impl Pod`"
    code: u8,
    until: u64,
}

unsafe impl Pod for Verdict {}

fn watch(bpf: &mut Ebpf) -> Result<(), aya::EbpfError> {
    let limits: Array<&MapData, Limit> = Array::try_from(bpf.map("limits").unwrap())?;
    let limit = limits.get(&0, 0)?;
    let mut execs = RingBuf::try_from(bpf.map_mut("execs").unwrap())?;
    while let Some(item) = execs.next() {
        if item.len() < std::mem::size_of::<Exec>() {
            continue;
        }
        let exec = unsafe { std::ptr::read_unaligned(item.as_ptr() as *const Exec) };
        println!("{} of {}", exec.pid, limit.most);
    }
    Ok(())
}
