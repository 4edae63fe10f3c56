/* Constants that are swapped, by the compiler or by hand, or that read the same both ways. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define ETH_P_IP 0x0800
#define IP_MF 0x2000
#define PROTO_ARP_BE 0x0608

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
	switch (eth->h_proto) {
	case bpf_htons(ETH_P_IP):
		break;
	case PROTO_ARP_BE:
		return XDP_PASS;
	default:
		return XDP_DROP;
	}
	if (ip->frag_off & bpf_htons(IP_MF | 0x1fff))
		return XDP_DROP;
	if (udp->dest == 0 || udp->dest == 0xffff || udp->source == 0x3500)
		return XDP_DROP;
	if ((ip->saddr & 0xff) == 10 || ip->daddr == 0x0100007f || ip->daddr == 0xffffffff)
		return XDP_DROP;
	if (eth->h_proto == 1)
		return XDP_TX; /* a number that no protocol has: the test that sends it takes any */
	ip->frag_off = 0x0040; /* DF, as it lies in memory */
	ip->id = 1;
	ip->check = 0;
	return XDP_PASS;
}
