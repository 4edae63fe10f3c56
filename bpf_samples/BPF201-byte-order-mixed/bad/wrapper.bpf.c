/* A helper gives the port in host order, another one takes it in network order. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

static __always_inline __u16 port_of(struct udphdr *udp)
{
	return bpf_ntohs(udp->dest);
}

static __always_inline int is_dns(__be16 port)
{
	return port == bpf_htons(53);
}

char LICENSE[] SEC("license") = "GPL";

SEC("xdp")
int drop_dns(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct udphdr *udp = (void *)(ip + 1);

	if ((void *)(udp + 1) > end)
		return XDP_PASS;
	if (is_dns(port_of(udp))) /* want BPF201 "`is_dns()` takes `port` in network byte order" */
		return XDP_DROP;
	return XDP_PASS;
}
