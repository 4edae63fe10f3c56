#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct flow {
	struct bpf_spin_lock lock;
	__u32 state;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct flow);
} flows SEC(".maps");

static __always_inline void leave(struct flow *flow)
{
	flow->state = 1;
	bpf_spin_unlock(&flow->lock);
}

SEC("tc")
int count(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	struct flow *flow = bpf_map_lookup_elem(&flows, &key);

	if (!flow)
		return 0;
	bpf_spin_lock(&flow->lock);
	if (flow->state == 0) {
		leave(flow);
		return 0;
	}
	flow->bytes += skb->len;
	bpf_spin_unlock(&flow->lock);
	return 0;
}

/* With room it returns locked, and whoever called it unlocks. */
static int enter(struct flow *flow)
{
	bpf_spin_lock(&flow->lock);
	if (flow->bytes < 1000)
		return 0;
	bpf_spin_unlock(&flow->lock);
	return -1;
}

SEC("tc")
int limit(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	struct flow *flow = bpf_map_lookup_elem(&flows, &key);

	if (!flow || enter(flow))
		return 0;
	flow->bytes += skb->len;
	bpf_spin_unlock(&flow->lock);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
