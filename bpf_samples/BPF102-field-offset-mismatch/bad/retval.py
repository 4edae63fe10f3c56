"""Counts failed calls; the event's padding was guessed as three bytes."""
import ctypes as ct

from bcc import BPF

text = r"""
#include <uapi/linux/ptrace.h>

struct call_event {
    u32 pid;
    u8 argnum;
    s64 retval;
};
BPF_PERF_OUTPUT(calls);

int on_return(struct pt_regs *ctx) {
    struct call_event event;
    __builtin_memset(&event, 0, sizeof(event));
    event.pid = bpf_get_current_pid_tgid() >> 32;
    event.argnum = 3;
    event.retval = PT_REGS_RC(ctx);
    calls.perf_submit(ctx, &event, sizeof(event));
    return 0;
}
"""


class CallEvent(ct.Structure):
    _fields_ = [
        ("pid", ct.c_uint32),
        ("argnum", ct.c_uint8),
        ("pad", ct.c_uint8 * 3),
        ("low", ct.c_uint32),
        ("retval", ct.c_int32),  # want BPF102 "`retval` of event of `calls` is at byte 8 in BPF, at 12 on the user side"
    ]


b = BPF(text=text)


def print_event(cpu, data, size):
    event = ct.cast(data, ct.POINTER(CallEvent)).contents
    print(event.pid, event.retval)


b["calls"].open_perf_buffer(print_event)
while True:
    b.perf_buffer_poll()
