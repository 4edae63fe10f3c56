/* Swapped once each way, and a name that says the other direction but gives the right number. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct tuple {
	__be16 dest;
	__u16 host;
};

static __always_inline void fill(struct tuple *out, struct udphdr *udp)
{
	out->dest = udp->dest;
	out->host = bpf_htons(udp->dest);
}

char LICENSE[] SEC("license") = "GPL";

SEC("xdp")
int forward(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct udphdr *udp = (void *)(ip + 1);

	if ((void *)(udp + 1) > end)
		return XDP_PASS;
	struct tuple tuple = {};
	fill(&tuple, udp);
	__u16 port = bpf_ntohs(udp->dest);
	udp->dest = bpf_htons(port);
	udp->source = bpf_htons(bpf_ntohs(udp->source) + 1);
	__u32 swapped = __builtin_bswap32(bpf_get_prandom_u32()), back = __builtin_bswap32(swapped);
	if (back == 7 || tuple.host == port)
		return XDP_DROP;
	if (port)
		port = bpf_htons(port);
	bpf_printk("%d", bpf_ntohs(port));
	return XDP_PASS;
}
