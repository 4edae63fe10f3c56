// Keeps the state of a connection; four ways to forget that it may not be there yet.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct flow { u64 seen; u32 port; u32 flags; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, struct flow);
} flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct flow);
} settings SEC(".maps");

#define LOOKUP(map, key) ((struct flow *)bpf_map_lookup_elem(&(map), &(key)))

static __always_inline struct flow *flow_of(u32 key)
{
	struct flow *found = bpf_map_lookup_elem(&flows, &key);
	return found;
}

SEC("tc")
int mark(struct __sk_buff *skb)
{
	u32 key = skb->hash, zero = 0;
	struct flow *flow = bpf_map_lookup_elem(&flows, &key);
	struct flow *other, *setting;

	if (skb->len > 64 && !flow)
		return 0;
	flow->seen = bpf_ktime_get_ns(); // want BPF601 "`flow` may be NULL here"

	skb->mark = LOOKUP(flows, key)->flags; // want BPF601 "the result of the lookup in `flows` was not tested"

	other = flow_of(key);
	skb->priority = other->port; // want BPF601 "`other` may be NULL here"

	setting = bpf_map_lookup_elem(&settings, &zero);
	skb->tc_index = setting->flags; // want BPF601 "kernels from 6.18 on accept it for this constant array key"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
