// Counts packets of an interface.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct stats { u64 packets; u64 resets; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, struct stats);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, struct stats);
} settings SEC(".maps");

SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	u32 key = ctx->ingress_ifindex;
	struct stats *s = bpf_map_lookup_elem(&counts, &key), *set = bpf_map_lookup_elem(&settings, &key);

	if (s && set && set->resets)
		__sync_fetch_and_add(&s->packets, 1);
	return XDP_PASS;
}

// It only marks an entry: what is lost is the count of the other program.
SEC("tc")
int on_reset(struct __sk_buff *skb)
{
	u32 key = skb->ifindex;
	struct stats *s = bpf_map_lookup_elem(&counts, &key);

	if (s)
		s->resets = 1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
