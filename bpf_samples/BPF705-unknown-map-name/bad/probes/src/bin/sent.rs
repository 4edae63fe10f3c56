#![no_std]
#![no_main]
use aya_ebpf::{
    macros::{kprobe, map},
    maps::HashMap,
    programs::ProbeContext,
};

#[map]
static SENT_BYTES: HashMap<u32, u64> = HashMap::with_max_entries(64, 0);

#[kprobe]
pub fn on_sent(_ctx: ProbeContext) -> u32 {
    let _ = SENT_BYTES.insert(&1, &1, 0);
    0
}

#[panic_handler]
fn panic(_info: &core::panic::PanicInfo) -> ! {
    loop {}
}
