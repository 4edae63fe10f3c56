"""c_ulong has four bytes in 32-bit user space, the map's value always eight."""
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
        ("ts", ct.c_ulong),  # want BPF142 "`ts` of event of `events` is `c_ulong`: 4 bytes in 32-bit user space, 8 in BPF" on=arm,i386
        ("pid", ct.c_uint32),
        ("uid", ct.c_uint32),
    ]


def print_event(cpu, data, size):
    print(ct.cast(data, ct.POINTER(Event)).contents.ts)


b = BPF(text=text)
b["events"].open_perf_buffer(print_event)
