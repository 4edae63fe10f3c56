#![no_std]
#![no_main]
use aya_ebpf::{
    macros::{kprobe, map},
    maps::{HashMap, SkStorage},
    programs::ProbeContext,
};

#[map]
static SEEN: HashMap<u32, u64> = HashMap::with_max_entries(64, 0);

#[map]
static SOCKETS: SkStorage<u64> = SkStorage::new(0);

#[kprobe]
pub fn on_sent(_ctx: ProbeContext) -> u32 {
    let _ = SEEN.insert(&1, &1, 0);
    counting::count(1);
    0
}

#[panic_handler]
fn panic(_info: &core::panic::PanicInfo) -> ! {
    loop {}
}
