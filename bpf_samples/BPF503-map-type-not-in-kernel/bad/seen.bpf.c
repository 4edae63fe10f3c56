#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
	__uint(max_entries, 1024);
	__type(value, __u32);
} seen SEC(".maps"); // want BPF503 "`seen` cannot be created in Linux 5.10 (x86_64), which has no BPF_MAP_TYPE_BLOOM_FILTER"

SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	__u32 index = ctx->rx_queue_index;

	if (bpf_map_peek_elem(&seen, &index))
		bpf_map_push_elem(&seen, &index, BPF_ANY);
	return XDP_PASS;
}
