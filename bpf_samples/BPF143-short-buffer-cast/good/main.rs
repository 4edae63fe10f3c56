use libbpf_rs::{PerfBufferBuilder, RingBufferBuilder};

mod exits {
    include!(concat!(env!("OUT_DIR"), "/exits.skel.rs"));
}

use exits::ExitsSkel;

#[repr(C)]
#[derive(Clone, Copy)]
struct Exit {
    ts: u64,
    pid: u32,
    code: i32,
}

unsafe impl plain::Plain for Exit {}

fn on_exit(data: &[u8]) -> i32 {
    if data.len() < std::mem::size_of::<Exit>() {
        return 0;
    }
    let exit = unsafe { &*(data.as_ptr() as *const Exit) };
    println!("{} {}", exit.pid, exit.code);
    0
}

// `plain::from_bytes` checks length and alignment; records of a ring buffer are aligned to 8.
fn on_checked(data: &[u8]) -> i32 {
    let exit: &Exit = plain::from_bytes(data).expect("short");
    println!("{}", exit.code);
    0
}

// A copy has no alignment to keep.
fn on_lost(_cpu: i32, data: &[u8]) {
    let mut exit = Exit { ts: 0, pid: 0, code: 0 };
    plain::copy_from_bytes(&mut exit, data).expect("short");
    println!("lost {}", exit.pid);
}

fn on_slice(data: &[u8]) -> i32 {
    let bytes = &data[..std::mem::size_of::<Exit>()];
    let exit = unsafe { std::ptr::read_unaligned(bytes.as_ptr() as *const Exit) };
    println!("{}", exit.pid);
    0
}

fn watch(skel: &ExitsSkel) -> libbpf_rs::Result<()> {
    let mut builder = RingBufferBuilder::new();
    builder.add(&skel.maps.exits, on_exit)?;
    builder.add(&skel.maps.exits, on_checked)?;
    builder.add(&skel.maps.exits, on_slice)?;
    let lost = PerfBufferBuilder::new(&skel.maps.lost).sample_cb(on_lost).build()?;
    lost.poll(std::time::Duration::from_millis(100))?;
    builder.build()?.poll(std::time::Duration::MAX)
}

// Every access says that the pointer may not be aligned.
extern "C" fn on_raw(raw: *mut Exit) {
    unsafe {
        let code = std::ptr::addr_of!((*raw).code).read_unaligned();
        let ts = std::ptr::addr_of_mut!((*raw).ts);
        ts.write_unaligned(ts.read_unaligned() / 1000);
        println!("{code}");
    }
}

// A packed struct may stand anywhere.
#[repr(C, packed)]
struct Packed {
    kind: u8,
    ts: u64,
}

extern "C" fn on_packed(raw: *mut Packed) {
    unsafe {
        let kind = std::ptr::addr_of!((*raw).kind).read_unaligned();
        (*raw).ts = kind as u64;
    }
}
