"""Prints connections; the flags are bitfields in C."""
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

int on_connect(struct pt_regs *ctx) {
    struct seen seen = {};
    seen.pid = bpf_get_current_pid_tgid() >> 32;
    seen.direction = 1;
    events.perf_submit(ctx, &seen, sizeof(seen));
    return 0;
}
"""

b = BPF(text=text)


def show(cpu, data, size):
    pid, flags = struct.unpack("<II", data)  # want BPF110 "reads the bitfield `is_ipv6` as plain bits: their order depends on the machine's endianness"
    print(pid, flags & 1)


b["events"].open_perf_buffer(show)
