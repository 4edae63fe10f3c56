"""Sums flows; the decoder forgets the tail that C adds, and one counter is set with a short type."""
import ctypes as ct
import struct

from bcc import BPF

text = r"""
#include <uapi/linux/ptrace.h>

struct flow {
    u64 bytes;
    u32 packets;
    u32 flags;
};
BPF_PERF_OUTPUT(flows);
BPF_ARRAY(enabled, u64, 1);

int on_send(struct pt_regs *ctx) {
    struct flow flow = {};
    flow.bytes = PT_REGS_PARM3(ctx);
    flow.packets = 1;
    flows.perf_submit(ctx, &flow, sizeof(flow));
    return 0;
}
"""

b = BPF(text=text)
b["enabled"][ct.c_int(0)] = ct.c_int(1)  # want BPF101 "value of map `enabled` has 8 bytes in BPF, 4 on the user side"


def print_flow(cpu, data, size):
    total, packets = struct.unpack("<QI", ct.string_at(data, size))  # want BPF104 "`flags` at byte 12 lies past the end of the user type"
    print(total, packets)


b["flows"].open_perf_buffer(print_flow)


class Tail(ct.Structure):
    _fields_ = [("bytes", ct.c_uint64), ("packets", ct.c_uint32), ("flags", ct.c_uint32), ("extra", ct.c_uint8 * 0)]
