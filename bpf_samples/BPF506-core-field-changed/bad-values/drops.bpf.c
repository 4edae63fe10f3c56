// Reasons of drops, compared with the numbers that they have where this is compiled.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

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

static __always_inline u32 kind_of(enum skb_drop_reason reason)
{
	switch (reason) {
	case SKB_DROP_REASON_NO_SOCKET: // want BPF506 "`SKB_DROP_REASON_NO_SOCKET` is 3 here, which in Linux 6.1 (x86_64) is"
		return 1;
	case SKB_DROP_REASON_TCP_AOFAILURE: // want BPF506 "which in Linux 6.1 (x86_64) is"
		return 2;
	default:
		return 3;
	}
}

SEC("tp_btf/kfree_skb")
int BPF_PROG(on_free, struct sk_buff *skb, void *location, enum skb_drop_reason reason)
{
	if (reason == SKB_DROP_REASON_TCP_RESET) // want BPF506 "take bpf_core_enum_value(enum skb_drop_reason, SKB_DROP_REASON_TCP_RESET)"
		count(0);
	else
		count(kind_of(reason));
	return 0;
}
