/* The port is declared big-endian and filled in host order. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

struct flow_event {
	__u32 saddr;
	__be16 dport;
	__u16 length;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} flows SEC(".maps");

SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct iphdr *ip = data + sizeof(struct ethhdr);
	struct udphdr *udp = (void *)(ip + 1);
	struct flow_event event = {};

	if ((void *)(udp + 1) > end)
		return XDP_PASS;
	event.saddr = ip->saddr;
	event.dport = bpf_ntohs(udp->dest); /* want BPF201 "is in network byte order" */
	event.length = end - data;
	bpf_ringbuf_output(&flows, &event, sizeof(event), 0);
	return XDP_PASS;
}
