"""The type is made while the script runs."""
import ctypes as ct

from bcc import BPF

TEXT = """
struct event { u32 pid; };
BPF_PERF_OUTPUT(events);
int on_call(void *ctx) {
    struct event event = {};
    events.perf_submit(ctx, &event, sizeof(event));
    return 0;
}
"""


def make(name):
    return type(name, (ct.Structure,), {"_fields_": [("pid", ct.c_uint32)]})


Event = make("Event")


def print_event(cpu, data, size):
    event = ct.cast(data, ct.POINTER(Event)).contents  # want BPF003 "event of map `events` not compared"
    print(event.pid)


b = BPF(text=TEXT)
b["events"].open_perf_buffer(print_event)
