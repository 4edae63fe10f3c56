"""The event is packed in C; ctypes puts the hole back."""
import ctypes as ct

from bcc import BPF

text = r"""
struct event {
    u8 kind;
    u64 ts;
} __attribute__((packed));
BPF_RINGBUF_OUTPUT(events, 8);

int on_call(void *ctx) {
    struct event event = {.kind = 1, .ts = bpf_ktime_get_ns()};
    events.ringbuf_output(&event, sizeof(event), 0);
    return 0;
}
"""


class Event(ct.Structure):
    _fields_ = [
        ("kind", ct.c_uint8),
        ("ts", ct.c_uint64),  # want BPF105 "only the BPF side of event of `events` is packed: `ts` is at byte 1 in BPF, at 8 on the user side"
    ]


def print_event(ctx, data, size):
    print(ct.cast(data, ct.POINTER(Event)).contents.ts)


b = BPF(text=text)
b["events"].open_ring_buffer(print_event)
