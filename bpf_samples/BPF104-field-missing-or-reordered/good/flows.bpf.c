#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct flow4_key {
    __u32 ifindex;
    __u16 sport;
    __u16 dport;
    __u32 src, dst;
};

struct flow6_key {
    __u32 ifindex;
    __u16 sport;
    __u16 dport;
    __u32 src[4], dst[4];
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, struct flow4_key);
    __type(value, __u64);
    __uint(max_entries, 1024);
} flows4 SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, struct flow6_key);
    __type(value, __u64);
    __uint(max_entries, 1024);
} flows6 SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
    struct flow4_key four = {};
    struct flow6_key six = {};
    __u64 *seen;

    four.ifindex = six.ifindex = ctx->ingress_ifindex;
    seen = bpf_map_lookup_elem(&flows4, &four);
    if (seen)
        __sync_fetch_and_add(seen, 1);
    seen = bpf_map_lookup_elem(&flows6, &six);
    if (seen)
        __sync_fetch_and_add(seen, 1);
    return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
