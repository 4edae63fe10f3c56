// The first packets of a flow come on several CPUs at once, and each finds no entry.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct stats { u64 packets; u64 bytes; };

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, struct stats);
} flows SEC(".maps");

static __always_inline void create(u32 destination)
{
	struct stats *s = bpf_map_lookup_elem(&flows, &destination);
	struct stats fresh = {.packets = 1};

	if (!s)
		bpf_map_update_elem(&flows, &destination, &fresh, BPF_ANY); // want BPF403 "had no such entry"
}

SEC("tc")
int on_packet(struct __sk_buff *skb)
{
	u32 key = skb->remote_ip4;
	struct stats *s = bpf_map_lookup_elem(&flows, &key);

	if (s) {
		__sync_fetch_and_add(&s->packets, 1);
		__sync_fetch_and_add(&s->bytes, skb->len);
	} else {
		struct stats fresh = {};

		fresh.packets = 1;
		fresh.bytes = skb->len;
		bpf_map_update_elem(&flows, &key, &fresh, BPF_ANY); // want BPF403 "BPF_ANY overwrites one that another CPU"
	}
	create(skb->local_ip4);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u64);
	__type(value, struct stats);
} processes SEC(".maps");

/* Every thread of a process but the main one comes here. */
SEC("uprobe/poll")
int on_poll(void *ctx)
{
	u64 pid_tgid = bpf_get_current_pid_tgid();
	u64 pid = pid_tgid >> 32;
	struct stats *s, fresh = {};

	if ((u32)pid_tgid == (u32)pid)
		return 0;
	s = bpf_map_lookup_elem(&processes, &pid);
	if (!s) {
		bpf_map_update_elem(&processes, &pid, &fresh, BPF_ANY); // want BPF403 "use BPF_NOEXIST and look it up again"
		s = bpf_map_lookup_elem(&processes, &pid);
		if (!s)
			return 0;
	}
	__sync_fetch_and_add(&s->packets, 1);
	return 0;
}
