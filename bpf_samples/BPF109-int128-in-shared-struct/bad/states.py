"""clang aligns the address to 16 bytes, ctypes its two halves to 8."""
import ctypes as ct

from bcc import BPF

text = r"""
struct ipv6_data_t {
    u64 ts_us;
    u64 skaddr;
    u64 pid;
    unsigned __int128 saddr;
};
struct ipv6_key_t {
    u32 pid;
    unsigned __int128 daddr;  // want BPF109 "`daddr` of `ipv6_key_t` (key of map `counts`) is an `__int128`"
};
union addr_t {
    u32 v4;
    unsigned __int128 v6;
};
struct peer_key_t {
    u32 pid;
    union addr_t peer;  // want BPF109 "`peer` of `peer_key_t` (key of map `peers`) holds an `__int128`"
};
BPF_PERF_OUTPUT(ipv6_events);
BPF_HASH(counts, struct ipv6_key_t);
BPF_HASH(peers, struct peer_key_t);

int on_state(void *ctx) {
    struct ipv6_data_t data;
    __builtin_memset(&data, 0, sizeof(data));
    data.ts_us = bpf_ktime_get_ns() / 1000;
    ipv6_events.perf_submit(ctx, &data, sizeof(data));
    struct ipv6_key_t key;
    __builtin_memset(&key, 0, sizeof(key));
    counts.increment(key);
    struct peer_key_t peer;
    __builtin_memset(&peer, 0, sizeof(peer));
    peers.increment(peer);
    return 0;
}
"""


class DataIpv6(ct.Structure):
    _fields_ = [
        ("ts_us", ct.c_ulonglong),
        ("skaddr", ct.c_ulonglong),
        ("pid", ct.c_ulonglong),
        ("saddr", ct.c_ulonglong * 2),  # want BPF109 "aligned to 16 bytes in BPF and to 8 on the user side: `saddr` is at byte 32 in BPF, at 24"
    ]


def print_event(cpu, data, size):
    print(ct.cast(data, ct.POINTER(DataIpv6)).contents.saddr)


b = BPF(text=text)
b["ipv6_events"].open_perf_buffer(print_event)
