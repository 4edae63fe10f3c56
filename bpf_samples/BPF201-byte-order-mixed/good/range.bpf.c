#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct rule {
	__u16 first;
	__u16 last;
};

struct pair {
	__u32 one;
	__u32 other;
	__u16 one_port;
	__u16 other_port;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct rule);
} rules SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct pair);
} pairs SEC(".maps");

/* Sorted to have one key for both directions: any order does. */
static __always_inline int direction(struct pair *pair, struct iphdr *ip, struct tcphdr *tcp)
{
	if (ip->saddr < pair->one)
		return -1;
	if (ip->saddr > pair->one)
		return 1;
	return tcp->source < pair->one_port ? -1 : 1;
}

SEC("xdp")
int match(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct iphdr *ip = data + sizeof(struct ethhdr);
	struct tcphdr *tcp = (void *)(ip + 1);
	__u32 key = 0;
	struct pair *pair;
	struct rule *rule;
	__u16 port;

	if ((void *)(tcp + 1) > end)
		return XDP_PASS;
	rule = bpf_map_lookup_elem(&rules, &key);
	pair = bpf_map_lookup_elem(&pairs, &key);
	if (!rule || !pair)
		return XDP_PASS;
	port = bpf_ntohs(tcp->source);
	if (port < rule->first || port > rule->last)
		return XDP_PASS;
	if (ip->saddr > ip->daddr || tcp->source > tcp->dest)
		return XDP_PASS;
	return direction(pair, ip, tcp) < 0 ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
