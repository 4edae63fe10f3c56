/* Keys whose bytes are all written, in every way that programs do it, and bytes that do not count. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

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
struct prefix_key {
	__u32 prefixlen;
	__u8 data[16];
};
struct name_key {
	__u8 name[16];
	__u32 length;
};

#define MAP(name, kind, key_type) \
	struct { \
		__uint(type, kind); \
		__uint(max_entries, 64); \
		__uint(map_flags, BPF_F_NO_PREALLOC); \
		__type(key, key_type); \
		__type(value, struct flow_key); \
	} name SEC(".maps")

MAP(flows, BPF_MAP_TYPE_HASH, struct flow_key);
MAP(addresses, BPF_MAP_TYPE_HASH, struct address_key);
MAP(names, BPF_MAP_TYPE_HASH, struct name_key);
MAP(prefixes, BPF_MAP_TYPE_LPM_TRIE, struct prefix_key);

extern int outside(struct flow_key *key) __ksym;

static __always_inline int fill(struct address_key *key, struct __sk_buff *skb)
{
	if (skb->family != 2 && skb->family != 10)
		return -1;
	key->family = skb->family;
	if (skb->family == 2) {
		key->address.v4 = skb->remote_ip4;
		key->address.v6[1] = key->address.v6[2] = key->address.v6[3] = 0;
	} else if (skb->family == 10) {
		for (int i = 0; i < 4; i++)
			key->address.v6[i] = skb->remote_ip6[i];
	}
	return 0;
}

static __always_inline void clear(void *memory, __u32 size)
{
	__builtin_memset(memory, 0, size);
}

SEC("cgroup_skb/ingress")
int written(struct __sk_buff *skb)
{
	struct flow_key cleared, empty = {}, zero = { 0 }, copied, moved, outer;
	struct flow_key *stored = bpf_map_lookup_elem(&flows, &empty);
	struct address_key key;

	if (!stored || bpf_map_lookup_elem(&flows, &zero))
		return 0;
	clear(&cleared, sizeof(cleared));
	cleared.port = skb->remote_port;
	copied = *stored;
	__builtin_memcpy(&moved, &cleared, sizeof(moved));
	outside(&outer);
	if (bpf_map_lookup_elem(&flows, &cleared) || bpf_map_lookup_elem(&flows, &copied))
		return 1;
	if (bpf_map_lookup_elem(&flows, &moved) || bpf_map_lookup_elem(&flows, &outer))
		return 1;
	if (fill(&key, skb) < 0)
		return 1;
	return bpf_map_lookup_elem(&addresses, &key) != 0;
}

SEC("cgroup_skb/egress")
int one_test(struct __sk_buff *skb)
{
	struct address_key key;
	struct prefix_key prefix;
	bool has_address = skb->family == 2;

	if (has_address) {
		__builtin_memset(&key, 0, sizeof(key));
		key.address.v4 = skb->remote_ip4;
	}
	prefix.prefixlen = 32;
	__builtin_memcpy(prefix.data, &skb->remote_ip4, 4);
	if (bpf_map_lookup_elem(&prefixes, &prefix)) // only 32 bits of it are compared
		return 1;
	if (!has_address)
		return 1;
	return bpf_map_lookup_elem(&addresses, &key) != 0;
}

SEC("kprobe/vfs_open")
int read_whole(struct pt_regs *ctx)
{
	struct address_key key;
	struct task_struct *task = (void *)bpf_get_current_task();

	bpf_probe_read_kernel(&key, sizeof(key), (void *)ctx); // cleared where it fails
	key.family = BPF_CORE_READ(task, tgid);
	switch (key.family) {
	case 1:
		key.address.v4 = 1;
		break;
	}
	return bpf_map_lookup_elem(&addresses, &key) != 0;
}

SEC("xdp")
int filled_by_a_loop(struct xdp_md *ctx)
{
	struct name_key key;

	for (int i = 0; i < 16; i++)
		key.name[i] = i < 8 ? 'a' : ctx->rx_queue_index;
	key.length = 16;
	return bpf_map_lookup_elem(&names, &key) != 0;
}

char LICENSE[] SEC("license") = "GPL";
