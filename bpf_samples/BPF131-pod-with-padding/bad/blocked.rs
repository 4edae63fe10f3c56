use aya::maps::{HashMap, MapData};
use aya::{Ebpf, Pod};

#[repr(C)]
#[derive(Clone, Copy)]
struct FlowKey { // want BPF131 "as its key: equal keys may not meet"
    saddr: u32,
    port: u16,
    proto: u8,
}

unsafe impl Pod for FlowKey {}

#[repr(C)]
#[derive(Clone, Copy)]
struct Limit { // want BPF131 "should it ever be written"
    bytes: u64,
    action: u32,
}

unsafe impl Pod for Limit {}

fn block(bpf: &mut Ebpf, saddr: u32) -> Result<(), aya::maps::MapError> {
    let mut blocked: HashMap<_, FlowKey, u8> = HashMap::try_from(bpf.map_mut("blocked").unwrap())?;
    blocked.insert(FlowKey { saddr, port: 443, proto: 6 }, 1, 0)
}

fn limits(bpf: &Ebpf) -> Result<u64, aya::maps::MapError> {
    let limits: HashMap<&MapData, [u8; 8], Limit> = HashMap::try_from(bpf.map("limits").unwrap())?;
    Ok(limits.get(&[0; 8], 0)?.bytes)
}
