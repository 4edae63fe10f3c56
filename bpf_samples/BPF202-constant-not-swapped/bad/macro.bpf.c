/* The same through a macro. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define PROTO_IPV6 0x86DD
#define IS(eth, proto) ((eth)->h_proto == (proto))

char LICENSE[] SEC("license") = "GPL";

SEC("xdp")
int ipv6_only(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct udphdr *udp = (void *)(ip + 1);

	if ((void *)(udp + 1) > end)
		return XDP_PASS;
	if (!IS(eth, PROTO_IPV6)) /* want BPF202 "PROTO_IPV6" */
		return XDP_DROP;
	return XDP_PASS;
}
