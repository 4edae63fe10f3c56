"""Bytes instead; an __int128 at a multiple of 16, and one whose hole the mirror has; and one that never leaves the program."""
import ctypes as ct

from bcc import BPF

text = r"""
struct scratch {
    u32 pid;
    unsigned __int128 wide;
};
struct ipv6_data_t {
    u64 ts_us;
    u64 skaddr;
    u64 pid;
    u8 saddr[16];
};
struct ipv6_key_t {
    unsigned __int128 daddr;
};
struct peer_data_t {
    u64 pid;
    unsigned __int128 peer;
};
BPF_PERF_OUTPUT(ipv6_events);
BPF_PERF_OUTPUT(peer_events);
BPF_HASH(counts, struct ipv6_key_t);

int on_state(void *ctx) {
    struct scratch scratch = {};
    struct ipv6_data_t data = {};
    data.ts_us = bpf_ktime_get_ns() / 1000 + scratch.pid;
    ipv6_events.perf_submit(ctx, &data, sizeof(data));
    struct peer_data_t peer;
    __builtin_memset(&peer, 0, sizeof(peer));
    peer_events.perf_submit(ctx, &peer, sizeof(peer));
    struct ipv6_key_t key = {};
    counts.increment(key);
    return 0;
}
"""


class DataIpv6(ct.Structure):
    _fields_ = [
        ("ts_us", ct.c_ulonglong),
        ("skaddr", ct.c_ulonglong),
        ("pid", ct.c_ulonglong),
        ("saddr", ct.c_ulonglong * 2),
    ]


class DataPeer(ct.Structure):
    _fields_ = [("pid", ct.c_ulonglong), ("hole", ct.c_ulonglong), ("peer", ct.c_ulonglong * 2)]


def print_event(cpu, data, size):
    print(ct.cast(data, ct.POINTER(DataIpv6)).contents.saddr)


def print_peer(cpu, data, size):
    print(ct.cast(data, ct.POINTER(DataPeer)).contents.peer)


b = BPF(text=text)
b["ipv6_events"].open_perf_buffer(print_event)
b["peer_events"].open_perf_buffer(print_peer)
