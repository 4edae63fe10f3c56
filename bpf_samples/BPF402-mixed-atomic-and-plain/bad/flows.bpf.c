// Counts packets of flows; replies were added later, and forgot the atomic.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct stats { u64 packets; u64 bytes; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, struct stats);
} flows SEC(".maps");

u64 dropped;

static __always_inline void count(struct stats *s, u64 bytes)
{
	s->bytes += bytes; // want BPF402 "`s->bytes` is changed plainly here and atomically in `on_reply`"
}

SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	u32 key = ctx->ingress_ifindex;
	struct stats *s = bpf_map_lookup_elem(&flows, &key);

	if (!s) {
		dropped++; // want BPF402 "`dropped` is changed plainly here and atomically in `on_reply`"
		return XDP_PASS;
	}
	s->packets++; // want BPF402 "`s->packets` is changed plainly here"
	count(s, ctx->data_end - ctx->data);
	return XDP_PASS;
}

SEC("tc")
int on_reply(struct __sk_buff *skb)
{
	u32 key = skb->ifindex;
	struct stats *s = bpf_map_lookup_elem(&flows, &key);

	if (!s) {
		__sync_fetch_and_add(&dropped, 1);
		return 0;
	}
	__sync_fetch_and_add(&s->packets, 1);
	__atomic_fetch_add(&s->bytes, skb->len, __ATOMIC_RELAXED);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
