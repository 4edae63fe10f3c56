use libbpf_rs::{PerfBufferBuilder, RingBufferBuilder};

mod exits {
    include!(concat!(env!("OUT_DIR"), "/exits.skel.rs"));
}

use exits::ExitsSkel;

#[repr(C)]
struct Exit {
    ts: u64,
    pid: u32,
    code: i32,
}

unsafe impl plain::Plain for Exit {}

// The BPF side sends 16 bytes.
#[repr(C)]
struct Named {
    ts: u64,
    pid: u32,
    code: i32,
    comm: [u8; 16], // want BPF104 "past the 16 bytes"
}

fn on_exit(data: &[u8]) -> i32 {
    let exit = unsafe { &*(data.as_ptr() as *const Exit) }; // want BPF143 "the BPF side sends 16 today"
    println!("{} {}", exit.pid, exit.code);
    0
}

fn on_named(data: &[u8]) -> i32 {
    let named = unsafe { std::ptr::read_unaligned(data.as_ptr() as *const Named) };
    println!("{:?}", named.comm);
    0
}

fn on_lost(_cpu: i32, data: &[u8]) {
    let exit: &Exit = plain::from_bytes(data).expect("misaligned"); // want BPF143 "always fails"
    println!("lost {}", exit.pid);
}

fn watch(skel: &ExitsSkel, names: bool) -> libbpf_rs::Result<()> {
    let mut builder = RingBufferBuilder::new();
    if names {
        builder.add(&skel.maps.exits, on_named)?;
    } else {
        builder.add(&skel.maps.exits, on_exit)?;
    }
    let lost = PerfBufferBuilder::new(&skel.maps.lost).sample_cb(on_lost).build()?;
    lost.poll(std::time::Duration::from_millis(100))?;
    builder.build()?.poll(std::time::Duration::MAX)
}

extern "C" fn on_raw(raw: *mut Exit) {
    unsafe {
        let code = std::ptr::addr_of!((*raw).code).read_unaligned();
        println!("{} {}", (*raw).ts, code); // the macro hides this one
        (*raw).ts = (*raw).ts / 1000; // want BPF143 "`(*raw).ts`"
    }
}
