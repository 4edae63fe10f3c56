"""The C struct ends in a hole that the packed format lacks."""
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
    call.pid = bpf_get_current_pid_tgid() >> 32;
    calls.perf_submit(ctx, &call, sizeof(call));
    return 0;
}
"""

b = BPF(text=text)
CALL = struct.Struct("<QI")  # want BPF101 "event of `calls` has 16 bytes in BPF, 12 on the user side"


def print_call(cpu, data, size):
    print(CALL.unpack(ct.string_at(data, size)))


b["calls"].open_perf_buffer(print_call)
