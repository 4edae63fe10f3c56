#![no_std]
#![no_main]

use aya_ebpf::{bindings::xdp_action, macros::{map, xdp}, maps::HashMap, programs::XdpContext};

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Flow {
    pub address: u32,
    pub port: u16,
    pub protocol: u16,
}

#[map]
static BLOCKED: HashMap<Flow, u32> = HashMap::pinned(1024, 0);

#[xdp]
pub fn block(_ctx: XdpContext) -> u32 {
    let flow = Flow { address: 0, port: 0, protocol: 6 };
    match unsafe { BLOCKED.get(&flow) } {
        Some(_) => xdp_action::XDP_DROP,
        None => xdp_action::XDP_PASS,
    }
}

#[panic_handler]
fn panic(_info: &core::panic::PanicInfo) -> ! {
    loop {}
}
