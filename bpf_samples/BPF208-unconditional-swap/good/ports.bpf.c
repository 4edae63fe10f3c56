// The macros know the machine; what is no network data may be swapped at will.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

const volatile u16 wanted;
u64 mixed;

SEC("tc")
int on_packet(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct tcphdr *tcp = (void *)(ip + 1);
	u64 now = bpf_ktime_get_ns();

	if ((void *)(tcp + 1) > end)
		return 0;
	mixed = __builtin_bswap64(now);
	if (bpf_ntohs(tcp->dest) == wanted || tcp->source == bpf_htons(wanted))
		return 2;
	return bpf_ntohl(ip->saddr) >> 24 == 10 ? (now << 8 | now >> 8) != 0 : 0;
}

char LICENSE[] SEC("license") = "GPL";
