// Remembers the size of an allocation from entry to return; the key type and the keys passed have drifted apart.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct alloc { u64 start; u64 size; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u64);
	__type(value, struct alloc);
} requests SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 64);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct in6_addr); // want BPF701 "not with a `__u32` prefix length"
	__type(value, u32);
} allowed SEC(".maps");

#define LOOKUP(map, key) bpf_map_lookup_elem(&(map), &(key))

static __always_inline int remember(void *map, const void *key, const void *value)
{
	return bpf_map_update_elem(map, key, value, BPF_ANY);
}

SEC("kprobe/__alloc_skb")
int on_entry(void *ctx)
{
	u32 tid = bpf_get_current_pid_tgid();
	struct alloc request = { .start = bpf_ktime_get_ns(), .size = 1 }, *current = &request;

	bpf_map_update_elem(&requests, &tid, current, BPF_ANY); // want BPF701 "the 4 bytes behind it are taken too"
	remember(&requests, &tid, current); // want BPF701 "but this points to 4 (`u32`)"
	return 0;
}

SEC("kretprobe/__alloc_skb")
int on_return(void *ctx)
{
	u32 tid = bpf_get_current_pid_tgid();
	u64 key = tid;
	struct alloc fresh = {}, *value = &fresh;
	struct alloc *found = LOOKUP(requests, tid); // want BPF701 "but this points to 4 (`u32`)"

	if (!found)
		bpf_map_update_elem(&requests, &key, &value, BPF_ANY); // want BPF701 "the address of a pointer"
	bpf_map_delete_elem(&requests, &key);
	return 0;
}

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, u32);
	__type(value, u64);
} slots SEC(".maps");

SEC("kprobe/tcp_close")
int on_free(void *ctx)
{
	u64 slot = 0, first = 1, now = bpf_ktime_get_ns();

	bpf_probe_read_kernel(&slot, sizeof(slot), ctx);
	bpf_map_update_elem(&slots, &slot, &now, BPF_ANY); // want BPF701 "this points to 8 (`u64`): only the first 4 are taken"
	bpf_map_update_elem(&slots, &first, &now, BPF_ANY); // want BPF701 "this points to 8 (`u64`): only the first 4 are taken"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
