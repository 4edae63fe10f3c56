/* Swapped once each way, and a name that says the other direction but gives the right number. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct tuple {
	__be16 dest;
	__u16 host;
};

static __always_inline void fill(struct tuple *out, struct udphdr *udp)
{
	out->dest = udp->dest;
	out->host = bpf_htons(udp->dest);
}

char LICENSE[] SEC("license") = "GPL";

SEC("xdp")
int forward(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct udphdr *udp = (void *)(ip + 1);

	if ((void *)(udp + 1) > end)
		return XDP_PASS;
	struct tuple tuple = {};
	fill(&tuple, udp);
	__u16 port = bpf_ntohs(udp->dest);
	udp->dest = bpf_htons(port);
	udp->source = bpf_htons(bpf_ntohs(udp->source) + 1);
	__u32 swapped = __builtin_bswap32(bpf_get_prandom_u32()), back = __builtin_bswap32(swapped);
	if (back == 7 || tuple.host == port)
		return XDP_DROP;
	if (port)
		port = bpf_htons(port);
	bpf_printk("%d", bpf_ntohs(port));
	return XDP_PASS;
}

struct flow { __u16 source, target; };
struct closed { __u16 source, target; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct flow);
	__type(value, __u32);
} flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} closings SEC(".maps");

/* The event is in host order, the key in network order: the way back has the same name. */
SEC("kprobe/tcp_close")
int on_close(void *ctx)
{
	struct flow flow = { .source = bpf_get_prandom_u32(), .target = bpf_get_prandom_u32() };
	struct closed event = { .source = bpf_ntohs(flow.source), .target = bpf_ntohs(flow.target) };

	bpf_ringbuf_output(&closings, &event, sizeof(event), 0);
	flow.source = bpf_ntohs(event.source);
	flow.target = bpf_ntohs(event.target);
	bpf_map_delete_elem(&flows, &flow);
	return 0;
}

struct dns { __u16 id, flags, questions, answers; };

static __always_inline __u16 replaced(__u16 was, __u16 is, __u16 check)
{
	return check - was + is;
}

/* Numbers are taken from the header and put back by one name, which is `ntohs` on the way here. */
SEC("xdp")
int on_query(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct udphdr *udp = data;
	struct dns *dns = (void *)(udp + 1);

	if ((void *)(dns + 1) > data_end)
		return XDP_PASS;
	__u16 flags = bpf_htons(dns->flags);
	if (flags >> 15)
		return XDP_PASS;
	dns->flags = bpf_htons(flags | 0x8200);
	udp->check = replaced(bpf_htons(flags), dns->flags, udp->check);
	return XDP_TX;
}
