/* Looks at protocol, flags and port without a swap. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define ETH_P_IP 0x0800
#define ETH_P_ARP 0x0806
#define IP_MF 0x2000

char LICENSE[] SEC("license") = "GPL";

SEC("xdp")
int classify(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct udphdr *udp = (void *)(ip + 1);

	if ((void *)(udp + 1) > end)
		return XDP_PASS;
	if (eth->h_proto == ETH_P_IP) /* want BPF202 "is never true: `eth->h_proto` is in network byte order" */
		return XDP_DROP;
	if (eth->h_proto == 0x88f7) /* want BPF202 "use `bpf_htons(0x88f7)`" */
		return XDP_DROP;
	__u16 proto = eth->h_proto;
	switch (proto) {
	case ETH_P_ARP: /* want BPF202 "use `bpf_htons(ETH_P_ARP)`" */
		return XDP_DROP;
	}
	if (ip->frag_off & IP_MF) /* want BPF202 "`IP_MF` masks other bits" */
		return XDP_DROP;
	udp->dest = 53; /* want BPF202 "`53` is stored unswapped" */
	return XDP_PASS;
}
