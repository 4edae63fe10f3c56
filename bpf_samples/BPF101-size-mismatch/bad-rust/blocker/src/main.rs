//! A second process opens the pinned map with another key than the program has.

use aya::maps::{HashMap, Map, MapData};

const PINNED: &str = "/sys/fs/bpf/blocker/BLOCKED";

fn block(address: u32) -> bool {
    let data = match MapData::from_pin(PINNED) {
        Ok(data) => data,
        Err(_) => return false,
    };
    let map = Map::HashMap(data);
    let mut blocked = match HashMap::<_, u32, u32>::try_from(map) { // want BPF101 "key of map `BLOCKED` has 8 bytes in BPF, 4 on the user side"
        Ok(blocked) => blocked,
        Err(_) => return false,
    };
    blocked.insert(address.to_be(), 1, 0).is_ok() // want BPF101 "key of map `BLOCKED` has 8 bytes in BPF, 4 on the user side"
}

fn main() {
    println!("{}", block(0x7f00_0001));
}
