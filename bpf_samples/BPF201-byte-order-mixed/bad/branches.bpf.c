#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct tuple {
	__u32 address;
	__u16 port;
	__u8 protocol;
	__u8 pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct tuple);
	__type(value, __u64);
} owners SEC(".maps");

static __always_inline void parse(struct tuple *tuple, struct iphdr *ip, struct udphdr *udp, int leaving)
{
	tuple->protocol = ip->protocol;
	if (leaving) {
		tuple->address = bpf_ntohl(ip->saddr);
		tuple->port = bpf_ntohs(udp->source);
	} else {
		tuple->address = ip->daddr; // want BPF201 "`tuple->address` takes `ip.daddr` in network byte order (`iphdr.daddr`) here, and what line 23 stores there is converted to host order"
		tuple->port = udp->dest; // want BPF201 "`tuple->port` takes `udp->dest` in network byte order (`udphdr.dest`) here"
	}
}

SEC("tc")
int count(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct iphdr *ip = data + sizeof(struct ethhdr);
	struct udphdr *udp = (void *)(ip + 1);
	struct tuple tuple = {};
	__u64 *bytes;

	if ((void *)(udp + 1) > end)
		return 0;
	parse(&tuple, ip, udp, skb->ingress_ifindex == 0);
	bytes = bpf_map_lookup_elem(&owners, &tuple);
	if (bytes)
		__sync_fetch_and_add(bytes, skb->len);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
