/* Ports by the long conversion, addresses by the short one. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define ETH_P_IP 0x0800

char LICENSE[] SEC("license") = "GPL";

SEC("xdp")
int look(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct udphdr *udp = (void *)(ip + 1);

	if ((void *)(udp + 1) > end)
		return XDP_PASS;
	__u16 port = bpf_ntohl(udp->dest); /* want BPF204 "`bpf_ntohl()` swaps 32 bits, `udp->dest` (`udphdr.dest`) has 16" */
	__u32 source = bpf_ntohs(ip->saddr); /* want BPF204 "use `bpf_ntohl()`" */
	if (eth->h_proto == bpf_htonl(ETH_P_IP)) /* want BPF204 "`bpf_htonl()` gives 32" */
		return XDP_DROP;
	ip->daddr = bpf_htons(port); /* want BPF204 "`iphdr.daddr` has 32 bits in network byte order" */
	if (port == 80 && source == 0x7f000001)
		return XDP_DROP;
	return XDP_PASS;
}
