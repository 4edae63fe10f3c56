/* The same in a helper. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

static __always_inline int is_web(__be16 port)
{
	return port == 80 || port == bpf_htons(443); /* want BPF202 "use `bpf_htons(80)`" */
}

char LICENSE[] SEC("license") = "GPL";

SEC("xdp")
int web(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct udphdr *udp = (void *)(ip + 1);

	if ((void *)(udp + 1) > end)
		return XDP_PASS;
	if (is_web(udp->dest))
		return XDP_DROP;
	return XDP_PASS;
}
