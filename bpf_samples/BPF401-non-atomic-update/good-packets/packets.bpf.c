// Entries that one packet, or one turn of a counter, has to itself.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct seen { u64 times; u64 bytes; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u64);
	__type(value, struct seen);
} packets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 256);
	__type(key, u32);
	__type(value, struct seen);
} slots SEC(".maps");

u32 turn;

// The key is the packet's own address: nobody else has it while it is under way.
SEC("kprobe/ip_rcv")
int BPF_KPROBE(on_packet, struct sk_buff *skb)
{
	u64 key = (u64)skb;
	struct seen *seen = bpf_map_lookup_elem(&packets, &key);

	if (seen)
		seen->times++;
	return 0;
}

// Each program that runs takes the next slot.
SEC("kprobe/tcp_v4_rcv")
int BPF_KPROBE(on_segment, struct sk_buff *skb)
{
	u32 slot = __sync_fetch_and_add(&turn, 1) % 256;
	struct seen *seen = bpf_map_lookup_elem(&slots, &slot);

	if (seen)
		seen->times += 1;
	return 0;
}
