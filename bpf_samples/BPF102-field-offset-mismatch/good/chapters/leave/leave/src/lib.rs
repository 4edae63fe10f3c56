//! Prints what the program of this chapter sends.

use aya::{maps::RingBuf, programs::KProbe, Ebpf};
use leave_common::CallEvent;

pub fn run() -> anyhow::Result<()> {
    let mut ebpf = Ebpf::load(aya::include_bytes_aligned!(concat!(env!("OUT_DIR"), "/leave")))?;
    let program: &mut KProbe = ebpf.program_mut("leave").unwrap().try_into()?;
    program.load()?;
    program.attach("vfs_unlink", 0)?;
    let mut ring = RingBuf::try_from(ebpf.map_mut("EVENTS").unwrap())?;
    loop {
        while let Some(item) = ring.next() {
            if item.len() < core::mem::size_of::<CallEvent>() {
                continue;
            }
            // SAFETY: the program sends this very type.
            let event: CallEvent = unsafe { core::ptr::read_unaligned(item.as_ptr() as *const CallEvent) };
            println!("{} {}", event.pid, event.uid);
        }
    }
}
