"""A fixed byte order with the padding; a native format that fits on every target; and one for a file, not a map."""
import ctypes as ct
import struct

from bcc import BPF

text = r"""
struct call {
    u64 started;
    u32 pid;
    u32 uid;
};
BPF_PERF_OUTPUT(calls);
BPF_PERF_OUTPUT(others);

int on_call(void *ctx) {
    struct call call = {};
    call.started = bpf_ktime_get_ns();
    calls.perf_submit(ctx, &call, sizeof(call));
    others.perf_submit(ctx, &call, sizeof(call));
    return 0;
}
"""

b = BPF(text=text)


def print_call(cpu, data, size):
    print(struct.unpack("<QII", ct.string_at(data, size)))


def print_other(cpu, data, size):
    print(struct.unpack("QII", ct.string_at(data, size)))


def read_header(path):
    with open(path, "rb") as file:
        return struct.unpack("QI", file.read(12))


b["calls"].open_perf_buffer(print_call)
b["others"].open_perf_buffer(print_other)
