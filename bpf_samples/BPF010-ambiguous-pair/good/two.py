"""A comment says which of the two it is."""
import ctypes as ct

from bcc import BPF

TEXT = """
struct open_event { u32 pid; u32 flags; };
struct close_event { u32 fd; u32 tid; };
BPF_PERF_OUTPUT(events);
int on_open(void *ctx) {
    struct open_event event = {};
    events.perf_submit(ctx, &event, sizeof(event));
    return 0;
}
int on_close(void *ctx) {
    struct close_event event = {};
    events.perf_submit(ctx, &event, sizeof(event));
    return 0;
}
"""


class Data(ct.Structure):  # bpflint: pair=open_event
    _fields_ = [("first", ct.c_uint32), ("second", ct.c_uint32)]


def print_event(cpu, data, size):
    event = ct.cast(data, ct.POINTER(Data)).contents
    print(event.first)


b = BPF(text=TEXT)
b["events"].open_perf_buffer(print_event)
