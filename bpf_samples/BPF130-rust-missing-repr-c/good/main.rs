use aya::maps::{Array, MapData, RingBuf};
use aya::{Ebpf, Pod};

#[repr(C)]
#[derive(Clone, Copy)]
struct Limit {
    most: u32,
    _pad: u32,
    window: u64,
}

unsafe impl Pod for Limit {}

// One field: the struct is laid out as that field is.
struct Timestamp(u64);

#[repr(transparent)]
struct Pid(u32);

#[repr(C)]
struct Slice {
    start: u32,
    len: u16,
}

#[repr(C)]
struct Exec {
    kind: u8,
    ts: Timestamp,
    pid: Pid,
    path: Slice,
}

// `core::cmp::Ordering` is `repr(i8)`: -1, 0 or 1 in one byte.
#[repr(C)]
#[derive(Clone, Copy)]
struct Compared {
    of: u32,
    order: core::cmp::Ordering,
    _pad: [u8; 3],
}

unsafe impl Pod for Compared {}

// What the program works with is no wire format.
struct Process {
    name: String,
    pid: u32,
    seen: u64,
}

fn watch(bpf: &mut Ebpf) -> Result<Vec<Process>, aya::EbpfError> {
    let limits: Array<&MapData, Limit> = Array::try_from(bpf.map("limits").unwrap())?;
    let limit = limits.get(&0, 0)?;
    let compared: Array<&MapData, Compared> = Array::try_from(bpf.map("compared").unwrap())?;
    if compared.get(&0, 0)?.order.is_lt() {
        return Ok(Vec::new());
    }
    let mut execs = RingBuf::try_from(bpf.map_mut("execs").unwrap())?;
    let mut found = Vec::new();
    while let Some(item) = execs.next() {
        if item.len() < std::mem::size_of::<Exec>() || found.len() as u32 > limit.most {
            continue;
        }
        let exec = unsafe { std::ptr::read_unaligned(item.as_ptr() as *const Exec) };
        found.push(Process { name: String::new(), pid: exec.pid.0, seen: exec.ts.0 });
    }
    Ok(found)
}
