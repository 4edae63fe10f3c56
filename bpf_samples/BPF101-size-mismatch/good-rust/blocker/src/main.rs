//! A second process opens the pinned map with the program's key.

use aya::maps::{HashMap, Map, MapData};

const PINNED: &str = "/sys/fs/bpf/blocker/BLOCKED";

#[repr(C)]
#[derive(Clone, Copy)]
struct Flow {
    address: u32,
    port: u16,
    protocol: u16,
}

unsafe impl aya::Pod for Flow {}

fn block(address: u32) -> bool {
    let Ok(data) = MapData::from_pin(PINNED) else {
        return false;
    };
    let Ok(mut blocked) = HashMap::<_, Flow, u32>::try_from(Map::HashMap(data)) else {
        return false;
    };
    blocked.insert(Flow { address, port: 0, protocol: 6 }, 1, 0).is_ok()
}

// Another tool's map: nothing of this project is pinned there.
fn seen(address: u32) -> Option<u64> {
    let data = MapData::from_pin("/sys/fs/bpf/other/SEEN").ok()?;
    let map = HashMap::<_, u32, u64>::try_from(Map::HashMap(data)).ok()?;
    map.get(&address, 0).ok()
}

fn main() {
    println!("{} {:?}", block(0x7f00_0001), seen(0));
}
