/* Keys that are looked up with bytes that nobody wrote. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct flow_key {
	__u32 saddr;
	__u32 daddr;
	__u16 port;
	__u8 proto;
};
struct address_key {
	__u32 family;
	union {
		__u32 v4;
		__u32 v6[4];
	} address;
};
struct name_key {
	char name[16];
};

#define HASH(name, key_type) \
	struct { \
		__uint(type, BPF_MAP_TYPE_HASH); \
		__uint(max_entries, 64); \
		__type(key, key_type); \
		__type(value, __u64); \
	} name SEC(".maps")

HASH(flows, struct flow_key);
HASH(addresses, struct address_key);
HASH(names, struct name_key);
HASH(ids, __u32);

static __always_inline void fill_address(struct address_key *key, struct __sk_buff *skb)
{
	key->family = skb->family;
	if (skb->family == 2)
		key->address.v4 = skb->remote_ip4;
	else
		__builtin_memset(&key->address, 0xff, sizeof(key->address));
}

static __always_inline int known(void *map, void *key)
{
	return bpf_map_lookup_elem(map, key) != 0;
}

SEC("cgroup_skb/ingress")
int by_field(struct __sk_buff *skb)
{
	struct flow_key key;
	__u64 one = 1;

	key.saddr = skb->remote_ip4;
	key.daddr = skb->local_ip4;
	key.port = skb->remote_port;
	key.proto = 6;
	bpf_map_update_elem(&flows, &key, &one, 0); // want BPF112 "byte 11 (tail after `proto`) of its 12 bytes is never written"
	return 1;
}

SEC("cgroup_skb/egress")
int by_variant(struct __sk_buff *skb)
{
	struct address_key key;

	fill_address(&key, skb);
	return known(&addresses, &key); // want BPF112 "bytes 8..19 (part of `address`) of its 20 bytes are not written on every path"
}

SEC("cgroup_skb/egress")
int by_list(struct __sk_buff *skb)
{
	__u32 family, mark = skb->mark;
	struct address_key key = { .family = family, .address.v6 = { mark } }; // want BPF611 "`family` is read here"

	if (bpf_map_lookup_elem(&ids, &family)) // want BPF112 "bytes 0..3 of its 4 bytes are never written"
		return 1;
	return bpf_map_lookup_elem(&addresses, &key) != 0; // want BPF112 "bytes 0..3 (`family`) of its 20 bytes are never written"
}

SEC("kprobe/vfs_unlink")
int by_name(struct pt_regs *ctx)
{
	struct name_key key;

	bpf_probe_read_kernel_str(&key.name, sizeof(key.name), ctx);
	return bpf_map_lookup_elem(&names, &key) != 0; // want BPF112 "bytes 1..15 (part of `name`), behind the NUL"
}

SEC("xdp")
int route(struct xdp_md *ctx)
{
	struct bpf_fib_lookup params;

	params.family = 2;
	params.ifindex = ctx->ingress_ifindex;
	return bpf_fib_lookup(ctx, &params, sizeof(params), 0); // want BPF112 "are never written"
}

SEC("cgroup_skb/egress")
int some(struct __sk_buff *skb)
{
	__u32 counts[4], i;
	struct { __u32 words[4]; } key;

	for (i = 0; i < 3; i++)
		key.words[i] = skb->mark;
	if (skb->len > 64)
		key.words[3] = skb->len;
	return known(&names, &key) + (counts[0] = 1); // want BPF112 "bytes 12..15 (part of `words`) of its 16 bytes are not written on every path"
}

char LICENSE[] SEC("license") = "GPL";
