"""The outer struct is packed, the inner one keeps its hole, the mirror has none."""
import ctypes as ct

from bcc import BPF

text = r"""
struct id {
    u8 kind;
    u32 number;
};
struct event {
    u16 port;
    struct id id;
    u16 flags;
} __attribute__((packed));
BPF_RINGBUF_OUTPUT(events, 8);

int on_call(void *ctx) {
    struct event event;
    __builtin_memset(&event, 0, sizeof(event));
    event.id.number = 7;
    events.ringbuf_output(&event, sizeof(event), 0);
    return 0;
}
"""


class Event(ct.Structure):
    _layout_ = "ms"
    _pack_ = 1
    _fields_ = [
        ("port", ct.c_uint16),
        ("kind", ct.c_uint8),
        ("number", ct.c_uint32),  # want BPF106 "`packed` does not reach the struct inside event of `events`"
        ("flags", ct.c_uint16),
    ]


def print_event(ctx, data, size):
    print(ct.cast(data, ct.POINTER(Event)).contents.number)


b = BPF(text=text)
b["events"].open_ring_buffer(print_event)
