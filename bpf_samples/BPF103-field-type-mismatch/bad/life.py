"""The process id is four bytes and a hole in C, eight bytes in Python."""
import ctypes as ct

from bcc import BPF

text = r"""
struct data_t {
    u32 pid;
    u64 delta;
    char comm[16];
};
BPF_PERF_OUTPUT(events);

int on_unlink(void *ctx) {
    struct data_t data = {};
    data.pid = bpf_get_current_pid_tgid() >> 32;
    data.delta = bpf_ktime_get_ns();
    bpf_get_current_comm(&data.comm, sizeof(data.comm));
    events.perf_submit(ctx, &data, sizeof(data));
    return 0;
}
"""


class Data(ct.Structure):
    _fields_ = [
        ("pid", ct.c_ulonglong),  # want BPF103 "`pid` of event of `events` has 4 bytes in BPF, 8 bytes on the user side"
        ("delta", ct.c_ulonglong),
        ("comm", ct.c_char * 16),
    ]


def print_event(cpu, data, size):
    event = ct.cast(data, ct.POINTER(Data)).contents
    print(event.pid, event.comm)


b = BPF(text=text)
b["events"].open_perf_buffer(print_event)
