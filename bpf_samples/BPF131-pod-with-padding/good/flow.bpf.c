#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct flow_key {
    __u32 saddr;
    __u16 port;
    __u8 proto;
};

struct limit {
    __u64 bytes;
    __u32 action;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1024);
    __type(key, struct flow_key);
    __type(value, struct limit);
} limits SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1024);
    __type(key, struct flow_key);
    __type(value, __u8);
} blocked SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
    struct flow_key key;
    struct limit *limit;

    __builtin_memset(&key, 0, sizeof(key));
    key.port = ctx->rx_queue_index;
    if (bpf_map_lookup_elem(&blocked, &key))
        return XDP_DROP;
    limit = bpf_map_lookup_elem(&limits, &key);
    return limit ? limit->action : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
