// Every path to a use has seen a test, in whatever form it was written.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct flow { u64 seen; u32 port; u32 flags; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, struct flow);
} flows SEC(".maps");

static __always_inline struct flow *find_or_create(u32 key)
{
	struct flow fresh = {};
	struct flow *found = bpf_map_lookup_elem(&flows, &key);

	if (found)
		return found;
	bpf_map_update_elem(&flows, &key, &fresh, BPF_NOEXIST);
	return bpf_map_lookup_elem(&flows, &key);
}

SEC("tc")
int mark(struct __sk_buff *skb)
{
	u32 key = skb->hash, flags;
	struct flow *flow, *copy;
	bool known;

	if (!(flow = bpf_map_lookup_elem(&flows, &key)) || flow->flags == 0)
		return 0;
	copy = flow;
	copy->seen = bpf_ktime_get_ns();

	flow = bpf_map_lookup_elem(&flows, &key);
	flags = flow ? flow->flags : 0;
	known = flow && flow->port;
	if (__builtin_expect(!!(flow == NULL), 0))
		goto out;
	flow->seen = flags + known + sizeof(flow->seen);

	copy = find_or_create(key);
	if (copy)
		copy->flags = flags;
out:
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
