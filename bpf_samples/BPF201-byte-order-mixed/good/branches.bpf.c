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

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

/* Converted behind both branches. */
static __always_inline void parse(struct tuple *tuple, struct iphdr *ip, struct udphdr *udp, int leaving)
{
	tuple->protocol = ip->protocol;
	tuple->address = leaving ? ip->saddr : ip->daddr;
	if (leaving)
		tuple->port = udp->source;
	else
		tuple->port = udp->dest;
	tuple->port = bpf_ntohs(tuple->port);
}

SEC("tc")
int count(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct iphdr *ip = data + sizeof(struct ethhdr);
	struct udphdr *udp = (void *)(ip + 1);
	struct tuple key = {}, shown = {};
	__u64 *bytes;

	if ((void *)(udp + 1) > end)
		return 0;
	parse(&key, ip, udp, skb->ingress_ifindex == 0);
	bytes = bpf_map_lookup_elem(&owners, &key);
	if (bytes)
		__sync_fetch_and_add(bytes, skb->len);

	/* Two of a kind, one as on the wire and one to be read. */
	key.port = udp->dest;
	shown.port = bpf_ntohs(udp->dest);
	bpf_map_delete_elem(&owners, &key);
	bpf_ringbuf_output(&events, &shown, sizeof(shown), 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
