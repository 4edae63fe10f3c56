#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

enum direction {
    INGRESS = 0,
    EGRESS = 1,
};

struct conn {
    __u64 sock;
    __u32 parent;
    __u32 letter;
    enum direction direction;
    bool ipv6;
    __u8 state;
    __u8 checked;
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 1 << 16);
} conns SEC(".maps");

SEC("kprobe/tcp_connect")
int on_connect(void *ctx)
{
    struct conn *c = bpf_ringbuf_reserve(&conns, sizeof(*c), 0);

    if (!c)
        return 0;
    __builtin_memset(c, 0, sizeof(*c));
    c->direction = EGRESS;
    c->ipv6 = true;
    bpf_ringbuf_submit(c, 0);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
