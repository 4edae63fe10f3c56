// A bucket that is computed from a packet's address is every packet's.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, u32);
	__type(value, u64);
} buckets SEC(".maps");

SEC("kprobe/ip_rcv")
int BPF_KPROBE(on_packet, struct sk_buff *skb)
{
	u32 key = (u64)skb % 16;
	u64 *times = bpf_map_lookup_elem(&buckets, &key);

	if (times)
		*times += 1; // want BPF401 "lies in `buckets`, a map of type array"
	return 0;
}
