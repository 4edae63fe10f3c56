// Converts with plain swaps.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

const volatile u16 wanted;

SEC("tc")
int on_packet(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct tcphdr *tcp = (void *)(ip + 1);
	u16 source;

	if ((void *)(tcp + 1) > end)
		return 0;
	if (__builtin_bswap16(tcp->dest) == wanted) // want BPF208 "use `bpf_ntohs()`"
		return 2;
	if (__builtin_bswap32(ip->saddr) == wanted) // want BPF208 "use `bpf_ntohl()`"
		return 2;
	source = tcp->source << 8 | tcp->source >> 8; // want BPF208 "`tcp->source` is swapped by shifts on every machine"
	return source == wanted;
}

char LICENSE[] SEC("license") = "GPL";
