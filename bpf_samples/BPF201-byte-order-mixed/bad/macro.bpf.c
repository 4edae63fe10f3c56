/* The same through macros. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define HOST_PORT(udp) bpf_ntohs((udp)->dest)
#define SAME(a, b) ((a) == (b))

char LICENSE[] SEC("license") = "GPL";

SEC("xdp")
int drop_same(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct udphdr *udp = (void *)(ip + 1);

	if ((void *)(udp + 1) > end)
		return XDP_PASS;
	if (SAME(HOST_PORT(udp), udp->source)) /* want BPF201 "byte order" */
		return XDP_DROP;
	return XDP_PASS;
}
