// A token bucket: refilled under the lock, emptied and reset without it.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct tokens_of { struct bpf_spin_lock lock; u64 tokens; u64 last; u64 seen; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, struct tokens_of);
} buckets SEC(".maps");

static __always_inline void reset(struct tokens_of *b)
{
	b->tokens = 0; // want BPF406 "`b->tokens` is written without `lock`"
}

SEC("tc")
int on_packet(struct __sk_buff *skb)
{
	u32 key = skb->remote_ip4;
	struct tokens_of *b = bpf_map_lookup_elem(&buckets, &key);

	if (!b)
		return 0;
	bpf_spin_lock(&b->lock);
	b->tokens += 100;
	b->last = skb->tstamp;
	bpf_spin_unlock(&b->lock);
	b->tokens -= skb->len; // want BPF406 "`b->tokens` is written without `lock`, which `on_packet` takes to write it"
	if (skb->mark)
		reset(b);
	return 0;
}

/* It writes both and reads neither: nothing here is torn. */
SEC("tc")
int on_close(struct __sk_buff *skb)
{
	u32 key = skb->local_ip4;
	struct tokens_of *b = bpf_map_lookup_elem(&buckets, &key);

	if (!b)
		return 0;
	b->tokens = 0; // want BPF406 "`b->tokens` is written without `lock`"
	b->last = 0; // want BPF406 "`b->last` is written without `lock`"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
