"""Prints connections; ctypes has bitfields of its own, and the other reader leaves them alone."""
import ctypes as ct
import struct

from bcc import BPF

text = r"""
#include <uapi/linux/ptrace.h>

struct seen {
    u32 pid;
    u32 is_ipv6 : 1;
    u32 direction : 2;
    u32 length : 29;
};
BPF_PERF_OUTPUT(events);
BPF_PERF_OUTPUT(others);

int on_connect(struct pt_regs *ctx) {
    struct seen seen = {};
    seen.pid = bpf_get_current_pid_tgid() >> 32;
    events.perf_submit(ctx, &seen, sizeof(seen));
    others.perf_submit(ctx, &seen, sizeof(seen));
    return 0;
}
"""


class Seen(ct.Structure):
    _fields_ = [
        ("pid", ct.c_uint32), ("is_ipv6", ct.c_uint32, 1), ("direction", ct.c_uint32, 2), ("length", ct.c_uint32, 29)
    ]


b = BPF(text=text)


def show(cpu, data, size):
    print(ct.cast(data, ct.POINTER(Seen)).contents.direction)


def show_pid(cpu, data, size):
    print(struct.unpack("<I4x", data))


b["events"].open_perf_buffer(show)
b["others"].open_perf_buffer(show_pid)
