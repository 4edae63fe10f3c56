//! Sends one event a call.
#![no_std]
#![no_main]

use aya_ebpf::{
    helpers::{bpf_get_current_comm, bpf_get_current_pid_tgid, bpf_get_current_uid_gid},
    macros::{kprobe, map},
    maps::RingBuf,
    programs::ProbeContext,
};
use leave_common::{CallEvent, COMM_LEN};

#[map]
static EVENTS: RingBuf = RingBuf::with_byte_size(256 * 1024, 0);

#[kprobe]
pub fn leave(_ctx: ProbeContext) -> u32 {
    let event = CallEvent {
        pid: (bpf_get_current_pid_tgid() >> 32) as u32,
        uid: bpf_get_current_uid_gid() as u32,
        ret: 0,
        comm: bpf_get_current_comm().unwrap_or([0u8; COMM_LEN]),
    };
    if let Some(mut slot) = EVENTS.reserve::<CallEvent>(0) {
        slot.write(event);
        slot.submit(0);
    }
    0
}
