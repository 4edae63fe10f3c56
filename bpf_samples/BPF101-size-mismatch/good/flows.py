"""The tail is spelled out, a prefix is read on purpose, a long buffer has no fixed size, and types agree."""
import ctypes as ct
import struct

from bcc import BPF

text = r"""
struct call {
    u64 started;
    u32 pid;
};
struct named {
    u64 started;
    char name[];
};
BPF_PERF_OUTPUT(calls);
BPF_PERF_OUTPUT(prefixes);
BPF_ARRAY(enabled, u64, 1);

int on_call(void *ctx) {
    struct call call;
    __builtin_memset(&call, 0, sizeof(call));
    call.started = bpf_ktime_get_ns();
    call.pid = bpf_get_current_pid_tgid() >> 32;
    calls.perf_submit(ctx, &call, sizeof(call));
    prefixes.perf_submit(ctx, &call, sizeof(call));
    return 0;
}
"""

b = BPF(text=text)
b["enabled"][ct.c_int(0)] = ct.c_uint64(1)


def print_call(cpu, data, size):
    print(struct.unpack("<QI4x", ct.string_at(data, size)))


def print_prefix(cpu, data, size):
    print(struct.unpack_from("<Q", ct.string_at(data, size)))


b["calls"].open_perf_buffer(print_call)
b["prefixes"].open_perf_buffer(print_prefix)
