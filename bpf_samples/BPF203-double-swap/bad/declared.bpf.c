/* The port of the packet, kept as it lies there, is swapped on its way into another packet. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct meta { __be16 port; __be16 misnamed; };

static __always_inline void keep(struct meta *meta, struct udphdr *udp)
{
	meta->port = udp->dest;
	meta->misnamed = bpf_ntohs(udp->source);
}

char LICENSE[] SEC("license") = "GPL";

SEC("xdp")
int forward(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct udphdr *udp = (void *)(ip + 1);
	struct meta meta = {};

	if ((void *)(udp + 1) > end)
		return XDP_PASS;
	keep(&meta, udp);
	__be16 port = bpf_htons(meta.port); /* want BPF203 "`meta.port` is in network byte order already" */
	__be16 source = bpf_htons(meta.misnamed);
	udp->dest = port;
	udp->source = source;
	return XDP_TX;
}
