"""A native format has no tail, and no fixed widths."""
import ctypes as ct
import struct

from bcc import BPF

text = r"""
struct call {
    u64 started;
    u32 pid;
};
BPF_PERF_OUTPUT(calls);

int on_call(void *ctx) {
    struct call call;
    __builtin_memset(&call, 0, sizeof(call));
    call.started = bpf_ktime_get_ns();
    calls.perf_submit(ctx, &call, sizeof(call));
    return 0;
}
"""

b = BPF(text=text)


def print_call(cpu, data, size):
    print(struct.unpack("QI", ct.string_at(data, size)))  # want BPF140 "native format \"QI\" does not fit event of `calls`: 16 bytes in BPF, 12 on the user side"


b["calls"].open_perf_buffer(print_call)
