mod flow {
    include!(concat!(env!("OUT_DIR"), "/flow.skel.rs"));
}

use flow::FlowSkel;
use libbpf_rs::{MapCore, MapFlags};

// The padding has a name and a value.
#[repr(C)]
#[derive(Clone, Copy)]
struct FlowKey {
    saddr: u32,
    port: u16,
    proto: u8,
    _pad: u8,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct Limit {
    bytes: u64,
    action: u32,
}

unsafe impl plain::Plain for FlowKey {}
unsafe impl plain::Plain for Limit {}

// All bytes are zero before the fields are set.
fn limit(skel: &FlowSkel, saddr: u32, port: u16) -> libbpf_rs::Result<()> {
    let key = FlowKey { saddr, port, proto: 6, _pad: 0 };
    let mut value: Limit = unsafe { std::mem::zeroed() };
    value.bytes = 1 << 20;
    value.action = 1;
    skel.maps.limits.update(
        unsafe { plain::as_bytes(&key) },
        unsafe { plain::as_bytes(&value) },
        MapFlags::ANY,
    )
}
