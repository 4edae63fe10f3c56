/* The same through a macro. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define PORT(header) __builtin_bswap32((header)->dest)

char LICENSE[] SEC("license") = "GPL";

SEC("xdp")
int ports(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct udphdr *udp = (void *)(ip + 1);

	if ((void *)(udp + 1) > end)
		return XDP_PASS;
	if (PORT(udp) == 53) /* want BPF204 "`udp->dest`" */
		return XDP_DROP;
	return XDP_PASS;
}
