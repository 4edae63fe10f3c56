use std::mem::MaybeUninit;
use std::num::NonZeroU32;

use libbpf_rs::RingBufferBuilder;

mod conn {
    include!(concat!(env!("OUT_DIR"), "/conn.skel.rs"));
}

// Every value of the C enum has a variant.
#[repr(u32)]
#[derive(Clone, Copy, Debug)]
enum Direction {
    Ingress = 0,
    Egress = 1,
    Unknown = 2,
}

#[repr(C)]
struct Conn {
    sock: *const u64,
    parent: Option<NonZeroU32>,
    letter: u32,
    direction: Direction,
    // C's bool is 0 or 1 as well.
    ipv6: bool,
    state: u8,
    checked: MaybeUninit<bool>,
}

// What is made of the bytes is no part of them.
struct Shown {
    letter: char,
    open: bool,
}

fn on_conn(data: &[u8]) -> i32 {
    if data.len() < std::mem::size_of::<Conn>() {
        return 0;
    }
    let conn = unsafe { std::ptr::read_unaligned(data.as_ptr() as *const Conn) };
    let shown = Shown { letter: char::from_u32(conn.letter).unwrap_or('?'), open: conn.state == 1 };
    println!("{:?} {} {} {}", conn.direction, shown.open, shown.letter, conn.ipv6);
    0
}

fn watch(skel: &conn::ConnSkel) -> libbpf_rs::Result<()> {
    let mut builder = RingBufferBuilder::new();
    builder.add(&skel.maps.conns, on_conn)?;
    builder.build()?.poll(std::time::Duration::MAX)
}
