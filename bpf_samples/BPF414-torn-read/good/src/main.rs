mod bpf_skel {
    include!(concat!(env!("OUT_DIR"), "/limits.skel.rs"));
}
use bpf_skel::*;
use std::sync::atomic::{AtomicU32, Ordering};

struct Watcher<'a> {
    skel: LimitsSkel<'a>,
    last: u32,
}

impl<'a> Watcher<'a> {
    fn refresh(&mut self) -> u32 {
        let bss = self.skel.maps.bss_data.as_ref().unwrap();
        let place = &bss.applied_seq as *const u32 as *const AtomicU32;
        let seq = unsafe { (*place).load(Ordering::Acquire) };
        if seq == self.last {
            return 0;
        }
        self.last = seq;
        unsafe { std::ptr::read_volatile(&bss.cells[0] as *const u32) }
    }
}

fn main() {}
