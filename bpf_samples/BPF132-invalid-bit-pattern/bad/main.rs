use std::num::NonZeroU32;

use libbpf_rs::RingBufferBuilder;

mod conn {
    include!(concat!(env!("OUT_DIR"), "/conn.skel.rs"));
}

#[repr(u32)]
#[derive(Clone, Copy, Debug)]
enum Direction {
    Ingress = 0,
    Egress = 1,
}

#[repr(u8)]
#[derive(Clone, Copy, Debug)]
enum State {
    New,
    Open,
}

#[repr(C)]
struct Conn {
    sock: &'static u64, // want BPF132 "an address of the kernel"
    parent: NonZeroU32, // want BPF132 "is never 0"
    letter: char, // want BPF132 "`letter`"
    direction: Direction, // want BPF132 "`FORWARD` (2) of the BPF side has no variant"
    ipv6: bool, // want BPF132 "`__u8` may hold more than 0 and 1"
    state: State, // want BPF132 "any other number"
}

fn on_conn(data: &[u8]) -> i32 {
    if data.len() < std::mem::size_of::<Conn>() {
        return 0;
    }
    let conn = unsafe { std::ptr::read_unaligned(data.as_ptr() as *const Conn) };
    println!("{:?} {:?} {}", conn.direction, conn.state, conn.ipv6);
    0
}

fn watch(skel: &conn::ConnSkel) -> libbpf_rs::Result<()> {
    let mut builder = RingBufferBuilder::new();
    builder.add(&skel.maps.conns, on_conn)?;
    builder.build()?.poll(std::time::Duration::MAX)
}
