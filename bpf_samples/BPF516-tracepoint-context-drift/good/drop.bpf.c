#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} drops SEC(".maps");

/* The loader moves these accesses to where the kernel has the field. */
SEC("tracepoint/skb/kfree_skb")
int on_drop(struct trace_event_raw_kfree_skb *ctx)
{
	__u32 key = ctx->protocol;
	__u64 one = (__u64)ctx->location;

	bpf_map_update_elem(&drops, &key, &one, BPF_ANY);
	return 0;
}
