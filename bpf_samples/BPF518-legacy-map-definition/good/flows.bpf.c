// A map in BTF form.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct flow { u32 source; u32 target; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct flow);
	__type(value, u64);
	__uint(max_entries, 1024);
} flows SEC(".maps");

SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	struct flow key = {.source = ctx->ingress_ifindex, .target = ctx->egress_ifindex};
	u64 one = 1;

	bpf_map_update_elem(&flows, &key, &one, BPF_NOEXIST);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
