#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#ifdef WIDE
struct address {
    __u32 word[4];
};
#else
struct address {
    __u32 word[1];
};
#endif

struct route {
    struct address to;
    __u16 port;
    __u8 pad[2];
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, struct route);
    __type(value, __u32);
    __uint(max_entries, 1024);
} routes SEC(".maps");

SEC("tc")
int on_packet(struct __sk_buff *skb)
{
    struct route key = {};
    __u32 *found;

    key.to.word[0] = skb->remote_ip4;
    found = bpf_map_lookup_elem(&routes, &key);
    return found ? *found : 0;
}

char LICENSE[] SEC("license") = "GPL";
