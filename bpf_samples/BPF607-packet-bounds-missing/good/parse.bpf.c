// Compared here, in a function of the project, or read by a helper that checks for itself.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

static __always_inline int fits(struct xdp_md *ctx, void *start, int size)
{
	return start + size <= (void *)(long)ctx->data_end;
}

SEC("xdp")
int helped(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;

	if (!fits(ctx, eth, sizeof(*eth)))
		return XDP_DROP;
	return eth->h_proto == bpf_htons(ETH_P_IP) ? XDP_PASS : XDP_DROP;
}

/* The caller has compared what it gives; from the second value on this body does. */
static __always_inline int shorten(struct xdp_md *ctx, struct ethhdr *eth)
{
	if (eth->h_proto != bpf_htons(ETH_P_8021Q))
		return -1;
	if (bpf_xdp_adjust_head(ctx, 4))
		return -1;
	eth = (void *)(long)ctx->data;
	if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
		return -1;
	return eth->h_proto;
}

SEC("xdp")
int tagged(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;

	if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
		return XDP_DROP;
	return shorten(ctx, eth) < 0 ? XDP_DROP : XDP_PASS;
}

SEC("tc")
int early(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *data_end = (void *)(long)skb->data_end;
	struct iphdr *ip = data + sizeof(struct ethhdr);

	if (data + sizeof(struct ethhdr) + sizeof(*ip) > data_end)
		return 0;
	return ip->protocol;
}

SEC("tc")
int far(struct __sk_buff *skb)
{
	struct ethhdr *eth = (void *)(long)skb->data;
	long room = (long)skb->data_end - (long)skb->data;

	return room >= (long)sizeof(*eth) && eth->h_proto ? 0 : 2;
}

/* Metadata ends where the packet starts. */
SEC("xdp")
int marked(struct xdp_md *ctx)
{
	__u32 *mark = (void *)(long)ctx->data_meta;

	if ((void *)(mark + 1) > (void *)(long)ctx->data)
		return XDP_PASS;
	return *mark ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
