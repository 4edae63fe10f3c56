// Read under the lock, one field alone, or written by nobody else yet.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bucket {
	struct bpf_spin_lock lock;
	__u64 tokens;
	__u64 refilled;
	__u64 limit;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct bucket);
} buckets SEC(".maps");

__u32 applied_seq;
__u32 cells[16];

SEC("tc")
int take(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct bucket *bucket = bpf_map_lookup_elem(&buckets, &key);
	__u64 now = bpf_ktime_get_ns(), left, last;

	if (!bucket)
		return 0;
	bpf_spin_lock(&bucket->lock);
	left = bucket->tokens;
	last = bucket->refilled;
	bucket->tokens = 100;
	bucket->refilled = now;
	bpf_spin_unlock(&bucket->lock);
	return left > last;
}

SEC("tc")
int look(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct bucket *bucket = bpf_map_lookup_elem(&buckets, &key);

	if (!bucket)
		return 0;
	return bucket->tokens > bucket->limit;
}

SEC("tc")
int apply(struct __sk_buff *skb)
{
	cells[skb->mark & 15] = skb->len;
	applied_seq = skb->hash;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
