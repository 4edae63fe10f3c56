// Passes packets of allowed addresses; the loader fills both maps.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "address.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct v4);
	__type(value, __u8);
} four SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__uint(value_size, 64);
} names SEC(".maps");

SEC("xdp")
int pass(struct xdp_md *ctx)
{
	struct v4 key = { .address = ctx->ingress_ifindex };

	return bpf_map_lookup_elem(&four, &key) ? XDP_PASS : XDP_DROP;
}

char LICENSE[] SEC("license") = "GPL";
