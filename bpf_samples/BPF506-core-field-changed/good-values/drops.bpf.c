// Reasons of drops by the running kernel's numbers, and numbers that never change.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "GPL";

enum kind { KIND_RESET, KIND_OTHER };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 4);
	__type(key, u32);
	__type(value, u64);
} drops SEC(".maps");

static __always_inline void count(u32 kind)
{
	u64 *seen = bpf_map_lookup_elem(&drops, &kind);

	if (seen)
		*seen += 1;
}

SEC("tp_btf/kfree_skb")
int BPF_PROG(on_free, struct sk_buff *skb, void *location, enum skb_drop_reason reason)
{
	enum kind kind = KIND_OTHER;

	if (reason == bpf_core_enum_value(enum skb_drop_reason, SKB_DROP_REASON_TCP_RESET))
		kind = KIND_RESET;
	if (kind == KIND_RESET)
		count(0);
	return 0;
}

/* The first of all reasons is the same number everywhere; a local of the program's own is nobody else's. */
SEC("tp_btf/consume_skb")
int BPF_PROG(on_consume, struct sk_buff *skb)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_TCP_RESET;

	if (skb->pkt_type)
		reason = SKB_NOT_DROPPED_YET;
	if (reason == SKB_DROP_REASON_TCP_RESET)
		count(1);
	return 0;
}

SEC("tp_btf/kfree_skb")
int BPF_PROG(on_any, struct sk_buff *skb, void *location, enum skb_drop_reason reason)
{
	if (reason != SKB_NOT_DROPPED_YET)
		count(2);
	return 0;
}
