"""Same widths under other names and signs; an address as bytes, words or one big number is the same address."""
import ctypes as ct

from bcc import BPF

text = r"""
struct data_t {
    u32 pid;
    s32 retval;
    u32 saddr[4];
    u8 daddr[16];
    char comm[16];
};
BPF_PERF_OUTPUT(events);

int on_unlink(void *ctx) {
    struct data_t data = {};
    data.pid = bpf_get_current_pid_tgid() >> 32;
    bpf_get_current_comm(&data.comm, sizeof(data.comm));
    events.perf_submit(ctx, &data, sizeof(data));
    return 0;
}
"""


class Data(ct.Structure):
    _fields_ = [
        ("pid", ct.c_int),
        ("retval", ct.c_uint32),
        ("saddr", ct.c_ubyte * 16),
        ("daddr", ct.c_ulonglong * 2),
        ("task", ct.c_char * 16),
    ]


def print_event(cpu, data, size):
    event = ct.cast(data, ct.POINTER(Data)).contents
    print(event.pid, event.task)


b = BPF(text=text)
b["events"].open_perf_buffer(print_event)
