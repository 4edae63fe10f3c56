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

SEC("tc")
int count(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	struct flow *flow = bpf_map_lookup_elem(&flows, &key);

	if (!flow)
		return 0;
	bpf_spin_lock(&flow->lock); /* want BPF413 "`flow.lock` is still locked on the path that leaves at line 27; other paths call bpf_spin_unlock()" */
	if (flow->state == 0)
		return 0;
	flow->bytes += skb->len;
	bpf_spin_unlock(&flow->lock);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
