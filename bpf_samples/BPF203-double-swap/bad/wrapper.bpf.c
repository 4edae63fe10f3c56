/* The helper has swapped it. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

static __always_inline __u32 source_of(struct iphdr *ip)
{
	return bpf_ntohl(ip->saddr);
}

char LICENSE[] SEC("license") = "GPL";

SEC("xdp")
int private(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct udphdr *udp = (void *)(ip + 1);

	if ((void *)(udp + 1) > end)
		return XDP_PASS;
	__u32 address = bpf_ntohl(source_of(ip)); /* want BPF203 "`source_of()` is in host byte order already" */
	if (address >> 24 == 10)
		return XDP_DROP;
	return XDP_PASS;
}
