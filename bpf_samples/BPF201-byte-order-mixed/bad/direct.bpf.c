/* Shortens a packet and drops low ports. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>


char LICENSE[] SEC("license") = "GPL";

SEC("xdp")
int shorten(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct udphdr *udp = (void *)(ip + 1);

	if ((void *)(udp + 1) > end)
		return XDP_PASS;
	ip->tot_len = ip->tot_len - 20; /* want BPF201 "`ip->tot_len` is in network byte order (`iphdr.tot_len`): `-` subtracts" */
	int header = ip->ihl * 4;
	udp->len = ip->tot_len - header; /* want BPF201 "`-` subtracts from its bytes swapped" */
	if (udp->dest < 1024) /* want BPF201 "`<` orders it by its last byte first" */
		return XDP_DROP;
	__u16 port = bpf_ntohs(udp->dest);
	if (port == udp->source) /* want BPF201 "`udp->source` in network order" */
		return XDP_DROP;
	return XDP_PASS;
}
