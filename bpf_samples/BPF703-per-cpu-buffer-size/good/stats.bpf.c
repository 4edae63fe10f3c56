// Counts packets and bytes per protocol, and drops.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "stats.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 256);
	__type(key, __u32);
	__type(value, struct traffic);
} traffic SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} drops SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} limits SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	__u32 key = 0;
	struct traffic *seen = bpf_map_lookup_elem(&traffic, &key);
	__u32 *dropped = bpf_map_lookup_elem(&drops, &key);

	if (seen) {
		seen->packets += 1;
		seen->bytes += ctx->data_end - ctx->data;
	} else if (dropped) {
		*dropped += 1;
	}
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
