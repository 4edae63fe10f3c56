mod flow {
    include!(concat!(env!("OUT_DIR"), "/flow.skel.rs"));
}

use flow::FlowSkel;
use libbpf_rs::{MapCore, MapFlags};

#[repr(C)]
#[derive(Clone, Copy)]
struct FlowKey { // want BPF131 "1 byte of padding after `proto`"
    saddr: u32,
    port: u16,
    proto: u8,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct Limit { // want BPF131 "are written to map `limits` as its value"
    bytes: u64,
    action: u32,
}

unsafe impl plain::Plain for FlowKey {}
unsafe impl plain::Plain for Limit {}

fn limit(skel: &FlowSkel, saddr: u32, port: u16) -> libbpf_rs::Result<()> {
    let key = FlowKey { saddr, port, proto: 6 };
    let value = Limit { bytes: 1 << 20, action: 1 };
    skel.maps.limits.update(
        unsafe { plain::as_bytes(&key) },
        unsafe { plain::as_bytes(&value) },
        MapFlags::ANY,
    )
}
