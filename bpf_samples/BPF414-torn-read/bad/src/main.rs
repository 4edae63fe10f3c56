mod bpf_skel {
    include!(concat!(env!("OUT_DIR"), "/limits.skel.rs"));
}
use bpf_skel::*;

struct Watcher<'a> {
    skel: LimitsSkel<'a>,
    last: u32,
}

impl<'a> Watcher<'a> {
    fn refresh(&mut self) -> u32 {
        let bss = self.skel.maps.bss_data.as_ref().unwrap();
        let seq = unsafe { std::ptr::read_volatile(&bss.applied_seq as *const u32) }; // want BPF414 "`applied_seq` is read without acquire"
        if seq == self.last {
            return 0;
        }
        self.last = seq;
        bss.cells[0]
    }
}

fn main() {}
