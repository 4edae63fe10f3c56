/* Reserved by a function that fills a part of it, and left by a path that a helper's answer decides. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define TCP 6

struct packet {
	__u32 length;
	__u32 mark;
	__u32 source;
	__u32 protocol;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} packets SEC(".maps");

char LICENSE[] SEC("license") = "GPL";

static __always_inline struct packet *new_packet(struct __sk_buff *skb)
{
	struct packet *packet = bpf_ringbuf_reserve(&packets, sizeof(*packet), 0);

	if (!packet)
		return NULL;
	packet->length = skb->len;
	packet->mark = skb->mark;
	return packet;
}

SEC("tc")
int seen(struct __sk_buff *skb)
{
	struct packet *packet = new_packet(skb);

	if (!packet)
		return 0;
	packet->source = 0;
	bpf_ringbuf_submit(packet, 0); // want BPF710 "bytes 12..15 (`protocol`) of its 16 bytes are never written"
	return 0;
}

SEC("socket")
int answered(struct __sk_buff *skb)
{
	struct packet *packet = new_packet(skb);
	__u32 protocol = 0;

	if (!packet)
		return 0;
	packet->protocol = 0;
	bpf_skb_load_bytes(skb, 23, &protocol, 1);
	if (protocol == TCP)
		packet->source = skb->hash;
	bpf_ringbuf_submit(packet, 0); // want BPF710 "bytes 8..11 (`source`) of its 16 bytes are not written on every path"
	return 0;
}

SEC("cgroup_skb/egress")
int flagged(struct __sk_buff *skb)
{
	struct packet *packet = bpf_ringbuf_reserve(&packets, sizeof(*packet), 0);

	if (!packet)
		return 1;
	packet->length = skb->len;
	packet->mark = 0;
	if (skb->mark)
		packet->mark = 1;
	packet->protocol = 0;
	if (skb->hash)
		packet->source = skb->hash;
	bpf_ringbuf_submit(packet, 0); // want BPF710 "bytes 8..11 (`source`) of its 16 bytes are not written on every path"
	return 1;
}
