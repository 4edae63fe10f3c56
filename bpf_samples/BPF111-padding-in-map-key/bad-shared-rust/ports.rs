//! Reads how often a port was bound.
use aya::maps::HashMap;
use aya::{Ebpf, Pod};

#[repr(C)]
#[derive(Clone, Copy)]
// want-next BPF131 "`PortKey` has 5 bytes of padding after `proto`"
pub struct PortKey {
    pub proto: u8,
    pub address: u32,
    pub port: u16,
}

unsafe impl Pod for PortKey {}

pub fn count(ebpf: &mut Ebpf, port: u16) -> anyhow::Result<u64> {
    let ports: HashMap<_, PortKey, u64> = HashMap::try_from(ebpf.map_mut("ports").unwrap())?;
    let mut key: PortKey = unsafe { core::mem::zeroed() };
    key.proto = 6;
    key.address = 1;
    key.port = port;
    Ok(ports.get(&key, 0)?)
}
