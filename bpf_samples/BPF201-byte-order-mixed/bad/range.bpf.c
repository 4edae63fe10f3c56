#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct rule {
	__u32 low;
	__u32 high;
	__u16 first;
	__u16 last;
	__u8 check_low;
	__u8 pad[3];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct rule);
} rules SEC(".maps");

SEC("xdp")
int match(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct iphdr *ip = data + sizeof(struct ethhdr);
	struct tcphdr *tcp = (void *)(ip + 1);
	__u32 key = 0;
	struct rule *rule;

	if ((void *)(tcp + 1) > end)
		return XDP_PASS;
	rule = bpf_map_lookup_elem(&rules, &key);
	if (!rule)
		return XDP_PASS;
	if (rule->check_low && tcp->source < rule->first) // want BPF201 "`tcp->source` is in network byte order (`tcphdr.source`): `<` orders it by its last byte first"
		return XDP_PASS;
	if (tcp->source > rule->last) // want BPF201 "`tcp->source` is in network byte order (`tcphdr.source`): `>` orders it by its last byte first"
		return XDP_PASS;
	if (rule->low > ip->saddr || ip->saddr > rule->high) // want BPF201 "is in network byte order (`iphdr.saddr`)" BPF201 "is in network byte order (`iphdr.saddr`)"
		return XDP_PASS;
	return XDP_DROP;
}

char LICENSE[] SEC("license") = "GPL";
