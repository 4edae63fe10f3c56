"""Fixed widths in what is shared; a platform type elsewhere is fine."""
import ctypes as ct

from bcc import BPF

text = r"""
struct event {
    u64 ts;
    u32 pid;
    u32 uid;
};
BPF_PERF_OUTPUT(events);

int on_call(void *ctx) {
    struct event event = {};
    event.ts = bpf_ktime_get_ns();
    events.perf_submit(ctx, &event, sizeof(event));
    return 0;
}
"""


class Event(ct.Structure):
    _fields_ = [
        ("ts", ct.c_uint64),
        ("pid", ct.c_uint32),
        ("uid", ct.c_uint32),
    ]


def print_event(cpu, data, size):
    print(ct.cast(data, ct.POINTER(Event)).contents.ts)


b = BPF(text=text)
b["events"].open_perf_buffer(print_event)


class Timespec(ct.Structure):
    """For clock_gettime: the C library's own type, no map's."""

    _fields_ = [("tv_sec", ct.c_long), ("tv_nsec", ct.c_long)]
