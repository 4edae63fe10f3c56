/* Declared __be16 by habit, and kept in host order by everything that writes them: the comparisons are right. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86DD
#define ETH_P_8021Q 0x8100

struct summary {
	__be16 outer;
	__be16 inner;
	__be32 source;
};

char LICENSE[] SEC("license") = "GPL";

/* The caller gives a member that holds host order. */
static __noinline int known(__be16 proto, __be32 source)
{
	switch (proto) {
	case ETH_P_IP:
	case ETH_P_IPV6:
		return source != 0;
	default:
		return 0;
	}
}

/* A byte has no order: what arrives here is the number. */
static __always_inline int counted(__be16 proto)
{
	return proto == IPPROTO_TCP || proto == 17;
}

/* Given on as it came. */
static __always_inline int relayed(__be16 proto)
{
	return counted(proto) || proto == 1;
}

static __noinline int summarize(struct summary *to, struct ethhdr *eth, struct iphdr *ip)
{
	__be16 type = bpf_ntohs(eth->h_proto);

	to->outer = type;
	switch (type) {
	case ETH_P_IP:
		to->inner = ETH_P_IP;
		to->source = ip->saddr;
		return 0;
	case ETH_P_8021Q:
		to->inner = ETH_P_IPV6;
		return 0;
	default:
		return -1;
	}
}

SEC("xdp")
int classify(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct summary seen = {};

	if ((void *)(ip + 1) > end || summarize(&seen, eth, ip))
		return XDP_PASS;
	if (seen.outer == ETH_P_8021Q || !relayed(ip->protocol))
		return XDP_PASS;
	return known(seen.inner, seen.source) ? XDP_DROP : XDP_PASS;
}
