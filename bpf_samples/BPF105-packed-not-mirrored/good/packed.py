"""Packed on both sides; packed without a hole to lose; and padding spelled out instead."""
import ctypes as ct

from bcc import BPF

text = r"""
struct event {
    u8 kind;
    u64 ts;
} __attribute__((packed));
struct dense {
    u32 pid;
    u32 uid;
} __attribute__((packed));
BPF_RINGBUF_OUTPUT(events, 8);
BPF_RINGBUF_OUTPUT(denses, 8);

int on_call(void *ctx) {
    struct event event = {.kind = 1, .ts = bpf_ktime_get_ns()};
    struct dense dense = {.pid = bpf_get_current_pid_tgid() >> 32};
    events.ringbuf_output(&event, sizeof(event), 0);
    denses.ringbuf_output(&dense, sizeof(dense), 0);
    return 0;
}
"""


class Event(ct.Structure):
    _layout_ = "ms"
    _pack_ = 1
    _fields_ = [("kind", ct.c_uint8), ("ts", ct.c_uint64)]


class Dense(ct.Structure):
    _fields_ = [("pid", ct.c_uint32), ("uid", ct.c_uint32)]


def print_event(ctx, data, size):
    print(ct.cast(data, ct.POINTER(Event)).contents.ts)


def print_dense(ctx, data, size):
    print(ct.cast(data, ct.POINTER(Dense)).contents.pid)


b = BPF(text=text)
b["events"].open_ring_buffer(print_event)
b["denses"].open_ring_buffer(print_dense)
