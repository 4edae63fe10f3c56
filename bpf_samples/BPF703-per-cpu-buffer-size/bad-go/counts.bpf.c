#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct totals {
    __u64 packets;
    __u64 bytes;
};

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __type(key, __u32);
    __type(value, struct totals);
    __uint(max_entries, 1);
} totals SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_LRU_PERCPU_HASH);
    __type(key, __u32);
    __type(value, __u32);
    __uint(max_entries, 1024);
} drops SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
    __u32 zero = 0;
    struct totals *t = bpf_map_lookup_elem(&totals, &zero);

    if (t) {
        t->packets++;
        t->bytes += ctx->data_end - ctx->data;
    }
    return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
