// Counts packets by a class that only one branch gives.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} classes SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	__u32 class;

	if (ctx->ingress_ifindex == 1) // want BPF611 "`class` is read further on, but nothing has set it whenever"
		class = 1;
	__u64 *seen = bpf_map_lookup_elem(&classes, &(__u32){ class });
	if (seen)
		*seen += 1;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
