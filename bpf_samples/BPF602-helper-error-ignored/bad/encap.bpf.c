// The code behind these calls goes by what they were asked to do, and they may not have done it.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct tunnel {
	struct iphdr outer;
};

SEC("xdp")
int push(struct xdp_md *ctx)
{
	struct iphdr *outer;

	bpf_xdp_adjust_head(ctx, -(int)sizeof(struct tunnel)); // want BPF602 "the packet is as it was"
	if (ctx->data + sizeof(*outer) > ctx->data_end)
		return XDP_DROP;
	outer = (void *)(long)ctx->data;
	outer->version = 4;
	return XDP_TX;
}

SEC("tc")
int grow(struct __sk_buff *skb)
{
	__u32 mark = 1;

	bpf_skb_adjust_room(skb, 20, BPF_ADJ_ROOM_MAC, 0); // want BPF602 "bpf_skb_adjust_room() may fail"
	bpf_skb_store_bytes(skb, 14, &mark, sizeof(mark), 0);
	return 0;
}

SEC("xdp")
int forward(struct xdp_md *ctx)
{
	struct bpf_fib_lookup route = {};
	struct ethhdr *eth = (void *)(long)ctx->data;

	if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
		return XDP_PASS;
	route.family = 2;
	route.ifindex = ctx->ingress_ifindex;
	bpf_fib_lookup(ctx, &route, sizeof(route), 0); // want BPF602 "`route` is as it was"
	__builtin_memcpy(eth->h_dest, route.dmac, sizeof(eth->h_dest));
	return bpf_redirect(route.ifindex, 0);
}

SEC("xdp.frags")
int peek(struct xdp_md *ctx)
{
	__u16 proto;

	bpf_xdp_load_bytes(ctx, 12, &proto, sizeof(proto)); // want BPF602 "`proto` is as it was"
	return proto == bpf_htons(ETH_P_ARP) ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
