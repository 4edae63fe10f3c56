"""Bitfields of two types: Microsoft's rules start a new unit, clang does not."""
import ctypes as ct

from bcc import BPF

text = r"""
struct event {
    u32 pid;
    u32 uid;
} __attribute__((packed));
BPF_PERF_OUTPUT(events);

int on_call(void *ctx) {
    struct event event = {};
    events.perf_submit(ctx, &event, sizeof(event));
    return 0;
}
"""


class Event(ct.Structure):  # want BPF141 "`Event` (event of `events`) sets _pack_ without _layout_: Python 3.14 and later warn"
    _pack_ = 1
    _fields_ = [("pid", ct.c_uint32), ("uid", ct.c_uint32)]


def print_event(cpu, data, size):
    print(ct.cast(data, ct.POINTER(Event)).contents.pid)


b = BPF(text=text)
b["events"].open_perf_buffer(print_event)
