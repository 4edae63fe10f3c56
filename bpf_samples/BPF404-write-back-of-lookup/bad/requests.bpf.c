// Counts open requests of a destination: read, add in a copy, write back.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct entry { u64 open; u64 total; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, struct entry);
} entries SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, u64);
} counts SEC(".maps");

#define STORE(map, key, value) bpf_map_update_elem(&(map), &(key), &(value), BPF_ANY)

static __always_inline u64 *count_of(u32 *destination)
{
	return bpf_map_lookup_elem(&counts, destination);
}

SEC("sockops")
int on_connect(struct bpf_sock_ops *ctx)
{
	u32 key = ctx->remote_ip4;
	struct entry *old = bpf_map_lookup_elem(&entries, &key);
	struct entry entry;
	u64 *count, sum = 1;

	if (old) {
		entry = *old;
		entry.open++;
		entry.total++;
		bpf_map_update_elem(&entries, &key, &entry, BPF_EXIST); // want BPF404 "holds the changed value of `entries`"
	}
	count = count_of(&key);
	if (count)
		sum = *count + 1;
	STORE(counts, key, sum); // want BPF404 "holds the changed value of `counts`"
	return 0;
}

SEC("cgroup/sock_release")
int on_release(struct bpf_sock *sk)
{
	u32 key = sk->dst_ip4;
	struct entry *old = bpf_map_lookup_elem(&entries, &key);

	if (!old)
		return 1;
	old->open = 0;
	bpf_map_update_elem(&entries, &key, old, BPF_ANY); // want BPF404 "`old` points to the entry of `entries`"
	return 1;
}

/* Only this thread has the entry: nothing is lost, but the update does nothing either. */
SEC("cgroup/sock_create")
int on_create(struct bpf_sock *sk)
{
	u32 tid = bpf_get_current_pid_tgid();
	struct entry *mine = bpf_map_lookup_elem(&entries, &tid);

	if (mine) {
		mine->open++;
		bpf_map_update_elem(&entries, &tid, mine, BPF_EXIST); // want BPF404 "the entry is copied over itself"
	}
	return 1;
}

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, u32);
	__type(value, u64);
} cursor SEC(".maps");

SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	u32 zero = 0;
	u64 *next = bpf_map_lookup_elem(&cursor, &zero);

	if (!next)
		return XDP_PASS;
	__sync_fetch_and_add(next, 1);
	bpf_map_update_elem(&cursor, &zero, next, BPF_ANY); // want BPF404 "the entry is copied over itself"
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
