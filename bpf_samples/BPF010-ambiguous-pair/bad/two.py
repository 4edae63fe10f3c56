"""Two kinds of event on one map, and a type that could be either."""
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


class Data(ct.Structure):
    _fields_ = [("first", ct.c_uint32), ("second", ct.c_uint32)]


def print_event(cpu, data, size):
    event = ct.cast(data, ct.POINTER(Data)).contents  # want BPF010 "map `events` carries several types (close_event, open_event)"
    print(event.first)


b = BPF(text=TEXT)
b["events"].open_perf_buffer(print_event)
