// A token bucket that the program refills under a lock.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct tokens { struct bpf_spin_lock lock; u32 pad; u64 level; u64 since; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, struct tokens);
} buckets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, u64);
} limits SEC(".maps");

SEC("tc")
int on_packet(struct __sk_buff *skb)
{
	u32 key = skb->remote_ip4;
	struct tokens *b = bpf_map_lookup_elem(&buckets, &key);
	u64 *limit = bpf_map_lookup_elem(&limits, &key);

	if (!b || !limit || *limit == 0)
		return 0;
	bpf_spin_lock(&b->lock);
	b->level += 100;
	bpf_spin_unlock(&b->lock);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
