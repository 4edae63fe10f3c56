/* A member that starts as a number and is filled from the packet: its comparisons are wrong for what the packet gives. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86DD

struct summary {
	__be16 proto;
	__be16 port;
};

char LICENSE[] SEC("license") = "GPL";

static __noinline int wanted(__be16 proto)
{
	return proto == ETH_P_IPV6; /* want BPF202 "use `bpf_htons(ETH_P_IPV6)`" */
}

SEC("xdp")
int classify(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct summary seen = {.proto = ETH_P_IP};
	struct ethhdr *eth = data;
	struct summary *to = &seen;

	if ((void *)(eth + 1) > end)
		return XDP_PASS;
	to->proto = eth->h_proto;
	if (to->proto == ETH_P_IP) /* want BPF202 "use `bpf_htons(ETH_P_IP)`" */
		return XDP_DROP;
	return wanted(to->proto) ? XDP_DROP : XDP_PASS;
}
