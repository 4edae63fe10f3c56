// The lock is held here, by the caller, or not needed: another field, an entry nobody has yet.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct tokens_of { struct bpf_spin_lock lock; u64 tokens; u64 last; u64 id; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, struct tokens_of);
} buckets SEC(".maps");

static __always_inline void take(struct tokens_of *b, u64 amount)
{
	b->tokens -= amount;
}

SEC("tc")
int on_packet(struct __sk_buff *skb)
{
	u32 key = skb->remote_ip4;
	struct tokens_of *b = bpf_map_lookup_elem(&buckets, &key);

	if (!b) {
		struct tokens_of fresh = {};

		fresh.tokens = 100;
		bpf_map_update_elem(&buckets, &key, &fresh, BPF_NOEXIST);
		return 0;
	}
	b->id = key;
	bpf_spin_lock(&b->lock);
	if (b->tokens < skb->len) {
		b->last = 1;
		bpf_spin_unlock(&b->lock);
		return 2;
	}
	take(b, skb->len);
	b->last = skb->tstamp;
	bpf_spin_unlock(&b->lock);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
