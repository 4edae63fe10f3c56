// Atomic everywhere; a reset and a read beside it are stores and loads of one word.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct stats { struct bpf_spin_lock lock; u64 packets; u64 bytes; u64 since; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, struct stats);
} flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} own SEC(".maps");

SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	u32 key = ctx->ingress_ifindex, zero = 0;
	struct stats *s = bpf_map_lookup_elem(&flows, &key);
	u64 *mine = bpf_map_lookup_elem(&own, &zero);

	if (!s || !mine)
		return XDP_PASS;
	__sync_fetch_and_add(&s->packets, 1);
	if (s->packets > 1000)
		s->packets = 0;
	bpf_spin_lock(&s->lock);
	s->bytes += 64;
	bpf_spin_unlock(&s->lock);
	*mine += 1;
	return XDP_PASS;
}

SEC("tc")
int on_reply(struct __sk_buff *skb)
{
	u32 key = skb->ifindex, zero = 0;
	struct stats *s = bpf_map_lookup_elem(&flows, &key);
	u64 *mine = bpf_map_lookup_elem(&own, &zero);

	if (!s || !mine)
		return 0;
	__sync_fetch_and_add(&s->packets, 1);
	__sync_fetch_and_add(mine, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
